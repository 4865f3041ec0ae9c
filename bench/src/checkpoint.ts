// Where stalls of the event loop come from while a herd is sent from the embedded store: a commit that carries a checkpoint of
// the write-ahead log, or a page of CPU time. SQLite makes a checkpoint in the commit after which the log holds so many pages
// (of 16 kB here): more often is shorter, never leaves it to whoever closes the store.

import { createEmbeddedStore } from '../../packages/adapter-embedded/src/embedded-store.ts';
import { openDatabase } from '../../packages/adapter-embedded/src/open-database.ts';
import { seedDue, startDueNow } from './due-bookings.ts';
import { type Dispatched, inCopy, opened, sendAll } from './embedded-dispatch.ts';
import { figureOf, type Row } from './measure.ts';
import { inFolder, scaled } from './rig.ts';
import { idleStalls } from './stalls.ts';

const count = scaled(5_000);
const rounds = 5;
/** In pages. SQLite's own is 1,000, and 0 stands for never. */
const settings = [1_000, 4_000, 250, 64, 0];

interface Found extends Dispatched {
  readonly longestCommitMs: number;
}

export async function checkpoint(name: string): Promise<readonly Row[]> {
  const idle = await idleStalls();
  const found = new Map<number, Found[]>(settings.map((pages) => [pages, []]));
  await inFolder(async (seed) => {
    const store = opened(seed);
    await seedDue(store, { count, startMs: startDueNow() });
    await store.close();
    await dispatched(seed, 1_000);
    // By turns, so that whatever else the machine does meets all of them alike.
    for (let round = 0; round < rounds; round += 1)
      for (const [pages, all] of found) all.push(await dispatched(seed, pages));
  });
  const rows = [...found].flatMap(([pages, all]) => {
    const what = `${count} reminders due at once, wal_autocheckpoint ${pages}:`;
    const row = (ending: string, unit: string, of: (one: Found) => number): Row =>
      figureOf({ name, what: `${what} ${ending}`, unit }, all.map(of));
    return [
      row('longest stall of the event loop', 'ms', ({ stallMs }) => stallMs),
      row('longest commit', 'ms', ({ longestCommitMs }) => longestCommitMs),
      row('sent', 'reminders/s', ({ took }) => count / took.seconds),
    ];
  });
  const what = 'longest stall of the event loop in two seconds of idleness before';
  return [figureOf({ name, what, unit: 'ms' }, idle), ...rows];
}

/** The store's own parts put together here, since neither the setting nor its commits are anybody else's business. */
function dispatched(seed: string, pages: number): Promise<Found> {
  return inCopy(seed, async (folder) => {
    const database = openDatabase(folder);
    if (database.isErr()) throw new Error(database.error.sentence);
    database.value.exec(`pragma wal_autocheckpoint = ${pages}`);
    const longestCommitMs = watchCommits(database.value);
    const store = createEmbeddedStore(database.value, folder);
    const all = await sendAll(store, count);
    await store.close();
    return { ...all, longestCommitMs: longestCommitMs() };
  });
}

function watchCommits(database: { exec(sql: string): unknown }): () => number {
  let longest = 0;
  const exec = database.exec.bind(database);
  database.exec = (sql) => {
    const begun = performance.now();
    const done = exec(sql);
    if (sql === 'commit') longest = Math.max(longest, performance.now() - begun);
    return done;
  };
  return () => longest;
}
