// What the benchmarks have in common: a Precall on a given store, folders that go away, and callers at the same time.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryScheduler } from '@precall/adapter-memory';
import {
  type Clock,
  type Crm,
  defaultPolicy,
  type Instant,
  type Mailer,
  Ok,
  type Precall,
  type Scheduler,
  type Store,
  type WebhookDelivery,
} from '@precall/core';
import { createPrecall, createSystemClock } from '@precall/node';
import { createCalcomSource } from '@precall/source-calcom';
import { secret } from './webhooks.ts';

/** Answers at once that all is well. */
export const eagerMailer: Mailer = { doubt: 'once', send: async () => Ok({ messageId: null }) };

export function precallOn(
  store: Store,
  options: {
    readonly mailer?: Mailer;
    readonly clock?: Clock;
    readonly concurrency?: number;
    readonly crm?: Crm;
    readonly scheduler?: Scheduler;
  } = {},
): Precall {
  const { mailer = eagerMailer, clock = createSystemClock(), concurrency = 50, crm } = options;
  return createPrecall({
    store,
    mailer,
    clock,
    source: createCalcomSource({ secrets: [secret] }),
    scheduler: options.scheduler ?? createMemoryScheduler({ clock }),
    ...(crm && { crm }),
    policy: { ...defaultPolicy, concurrency },
  });
}

/** A count, or the share of it that `BENCH_SCALE` asks for: for a quick look, never for a published figure. */
export function scaled(count: number): number {
  return Math.max(1, Math.round(count * Number(process.env.BENCH_SCALE ?? 1)));
}

/** Takes in all of them, `atOnce` under way at any time; throws unless each is taken, with so many reminders (null: any). */
export async function takeIn(
  precall: Pick<Precall, 'receive'>,
  all: readonly WebhookDelivery[],
  { atOnce, reminders = 3 }: { readonly atOnce: number; readonly reminders?: number | null },
): Promise<void> {
  await together(all, atOnce, async (delivery) => {
    const answer = await precall.receive(delivery);
    if (answer.kind !== 'taken') throw new Error(`a webhook was answered with ${answer.kind}`);
    if (reminders !== null && answer.reminders.length !== reminders)
      throw new Error(`a booking was answered with ${answer.reminders.length} reminders, not ${reminders}`);
  });
}

/** The system's clock, so many milliseconds ahead; its alarms too. */
export function shiftedClock(byMs: number): Clock {
  const clock = createSystemClock();
  const shifted = (moment: Instant, ms: number): Instant => moment.add({ milliseconds: ms });
  return {
    now: () => shifted(clock.now(), byMs),
    at: (moment, run) => clock.at(shifted(moment, -byMs), run),
  };
}

/** Resolves when `isSo`, which is asked each time the event loop has turned. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Runs for each item, so many at the same time. */
export async function together<T>(
  items: readonly T[],
  atOnce: number,
  run: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) await run(item, index);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
}

/** A folder that is there while `run` runs. */
export async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(process.env.BENCH_DISK ?? tmpdir(), 'precall-bench-'));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
