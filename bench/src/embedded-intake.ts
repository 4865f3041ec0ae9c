// Bookings taken in durably by the embedded store, against the raw driver writing the same rows.
import { openEmbeddedStore } from '@precall/adapter-embedded';
import { writesFor } from './captured-writes.ts';
import { compare, perSecond, type Row, type Subject, timeOf } from './measure.ts';
import { openRawLibsql, type RawWrite, toRawWrite } from './raw-libsql.ts';
import { inFolder, precallOn, scaled, takeIn } from './rig.ts';
import { deliveries } from './webhooks.ts';

const bookings = scaled(3_200);
/** An intake's CPU time falls to less than half over the first 20,000: the engine compiles it in steps. */
const warmUps = 6;

export async function embeddedIntake(name: string): Promise<readonly Row[]> {
  const all = deliveries(bookings);
  const rows = (await writesFor(all)).map(toRawWrite);
  return [
    await batches(name, all, rows),
    await oneByOne(name, all.slice(0, bookings / 4), rows.slice(0, bookings / 4)),
  ];
}

type All = ReturnType<typeof deliveries>;

function batches(name: string, all: All, rows: readonly RawWrite[]): Promise<Row> {
  return compare(
    {
      name,
      what: 'bookings taken in through receive, 32 at a time',
      unit: 'bookings/s',
      target: { atLeast: 0.5 },
      rounds: 7,
      warmUps,
    },
    {
      ours: receiving(all, 32),
      baseline: { name: 'libsql, the same rows, 32 a transaction', run: inserting(rows, 32) },
    },
  );
}

function oneByOne(name: string, all: All, rows: readonly RawWrite[]): Promise<Row> {
  return compare(
    {
      name,
      what: 'bookings taken in through receive, one at a time',
      unit: 'bookings/s',
      target: { atLeast: 0.7 },
      rounds: 7,
      warmUps,
    },
    {
      ours: receiving(all, 1),
      baseline: { name: 'libsql, the same rows, one a transaction', run: inserting(rows, 1) },
    },
  );
}

export function receiving(all: All, atOnce: number): Subject {
  return () =>
    inFolder(async (folder) => {
      const opened = openEmbeddedStore({ folder });
      if (opened.isErr()) throw new Error(opened.error.sentence);
      const precall = precallOn(opened.value);
      await precall.ready();
      const took = await timeOf(() => takeIn(precall, all, { atOnce }));
      await precall.stop();
      await opened.value.close();
      return perSecond(all.length, took);
    });
}

/** The loop turns between transactions, as it must in any server. */
export function inserting(rows: readonly RawWrite[], size: number): Subject {
  return () =>
    inFolder(async (folder) => {
      const raw = openRawLibsql(folder);
      const took = await timeOf(async () => {
        for (let from = 0; from < rows.length; from += size) {
          raw.insert(rows.slice(from, from + size));
          await new Promise(setImmediate);
        }
      });
      raw.close();
      return perSecond(rows.length, took);
    });
}
