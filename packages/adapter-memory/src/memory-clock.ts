// A clock that stands still until you move it. Hours pass in microseconds, and always in the same way.
import { setImmediate } from 'node:timers/promises';
import { type Clock, type Duration, type Instant, invariant, milliseconds, Temporal } from '@precall/core';
import { insertInOrder } from './in-order.ts';

/** A Clock for tests, with what moves it. */
export interface MemoryClock extends Clock {
  /**
   * Lets time go by. Whatever falls due on the way runs in the order of its moments (those of one moment in the
   * order of asking), and `now()` shows its moment while it runs. Between two moments the work that a run has
   * started gets its turn: all promise chains, through up to five turns of the event loop. Work that waits for
   * a file, a socket or another thread is not waited for.
   */
  advance(length: Duration): Promise<void>;
  advanceTo(moment: Instant): Promise<void>;
  /** Somebody sets the clock, forwards or (with a negative length) back. Nothing runs before the next advance. */
  step(length: Duration): void;
  /** The moments that something waits for, earliest first. */
  pending(): readonly Instant[];
}

interface Alarm {
  readonly at: number;
  readonly run: () => void;
}

/** Alarms that keep asking for the moment they run in would hold time for ever; this many in one are taken for that. */
const runsInOneMoment = 100_000;

/** Time begins at `startAt` and moves only when it is told to. */
export function createMemoryClock(startAt: Instant): MemoryClock {
  const alarms: Alarm[] = [];
  let nowMs = startAt.epochMilliseconds;
  let isAdvancing = false;

  async function advanceTo(endMs: number): Promise<void> {
    invariant(!isAdvancing, 'one advance of a memory clock ends before the next begins');
    invariant(endMs >= nowMs, 'time advances; a clock that is set back takes step()');
    isAdvancing = true;
    try {
      await turns();
      let runs = 0;
      for (;;) {
        const next = alarms[0];
        if (!next || next.at > endMs) break;
        runs = next.at > nowMs ? 0 : runs + 1;
        invariant(runs < runsInOneMoment, 'alarms do not ask for the moment they run in again and again');
        alarms.shift();
        nowMs = Math.max(nowMs, next.at); // what was stepped over is late
        next.run();
        await turns();
      }
      nowMs = Math.max(nowMs, endMs);
    } finally {
      isAdvancing = false;
    }
  }

  return {
    now: () => instant(nowMs),
    at(moment, run) {
      const alarm = { at: moment.epochMilliseconds, run };
      insertInOrder(alarms, alarm, ({ at }) => at);
      return () => {
        const index = alarms.indexOf(alarm);
        if (index >= 0) alarms.splice(index, 1);
      };
    },
    advance: (length) => advanceTo(nowMs + milliseconds(length)),
    advanceTo: (moment) => advanceTo(moment.epochMilliseconds),
    step(length) {
      nowMs += milliseconds(length);
    },
    pending: () => alarms.map(({ at }) => instant(at)),
  };
}

/** One turn drains every microtask; the others are for work that itself waits for a turn of the loop. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await setImmediate();
}

function instant(ms: number): Instant {
  return Temporal.Instant.fromEpochMilliseconds(ms);
}
