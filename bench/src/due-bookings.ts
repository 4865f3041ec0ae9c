// Bookings whose last reminder, two hours before the call, is due now. Taken in as if three hours before the call, so
// that the two earlier ones were never to be sent.
import type { Store } from '@precall/core';
import { precallOn, shiftedClock, takeIn } from './rig.ts';
import { bookedBody, delivered } from './webhooks.ts';

const hourMs = 3_600_000;

/** A start for calls whose reminder falls due when it is asked for. */
export function startDueNow(): number {
  return Date.now() + 2 * hourMs - 1_000;
}

/**
 * Numbered from `from`, the first starting at `startMs` and each next one `everyMs` after it: unless told 7 ms before it, so that
 * all are due by then and no two have a moment in common.
 */
export async function seedDue(
  store: Store,
  {
    count,
    startMs,
    from = 0,
    everyMs = -7,
  }: {
    readonly count: number;
    readonly startMs: number;
    readonly from?: number;
    readonly everyMs?: number;
  },
): Promise<void> {
  const clock = shiftedClock(startMs - 3 * hourMs - Date.now());
  const saidMs = clock.now().epochMilliseconds;
  const all = Array.from({ length: count }, (_, index) =>
    delivered(bookedBody({ number: from + index, startMs: startMs + index * everyMs, saidMs })),
  );
  const precall = precallOn(store, { clock });
  await takeIn(precall, all, { atOnce: 32, reminders: 1 });
  // Long before a reminder falls due a host has passed on what the CRM is to know.
  await precall.tick();
}
