// The part of the Store contract about reading in order and in pages.
import type { Lane, Lanes, Page, RecordId, Store } from '@precall/core';
import { expect } from 'vitest';
import type { Promised } from './contract.ts';
import { everyItem, everyPage, okOf } from './expect-port.ts';
import { changed, entry, idOf, keyOf, minute, put, sampleRecord } from './sample-records.ts';
import type { StoreSubject } from './store-subject.ts';

const nothingDue: Lanes = { mail: null, crm: null, forget: null };
const ids = (items: readonly { readonly id: RecordId }[]) => items.map(({ id }) => id);
const firstPage: Page = { limit: 1_000, cursor: null };

/** Saves records named 0, 1, 2... that all carry key `a` and are due in the mail lane, at these minutes. */
async function saveAt(store: Store, minutes: readonly number[]): Promise<void> {
  const writes = minutes.map((at, name) => {
    const lanes = { ...nothingDue, mail: minute(at) };
    return put(sampleRecord(name, { changedAt: minute(at), keys: [keyOf('a')], lanes }));
  });
  expect(await okOf(store.save(writes))).toEqual(minutes.map(() => 'saved'));
}

/** Every way to read records page by page. */
const readings = {
  findByKey: (store: Store) => (page: Page) => store.findByKey(keyOf('a'), page),
  due: (store: Store) => (page: Page) => store.due('mail', minute(99), page),
  list: (store: Store) => (page: Page) => store.list('booking', page),
};

