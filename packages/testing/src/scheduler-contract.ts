// The contract of the Scheduler port.
import { type Duration, type Instant, milliseconds, type Scheduler, Temporal } from '@precall/core';
import { expect } from 'vitest';
import { type ContractOptions, type Promised, registerContract, type Use } from './contract.ts';
import { okOf } from './expect-port.ts';

/** A scheduler, and a way to let its time go by. */
export interface SchedulerSubject {
  /** Not started, and without moments. */
  readonly scheduler: Scheduler;
  readonly now: () => Instant;
  /** Lets that much time go by on the scheduler's clock, or waits for it. */
  readonly pass: (length: Duration) => Promise<void>;
  /** How late a ring may be; in real time some hundred milliseconds. */
  readonly lateness?: Duration;
}

/** A scheduler to run the contract on. */
export interface SchedulerContractOptions extends ContractOptions {
  create(): SchedulerSubject | Promise<SchedulerSubject>;
  close?(subject: SchedulerSubject): Promise<void>;
}

/**
 * On a clock moved by hand or in real time (then skip the promise about the minute, or wait for it). Moments are up
 * to 8 s ahead; the contract takes it that the scheduler's own regular ring does not come within those 8 s.
 */
export function schedulerContract(options: SchedulerContractOptions): void {
  registerContract('Scheduler', schedulerPromises, useScheduler(options), options);
}

/** Makes a scheduler for one promise; stops and closes it. */
export function useScheduler({ create, close }: SchedulerContractOptions): Use<SchedulerSubject> {
  return async (run) => {
    const subject = await create();
    try {
      await run(subject);
    } finally {
      await subject.scheduler.stop();
      await close?.(subject);
    }
  };
}

const seconds = (count: number) => Temporal.Duration.from({ milliseconds: Math.round(count * 1000) });

/** Starts the scheduler; the list grows by the moment of each ring, in seconds after `from`. */
async function rings({ scheduler, now }: SchedulerSubject, from: Instant): Promise<number[]> {
  const rung: number[] = [];
  await okOf(
    scheduler.start(() => void rung.push((now().epochMilliseconds - from.epochMilliseconds) / 1000)),
  );
  return rung;
}

/** Waits until a ring `count` seconds after `from` must have come. */
async function passTo(
  { now, pass, lateness }: SchedulerSubject,
  from: Instant,
  count: number,
): Promise<void> {
  const endMs = from.epochMilliseconds + count * 1000 + (lateness ? milliseconds(lateness) : 0);
  await pass(seconds(Math.max(0, endMs - now().epochMilliseconds) / 1000));
}

/** What every Scheduler promises, each as a test. */
export const schedulerPromises: readonly Promised<SchedulerSubject>[] = [
  {
    promise: 'ring: each moment rings while started',
    async run(subject) {
      const startAt = subject.now();
      const rung = await rings(subject, startAt);
      await okOf(subject.scheduler.ring([startAt.add(seconds(1)), startAt.add(seconds(3))]));
      await passTo(subject, startAt, 1);
      expect(rung).toHaveLength(1);
      await passTo(subject, startAt, 3);
      expect(rung).toHaveLength(2);
    },
  },
  {
    promise: 'ring: a moment asked for later rings before a later moment asked for earlier',
    async run(subject) {
      const startAt = subject.now();
      const rung = await rings(subject, startAt);
      await okOf(subject.scheduler.ring([startAt.add(seconds(6))]));
      await okOf(subject.scheduler.ring([startAt.add(seconds(2))]));
      await passTo(subject, startAt, 2);
      expect(rung).toHaveLength(1);
      await passTo(subject, startAt, 6);
      expect(rung).toHaveLength(2);
    },
  },
  {
    promise: 'ring: a moment that has passed rings soon',
    async run(subject) {
      const startAt = subject.now();
      const rung = await rings(subject, startAt);
      await okOf(subject.scheduler.ring([startAt.subtract({ hours: 1 })]));
      await passTo(subject, startAt, 1);
      expect(rung).toHaveLength(1);
    },
  },
  {
    promise: 'ring: a moment asked for before the start rings once started',
    async run(subject) {
      const startAt = subject.now();
      await okOf(subject.scheduler.ring([startAt.add(seconds(2))]));
      const rung = await rings(subject, startAt);
      await passTo(subject, startAt, 2);
      expect(rung).toHaveLength(1);
    },
  },
  {
    promise: 'ring: the same moment asked for twice rings once',
    async run(subject) {
      const startAt = subject.now();
      const rung = await rings(subject, startAt);
      const momentAt = startAt.add(seconds(2));
      await okOf(subject.scheduler.ring([momentAt, momentAt]));
      await okOf(subject.scheduler.ring([momentAt]));
      await passTo(subject, startAt, 5);
      expect(rung).toHaveLength(1);
    },
  },
  {
    promise: 'ring: never early',
    async run(subject) {
      const startAt = subject.now();
      const rung = await rings(subject, startAt);
      await okOf(subject.scheduler.ring([startAt.add(seconds(4)), startAt.add(seconds(2))]));
      await passTo(subject, startAt, 4);
      const [first, second] = rung;
      expect(first).toBeGreaterThanOrEqual(2);
      expect(second).toBeGreaterThanOrEqual(4);
    },
  },
  {
    promise: 'start: rings at least once a minute',
    async run(subject) {
      const startAt = subject.now();
      const rung = await rings(subject, startAt);
      for (const minutes of [1, 2, 3]) {
        await passTo(subject, startAt, minutes * 60);
        expect(rung.length).toBeGreaterThanOrEqual(minutes);
      }
    },
  },
  {
    promise: 'stop: no ring begins after Ok',
    async run(subject) {
      const startAt = subject.now();
      const rung = await rings(subject, startAt);
      await okOf(subject.scheduler.ring([startAt.add(seconds(1)), startAt.add(seconds(3))]));
      await passTo(subject, startAt, 1);
      await okOf(subject.scheduler.stop());
      const before = rung.length;
      await okOf(subject.scheduler.ring([startAt.add(seconds(2))]));
      await passTo(subject, startAt, 5);
      expect(rung).toHaveLength(before);
    },
  },
];
