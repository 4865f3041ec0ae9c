// The part of the Store contract about what was saved, and who wins.
import type { Stored } from '@precall/core';
import { expect } from 'vitest';
import type { Promised } from './contract.ts';
import { everyItem, okOf } from './expect-port.ts';
import { changed, entry, idOf, keyOf, minute, put, remove, sampleRecord } from './sample-records.ts';
import type { StoreSubject } from './store-subject.ts';

export const writingPromises: readonly Promised<StoreSubject>[] = [
  {
    promise: 'find: what was saved is read back whole',
    async run({ store }) {
      const full = sampleRecord('full', {
        version: 3,
        changedAt: minute(1),
        lanes: { mail: minute(2), crm: minute(3), forget: minute(4) },
        keys: [keyOf('a'), keyOf('b')],
      });
      const bare = sampleRecord('bare', { kind: 'person' });
      await okOf(store.save([put(full), put(bare)]));
      const found = await okOf(store.find([full.id, bare.id]));
      expect(plain(found)).toEqual(plain([full, bare]));
    },
  },
  {
    promise: 'find: missing ids are absent from the answer',
    async run({ store }) {
      await okOf(store.save([put(sampleRecord(1))]));
      const found = await okOf(store.find([idOf('missing'), idOf(1), idOf('missing too')]));
      expect(found.map(({ id }) => id)).toEqual([idOf(1)]);
      expect(await okOf(store.find([]))).toEqual([]);
    },
  },
  {
    promise: 'save: the body is never looked into',
    async run({ store }) {
      const bodies = [
        '{ "b":1.0, "a" :[ ],"a":2}\n',
        '"\\u0000 ü 👋 \\ud800 %s ; --"',
        `"${'x'.repeat(100_000)}"`,
      ];
      await okOf(store.save(bodies.map((body, index) => put(sampleRecord(index, { body })))));
      for (const [index, body] of bodies.entries()) {
        const [found] = await okOf(store.find([idOf(index)]));
        expect(found?.body).toBe(body);
      }
    },
  },
  {
    promise: 'save: moments are kept to the millisecond',
    async run({ store }) {
      const changedAt = minute(1).add({ milliseconds: 7 });
      const mail = minute(2).subtract({ milliseconds: 1 });
      await okOf(store.save([put(sampleRecord(1, { changedAt, lanes: { mail, crm: null, forget: null } }))]));
      const [found] = await okOf(store.find([idOf(1)]));
      expect(`${found?.changedAt} ${found?.lanes.mail}`).toBe(`${changedAt} ${mail}`);
      expect(`${await okOf(store.nextDueAt('mail'))}`).toBe(`${mail}`);
    },
  },
  {
    promise: 'save: conflict when expected is not the revision',
    async run({ store }) {
      const first = sampleRecord(1);
      const second = changed(first, { body: 'second' });
      const third = changed(second, { body: 'third' });
      expect(await okOf(store.save([put(second)]))).toEqual(['conflict']);
      expect(await okOf(store.save([put(first)]))).toEqual(['saved']);
      expect(await okOf(store.save([put(third)]))).toEqual(['conflict']);
      expect(await okOf(store.save([put(second)]))).toEqual(['saved']);
      expect(await okOf(store.save([put(changed(first, { body: 'late' }))]))).toEqual(['conflict']);
      expect((await okOf(store.find([first.id])))[0]?.body).toBe('second');
    },
  },
  {
    promise: 'save: expected 0 is a conflict where the record exists',
    async run({ store }) {
      await okOf(store.save([put(sampleRecord(1, { body: 'first' }))]));
      expect(await okOf(store.save([put(sampleRecord(1, { body: 'other' }))]))).toEqual(['conflict']);
      expect((await okOf(store.find([idOf(1)])))[0]?.body).toBe('first');
    },
  },
  {
    promise: 'save: a conflict changes nothing, not even keys, lanes or history',
    async run({ store }) {
      const first = sampleRecord(1, { keys: [keyOf('a')] });
      await okOf(store.save([put(first, [entry(1)])]));
      const lanes = { mail: minute(5), crm: null, forget: null };
      const late = { ...changed(changed(first)), keys: [keyOf('b')], lanes };
      await okOf(store.save([put(late, [entry(2)])]));
      const page = { limit: 10, cursor: null };
      expect((await okOf(store.findByKey(keyOf('a'), page))).items).toHaveLength(1);
      expect((await okOf(store.findByKey(keyOf('b'), page))).items).toEqual([]);
      expect(await okOf(store.nextDueAt('mail'))).toBe(null);
      expect((await okOf(store.history(first.id, page))).items.map(({ what }) => what)).toEqual([
        'happened 1',
      ]);
    },
  },
  {
    promise: 'save: answers per write, in order',
    async run({ store }) {
      await okOf(store.save([1, 3].map((name) => put(sampleRecord(name)))));
      const answers = await okOf(store.save([5, 4, 3, 2, 1].map((name) => put(sampleRecord(name)))));
      expect(answers).toEqual(['saved', 'saved', 'conflict', 'saved', 'conflict']);
      expect(await okOf(store.save([]))).toEqual([]);
    },
  },
  {
    promise: 'save: a batch with one conflict saves the others',
    async run({ store }) {
      await okOf(store.save([put(sampleRecord(2))]));
      await okOf(store.save([1, 2, 3].map((name) => put(sampleRecord(name, { body: 'batch' })))));
      const found = await okOf(store.find([idOf(1), idOf(2), idOf(3)]));
      expect(
        found
          .filter(({ body }) => body === 'batch')
          .map(({ id }) => id)
          .sort(),
      ).toEqual([idOf(1), idOf(3)]);
    },
  },
  {
    promise: 'save: takes batches of 500',
    async run({ store }) {
      const records = Array.from({ length: 500 }, (_, name) => sampleRecord(name));
      expect(new Set(await okOf(store.save(records.map((record) => put(record)))))).toEqual(
        new Set(['saved']),
      );
      expect(await okOf(store.find(records.map(({ id }) => id)))).toHaveLength(500);
    },
  },
  {
    promise: 'save: of 100 concurrent writers of one revision exactly one is saved',
    async run({ store }) {
      const writers = Array.from({ length: 100 }, (_, writer) => sampleRecord(1, { body: `${writer}` }));
      const answers = await Promise.all(writers.map((record) => okOf(store.save([put(record)]))));
      const winners = answers.flatMap(([answer], writer) => (answer === 'saved' ? [writer] : []));
      expect(winners).toHaveLength(1);
      expect((await okOf(store.find([idOf(1)])))[0]?.body).toBe(`${winners[0]}`);
    },
  },
  {
    promise: 'save: concurrent writers of different records are all saved',
    async run({ store }) {
      const records = Array.from({ length: 100 }, (_, name) => sampleRecord(name));
      const answers = await Promise.all(records.map((record) => okOf(store.save([put(record, [entry(1)])]))));
      expect(answers.flat().filter((answer) => answer === 'saved')).toHaveLength(100);
      expect(await okOf(store.find(records.map(({ id }) => id)))).toHaveLength(100);
    },
  },
  {
    promise: 'remove: takes the record out of every answer',
    async run({ store }) {
      const lanes = { mail: minute(1), crm: minute(1), forget: minute(1) };
      const record = sampleRecord(1, { keys: [keyOf('a')], lanes });
      await okOf(store.save([put(record)]));
      expect(await okOf(store.save([remove(record)]))).toEqual(['saved']);
      const page = { limit: 10, cursor: null };
      expect(await okOf(store.find([record.id]))).toEqual([]);
      expect((await okOf(store.findByKey(keyOf('a'), page))).items).toEqual([]);
      expect((await okOf(store.list('booking', page))).items).toEqual([]);
      for (const lane of ['mail', 'crm', 'forget'] as const) {
        expect((await okOf(store.due(lane, minute(9), page))).items).toEqual([]);
        expect(await okOf(store.nextDueAt(lane))).toBe(null);
      }
    },
  },
  {
    promise: 'remove: conflict when expected is not the revision',
    async run({ store }) {
      const first = sampleRecord(1);
      expect(await okOf(store.save([remove(first)]))).toEqual(['conflict']);
      await okOf(store.save([put(first)]));
      await okOf(store.save([put(changed(first))]));
      expect(await okOf(store.save([remove(first)]))).toEqual(['conflict']);
      expect(await okOf(store.find([first.id]))).toHaveLength(1);
    },
  },
  {
    promise: 'remove: afterwards the record can be made anew, without its old history',
    async run({ store }) {
      const record = sampleRecord(1);
      await okOf(store.save([put(record, [entry('old')])]));
      await okOf(store.save([remove(record)]));
      expect((await okOf(store.history(record.id, { limit: 10, cursor: null }))).items).toEqual([]);
      expect(await okOf(store.save([put(record, [entry('new')])]))).toEqual(['saved']);
      const history = await everyItem(10, (page) => store.history(record.id, page));
      expect(history.map(({ what }) => what)).toEqual(['happened new']);
    },
  },
  {
    promise: 'save: durable once Ok',
    notGivenBy: ({ reopen }) => (reopen ? null : 'this store outlives nothing'),
    async run({ store, reopen }) {
      const records = [1, 2, 3].map((name) => sampleRecord(name, { keys: [keyOf('a')] }));
      await okOf(store.save(records.map((record) => put(record, [entry(1)]))));
      await okOf(store.save(records.slice(2).map(remove)));
      const again = await reopen?.();
      const found = await everyItem(1, (page) => (again ?? store).findByKey(keyOf('a'), page));
      expect(found.map(({ id }) => id).sort()).toEqual([idOf(1), idOf(2)]);
      expect(await everyItem(1, (page) => (again ?? store).history(idOf(1), page))).toHaveLength(1);
    },
  },
];

/** Records as text, in the order of their ids, so that a difference can be read. */
function plain(records: readonly Stored[]): readonly string[] {
  return records
    .map(({ id, kind, version, revision, changedAt, lanes: { mail, crm, forget }, keys, body }) =>
      JSON.stringify([
        id,
        kind,
        version,
        revision,
        changedAt,
        mail,
        crm,
        forget,
        keys.map(String).sort(),
        body,
      ]),
    )
    .sort();
}
