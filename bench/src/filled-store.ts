// Stores that hold many bookings with reminders to come. One booking is taken in for real, and its row written again and again
// under other names and moments: what a million webhooks would leave, in a few seconds.

import { createHash } from 'node:crypto';
import { openEmbeddedStore } from '@precall/adapter-embedded';
import { createMemoryStore } from '@precall/adapter-memory';
import type { HistoryEntry, Instant, RecordId, RecordKey, Stored } from '@precall/core';
import type { Collection } from 'mongodb';
import { type RawDocument, toRawDocument } from './raw-mongo.ts';
import { openRawStore, toRawChanges } from './raw-store.ts';
import { precallOn, takeIn } from './rig.ts';
import { bookedBody, delivered, startAhead, uidOf } from './webhooks.ts';

/** Three reminders each, all to come. Numbered from here on, so that bookings made by a benchmark are others. */
const firstNumber = 10_000_000;
const atOnce = 5_000;

/** Into a folder that has no store yet. */
export async function fillFolder(folder: string, bookings: number): Promise<void> {
  const store = openEmbeddedStore({ folder });
  if (store.isErr()) throw new Error(store.error.sentence);
  // Makes the key of the names, so that a start finds nothing to do for the first time.
  await precallOn(store.value).ready();
  await store.value.close();
  const raw = openRawStore(folder);
  raw.database.exec('pragma synchronous = off; pragma cache_size = -262144;');
  for await (const puts of pendingPuts(bookings)) raw.save(toRawChanges(puts));
  raw.close();
}

export async function fillCollection(records: Collection<RawDocument>, bookings: number): Promise<void> {
  for await (const puts of pendingPuts(bookings))
    await records.insertMany(puts.map(toRawDocument), {
      ordered: false,
      writeConcern: { w: 1, journal: false },
    });
}

interface FirstPut {
  readonly put: Stored;
  readonly expected: 0;
  readonly history: readonly HistoryEntry[];
}

async function* pendingPuts(bookings: number): AsyncGenerator<readonly FirstPut[]> {
  const again = await createTemplate();
  for (let from = 0; from < bookings; from += atOnce)
    yield Array.from({ length: Math.min(atOnce, bookings - from) }, (_, index) => again(from + index));
}

/** A function from an index to the row of another booking like the one that was taken in. */
async function createTemplate(): Promise<(index: number) => FirstPut> {
  const nowMs = Date.now();
  const startMs = startAhead(nowMs, 0);
  const { put, history } = await takenIn(startMs);
  const recipient = put.keys.find((key) => key.startsWith('recipient:'))?.slice('recipient:'.length) ?? '';
  const named = (number: number, ms: number, who: string): readonly string[] => [
    uidOf(number),
    who,
    `guest-${number}@example.com`,
    `Guest ${number}`,
    `${ms}`,
    `${ms + 1_800_000}`,
    new Date(ms).toISOString(),
  ];
  const before = named(firstNumber, startMs, recipient);
  const pattern = new RegExp(`(${before.map((text) => text.replaceAll('.', '\\.')).join('|')})`);
  const cut = (text: string) => text.split(pattern).map((part) => ({ part, name: before.indexOf(part) }));
  const pasted = (parts: ReturnType<typeof cut>, names: readonly string[]): string =>
    parts.map(({ part, name }) => names[name] ?? part).join('');
  const [id, body, ...keys] = [put.id, put.body, ...put.keys].map(cut);
  if (!id || !body) throw new Error('a booking has an id and a body');

  return (index) => {
    const ms = startAhead(nowMs, index);
    const number = firstNumber + index;
    const who = createHash('sha256').update(`${number}`).digest('hex').slice(0, recipient.length);
    const names = named(number, ms, who);
    const shifted = (moment: Instant | null): Instant | null =>
      moment?.add({ milliseconds: ms - startMs }) ?? null;
    const { mail, crm, forget } = put.lanes;
    return {
      put: {
        ...put,
        id: pasted(id, names) as RecordId,
        keys: keys.map((key) => pasted(key, names) as RecordKey),
        body: pasted(body, names),
        revision: 1,
        lanes: { mail: shifted(mail), crm: shifted(crm), forget: shifted(forget) },
      },
      expected: 0,
      history: history.map((entry) => ({ ...entry, detail: { ...entry.detail, startAt: names.at(-1) } })),
    };
  };
}

/** As it stands once the CRM's lane has looked at it. */
async function takenIn(startMs: number): Promise<{ put: Stored; history: readonly HistoryEntry[] }> {
  const store = createMemoryStore();
  const precall = precallOn(store);
  const delivery = delivered(bookedBody({ number: firstNumber, startMs }));
  await takeIn(precall, [delivery], { atOnce: 1 });
  await precall.tick();
  const records = await store.list('booking', { limit: 1, cursor: null });
  const put = records.isOk() ? records.value.items[0] : undefined;
  if (!put) throw new Error('the booking was not taken in');
  const history = await store.history(put.id, { limit: 10, cursor: null });
  return { put, history: history.isOk() ? history.value.items : [] };
}
