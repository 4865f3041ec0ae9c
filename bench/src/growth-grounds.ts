// Where growth is measured: a store that holds few bookings and one that holds many, for Precall, and the same again for the
// driver alone. The large ones are filled once and stay open; the small ones are fresh each time, or they would not stay small.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createMemoryStore } from '@precall/adapter-memory';
import type { Store, Stored, Write } from '@precall/core';
import { opened } from './embedded-dispatch.ts';
import { fillCollection, fillFolder } from './filled-store.ts';
import type { Deed, Some } from './growth.ts';
import { type Took, timeOf } from './measure.ts';
import { inDatabase, mongoIsMissing, storeIn } from './mongo-database.ts';
import { saveAll, toRawSaves } from './raw-dispatch.ts';
import { type RawDocument, recordsName, saveBulk, toRawBulk } from './raw-mongo.ts';
import { openRawStore, type RawStore } from './raw-store.ts';
import { inFolder } from './rig.ts';

export interface Ground {
  withStore<T>(run: (store: Store) => Promise<T>): Promise<T>;
  withDriver<T>(run: (driver: Driver) => Promise<T>): Promise<T>;
}
export interface Grounds {
  readonly few: Ground;
  readonly many: Ground;
}
interface Sizes {
  readonly few: number;
  readonly many: number;
}
type Saves = readonly (readonly Write[])[];

interface Driver {
  /** Everything that can be made before the clock runs is made here; the function saves. */
  ready(saves: Saves): () => Promise<void>;
}

export function grounds(): {
  readonly [where: string]: (sizes: Sizes, run: (both: Grounds) => Promise<void>) => Promise<void>;
} {
  return {
    'embedded store': onEmbedded,
    ...(mongoIsMissing() === null && { MongoDB: onMongo }),
  };
}

/** Does what Precall would save of a deed: a store in memory tells what that is, before the clock runs. */
export async function byDriver(ground: Ground, deed: Deed, some: Some): Promise<Took> {
  const memory = createMemoryStore();
  const saves: Write[][] = [];
  let group: Write[] | null = null;
  let before: readonly Stored[] = [];
  let isTimed = false;
  const keeping: Store = {
    ...memory,
    async save(writes) {
      group ??= newGroup();
      const mine = group;
      await new Promise(setImmediate);
      const saved = await memory.save(writes);
      if (saved.isOk()) mine.push(...writes.filter((_, index) => saved.value[index] === 'saved'));
      return saved;
    },
  };

  /** What is saved until the loop turns goes into one transaction, as it does with Precall. */
  function newGroup(): Write[] {
    const made: Write[] = [];
    if (isTimed) saves.push(made);
    setImmediate(() => {
      group = null;
    });
    return made;
  }

  await deed.run(keeping, some, async (work) => {
    before = await bookingsIn(memory);
    isTimed = true;
    await work();
    isTimed = false;
  });
  const there = before.map((put): Write => ({ put, expected: 0, history: [] }));
  return ground.withDriver(async (driver) => {
    await driver.ready([there])();
    return timeOf(driver.ready(saves));
  });
}

async function bookingsIn(store: Store): Promise<readonly Stored[]> {
  const found: Stored[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Store['list']>> = await store.list('booking', { limit: 1_000, cursor });
    if (page.isErr()) throw new Error(page.error.reason);
    found.push(...page.value.items);
    cursor = page.value.next;
  } while (cursor !== null);
  return found;
}

function onEmbedded(sizes: Sizes, run: (both: Grounds) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    const [small, ours, raws] = ['few', 'ours', 'raw'].map((name) => join(folder, name));
    if (!small || !ours || !raws) return;
    await fillFolder(small, sizes.few);
    await fillFolder(ours, sizes.many);
    copyInto(raws, ours);
    const store = opened(ours);
    const raw = openRawStore(raws);
    await run({
      few: {
        withStore: (work) =>
          inCopy(small, async (copy) => {
            const fresh = opened(copy);
            const result = await work(fresh);
            await fresh.close();
            return result;
          }),
        withDriver: (work) =>
          inCopy(small, async (copy) => {
            const fresh = openRawStore(copy);
            const result = await work(embeddedDriver(fresh));
            fresh.close();
            return result;
          }),
      },
      many: {
        withStore: (work) => work(store),
        withDriver: (work) => work(embeddedDriver(raw)),
      },
    });
    await store.close();
    raw.close();
  });
}

function embeddedDriver(raw: RawStore): Driver {
  return {
    ready(saves) {
      const prepared = toRawSaves(saves);
      return () => saveAll(raw, prepared);
    },
  };
}

function inCopy<T>(from: string, run: (folder: string) => Promise<T>): Promise<T> {
  return inFolder((folder) => {
    copyInto(folder, from);
    return run(folder);
  });
}

function copyInto(folder: string, from: string): void {
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(from, 'precall.db'), join(folder, 'precall.db'));
}

function onMongo(sizes: Sizes, run: (both: Grounds) => Promise<void>): Promise<void> {
  const few = onServer(sizes.few);
  return onServer(sizes.many)(({ store }) =>
    onServer(sizes.many)(({ driver }) =>
      run({
        few: {
          withStore: (work) => few((fresh) => work(fresh.store)),
          withDriver: (work) => few((fresh) => work(fresh.driver)),
        },
        many: { withStore: (work) => work(store), withDriver: (work) => work(driver) },
      }),
    ),
  );
}

/** A database that holds so many bookings, while it is used. */
function onServer(bookings: number) {
  return <T>(run: (filled: { readonly store: Store; readonly driver: Driver }) => Promise<T>): Promise<T> =>
    inDatabase(async (db, client) => {
      const store = await storeIn(db, client);
      const records = db.collection<RawDocument>(recordsName);
      await fillCollection(records, bookings);
      const driver: Driver = {
        ready(saves) {
          const bulks = saves.filter((save) => save.length > 0).map(toRawBulk);
          return async () => {
            for (const bulk of bulks) await saveBulk(records, bulk);
          };
        },
      };
      const result = await run({ store, driver });
      await store.close();
      return result;
    });
}
