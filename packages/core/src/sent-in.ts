// The booking and the reminder to which an attempt belongs.
import { type BookingRecord, type Loaded, readBookingIfSound } from './booking-record.ts';
import { type AttemptId, attemptKey, type ReminderKey } from './ids.ts';
import { invariant } from './invariant.ts';
import type { LedgerEntry } from './ledger-types.ts';
import type { PortResult, Store } from './ports.ts';

interface Sent {
  readonly loaded: Loaded<BookingRecord>;
  readonly key: ReminderKey;
  readonly entry: LedgerEntry;
}

/** Null: nothing is remembered of it any more, or what is cannot be read. */
export async function sentIn(store: Store, attempt: AttemptId): PortResult<Sent | null> {
  const found = await store.findByKey(attemptKey(attempt), { limit: 1, cursor: null });
  return found.map(({ items: [stored] }) => {
    const value = stored && readBookingIfSound(stored);
    if (!value) return null;
    const entries = Object.entries(value.ledger) as [ReminderKey, LedgerEntry][];
    const sent = entries.find(([, { attempts }]) => attempts.some(({ id }) => id === attempt));
    invariant(sent, 'a booking found by an attempt has it in its ledger');
    const [key, entry] = sent;
    return { loaded: { stored, value }, key, entry };
  });
}
