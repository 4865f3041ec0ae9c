// Many reminders due at once, to a mailer that answers at once: claimed, sent, confirmed, on the embedded store.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EmbeddedStore, openEmbeddedStore } from '@precall/adapter-embedded';
import type { Mailer, Store, Write } from '@precall/core';
import { Ok } from '@precall/core';
import { seedDue, startDueNow } from './due-bookings.ts';
import { compare, figureOf, perSecond, type Row, type Took, timeOf } from './measure.ts';
import { ofBookings, replay } from './raw-dispatch.ts';
import { inFolder, precallOn, scaled, until } from './rig.ts';
import { idleStalls, stallWhile } from './stalls.ts';
import { startHost } from './started-host.ts';

const count = scaled(10_000);

export async function embeddedDispatch(name: string): Promise<readonly Row[]> {
  return inFolder(async (seed) => {
    const store = opened(seed);
    await seedDue(store, { count, startMs: startDueNow() });
    await store.close();
    const idle = await idleStalls();
    const stalls = await stallsOfHosts(seed);
    const saves: (readonly Write[])[] = [];
    await dispatched(seed, (inner) => keepingSaves(inner, saves));
    const ours = async () => perSecond(count, (await dispatched(seed)).took);
    const replaying = (some: readonly (readonly Write[])[]) => () =>
      inCopy(seed, async (folder) => perSecond(count, await replay(folder, some)));
    const what = `${count} reminders due at once: claimed, sent, confirmed`;
    const unit = 'reminders/s';
    return [
      await compare(
        { name, what, unit, target: { atLeast: 0.5 } },
        {
          ours,
          baseline: {
            name: 'libsql claiming and confirming the bookings only',
            run: replaying(ofBookings(saves)),
          },
        },
      ),
      await compare(
        { name, what: `${what}, notes of who was sent to included`, unit },
        { ours, baseline: { name: 'libsql writing all the same rows', run: replaying(saves) } },
      ),
      figureOf(
        { name, what: 'longest stall of the event loop in two seconds of idleness before', unit: 'ms' },
        idle,
      ),
      figureOf(
        {
          name,
          what: `longest stall of the event loop of a host's own process, started with these ${count} due`,
          unit: 'ms',
          target: { atMost: 50 },
        },
        stalls,
      ),
    ];
  });
}

/** As users run it, with the default policy: this process holds the baseline's rows, whose collection is not a host's cost. */
async function stallsOfHosts(seed: string): Promise<readonly number[]> {
  const stalls: number[] = [];
  for (let round = 0; round < 5; round += 1)
    stalls.push(
      await inCopy(seed, async (folder) => {
        const host = await startHost(folder);
        await until(() => host.sent.length === count);
        return host.stop();
      }),
    );
  return stalls;
}

export interface Dispatched {
  readonly took: Took;
  readonly stallMs: number;
}

export function dispatched(
  seed: string,
  watched: (store: Store) => Store = (store) => store,
): Promise<Dispatched> {
  return inCopy(seed, async (folder) => {
    const store = opened(folder);
    const all = await sendAll(watched(store), count);
    await store.close();
    return all;
  });
}

/** Sends as many reminders as are due in the store. */
export async function sendAll(store: Store, due: number): Promise<Dispatched> {
  let sent = 0;
  const mailer: Mailer = {
    doubt: 'once',
    send: async () => {
      sent += 1;
      return Ok({ messageId: null });
    },
  };
  const precall = precallOn(store, { mailer });
  await precall.ready();
  let took: Took = { seconds: 0, cpuSeconds: 0 };
  const stallMs = await stallWhile(async () => {
    took = await timeOf(async () => {
      await precall.start();
      await until(() => sent === due);
      // Only what is confirmed counts.
      await precall.stop();
    });
  });
  return { took, stallMs };
}

export function opened(folder: string): EmbeddedStore {
  const store = openEmbeddedStore({ folder });
  if (store.isErr()) throw new Error(store.error.sentence);
  return store.value;
}

export function inCopy<T>(seed: string, run: (folder: string) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    copyFileSync(join(seed, 'precall.db'), join(folder, 'precall.db'));
    return run(folder);
  });
}

/** Keeps what was saved, save by save. */
export function keepingSaves(store: Store, saves: (readonly Write[])[]): Store {
  return {
    ...store,
    async save(writes) {
      const saved = await store.save(writes);
      if (saved.isOk()) saves.push(writes.filter((_, index) => saved.value[index] === 'saved'));
      return saved;
    },
  };
}
