import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzInTurn, mangled, fuzzTimeoutMs as timeout } from '../../../core/test/security/fuzzing.ts';
import { createAddressBook } from '../../src/address-book.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const written = JSON.stringify([
  {
    email: 'ada@example.com',
    fields: { Name: 'Ada', Tier: null },
    campaigns: { Autumn: { sent: { '72h': 'x' } } },
  },
  { email: 'eve@example.com', note: 'kept', fields: {}, campaigns: {} },
]);

describe('fuzzed', () => {
  it('the address book answers for any file, and never replaces one that it does not understand', {
    timeout,
  }, async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'address-book.json');
    const files = fc.oneof(
      mangled(written).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
      fc
        .array(fc.record({ email: fc.string(), fields: fc.jsonValue() }))
        .map((all) => Buffer.from(JSON.stringify(all))),
    );
    await fuzzInTurn(files, async (file) => {
      writeFileSync(path, file);
      const book = createAddressBook({ folder });
      const found = await book.findContact('new@example.com');
      if (found.isOk()) {
        const entries = (await book.entries()).unwrap();
        expect(entries.some(({ email }) => email.trim().toLowerCase() === 'new@example.com')).toBe(true);
      } else {
        expect(found.error.kind).toBe('unavailable');
        expect(readFileSync(path).equals(file)).toBe(true);
      }
      expect(Object.hasOwn(Object.prototype, 'email')).toBe(false);
    });
  });
});
