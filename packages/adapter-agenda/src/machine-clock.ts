// The machine's clock, where no other is given.
import { type Clock, Temporal } from '@precall/core';

/** Timers know nothing of a clock that is set, nor of a machine that slept: so an alarm looks at the clock this often. */
const looksEveryMs = 15_000;

export const machineClock: Clock = {
  now: () => Temporal.Instant.fromEpochMilliseconds(Date.now()),
  at(moment, run) {
    let timer = wait();
    return () => clearTimeout(timer);

    function wait(): NodeJS.Timeout {
      const leftMs = Math.max(0, moment.epochMilliseconds - Date.now());
      return setTimeout(look, Math.min(leftMs, looksEveryMs));
    }
    function look(): void {
      if (Date.now() >= moment.epochMilliseconds) run();
      else timer = wait();
    }
  },
};
