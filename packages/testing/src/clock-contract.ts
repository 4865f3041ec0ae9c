// The contract of the Clock port.
import { type Clock, type Duration, type Instant, Temporal } from '@precall/core';
import { expect } from 'vitest';
import { type ContractOptions, type Promised, registerContract, type Use } from './contract.ts';

/** A clock, and a way to let its time go by. */
export interface ClockSubject {
  readonly clock: Clock;
  /** Lets that much time go by on the clock, or waits for it. */
  readonly pass: (length: Duration) => Promise<void>;
}

/** A clock to run the contract on. */
export interface ClockContractOptions extends ContractOptions {
  create(): ClockSubject | Promise<ClockSubject>;
}

/** Registers the Clock contract's tests in a test file of Vitest. */
export function clockContract(options: ClockContractOptions): void {
  registerContract('Clock', clockPromises, useClock(options), options);
}

/** Makes a clock for one promise. */
export function useClock({ create }: ClockContractOptions): Use<ClockSubject> {
  return async (run) => run(await create());
}

const ms = (milliseconds: number) => Temporal.Duration.from({ milliseconds });
const isBefore = (a: Instant, b: Instant) => Temporal.Instant.compare(a, b) < 0;

/** Lengths are short, so that they can be waited for in real time. */
export const clockPromises: readonly Promised<ClockSubject>[] = [
  {
    promise: 'now: goes on, in whole milliseconds',
    async run({ clock, pass }) {
      const startAt = clock.now();
      await pass(ms(20));
      expect(clock.now().epochMilliseconds - startAt.epochMilliseconds).toBeGreaterThanOrEqual(20);
      expect(clock.now().epochNanoseconds % 1_000_000n).toBe(0n);
    },
  },
  {
    promise: 'at: runs once the moment has come',
    async run({ clock, pass }) {
      let runs = 0;
      clock.at(clock.now().add(ms(20)), () => runs++);
      clock.at(clock.now().add(ms(10)), () => runs++);
      await pass(ms(40));
      expect(runs).toBe(2);
    },
  },
  {
    promise: 'at: runs what is due already',
    async run({ clock, pass }) {
      let runs = 0;
      clock.at(clock.now(), () => runs++);
      clock.at(clock.now().subtract({ hours: 1 }), () => runs++);
      await pass(ms(20));
      expect(runs).toBe(2);
    },
  },
  {
    promise: 'at: runs only once',
    async run({ clock, pass }) {
      let runs = 0;
      clock.at(clock.now().add(ms(5)), () => runs++);
      await pass(ms(20));
      await pass(ms(20));
      expect(runs).toBeLessThanOrEqual(1);
    },
  },
  {
    promise: 'at: never runs before the moment by this same clock',
    async run({ clock, pass }) {
      const early: string[] = [];
      for (let length = 0; length < 30; length++) {
        const moment = clock.now().add(ms(length));
        clock.at(moment, () => {
          if (isBefore(clock.now(), moment)) early.push(`${clock.now()} for ${moment}`);
        });
      }
      await pass(ms(60));
      expect(early).toEqual([]);
    },
  },
  {
    promise: 'at: never runs inside the call',
    async run({ clock }) {
      let runs = 0;
      clock.at(clock.now().subtract({ hours: 1 }), () => runs++);
      clock.at(clock.now(), () => runs++);
      expect(runs).toBe(0);
    },
  },
  {
    promise: 'at: what is cancelled does not run',
    async run({ clock, pass }) {
      let runs = 0;
      const cancel = clock.at(clock.now().add(ms(5)), () => runs++);
      cancel();
      cancel();
      await pass(ms(20));
      expect(runs).toBe(0);
    },
  },
];
