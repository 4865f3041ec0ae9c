// The outcomes of the newest bookings, page by page, so that nobody waits for a store to be read to its end.
import { readBookingIfSound } from './booking-record.ts';
import type { CountedOutcomes } from './desk.ts';
import { type OutcomeRow, tally } from './outcomes.ts';
import type { PortResult } from './ports.ts';
import { Ok } from './result.ts';
import type { Shell } from './shell.ts';

const pageSize = 100;
const lookedAtMost = 5_000;

export async function countOutcomes({ store, clock, policy }: Shell): PortResult<CountedOutcomes> {
  const { completedAfter } = policy.projection;
  let rows: readonly OutcomeRow[] = [];
  let bookings = 0;
  let unreadable = 0;
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof store.list>> = await store.list('booking', {
      limit: pageSize,
      cursor,
    });
    if (page.isErr()) return page;
    const { items } = page.value;
    const records = items.map(readBookingIfSound).filter((record) => record !== null);
    rows = tally(rows, records, { now: clock.now(), completedAfter });
    bookings += items.length;
    unreadable += items.length - records.length;
    cursor = page.value.next;
  } while (cursor !== null && bookings < lookedAtMost);
  return Ok({ rows, bookings, unreadable, isAll: cursor === null });
}
