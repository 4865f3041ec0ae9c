// One worker process: it has a clock of its own, and it can stand still, crash and be gone for good.
import { type Cancel, type Clock, Temporal } from '@precall/core';
import type { Timeline } from './timeline.ts';

export interface Worker {
  readonly name: string;
  readonly clock: Clock;
  nowMs(): number;
  isAlive(): boolean;
  /** Runs now, or when the process goes on after a pause; never once it is dead. */
  deliver(run: () => void): void;
  /** Nothing of it runs any more: no promise continues, no alarm goes off. */
  crash(): void;
  /** Runs when the process dies. */
  onDeath(run: () => void): void;
  /** As a machine that is overloaded, or a virtual one that is moved. */
  pauseUntil(ms: number): void;
  /** Somebody sets its clock; alarms that are overdue by the new time go off within `noticedMs`. */
  stepClock(ms: number, noticedMs: number): void;
}

interface Alarm {
  readonly momentMs: number;
  /** Null once it was called off. */
  run: (() => void) | null;
  cancel: Cancel;
}

export function createWorker(name: string, timeline: Timeline, offMs: number): Worker {
  let offset = offMs;
  let alive = true;
  let pausedUntilMs = 0;
  const alarms = new Set<Alarm>();
  const mourners: (() => void)[] = [];
  const nowMs = (): number => timeline.nowMs() + offset;

  function arm(alarm: Alarm, atTrueMs: number): void {
    alarm.cancel = timeline.at(atTrueMs, () => {
      // Its clock may have been set back since.
      if (nowMs() < alarm.momentMs) return arm(alarm, alarm.momentMs - offset);
      alarms.delete(alarm);
      deliver(() => alarm.run?.());
    });
  }

  function deliver(run: () => void): void {
    if (!alive) return;
    if (timeline.nowMs() >= pausedUntilMs) run();
    else timeline.at(pausedUntilMs, () => deliver(run));
  }

  return {
    name,
    clock: {
      now: () => Temporal.Instant.fromEpochMilliseconds(nowMs()),
      at(moment, run) {
        const alarm: Alarm = { momentMs: moment.epochMilliseconds, run, cancel: () => undefined };
        alarms.add(alarm);
        arm(alarm, alarm.momentMs - offset);
        return () => {
          alarms.delete(alarm);
          alarm.run = null;
          alarm.cancel();
        };
      },
    },
    nowMs,
    isAlive: () => alive,
    deliver,
    crash() {
      if (!alive) return;
      alive = false;
      for (const alarm of alarms) alarm.cancel();
      for (const run of mourners) run();
    },
    onDeath(run) {
      mourners.push(run);
    },
    pauseUntil(ms) {
      pausedUntilMs = Math.max(pausedUntilMs, ms);
    },
    stepClock(ms, noticedMs) {
      offset += ms;
      for (const alarm of alarms) {
        if (nowMs() < alarm.momentMs) continue;
        alarm.cancel();
        arm(alarm, timeline.nowMs() + noticedMs);
      }
    },
  };
}
