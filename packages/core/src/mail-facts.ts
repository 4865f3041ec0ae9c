// What a text may speak about, put together at the moment of sending.
import type { MailFacts } from './content.ts';
import type { Facts } from './facts.ts';
import { invariant } from './invariant.ts';
import type { PlannedReminder } from './plan.ts';
import type { Policy } from './policy.ts';
import { isTrustedMeetingLink } from './reminder-mail.ts';
import { responsesOf, segmentOf } from './segments.ts';
import type { Instant } from './temporal.ts';
import { zoneOf } from './wall-clock.ts';

export function mailFacts(reminder: PlannedReminder, facts: Facts, policy: Policy, now: Instant): MailFacts {
  const { time } = facts;
  invariant(time, 'a planned reminder belongs to a booking whose time is known');
  const person = facts.people[reminder.recipient];
  const details = person?.details?.value;
  invariant(details, 'a planned reminder has a recipient whose details are known');
  const place = facts.place?.value ?? null;
  const host = facts.host?.value ?? null;
  return {
    rule: reminder.rule.name,
    startAt: time.value.startAt,
    endAt: time.value.endAt,
    now,
    timeZone: zoneOf(details.timeZone, host?.timeZone),
    locale: details.locale ?? 'en',
    firstName: details.firstName,
    name: details.name,
    host,
    about: facts.about?.value ?? null,
    place,
    placeIsTrusted: place?.kind === 'link' && isTrustedMeetingLink(place.url, policy.meetingHosts),
    links: person.links?.value ?? null,
    segment: segmentOf(facts, reminder.recipient),
    responses: responsesOf(facts, reminder.recipient),
    answers: null,
  };
}
