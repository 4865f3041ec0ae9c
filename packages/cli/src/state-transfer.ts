// Between a store and JSON lines: everything out, everything in, and the tally of what a store holds.
import type { PortResult, RecordId, Store, Stored } from '@precall/core';
import { wentWrong } from './command-fault.ts';
import type { Progress } from './progress.ts';
import { createTallying, recordKinds, recordLine, type StateRecord, type Tally } from './state-lines.ts';

const recordsAtOnce = 100;
/** As many as every store keeps of one record. */
const historyKept = 2_000;
const historiesAtOnce = 1_000;

/** The lines of all records, page by page. What changes meanwhile may be missed: see `tallyOf`. */
export async function* linesOf(store: Store): AsyncGenerator<readonly string[]> {
  for (const kind of recordKinds) {
    let cursor: string | null = null;
    do {
      const page: Page = await store.list(kind, { limit: recordsAtOnce, cursor });
      const { items, next } = answered(page);
      yield await Promise.all(items.map((stored) => lineOf(store, stored)));
      cursor = next;
    } while (cursor !== null);
  }
}
type Page = Awaited<ReturnType<Store['list']>>;

export async function tallyOf(store: Store, progress: Progress): Promise<Tally> {
  const tallying = createTallying();
  for await (const lines of linesOf(store)) {
    for (const line of lines) tallying.add(line);
    progress.tell(tallying.tally().count, 'records compared');
  }
  return tallying.tally();
}

/** Saves them as new; answers those that were there before in another state. At most 100: then it is one commit. */
export async function saveAll(store: Store, records: readonly StateRecord[]): Promise<readonly RecordId[]> {
  const writes = records.map(({ history, ...record }) => ({
    put: { ...record, revision: 1 },
    expected: 0,
    history,
  }));
  const saved = answered(await store.save(writes));
  const there = records.filter((_, index) => saved[index] === 'conflict');
  if (there.length === 0) return [];
  const found = answered(await store.find(there.map(({ id }) => id)));
  const lines = new Map(
    await Promise.all(found.map(async (one) => [one.id, await lineOf(store, one)] as const)),
  );
  return there.filter((one) => lines.get(one.id) !== recordLine(one)).map(({ id }) => id);
}

export async function isEmpty(store: Store): Promise<boolean> {
  for (const kind of recordKinds) {
    const page = answered(await store.list(kind, { limit: 1, cursor: null }));
    if (page.items.length > 0) return false;
  }
  return true;
}

async function lineOf(store: Store, stored: Stored): Promise<string> {
  const { revision, ...record } = stored;
  const newest: StateRecord['history'][number][] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Store['history']>> = await store.history(stored.id, {
      limit: historiesAtOnce,
      cursor,
    });
    const { items, next } = answered(page);
    newest.push(...items);
    cursor = newest.length < historyKept ? next : null;
  } while (cursor !== null);
  return recordLine({ ...record, history: newest.slice(0, historyKept).reverse() });
}

/** The value, or the end of the command: nothing here is tried again by itself. */
export function answered<T>(result: Awaited<PortResult<T>>): T {
  if (result.isOk()) return result.value;
  throw wentWrong(`The store could not do it: ${result.error.reason}. Try again when that is mended.`);
}
