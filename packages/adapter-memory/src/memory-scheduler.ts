// The bell, on any clock: moments in a list, one alarm for the earliest. On the system's clock it is the in-process
// scheduler of @precall/node; on a memory clock it rings when you say so.
import { type Cancel, type Clock, invariant, Ok, type Scheduler, Temporal } from '@precall/core';
import { insertInOrder } from './in-order.ts';

const sweepEveryMs = 60_000;

/**
 * Moments live in this process only. Several that have passed when the bell is reached ring once together.
 * Moments asked for before `start` or after `stop` ring once it is started (again).
 */
export function createMemoryScheduler({ clock }: { readonly clock: Clock }): Scheduler {
  const moments: number[] = [];
  let listener: (() => void) | null = null;
  let sweepMs = 0;
  let alarm: { readonly ms: number; readonly cancel: Cancel } | null = null;

  function arm(): void {
    const ms = Math.min(sweepMs, moments[0] ?? sweepMs);
    if (alarm?.ms === ms) return;
    alarm?.cancel();
    alarm = { ms, cancel: clock.at(Temporal.Instant.fromEpochMilliseconds(ms), onAlarm) };
  }

  function onAlarm(): void {
    const nowMs = clock.now().epochMilliseconds;
    const later = moments.findIndex((ms) => ms > nowMs);
    moments.splice(0, later < 0 ? moments.length : later);
    sweepMs = nowMs + sweepEveryMs;
    alarm = null;
    arm();
    listener?.();
  }

  return {
    async start(onRing) {
      invariant(!listener, 'a scheduler is started once until it is stopped');
      listener = onRing;
      sweepMs = clock.now().epochMilliseconds + sweepEveryMs;
      arm();
      return Ok.EMPTY;
    },
    async ring(at) {
      for (const { epochMilliseconds: ms } of at) {
        if (!moments.includes(ms)) insertInOrder(moments, ms, (other) => other);
      }
      if (listener) {
        // a clock that was set back would otherwise put the next sweep off by as much
        sweepMs = Math.min(sweepMs, clock.now().epochMilliseconds + sweepEveryMs);
        arm();
      }
      return Ok.EMPTY;
    },
    async stop() {
      listener = null;
      alarm?.cancel();
      alarm = null;
      return Ok.EMPTY;
    },
  };
}
