// What a million reminders to come make of the cost of an intake, a cancellation, a move and a reminder that falls due, against
// a thousand. In batches ours is compared with the raw driver's own growth on the same rows: at random places of a large
// store any program dirties more pages.
import type { Store } from '@precall/core';
import { seedDue, startDueNow } from './due-bookings.ts';
import { byDriver, type Ground, type Grounds, grounds } from './growth-grounds.ts';
import { compare, type Measured, type Row, type Took, timeOf } from './measure.ts';
import { precallOn, scaled, shiftedClock, takeIn } from './rig.ts';
import { bookedBody, cancelledBody, delivered, movedBody, startAhead } from './webhooks.ts';

const inBatches = scaled(640);
const alone = scaled(160);
const together = 32;
const hourMs = 3_600_000;
const sizes = { few: 333, many: scaled(333_334) };

/** Something done to `count` bookings, of its own and numbered from `from`. Only what runs within `timing` counts. */
export interface Deed {
  readonly what: string;
  run(store: Store, some: Some, timing: Timing): Promise<void>;
}
export interface Some {
  readonly from: number;
  readonly count: number;
  readonly atOnce: number;
}
export type Timing = (work: () => Promise<void>) => Promise<void>;

export async function growth(name: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [where, on] of Object.entries(grounds()))
    await on(sizes, async (both) => {
      for (const deed of [intake, cancellation, move, due])
        rows.push(...(await rowsOf({ name, where, deed, both })));
    });
  return rows;
}

async function rowsOf({
  name,
  where,
  deed,
  both: { few, many },
}: {
  readonly name: string;
  readonly where: string;
  readonly deed: Deed;
  readonly both: Grounds;
}): Promise<readonly Row[]> {
  const [little, much] = [sizes.few, sizes.many].map(
    (bookings) => `${(bookings * 3).toLocaleString('en-US')} reminders to come`,
  );
  const singly = { count: alone, atOnce: 1 };
  const batches = { count: inBatches, atOnce: together };
  const one = await compare(
    {
      name,
      what: `${deed.what}, one at a time, ${much}, ${where}`,
      unit: 'ms each',
      target: { atMost: 1.2 },
    },
    {
      ours: () => byPrecall(many, deed, singly),
      baseline: { name: `with ${little}`, run: () => byPrecall(few, deed, singly) },
    },
  );
  const all = await compare(
    {
      name,
      what: `${deed.what}, ${together} at a time: cost with ${much} over that with ${little}, ${where}`,
      unit: 'times',
      target: { atMost: 1.2 },
    },
    {
      ours: async () => over(await byPrecall(many, deed, batches), await byPrecall(few, deed, batches)),
      baseline: {
        name: 'the same of the raw driver with the same rows',
        run: async () => over(await byRaw(many, deed, batches), await byRaw(few, deed, batches)),
      },
    },
  );
  return [one, all];
}

/** The time of one over the other's; and the CPU time, in its place. */
function over(large: Measured, small: Measured): Measured {
  const cpu = (large.cpuSeconds ?? Number.NaN) / (small.cpuSeconds ?? Number.NaN);
  return { figure: large.figure / small.figure, cpuSeconds: cpu };
}

let taken = 0;
function numbered({ count, atOnce }: Omit<Some, 'from'>): Some {
  const from = taken;
  taken += count;
  return { from, count, atOnce };
}

async function byPrecall(ground: Ground, deed: Deed, how: Omit<Some, 'from'>): Promise<Measured> {
  const took = { seconds: 0, cpuSeconds: 0 };
  await ground.withStore((store) =>
    deed.run(store, numbered(how), async (work) => {
      const { seconds, cpuSeconds } = await timeOf(work);
      took.seconds += seconds;
      took.cpuSeconds += cpuSeconds;
    }),
  );
  return msEach(how.count, took);
}

async function byRaw(ground: Ground, deed: Deed, how: Omit<Some, 'from'>): Promise<Measured> {
  return msEach(how.count, await byDriver(ground, deed, numbered(how)));
}

function msEach(count: number, { seconds, cpuSeconds }: Took): Measured {
  return { figure: (seconds / count) * 1_000, cpuSeconds };
}

const intake: Deed = {
  what: 'a booking taken in',
  run: (store, some, timing) => telling(store, some, { body: bookedBody, timing, reminders: 3 }),
};

const cancellation: Deed = {
  what: 'a cancellation',
  async run(store, some, timing) {
    await telling(store, some, { body: bookedBody, timing: (work) => work(), reminders: 3 });
    await telling(store, some, { body: cancelledBody, timing, reminders: null });
  },
};

const move: Deed = {
  what: 'a move to another day',
  async run(store, some, timing) {
    await telling(store, some, { body: bookedBody, timing: (work) => work(), reminders: 3 });
    await telling(store, some, { body: movedBody, timing, reminders: null });
  },
};

/** By `tick`, so that nothing of a start is in it. */
const due: Deed = {
  what: 'a reminder that falls due: claimed, sent, confirmed',
  async run(store, { from, count, atOnce }, timing) {
    // What earlier deeds left to do is done before.
    await precallOn(store).tick();
    const size = atOnce === 1 ? 1 : count;
    for (let number = from; number < from + count; number += size) {
      const startMs = startDueNow();
      await seedDue(store, { count: size, startMs, from: number });
      await precallOn(store, { clock: shiftedClock(startMs - 3 * hourMs - Date.now()) }).tick();
      const precall = precallOn(store);
      await precall.ready();
      await timing(() => precall.tick());
    }
  },
};

async function telling(
  store: Store,
  { from, count, atOnce }: Some,
  {
    body,
    timing,
    reminders,
  }: { readonly body: typeof bookedBody; readonly timing: Timing; readonly reminders: number | null },
): Promise<void> {
  const precall = precallOn(store);
  await precall.ready();
  const nowMs = Date.now();
  const all = Array.from({ length: count }, (_, index) =>
    delivered(body({ number: from + index, startMs: startAhead(nowMs, from + index) })),
  );
  await timing(() => takeIn(precall, all, { atOnce, reminders }));
}
