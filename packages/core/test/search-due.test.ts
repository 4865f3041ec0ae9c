import { createMemoryStore } from '@precall/adapter-memory';
import type { RecordId, Store, Stored } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { Err } from '../src/result.ts';
import { createSearchDue } from '../src/search-due.ts';
import { Temporal } from '../src/temporal.ts';

const noon = Temporal.Instant.from('2026-03-02T12:00:00Z');
const now = () => noon;

function due(kind: Stored['kind'], n: number): Stored {
  const crm = noon.subtract({ seconds: 1_000 - n });
  const lanes = { mail: null, crm, forget: null };
  const id = `${kind}:${n}` as RecordId;
  return { id, kind, version: 1, revision: 1, changedAt: noon, lanes, keys: [], body: '{}' };
}

/** A store with these due, and how often it was asked. */
async function storeWith(records: readonly Stored[]) {
  const store = createMemoryStore();
  await store.save(records.map((put) => ({ put, expected: 0, history: [] })));
  let asked = 0;
  const counted: Pick<Store, 'due'> = {
    due(...args) {
      asked += 1;
      return store.due(...args);
    },
  };
  const conclude = (found: readonly Stored[]) =>
    store.save(found.map(({ id, revision }) => ({ remove: id, expected: revision })));
  return { store: counted, asked: () => asked, conclude };
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);
const isEvent = (kind: Stored['kind']) => kind === 'calendar';

describe('the search for what is due', () => {
  it('finds every one that is wanted, earliest first, and passes what is not wanted once a lap', async () => {
    const others = range(0, 400).map((n) => due('person', n));
    const events = range(400, 500).map((n) => due('calendar', n));
    const { store, asked, conclude } = await storeWith([...others, ...events]);
    const search = createSearchDue({ store, clock: { now } }, isEvent);
    const found: string[] = [];
    for (;;) {
      const page = (await search()).unwrap();
      if (page.length === 0) break;
      found.push(...page.map(({ id }) => id));
      await conclude(page);
    }
    expect(found).toEqual(events.map(({ id }) => id));
    // Twenty pages of others on the way there, five of events, and a lap that finds nothing more.
    expect(asked()).toBeLessThan(50);
  });

  it('finds what became due behind it meanwhile, before it says that there is nothing', async () => {
    const { store, conclude } = await storeWith([
      due('calendar', 900),
      ...range(901, 960).map((n) => due('person', n)),
    ]);
    const search = createSearchDue({ store, clock: { now } }, isEvent);
    expect((await search()).unwrap()).toHaveLength(1);
    // It was not concluded: it is due still, at a moment that was passed already.
    const again = (await search()).unwrap();
    expect(again.map(({ id }) => id)).toEqual(['calendar:900']);
    await conclude(again);
    expect((await search()).unwrap()).toEqual([]);
    expect((await search()).unwrap()).toEqual([]);
  });

  it('says that the store is away, and goes on from there', async () => {
    const { store } = await storeWith([due('person', 1), due('calendar', 2)]);
    let isAway = true;
    const failing: Pick<Store, 'due'> = {
      due: async (...args) => (isAway ? Err({ kind: 'unavailable', reason: 'away' }) : store.due(...args)),
    };
    const search = createSearchDue({ store: failing, clock: { now } }, isEvent);
    expect((await search()).isErr()).toBe(true);
    isAway = false;
    expect((await search()).unwrap()).toHaveLength(1);
  });
});
