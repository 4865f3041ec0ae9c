// What the Store contract does not ask for: the memory store also guards its callers' side of the port.
import {
  type BookingId,
  bookingRecord,
  metaRecord,
  recipientId,
  recipientKey,
  type Stored,
  Temporal,
  type Write,
} from '@precall/core';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../src/index.ts';

const noon = Temporal.Instant.from('2026-03-02T12:00:00Z');

function record(changes: Partial<Stored> = {}): Stored {
  return {
    id: metaRecord('sample'),
    kind: 'meta',
    version: 1,
    revision: 1,
    changedAt: noon,
    lanes: { mail: noon, crm: null, forget: null },
    keys: [recipientKey(recipientId('a'))],
    body: '{}',
    ...changes,
  };
}
const first = (put: Stored): Write => ({ put, expected: 0, history: [] });

describe('createMemoryStore', () => {
  it('keeps a copy, so that neither writer nor reader can change the truth afterwards', async () => {
    const store = createMemoryStore();
    const keys = [...record().keys];
    const detail = { list: [1] };
    await store.save([{ put: record({ keys }), expected: 0, history: [{ at: noon, what: 'x', detail }] }]);
    keys.pop();
    detail.list.push(2);
    const found = (await store.find([record().id])).unwrapOr([]);
    const [entry] = (await store.history(record().id, { limit: 1, cursor: null })).unwrapOr({
      items: [],
    }).items;
    expect(found[0]?.keys).toHaveLength(1);
    expect(entry?.detail).toEqual({ list: [1] });
    expect(() => Object.assign(found[0] ?? {}, { body: 'changed' })).toThrow(TypeError);
    expect(() => Object.assign(found[0]?.lanes ?? {}, { mail: null })).toThrow(TypeError);
    expect(() => Object.assign(entry?.detail.list ?? {}, { 0: 9 })).toThrow(TypeError);
  });

  it('refuses a caller who breaks the page: revisions, a record named twice, fractions of a millisecond', async () => {
    const store = createMemoryStore();
    const breaches: readonly (readonly Write[])[] = [
      [first(record({ revision: 2 }))],
      [first(record()), first(record())],
      [{ remove: bookingRecord('calcom:1' as BookingId), expected: 0 }],
      [first(record({ changedAt: noon.add({ nanoseconds: 1 }) }))],
      [first(record({ lanes: { mail: null, crm: noon.add({ microseconds: 1 }), forget: null } }))],
    ];
    for (const writes of breaches) await expect(store.save(writes)).rejects.toThrow('Invariant broken');
    expect((await store.find([record().id])).unwrapOr(null)).toEqual([]);
  });

  it('refuses pages of less than 1 and more than 1,000', async () => {
    const store = createMemoryStore();
    for (const limit of [0, -1, 1.5, 1_001, Number.NaN]) {
      await expect(store.list('meta', { limit, cursor: null })).rejects.toThrow('1 to 1,000');
    }
  });

  it('orders changes of one millisecond by who came last', async () => {
    const store = createMemoryStore();
    await store.save(['a', 'b', 'c'].map((name) => first(record({ id: metaRecord(name) }))));
    const { items } = (await store.list('meta', { limit: 9, cursor: null })).unwrapOr({ items: [] });
    expect(items.map(({ id }) => id)).toEqual(['meta:c', 'meta:b', 'meta:a']);
  });
});
