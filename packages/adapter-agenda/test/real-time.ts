// A scheduler as its contract wants it, on the machine's clock.
import { setTimeout as sleep } from 'node:timers/promises';
import { milliseconds, type Scheduler, Temporal } from '@precall/core';
import { createSystemClock } from '@precall/node';
import type { SchedulerSubject } from '@precall/testing';

export const skipped = {
  'start: rings at least once a minute':
    'it would take minutes; see alarms.test.ts, on a clock moved by hand',
};

/** Machines that run tests are busy. */
const lateness = Temporal.Duration.from({ milliseconds: 900 });

export function inRealTime(scheduler: Scheduler): SchedulerSubject {
  return {
    scheduler,
    now: createSystemClock().now,
    pass: async (length) => {
      await sleep(milliseconds(length));
    },
    lateness,
  };
}
