// What a text may speak about, put together at the moment of sending.
import type { MailFacts } from './content.ts';
import type { Facts } from './facts.ts';
import { type RecipientId, theHost } from './ids.ts';
import { invariant } from './invariant.ts';
import type { PlannedReminder } from './plan.ts';
import type { Policy } from './policy.ts';
import { isTrustedMeetingLink } from './reminder-mail.ts';
import { responsesOf, segmentOf } from './segments.ts';
import type { Instant } from './temporal.ts';
import type { Host } from './update.ts';
import { zoneOf } from './wall-clock.ts';
import { askedAbout } from './who-came.ts';

export function mailFacts(reminder: PlannedReminder, facts: Facts, policy: Policy, now: Instant): MailFacts {
  const { time } = facts;
  invariant(time, 'a planned reminder belongs to a booking whose time is known');
  const toHost = reminder.recipient === theHost;
  const details = facts.people[reminder.recipient]?.details?.value;
  invariant(toHost || details, 'a planned reminder has a recipient whose details are known');
  const place = facts.place?.value ?? null;
  const host = hostOf(facts);
  return {
    rule: reminder.rule.name,
    startAt: time.value.startAt,
    endAt: time.value.endAt,
    now,
    timeZone: zoneOf(details?.timeZone, host?.timeZone),
    locale: (toHost ? facts.host?.value.address : details)?.locale ?? 'en',
    firstName: details?.firstName ?? firstWord(details?.name ?? null),
    name: (toHost ? host : details)?.name ?? null,
    host,
    about: facts.about?.value ?? null,
    place,
    placeIsTrusted: place?.kind === 'link' && isTrustedMeetingLink(place.url, policy.meetingHosts),
    links: facts.people[reminder.recipient]?.links?.value ?? null,
    segment: segmentOf(facts, reminder.recipient),
    responses: responsesOf(facts, reminder.recipient),
    ...(toHost && { asked: namesOf(askedAbout(facts), facts) }),
    answers: null,
  };
}

/** Where a form asks for the name in one field no first name is told. All of the name where it begins with a title. */
function firstWord(name: string | null): string | null {
  const [first = ''] = name?.split(/\s/) ?? [];
  return /[.,]$/.test(first) ? name : first || null;
}

/** The host without their address, which is nobody else's to see. */
export function hostOf({ host }: Facts): Host | null {
  return host && { name: host.value.name, timeZone: host.value.timeZone };
}

function namesOf(recipients: readonly RecipientId[], { people }: Facts): readonly string[] {
  return recipients.flatMap((recipient) => people[recipient]?.details?.value.name ?? []);
}
