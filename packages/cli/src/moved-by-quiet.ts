// Reminders that fall due earlier than their rule says, since nothing falls due in quiet hours.
import type { InspectedReminder, Instant, Policy } from '@precall/core';

export interface Moved {
  readonly by: 'quiet_hours';
  /** Such as `21:00 to 07:30`, on the recipient's clock. */
  readonly hours: string;
  /** When it would have been due without them. */
  readonly from: Instant;
}

/** Null: it falls due when its rule says. */
export function movedByQuiet(
  { channel, movedFrom }: Pick<InspectedReminder, 'channel' | 'movedFrom'>,
  { quietHours, smsQuietHours }: Policy,
): Moved | null {
  const quiet = channel === 'sms' ? smsQuietHours : quietHours;
  if (!movedFrom || !quiet) return null;
  const [from, to] = [quiet.from, quiet.to].map((time) => time.toString({ smallestUnit: 'minute' }));
  return { by: 'quiet_hours', hours: `${from} to ${to}`, from: movedFrom };
}
