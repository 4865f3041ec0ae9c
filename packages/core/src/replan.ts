// At every start the plans of upcoming calls are derived again, so that a new rule, time or text reaches bookings
// already known. In the background: intake and dispatch do not wait for it.
//
// A call that has ended is not sought out: nobody is written to by a rule that did not exist when they were on the call.
// A new rule for after the end speaks of calls that end from then on. While processes with different policies run side
// by side each plans by its own; the next start of the newer one makes the plans one again.
import { bookingWrite, mailLaneOf, readBooking } from './booking-record.ts';
import type { Stored, Write } from './ports.ts';
import type { Shell } from './shell.ts';
import { statusOf } from './standing.ts';
import { farFuture, sameMoment } from './temporal.ts';

/** Whether any record was written. Gives up when the store does not answer: the next start does it again. */
export async function replan({ store, clock, policy }: Shell, stopped: () => boolean): Promise<boolean> {
  let cursor: string | null = null;
  let changed = false;
  do {
    // An agreed call is due in the CRM lane at its end: so this is the order of the calls, soonest first.
    const page: Awaited<ReturnType<typeof store.due>> = await store.due('crm', farFuture, {
      limit: 50,
      cursor,
    });
    if (page.isErr()) return changed;
    const writes = page.value.items.filter(({ kind }) => kind === 'booking').flatMap(rederived);
    if (writes.length > 0) {
      const saved = await store.save(writes);
      if (saved.isErr()) return changed;
      // A conflict means that somebody wrote it just now, with this policy.
      changed = true;
    }
    cursor = page.value.next;
  } while (cursor !== null && !stopped());
  return changed;

  function rederived(stored: Stored): readonly Write[] {
    try {
      const { value } = readBooking(stored);
      // Those that ended a while ago are due there once more, to count as held.
      const now = clock.now();
      if (statusOf(value.facts, now) === 'ended') return [];
      if (sameMoment(mailLaneOf(value, policy, now), stored.lanes.mail)) return [];
      return [bookingWrite(value, { over: stored, policy, now, crm: 'keep', history: [] })];
    } catch {
      // Its lane comes upon the same fault when it falls due, and says so.
      return [];
    }
  }
}
