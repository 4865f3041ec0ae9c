// A start with many reminders to come: how soon the host is ready, and how late those are that fall due while it derives all
// plans again. The same of a host that has nothing else, for what the machine and Node take for themselves.
import { seedDue } from './due-bookings.ts';
import { opened } from './embedded-dispatch.ts';
import { fillFolder } from './filled-store.ts';
import { figureOf, type Row } from './measure.ts';
import { inFolder, scaled, until } from './rig.ts';
import { startHost } from './started-host.ts';

const many = scaled(333_334);
const due = 100;
const everyMs = 100;
/** From before the process starts to the first reminder. */
const leadMs = 4_000;
const rounds = 5;
const hourMs = 3_600_000;

interface Started {
  readonly readyMs: number;
  readonly latestMs: number;
  readonly stallMs: number;
}

export async function start(name: string): Promise<readonly Row[]> {
  const empty = await startsWith(0);
  const full = await startsWith(many);
  const crowd = `with ${(many * 3).toLocaleString('en-US')} reminders to come`;
  const row = (what: string, values: readonly number[], target?: { readonly atMost: number }): Row =>
    figureOf({ name, what, unit: 'ms', ...(target && { target }) }, values);
  const of = (all: readonly Started[], what: keyof Started) => all.map((one) => one[what]);
  return [
    row('start of the process to ready, empty store', of(empty, 'readyMs')),
    row(`start of the process to ready, ${crowd}`, of(full, 'readyMs'), { atMost: 2_000 }),
    row('latest of 100 reminders due in the ten seconds after, empty store', of(empty, 'latestMs')),
    row(`latest of 100 reminders due in the ten seconds after, ${crowd}`, of(full, 'latestMs'), {
      atMost: 100,
    }),
    row('longest stall of its event loop, empty store', of(empty, 'stallMs')),
    row(`longest stall of its event loop, ${crowd}`, of(full, 'stallMs')),
  ];
}

function startsWith(bookings: number): Promise<readonly Started[]> {
  return inFolder(async (folder) => {
    await fillFolder(folder, bookings);
    const all: Started[] = [];
    for (let round = 0; round < rounds; round += 1) all.push(await started(folder, round * due));
    return all;
  });
}

async function started(folder: string, from: number): Promise<Started> {
  const firstMs = await withDue(folder, from);
  const host = await startHost(folder);
  await until(() => host.sent.length >= due);
  const lateMs = host.sent.map(({ to, atMs }) => {
    const number = Number(/\d+/.exec(to)?.[0]);
    return atMs - (firstMs + (number - from) * everyMs);
  });
  if (Math.min(...lateMs) < 0) throw new Error('a reminder was sent before its moment');
  return { readyMs: host.readyMs, latestMs: Math.max(...lateMs), stallMs: await host.stop() };
}

/** Puts the reminders there that will fall due one after another; gives the moment of the first. */
async function withDue(folder: string, from: number): Promise<number> {
  const store = opened(folder);
  const firstMs = Date.now() + leadMs;
  await seedDue(store, { count: due, startMs: firstMs + 2 * hourMs, from, everyMs });
  await store.close();
  if (Date.now() + 1_000 > firstMs)
    throw new Error('the reminders were not there in time: this machine is too busy');
  return firstMs;
}