export const readingPromises: readonly Promised<StoreSubject>[] = [
  {
    promise: 'findByKey: the records that carry the key, newest change first',
    async run({ store }) {
      await saveAt(store, [1, 4, 2, 3]);
      const other = sampleRecord('other', { keys: [keyOf('b'), keyOf('c')], changedAt: minute(9) });
      await okOf(store.save([put(other), put(sampleRecord('none', { changedAt: minute(9) }))]));
      const byKey = (name: string) => everyItem(1_000, (page) => store.findByKey(keyOf(name), page));
      expect(ids(await byKey('a'))).toEqual([1, 3, 2, 0].map(idOf));
      expect(ids(await byKey('c'))).toEqual([other.id]);
      expect(await byKey('missing')).toEqual([]);
    },
  },
  {
    promise: 'findByKey: a change comes first, wherever the record stood before',
    async run({ store }) {
      await saveAt(store, [1, 2, 3]);
      const oldest = sampleRecord(0, { keys: [keyOf('a')], changedAt: minute(9) });
      await okOf(store.save([put(changed(oldest))]));
      expect(ids(await everyItem(1_000, readings.findByKey(store)))).toEqual([0, 2, 1].map(idOf));
    },
  },
  {
    promise: 'findByKey: keys are replaced with their record',
    async run({ store }) {
      const first = sampleRecord(1, { keys: [keyOf('a'), keyOf('b')] });
      await okOf(store.save([put(first)]));
      await okOf(store.save([put(changed(first, { keys: [keyOf('b'), keyOf('c')] }))]));
      const counts = await Promise.all(
        ['a', 'b', 'c'].map(
          async (name) => (await okOf(store.findByKey(keyOf(name), firstPage))).items.length,
        ),
      );
      expect(counts).toEqual([0, 1, 1]);
    },
  },
  {
    promise: 'due: what is due at `by` or before, and nothing after it',
    async run({ store }) {
      await saveAt(store, [1, 2, 3]);
      const { items } = await okOf(store.due('mail', minute(2), firstPage));
      expect(ids(items).sort()).toEqual([0, 1].map(idOf));
      expect((await okOf(store.due('mail', minute(0.99), firstPage))).items).toEqual([]);
    },
  },
  {
    promise: 'due: earliest first',
    async run({ store }) {
      await saveAt(store, [3, 1, 4, 2]);
      const { items } = await okOf(store.due('mail', minute(9), firstPage));
      expect(ids(items)).toEqual([1, 3, 0, 2].map(idOf));
    },
  },
  {
    promise: 'due: each lane by its own moments',
    async run({ store }) {
      const only = (lane: Lane, at: number) =>
        put(sampleRecord(lane, { lanes: { ...nothingDue, [lane]: minute(at) } }));
      await okOf(store.save([only('mail', 1), only('crm', 2), only('forget', 3)]));
      for (const [lane, at] of [
        ['mail', 1],
        ['crm', 2],
        ['forget', 3],
      ] as const) {
        expect(ids((await okOf(store.due(lane, minute(9), firstPage))).items)).toEqual([idOf(lane)]);
        expect(`${await okOf(store.nextDueAt(lane))}`).toBe(`${minute(at)}`);
      }
    },
  },
  {
    promise: 'due: a changed or emptied lane is seen at once',
    async run({ store }) {
      await saveAt(store, [1, 2]);
      const later = changed(sampleRecord(0, { lanes: { ...nothingDue, mail: minute(7) } }));
      await okOf(store.save([put(later), put(changed(sampleRecord(1)))]));
      expect((await okOf(store.due('mail', minute(6), firstPage))).items).toEqual([]);
      expect(ids((await okOf(store.due('mail', minute(7), firstPage))).items)).toEqual([idOf(0)]);
    },
  },
  {
    promise: 'nextDueAt: the earliest moment in the lane over all records; null when there is none',
    async run({ store }) {
      expect(await okOf(store.nextDueAt('mail'))).toBe(null);
      await saveAt(store, [3, 1, 2]);
      expect(`${await okOf(store.nextDueAt('mail'))}`).toBe(`${minute(1)}`);
      await okOf(store.save([put(changed(sampleRecord(1)))]));
      expect(`${await okOf(store.nextDueAt('mail'))}`).toBe(`${minute(2)}`);
      expect(await okOf(store.nextDueAt('crm'))).toBe(null);
    },
  },
  {
    promise: 'list: the records of one kind, newest change first',
    async run({ store }) {
      await saveAt(store, [1, 3, 2]);
      const person = sampleRecord('person', { kind: 'person', changedAt: minute(5) });
      await okOf(store.save([put(person)]));
      expect(ids(await everyItem(1_000, (page) => store.list('booking', page)))).toEqual([1, 2, 0].map(idOf));
      expect(ids(await everyItem(1_000, (page) => store.list('person', page)))).toEqual([person.id]);
      expect(await everyItem(1_000, (page) => store.list('delivery', page))).toEqual([]);
    },
  },
  {
    promise: 'pages: each record comes exactly once, in the order of one long page, ties and all',
    async run({ store }) {
      await saveAt(store, [5, 1, 1, 3, 1, 2, 1, 5, 1, 4, 1]);
      for (const read of Object.values(readings)) {
        const whole = ids((await okOf(read(store)(firstPage))).items);
        expect(new Set(whole).size).toBe(11);
        for (const limit of [1, 2, 3, 10, 11]) {
          expect(ids(await everyItem(limit, read(store)))).toEqual(whole);
        }
      }
    },
  },
  {
    promise: 'pages: no page is longer than its limit, and the last says so',
    async run({ store }) {
      await saveAt(store, [1, 2, 3, 4, 5]);
      await okOf(
        store.save([
          put(
            changed(sampleRecord(4)),
            [1, 2, 3, 4, 5].map((name) => entry(name)),
          ),
        ]),
      );
      await okOf(store.save([put(changed(changed(sampleRecord(4, { keys: [keyOf('a')] }))))]));
      const sizes = async (limit: number, read: Parameters<typeof everyPage>[1]) =>
        (await everyPage(limit, read)).map((items) => items.length).filter((size) => size > 0);
      for (const read of [readings.list, readings.findByKey]) {
        expect(await sizes(2, read(store))).toEqual([2, 2, 1]);
      }
      expect(await sizes(2, readings.due(store))).toEqual([2, 2]);
      expect(await sizes(2, (page) => store.history(idOf(4), page))).toEqual([2, 2, 1]);
      expect((await okOf(store.list('booking', { limit: 5, cursor: null }))).next).toBe(null);
    },
  },
  ...Object.entries(readings).map(([name, read]) => ({
    promise: `pages: changes between two pages of ${name} neither hide nor repeat what did not change`,
    async run({ store }: StoreSubject) {
      await saveAt(store, [1, 2, 3, 4, 5, 6, 7]);
      const page = await okOf(read(store)({ limit: 3, cursor: null }));
      const emptied = page.items.slice(0, 2).map((record) => changed(record, { lanes: nothingDue }));
      const atTheFront = {
        keys: [keyOf('a')],
        changedAt: minute(50),
        lanes: { ...nothingDue, mail: minute(0) },
      };
      await okOf(store.save([...emptied, sampleRecord('new', atTheFront)].map((record) => put(record))));
      const rest = await everyItem(3, read(store), page.next);
      const visited = [...ids(page.items), ...ids(rest)];
      expect(visited).toHaveLength(7);
      expect(new Set(visited)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6].map(idOf)));
    },
  })),
  {
    promise: 'pages: a cursor that no slice gave is answered, not thrown',
    async run({ store }) {
      await saveAt(store, [1, 2]);
      for (const cursor of ['', 'nonsense', '1:2:3', '{"$gt":""}', "' or 1=1 --", '9'.repeat(400)]) {
        for (const read of Object.values(readings)) {
          const answer = await read(store)({ limit: 2, cursor });
          expect(answer.isOk() || answer.error.kind === 'rejected').toBe(true);
        }
      }
    },
  },
  {
    promise: 'history: newest first, across saves',
    async run({ store }) {
      const first = sampleRecord(1);
      await okOf(store.save([put(first, [entry(1), entry(2)])]));
      await okOf(store.save([put(changed(first), [])]));
      await okOf(store.save([put(changed(changed(first)), [entry(3), entry(4)])]));
      const whats = (await everyItem(3, (page) => store.history(first.id, page))).map(({ what }) => what);
      expect(whats).toEqual(['happened 4', 'happened 3', 'happened 2', 'happened 1']);
    },
  },
  {
    promise: 'history: entries are kept whole, each with its own record',
    async run({ store }) {
      const detail = { rule: '24h', count: 2, nested: { list: [1, null, 'ü'] }, no: false };
      const at = minute(1).add({ milliseconds: 1 });
      await okOf(
        store.save([
          put(sampleRecord(1), [{ at, what: 'sent', detail }]),
          put(sampleRecord(2), [entry('other')]),
        ]),
      );
      const [kept, ...more] = await everyItem(10, (page) => store.history(idOf(1), page));
      expect([`${kept?.at}`, kept?.what, kept?.detail, more.length]).toEqual([`${at}`, 'sent', detail, 0]);
      expect(await everyItem(10, (page) => store.history(idOf('missing'), page))).toEqual([]);
    },
  },
];
