// Only the plan: which reminders the default policy sends before a call, and which not. No store, no mail, no clock.
// Arguments, all optional: the start, the moment it was agreed, the booker's zone.
import { defaultPolicy, type Facts, nothingKnown, planReminders, recipientId, Temporal } from '@precall/core';

const [start = '2026-12-03T15:00:00Z', agreed = '2026-11-25T09:00:00Z', timeZone = 'America/Toronto'] =
  process.argv.slice(2);
const startAt = Temporal.Instant.from(start);

for (const { rule, dueAt, skip } of planReminders(agreedAt(Temporal.Instant.from(agreed)), defaultPolicy)) {
  const local = dueAt.toZonedDateTimeISO(timeZone).toPlainDateTime();
  console.log(`${rule.name}: ${dueAt} (${local} in ${timeZone})${skip ? `, skipped: ${skip}` : ''}`);
}

/** What a source and the merge would know of a half-hour call with one booker, written out by hand. */
function agreedAt(saidAt: Temporal.Instant): Facts {
  const booker = recipientId('0'.repeat(32));
  const stamp = { saidAt, rank: 4 };
  const details = {
    email: 'booker@example.com',
    mailable: true,
    name: 'The Booker',
    firstName: 'The',
    timeZone,
    locale: 'en',
  };
  return {
    ...nothingKnown,
    time: { value: { startAt, endAt: startAt.add({ minutes: 30 }) }, stamp },
    agreed: { [startAt.toString()]: { saidAt } },
    lastAgreedAt: saidAt,
    roster: { value: [booker], stamp },
    people: {
      [booker]: {
        details: { value: details, stamp },
        links: null,
        joinedAt: saidAt,
        leftAt: null,
        seenAt: null,
        erasedAt: null,
        noShow: null,
      },
    },
  };
}
