// A scheduler as its contract wants it, on the machine's clock.
import { setTimeout as sleep } from 'node:timers/promises';
import { milliseconds, Temporal } from '@precall/core';
import { createSystemClock } from '@precall/node';
import type { SchedulerSubject } from '@precall/testing';
import { type AgendaSchedulerOptions, createAgendaScheduler } from '../src/index.ts';

export const skipped = {
  'start: rings at least once a minute': 'it would take minutes; its job is looked at instead',
};

export function realTime(options: AgendaSchedulerOptions, latenessMs: number): SchedulerSubject {
  return {
    scheduler: createAgendaScheduler(options),
    now: createSystemClock().now,
    pass: async (length) => {
      await sleep(milliseconds(length));
    },
    lateness: Temporal.Duration.from({ milliseconds: latenessMs }),
  };
}
