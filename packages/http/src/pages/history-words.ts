// What an entry of a booking's history means to a person.
import type { HistoryEntry } from '@precall/core';
import { refusalSentence } from './words.ts';

const happened: { readonly [what: string]: string } = {
  booked: 'Booked.',
  moved: 'Moved.',
  cancelled: 'Cancelled.',
  declined: 'Declined.',
  no_show: 'It became known that somebody did not come.',
  attended: 'It was said that somebody came after all.',
  updated: 'Something about the booking changed.',
  segment_read: 'The segment was read from the CRM.',
  consent_read: 'The CRM said whether this person may be texted.',
  reminder_sent: 'Reminder sent.',
  reminder_reported: 'The provider reported on a message.',
  reminder_dropped: 'Reminder dropped.',
  reminder_missed: 'Reminder missed.',
  reminder_refused: 'Reminder refused.',
  reminder_unknown: 'It is not known whether a reminder went out.',
  crm_written: 'CRM written.',
  crm_refused: 'The CRM refused a write.',
  calendar_written: 'Calendar written.',
  calendar_removed: 'Taken out of the calendar.',
  calendar_refused: 'The calendar refused a write.',
  quarantined: 'A webhook was not understood.',
  erased: 'A person was erased.',
  send_asked: 'Asked to send a reminder now.',
  replanned: 'The plan was derived again.',
  crm_write_asked: 'Asked to write the CRM again.',
  calendar_write_asked: 'Asked to write the calendar again.',
  attendance_confirmed: 'They said, by the link in a mail, that they will be there.',
  stopped_by_link: 'They stopped the mails by the link in one.',
  suppressed: 'Messages to an address or number of this person were stopped.',
  suppression_lifted: 'Messages to an address or number of this person were allowed again.',
  erasure_asked: 'Asked to erase a person.',
  replayed: 'A webhook was taken in again.',
};

/** Which reminder, why, and who did it, where the entry says so. */
export function historySentence({ what, detail }: HistoryEntry): string {
  const { key, reason, by, delivery, written } = detail;
  const rule = typeof key === 'string' ? (key.split('|')[2] ?? null) : null;
  const why = typeof reason === 'string' ? (refusalSentence(reason) ?? reason) : null;
  return [
    Object.hasOwn(happened, what) ? happened[what] : what,
    rule && `Rule ${rule}.`,
    typeof delivery === 'string' && `It said: ${delivery}.`,
    Array.isArray(written) && `${written.join(', ')}.`,
    why,
    typeof by === 'string' && `By ${by}.`,
  ]
    .filter(Boolean)
    .join(' ');
}
