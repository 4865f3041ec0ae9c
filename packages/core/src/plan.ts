// Which reminders a policy asks for. Pure, and without a clock: what was too late is judged by the moment of agreement.
import type { Facts } from './facts.ts';
import type { BookingId, RecipientId, ReminderKey } from './ids.ts';
import type { Policy, Rule } from './policy.ts';
import type { SkipReason } from './reasons.ts';
import type { Instant } from './temporal.ts';

export interface PlannedReminder {
  readonly rule: Rule;
  readonly recipient: RecipientId;
  readonly startAt: Instant;
  /** Exact: a send never precedes it. */
  readonly dueAt: Instant;
  /** From this moment on the reminder is of no use. */
  readonly usefulUntil: Instant;
  /** Why it will not be sent however things stand; null: it will be, unless it is dropped. */
  readonly skip: SkipReason | null;
}

/** The reminders about `startAt` (the present start where left out), per recipient in the order they fall due. */
export function planReminders(
  _facts: Facts,
  _policy: Policy,
  _startAt?: Instant,
): readonly PlannedReminder[] {
  return [];
}

/** `<booking>|<start>|<rule>|<recipient id>`: no address in it. */
export function reminderKey(
  id: BookingId,
  reminder: Pick<PlannedReminder, 'startAt' | 'recipient'> & { rule: { name: string } },
): ReminderKey {
  return `${id}|${reminder.startAt}|${reminder.rule.name}|${reminder.recipient}` as ReminderKey;
}
