// A state that is put back from a backup does not know what was sent after it was taken. What fell due since counts
// as of unknown outcome: it is never sent again in silence, and an operator sees which messages are in question.
import { type BookingCase, bookingWrite, casesAtWork, readBookingIfSound } from './booking-record.ts';
import { nextMailAt, stateOf } from './gate.ts';
import type { ReminderKey } from './ids.ts';
import { finish, newEntry } from './ledger.ts';
import type { LedgerEntry } from './ledger-types.ts';
import { readPersons } from './person-record.ts';
import type { Policy } from './policy.ts';
import type { Stored, Write } from './ports.ts';
import { type Instant, isBefore, sameMoment } from './temporal.ts';

/** What a restored backup cannot know by itself. */
export interface Restoring {
  /** The host's own: it says which reminders there are. */
  readonly policy: Policy;
  /** What fell due after it was surely not sent: the moment at which the lost host stopped. */
  readonly sentUntilAt: Instant;
  readonly now: Instant;
  /** Records of the booking's people, as far as they are known: who gets no mails was sent none. */
  readonly persons?: readonly Stored[];
}

/** A restored record whose sends since the backup count as unknown, ready to be saved. */
export interface Doubted {
  readonly write: Write;
  /** The reminders whose outcome is unknown from now on. */
  readonly reminders: readonly ReminderKey[];
}

/**
 * The write that says of a restored booking which of its reminders are in doubt: those still to be sent that fell due at
 * `sentUntilAt` or before, and every send that the backup caught under way. Null: none is, or its record cannot be read, so that
 * nothing of it can be sent. What is settled already stays as it is, so marking twice is marking once.
 */
export function doubtRestored(
  booking: Stored,
  { policy, sentUntilAt, now, persons = [] }: Restoring,
): Doubted | null {
  const value = readBookingIfSound(booking);
  if (!value) return null;
  const known = new Map([...readPersons(persons).read].map(([id, { value }]) => [id, value]));
  const context = { policy, now, persons: known };
  const inDoubt = casesAtWork(value, context).filter((one) => mayHaveGone(one, sentUntilAt));
  if (inDoubt.length === 0) return null;
  const marked = inDoubt.map((one) => [one.key, inQuestion(one)] as const);
  const record = { ...value, ledger: { ...value.ledger, ...Object.fromEntries(marked) } };
  const reminders = inDoubt.map(({ key }) => key);
  const history = reminders.map((key) => ({
    at: now,
    what: 'reminder_unknown',
    detail: { key, reason: 'restored' },
  }));
  return { write: bookingWrite(record, { over: booking, policy, now, crm: 'keep', history }), reminders };
}

/**
 * Whether this policy would have the booking looked at at another moment than the store says. Then it is not the one that
 * the booking was planned with, and cannot tell what fell due. Of a record that cannot be read nothing tells.
 */
export function isPlannedOtherwise(booking: Stored, policy: Policy): boolean {
  const value = readBookingIfSound(booking);
  if (!value) return false;
  const planned = nextMailAt(casesAtWork(value, { policy, now: booking.changedAt }));
  return !sameMoment(planned, booking.lanes.mail);
}

function mayHaveGone(one: BookingCase, sentUntilAt: Instant): boolean {
  const { state } = stateOf(one);
  if (state === 'planned') return !isBefore(sentUntilAt, one.reminder.dueAt);
  return state === 'sending' || (state === 'unknown' && !one.entry?.final);
}

function inQuestion({ entry, reminder, now }: BookingCase): LedgerEntry {
  const begun = entry ?? newEntry(reminder);
  const attempts = begun.attempts.map((attempt) =>
    attempt.outcome === null ? { ...attempt, outcome: 'unknown' as const } : attempt,
  );
  return finish({ ...begun, attempts }, { state: 'unknown', reason: 'restored', at: now });
}
