// The policy's `calendarFile`: the file that goes with each reminder to who booked.
import type { CalendarFile, CallForFile } from '@precall/core';
import { calendarFile, type FileFor } from './calendar-file.ts';

/**
 * For `calendarFile` of a policy: who booked gets the call's file with each reminder, and a moved call's next reminder moves the
 * entry that they have. Guests get none: the file holds the booking's uid. A cancelled call has no reminder and so no mail; its
 * file, which takes the entry away, is what `Precall.calendarFile` gives then, for a mail of your own.
 */
export function calendarFiles(
  options: Pick<FileFor, 'organizer' | 'uidOf'>,
): (call: CallForFile) => CalendarFile | null {
  return ({ id, bookings, recipient, now }) => {
    const facts = bookings.get(id);
    const isBooker = facts?.seated || facts?.roster?.value[0] === recipient;
    const content = isBooker ? calendarFile({ id, bookings }, { ...options, recipient, now }) : null;
    if (content === null) return null;
    const method = content.includes('\r\nMETHOD:CANCEL\r\n') ? 'CANCEL' : 'REQUEST';
    return { fileName: 'call.ics', method, content };
  };
}
