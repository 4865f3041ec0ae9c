// A person's bookings, wherever a decision about one of them rests on the others.
import {
  type BookingRecord,
  casesOf,
  type Loaded,
  readBooking,
  readBookingIfSound,
} from './booking-record.ts';
import { type BookingId, bookingRecord, type RecipientId, recipientKey } from './ids.ts';
import type { Policy } from './policy.ts';
import type { PortResult, Store, Stored } from './ports.ts';
import { Result } from './result.ts';
import type { Instant } from './temporal.ts';

/** Of one person's bookings the newest are looked at. */
const mostLookedAt = 200;

/** As stored: whoever reads them may come upon one that cannot be read. */
export function storedBookingsOf(store: Store, recipient: RecipientId): PortResult<readonly Stored[]> {
  return store
    .findByKey(recipientKey(recipient), { limit: mostLookedAt, cursor: null })
    .then((found) => found.map(({ items }) => items));
}

/** With the calls that took the place of one of theirs and are not theirs: they tell that somebody else has it now. */
export async function bookingsBearingOn(store: Store, recipient: RecipientId): PortResult<readonly Stored[]> {
  const found = await storedBookingsOf(store, recipient);
  if (found.isErr()) return found;
  const own = found.value;
  const known = new Set(own.map(({ id }) => id));
  const next = own
    .flatMap((stored) => Object.keys(readBookingIfSound(stored)?.facts.replacedBy ?? {}) as BookingId[])
    .map(bookingRecord)
    .filter((id) => !known.has(id));
  if (next.length === 0) return found;
  return (await store.find([...new Set(next)])).map((others) => [...own, ...others]);
}

export async function storedBookingsOfEach(
  store: Store,
  recipients: readonly RecipientId[],
): PortResult<ReadonlyMap<RecipientId, readonly Stored[]>> {
  const ids = [...new Set(recipients)];
  const found = ids.map(async (id) => (await storedBookingsOf(store, id)).map((all) => [id, all] as const));
  return Result.all(await Promise.all(found)).map((each) => new Map(each));
}

/** Those that can be read and planned: the others keep nothing back that is decided about one of these. */
export function soundBookings(
  all: readonly Stored[],
  context: { readonly policy: Policy; readonly now: Instant },
): readonly Loaded<BookingRecord>[] {
  return all.flatMap((stored) => {
    try {
      const loaded = readBooking(stored);
      casesOf(loaded.value, context);
      return [loaded];
    } catch {
      return [];
    }
  });
}
