// A booking as an operator reads it: each part of its view, derived from what is kept.
import type { BookingCase, BookingRecord } from './booking-record.ts';
import type { CalendarRecord } from './calendar-record.ts';
import { addressOf } from './channel.ts';
import { stateOf } from './gate.ts';
import { type BookingId, type RecipientId, theHost } from './ids.ts';
import { channelOf } from './ledger.ts';
import type { PersonRecord } from './person.ts';
import type { Projection } from './projection-settings.ts';
import { attendanceOf, attending, hasMovedAway } from './standing.ts';
import { phoneOf } from './texting.ts';
import type { BookingView, CalendarView, CrmView, ReminderView } from './views.ts';

export function unreadableView(id: BookingId): BookingView {
  const nothing = { startAt: null, endAt: null, agreedAt: null, checkedAt: null, crm: null };
  const none = { replaces: [], replacedBy: [], attendees: [], reminders: [] };
  return { id, status: 'unknown', ...nothing, ...none, unreadable: true };
}

/** Whether the source's API ever showed it; then every look shows what changed since. */
export function wasFetched({ people }: BookingRecord['facts']): boolean {
  return Object.values(people).some(({ seenAt }) => seenAt);
}

export function attendeesOf({ facts }: BookingRecord): BookingView['attendees'] {
  const present = attending(facts);
  const absent = (Object.keys(facts.people) as RecipientId[]).filter((id) => !present.includes(id));
  return [...present, ...absent].map((id) => {
    const person = facts.people[id];
    const details = person?.details?.value;
    return {
      email: details?.email ?? null,
      name: details?.name ?? null,
      timeZone: details?.timeZone ?? null,
      phone: phoneOf(facts, id)?.number ?? null,
      status: attendeeStatus(id),
      came: attendanceOf(facts, id)?.came ?? null,
    };
  });

  function attendeeStatus(id: RecipientId): BookingView['attendees'][number]['status'] {
    const person = facts.people[id];
    if (person?.erasedAt && person.details?.value.email == null) return 'erased';
    if (attendanceOf(facts, id)?.came === false) return 'no_show';
    if (present.includes(id)) return 'attending';
    if (hasMovedAway(facts, id)) return 'moved';
    return person?.joinedAt || person?.seenAt || person?.leftAt ? 'left' : 'asked';
  }
}

/** By which name and in which zone its recipient is known. */
export function knownAs({ reminder: { recipient }, facts }: BookingCase): {
  readonly name: string | null;
  readonly timeZone: string | null;
} {
  const known = recipient === theHost ? facts.host : facts.people[recipient]?.details;
  return { name: known?.value.name ?? null, timeZone: known?.value.timeZone ?? null };
}

export function reminderView(one: BookingCase): ReminderView {
  const { key, reminder, facts, entry } = one;
  return {
    key,
    rule: reminder.rule.name,
    channel: reminder.channel,
    recipient: addressOf(facts, reminder.recipient, reminder.channel)?.address ?? null,
    dueAt: reminder.dueAt,
    ...stateOf(one),
    attempts: (entry?.attempts ?? []).map(({ id, at, outcome, messageId, delivery, by }) => ({
      id,
      at,
      channel: channelOf({ by }),
      outcome,
      messageId,
      delivery,
    })),
  };
}

export function crmView(person: PersonRecord, settings: Projection): CrmView {
  const { contact, membership, refused, lastError, written } = person;
  const member = isNobody(person) ? 'not_a_member' : membership.state;
  return {
    contact: {
      state: refused ? 'refused' : contactState(person),
      ref: contact.state === 'found' ? contact.ref : null,
      fields: written,
      lastError,
    },
    campaign: {
      state: settings.campaign === null ? 'not_configured' : member,
      ref: membership.state === 'member' ? membership.ref : null,
    },
  };
}

function contactState(person: PersonRecord): CrmView['contact']['state'] {
  const { contact, wanted, seen, lastError } = person;
  if (isNobody(person)) return 'not_found';
  if (contact.state !== 'found') return contact.state;
  return wanted > seen || lastError ? 'pending' : 'written';
}

/** Whoever was erased, or has no address, is not sought: that is no news to wait for. */
function isNobody({ contact, wanted, seen, lastError }: PersonRecord): boolean {
  return contact.state === 'pending' && seen > 0 && wanted <= seen && !lastError;
}

export function calendarView({ event, wanted, seen, refused, lastError }: CalendarRecord): CalendarView {
  const isPending = wanted > seen || lastError !== null || event.state === 'unsure';
  const done = event.state === 'there' ? 'written' : 'none';
  return { state: refused ? 'refused' : isPending ? 'pending' : done, lastError };
}
