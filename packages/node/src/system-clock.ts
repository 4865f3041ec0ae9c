// The machine's clock and timers, as a Clock.
import { type Clock, instantAt } from '@precall/core';

/** What a machine offers; a test puts its own in place. `setTimeout` counts time that passes, `now` tells wall time. */
export interface Machine<Timer> {
  now(): number;
  setTimeout(run: () => void, ms: number): Timer;
  clearTimeout(timer: Timer): void;
}

/**
 * No timer is set for longer than this. Timers count only the time a machine is awake, know nothing of a clock
 * that is set, and fire at once when asked to wait over 24.8 days (Node: TimeoutOverflowWarning). So an alarm
 * looks at the wall clock this often, and is late by no more than this after a sleep or a step forwards.
 */
const looksEveryMs = 15_000;

const system: Machine<NodeJS.Timeout> = {
  now: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer),
};

/** Alarms keep the process alive until they have run or are cancelled: a started Precall does not end by itself. */
export function createSystemClock(): Clock {
  return createMachineClock(system);
}

/** The same on a given machine. */
export function createMachineClock<Timer>(machine: Machine<Timer>): Clock {
  return {
    now: () => instantAt(machine.now()),
    at(moment, run) {
      const atMs = moment.epochMilliseconds;
      let timer = wait();
      return () => machine.clearTimeout(timer);

      function wait(): Timer {
        const leftMs = Math.max(0, atMs - machine.now());
        return machine.setTimeout(look, Math.min(leftMs, looksEveryMs));
      }
      // a timer may fire a moment early by the wall clock, and the clock may have been set back
      function look(): void {
        if (machine.now() >= atMs) run();
        else timer = wait();
      }
    },
  };
}
