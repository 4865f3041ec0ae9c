// A word that comes late makes no alarm: what it would have asked for before it was said was never going to be sent.
import { type BookingRecord, casesOf, liveKeys } from './booking-record.ts';
import { isLive } from './gate.ts';
import type { ReminderKey } from './ids.ts';
import { finish, newEntry } from './ledger.ts';
import type { LedgerEntry } from './ledger-types.ts';
import type { Policy } from './policy.ts';
import { type Instant, isBefore } from './temporal.ts';

/** A reminder that only now became wanted and has already lost its use was never going to be sent: skipped, not missed. */
export function withUselessSkipped(
  before: BookingRecord | null,
  record: BookingRecord,
  context: { readonly policy: Policy; readonly now: Instant },
): BookingRecord {
  const late = casesOf(record, context).filter(
    (one) => !one.entry && !isBefore(context.now, one.reminder.usefulUntil) && isLive(one),
  );
  if (late.length === 0) return record;
  const wanted = liveKeys(before, context.policy, context.now);
  const useless = late.filter(({ key }) => !wanted.has(key));
  const final = { state: 'skipped', reason: 'moment_passed', at: context.now } as const;
  const skipped = useless.map(({ key, reminder }): [ReminderKey, LedgerEntry] => [
    key,
    finish(newEntry(reminder), final),
  ]);
  return { ...record, ledger: { ...record.ledger, ...Object.fromEntries(skipped) } };
}
