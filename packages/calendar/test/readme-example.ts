import { calendarFile } from '@precall/calendar';
import type { BookingId, Facts, Instant, RecipientId } from '@precall/core';

/** What `icalEvent` of nodemailer takes, say; null: there is nothing to say. */
export function eventFor(
  [id, recipient]: readonly [BookingId, RecipientId],
  bookings: ReadonlyMap<BookingId, Facts>, // this one, and those it took the place of
  now: Instant,
): { method: string; content: string } | null {
  const organizer = { email: 'calls@example.com', name: 'Example Ltd' };
  const content = calendarFile({ id, bookings }, { recipient, organizer, now });
  return content === null ? null : { method: /METHOD:(\w+)/.exec(content)?.[1] ?? '', content };
}
