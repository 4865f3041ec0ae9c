// A store's file in which bits were flipped: an error or what can still be read, never an empty store in its place.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEmbeddedStore } from '../../src/embedded-store.ts';
import { put, sampleOf } from '../sample-record.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const names = Array.from({ length: 200 }, (_, index) => `booking-${index}`);
const page = { limit: 1_000, cursor: null };

async function storedFile(): Promise<Buffer> {
  const folder = temporaryFolder();
  const store = openEmbeddedStore({ folder }).unwrap();
  await store.save(names.slice(0, 50).map((name) => put(sampleOf(name))));
  await store.close();
  return readFileSync(join(folder, 'precall.db'));
}

describe("a flipped bit in the store's file", () => {
  it('leads to a sentence, an error, or the records: never to an empty store, and the file stays', async () => {
    const whole = await storedFile();
    const outcomes = { refused: 0, unreadable: 0, read: 0 };
    // Every bit of the header's first bytes, then one in every page and a few hundred bytes.
    const places = [...Array.from({ length: 32 }, (_, byte) => byte), ...everyNth(whole.length, 499)];
    for (const [index, byte] of places.entries()) {
      const folder = temporaryFolder();
      const file = join(folder, 'precall.db');
      const damaged = Buffer.from(whole);
      damaged.writeUInt8(damaged.readUInt8(byte) ^ (1 << (index % 8)), byte);
      writeFileSync(file, damaged);
      const opened = openEmbeddedStore({ folder });
      if (opened.isErr()) {
        outcomes.refused += 1;
        expect(opened.error.sentence).toContain(file);
        expect(readFileSync(file).equals(damaged)).toBe(true);
        continue;
      }
      const listed = await opened.value.list('booking', page);
      await opened.value.close();
      if (listed.isErr()) outcomes.unreadable += 1;
      else {
        outcomes.read += 1;
        expect(listed.value.items.length).toBeGreaterThan(0);
      }
    }
    expect(outcomes.refused).toBeGreaterThan(0);
    expect(outcomes.read).toBeGreaterThan(0);
  }, 120_000);
});

function everyNth(length: number, step: number): readonly number[] {
  return Array.from({ length: Math.floor(length / step) }, (_, index) => index * step + 100).filter(
    (at) => at < length,
  );
}
