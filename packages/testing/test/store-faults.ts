// For each promise of the Store contract a store that breaks it.
import type { HistoryEntry, Lanes, Page, RecordId, Slice, Store, Stored, Write } from '@precall/core';
import { Ok, Temporal } from '@precall/core';
import { everyItem, okOf } from '../src/expect-port.ts';
import { sampleRecord } from '../src/sample-records.ts';

type Break = (store: Store) => Store;

/** Changes each record on its way in; `known` is the one it takes the place of. */
const onWay =
  (change: (put: Stored, known: Stored | undefined) => Partial<Stored>): Break =>
  (store) => ({
    ...store,
    save: async (writes) =>
      store.save(
        await Promise.all(
          writes.map(async (write) =>
            'put' in write
              ? { ...write, put: { ...write.put, ...change(write.put, await known(store, write.put.id)) } }
              : write,
          ),
        ),
      ),
  });

/** Saves each write by itself, in its own way. */
const onEach =
  (save: (store: Store, write: Write) => Promise<'saved' | 'conflict'>): Break =>
  (store) => ({
    ...store,
    async save(writes) {
      const answers: ('saved' | 'conflict')[] = [];
      for (const write of writes) answers.push(await save(store, write));
      return Ok(answers);
    },
  });

/** Reads records in another order, or others. */
const onItems =
  (
    change: (items: readonly Stored[]) => readonly Stored[],
    ...methods: readonly ('due' | 'list' | 'findByKey')[]
  ): Break =>
  (store) => {
    const shuffled = async (answer: Awaited<ReturnType<Store['list']>>) =>
      answer.map((slice) => ({ ...slice, items: change(slice.items) }));
    const broken: Partial<Store> = {
      due: async (...args) => shuffled(await store.due(...args)),
      list: async (...args) => shuffled(await store.list(...args)),
      findByKey: async (...args) => shuffled(await store.findByKey(...args)),
    };
    return { ...store, ...Object.fromEntries(methods.map((method) => [method, broken[method]])) };
  };

/** Pages made anew from all items. */
const rePaged =
  (pageOf: (items: readonly Stored[], page: Page) => Slice<Stored>): Break =>
  (store) => ({
    ...store,
    findByKey: async (key, page) =>
      Ok(pageOf(await everyItem(1_000, (each) => store.findByKey(key, each)), page)),
    due: async (lane, by, page) =>
      Ok(pageOf(await everyItem(1_000, (each) => store.due(lane, by, each)), page)),
    list: async (kind, page) => Ok(pageOf(await everyItem(1_000, (each) => store.list(kind, each)), page)),
  });

async function known(store: Store, id: RecordId): Promise<Stored | undefined> {
  return (await okOf(store.find([id])))[0];
}

const idOf = (write: Write): RecordId => ('put' in write ? write.put.id : write.remove);

/** Makes the write fit whatever is there. */
async function forced(store: Store, write: Write): Promise<'saved' | 'conflict'> {
  for (;;) {
    const expected = (await known(store, idOf(write)))?.revision ?? 0;
    const fitting =
      'put' in write
        ? { ...write, expected, put: { ...write.put, revision: expected + 1 } }
        : { ...write, expected };
    if (expected === 0 && 'remove' in write) return 'conflict';
    const [answer] = await okOf(store.save([fitting]));
    if (answer === 'saved') return 'saved';
  }
}

async function single(store: Store, write: Write): Promise<'saved' | 'conflict'> {
  const [answer = 'conflict'] = await okOf(store.save([write]));
  return answer;
}

const byOffset = rePaged((items, { limit, cursor }) => {
  const end = Number(cursor ?? 0) + limit;
  return { items: items.slice(Number(cursor ?? 0), end), next: end < items.length ? `${end}` : null };
});

const toSeconds = (moment: Temporal.Instant) => moment.round('second');
const lanesToSeconds = (lanes: Lanes): Lanes => ({ ...lanes, mail: lanes.mail && toSeconds(lanes.mail) });

export const storeFaults: { readonly [promise: string]: Break } = {
  'find: what was saved is read back whole': onWay(() => ({ version: 1 })),
  'find: missing ids are absent from the answer': (store) => ({
    ...store,
    find: async (ids) =>
      Ok(await Promise.all(ids.map(async (id) => (await known(store, id)) ?? sampleRecord(id)))),
  }),
  'save: the body is never looked into': onWay(({ body }) => ({ body: JSON.stringify(JSON.parse(body)) })),
  'save: moments are kept to the millisecond': onWay(({ changedAt, lanes }) => ({
    changedAt: toSeconds(changedAt),
    lanes: lanesToSeconds(lanes),
  })),
  'save: conflict when expected is not the revision': onEach(forced),
  'save: expected 0 is a conflict where the record exists': onEach(async (store, write) => {
    if (write.expected === 0) return forced(store, write);
    return single(store, write);
  }),
  'save: a conflict changes nothing, not even keys, lanes or history': onEach(async (store, write) => {
    const answer = await single(store, write);
    const there = await known(store, idOf(write));
    if (answer === 'saved' || 'remove' in write || !there) return answer;
    await forced(store, { put: { ...there, keys: write.put.keys }, expected: 0, history: [] });
    return 'conflict';
  }),
  'save: answers per write, in order': (store) => ({
    ...store,
    save: async (writes) => (await store.save(writes)).map((answers) => [...answers].reverse()),
  }),
  'save: a batch with one conflict saves the others': (store) => ({
    ...store,
    async save(writes) {
      const answers = await Promise.all(
        writes.map(async (write) =>
          ((await known(store, idOf(write)))?.revision ?? 0) === write.expected ? 'saved' : 'conflict',
        ),
      );
      return answers.includes('conflict') ? Ok(answers) : store.save(writes);
    },
  }),
  'save: takes batches of 500': (store) => ({
    ...store,
    save: async (writes) => (await store.save(writes.slice(0, 50))).map(() => writes.map(() => 'saved')),
  }),
  'save: of 100 concurrent writers of one revision exactly one is saved': onEach(async (store, write) => {
    const revision = (await known(store, idOf(write)))?.revision ?? 0;
    return revision === write.expected ? forced(store, write) : 'conflict';
  }),
  'save: concurrent writers of different records are all saved': (store) => {
    let isBusy = false;
    return {
      ...store,
      async save(writes) {
        if (isBusy) return Ok(writes.map(() => 'conflict' as const));
        isBusy = true;
        const answer = await store.save(writes);
        isBusy = false;
        return answer;
      },
    };
  },
  'remove: takes the record out of every answer': onEach(async (store, write) =>
    'remove' in write ? 'saved' : single(store, write),
  ),
  'remove: conflict when expected is not the revision': onEach(async (store, write) =>
    'remove' in write ? forced(store, write) : single(store, write),
  ),
  'remove: afterwards the record can be made anew, without its old history': (store) => {
    const entries = new Map<RecordId, HistoryEntry[]>();
    return {
      ...store,
      save: async (writes) => {
        for (const write of writes) {
          if ('put' in write)
            entries.set(write.put.id, [...write.history, ...(entries.get(write.put.id) ?? [])]);
        }
        return store.save(writes);
      },
      history: async (id) => Ok({ items: entries.get(id) ?? [], next: null }),
    };
  },
  'findByKey: the records that carry the key, newest change first': onItems(
    (items) => [...items].reverse(),
    'findByKey',
  ),
  'findByKey: a change comes first, wherever the record stood before': onWay((put, there) => ({
    changedAt: there?.changedAt ?? put.changedAt,
  })),
  'findByKey: keys are replaced with their record': onWay((put, there) => ({
    keys: [...new Set([...put.keys, ...(there?.keys ?? [])])],
  })),
  'due: what is due at `by` or before, and nothing after it': (store) => ({
    ...store,
    due: (lane, by, page) => store.due(lane, by.subtract({ milliseconds: 1 }), page),
  }),
  'due: earliest first': onItems((items) => [...items].reverse(), 'due'),
  'due: each lane by its own moments': (store) => ({
    ...store,
    due: (_lane, by, page) => store.due('mail', by, page),
  }),
  'due: a changed or emptied lane is seen at once': onWay((put, there) => ({
    lanes: there?.lanes ?? put.lanes,
  })),
  'nextDueAt: the earliest moment in the lane over all records; null when there is none': (store) => {
    const by = Temporal.Instant.from('2100-01-01T00:00:00Z');
    return {
      ...store,
      nextDueAt: async (lane) => {
        const all = await everyItem(1_000, (page) => store.due(lane, by, page));
        return Ok(all.at(-1)?.lanes[lane] ?? null);
      },
    };
  },
  'list: the records of one kind, newest change first': onItems((items) => [...items].reverse(), 'list'),
  'pages: each record comes exactly once, in the order of one long page, ties and all': rePaged(
    (items, { limit, cursor }) => {
      // the cursor names a moment only, so that the rest of a tie is skipped
      const at = ({ changedAt }: Stored) => changedAt.toString();
      const last = items.findLastIndex((item) => at(item) === cursor);
      const given = items.slice(last + 1, last + 1 + limit);
      const end = given.at(-1);
      return { items: given, next: end && last + 1 + limit < items.length ? at(end) : null };
    },
  ),
  'pages: no page is longer than its limit, and the last says so': (store) => ({
    ...store,
    list: (kind, page) => store.list(kind, { ...page, limit: page.limit + 1 }),
  }),
  'pages: changes between two pages of findByKey neither hide nor repeat what did not change': byOffset,
  'pages: changes between two pages of due neither hide nor repeat what did not change': byOffset,
  'pages: changes between two pages of list neither hide nor repeat what did not change': byOffset,
  'pages: a cursor that no slice gave is answered, not thrown': (store) => ({
    ...store,
    async due(lane, by, page) {
      if (page.cursor !== null) JSON.parse(page.cursor);
      return store.due(lane, by, page);
    },
  }),
  'history: newest first, across saves': (store) => ({
    ...store,
    async history(id) {
      const items = await everyItem(1_000, (page) => store.history(id, page));
      return Ok({ items: [...items].reverse(), next: null });
    },
  }),
  'history: entries are kept whole, each with its own record': (store) => ({
    ...store,
    history: async (id, page) =>
      (await store.history(id, page)).map(({ items, next }) => ({
        items: items.map((item) => ({ ...item, detail: {} })),
        next,
      })),
  }),
};
