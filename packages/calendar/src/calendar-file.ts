// A call as a calendar file (RFC 5545, RFC 5546) for one of its people: the entry that they have is moved or taken away by it,
// and never doubled.
import {
  attending,
  type BookingId,
  type Facts,
  type Instant,
  oneLine,
  type Place,
  type RecipientId,
  statusOf,
} from '@precall/core';
import { endsOf, firstOf, saidUid, sequenceOf } from './identity.ts';
import { escaped, type Line, momentText, written } from './lines.ts';

/** A call, and what is known of the calls it took the place of. */
export interface CalendarCall {
  readonly id: BookingId;
  /** The facts of this booking and of those before it, as far as known: `replaces` names them. */
  readonly bookings: ReadonlyMap<BookingId, Facts>;
}

/** Whom a file is for, who invites, and when it is made. */
export interface FileFor {
  readonly recipient: RecipientId;
  /** Who invites: a calendar tells them who comes. The facts hold no address of the host. */
  readonly organizer: { readonly email: string; readonly name: string | null };
  readonly now: Instant;
  /**
   * The entry's UID, from the first booking's id. Unless given, the UID that the source said (Cal.com's `iCalUID`), else
   * `<uid>@<source>` (Cal.com: `<uid>@Cal.com`). Give it where the booking page's invitation has another, or the entry would be
   * there twice.
   */
  readonly uidOf?: (first: BookingId) => string;
}

/**
 * The text of a file with METHOD:REQUEST while the person takes part, and METHOD:CANCEL once they do not; null where there is
 * nothing to say: it was never agreed, is over, was moved (the new call's file moves the entry), or nobody is known to send it to.
 * It holds the booking's uid, with which some booking pages let the call be cancelled: it is for the one who booked.
 */
export function calendarFile({ id, bookings }: CalendarCall, to: FileFor): string | null {
  const facts = bookings.get(id);
  const person = facts?.people[to.recipient]?.details?.value;
  if (!facts?.time || !person?.email || !person.mailable) return null;
  const standing = standingFor(facts, to);
  if (standing === null) return null;
  const call = { id, bookings, recipient: to.recipient };
  const isOff = standing === 'off';
  const { startAt, endAt } = facts.time.value;
  const { uidOf, organizer, now } = to;
  const uid = uidOf?.(firstOf(call)) ?? (oneLine(saidUid(call) ?? '', longestUid) || ownUid(firstOf(call)));
  return written([
    { name: 'BEGIN', value: 'VCALENDAR' },
    { name: 'VERSION', value: '2.0' },
    { name: 'PRODID', value: '-//Precall//Calendar//EN' },
    { name: 'METHOD', value: isOff ? 'CANCEL' : 'REQUEST' },
    { name: 'BEGIN', value: 'VEVENT' },
    { name: 'UID', value: escaped(oneLine(uid, longestUid)) },
    { name: 'DTSTAMP', value: momentText(now) },
    { name: 'SEQUENCE', value: `${sequenceOf(call)}` },
    { name: 'STATUS', value: isOff ? 'CANCELLED' : 'CONFIRMED' },
    { name: 'DTSTART', value: momentText(startAt) },
    { name: 'DTEND', value: momentText(endAt) },
    { name: 'SUMMARY', value: escaped(summaryOf(facts)) },
    ...placeLines(facts.place?.value ?? null),
    personLine('ORGANIZER', organizer, {}),
    personLine('ATTENDEE', { email: person.email, name: person.name }, taking),
    { name: 'END', value: 'VEVENT' },
    { name: 'END', value: 'VCALENDAR' },
  ]);
}

const taking = { ROLE: 'REQ-PARTICIPANT', PARTSTAT: 'ACCEPTED', RSVP: 'FALSE' };
const longestUid = 250;

function standingFor(facts: Facts, { recipient, now }: FileFor): 'on' | 'off' | null {
  const status = statusOf(facts, now);
  const wasAgreed = Object.keys(facts.agreed).length > 0;
  if (status === 'agreed' && attending(facts).includes(recipient)) return 'on';
  const hasMoved = Object.values(facts.replacedBy).some((link) => link.allAt ?? link.people[recipient]);
  if (status === 'ended' || hasMoved || !wasAgreed) return null;
  // Who is only missing from a list may be back on the next: nobody said that they left.
  const { isCancelled, isLeft, isDeclined } = endsOf(facts, recipient);
  return isLeft || isDeclined || (isCancelled && !facts.seated) ? 'off' : null;
}

function ownUid(first: BookingId): string {
  const [source, ...uid] = first.split(':');
  return `${uid.join(':')}@${source === 'calcom' ? 'Cal.com' : source}`;
}

function summaryOf({ about, host }: Facts): string {
  return oneLine(about?.value.title ?? '') || oneLine(host?.value.name ?? '') || 'Call';
}

function placeLines(place: Place | null): readonly Line[] {
  const words =
    place?.kind === 'link'
      ? place.url
      : place?.kind === 'phone'
        ? place.number
        : place?.kind === 'address'
          ? place.text
          : '';
  const value = escaped(oneLine(words, 2_000));
  return value === '' ? [] : [{ name: 'LOCATION', value }];
}

function personLine(
  name: 'ORGANIZER' | 'ATTENDEE',
  person: FileFor['organizer'],
  parameters: { readonly [name: string]: string },
): Line {
  // Some readers take a backslash in a parameter for the beginning of a mark; the RFC has no way to write one.
  const cn = oneLine(person.name ?? '').replaceAll('\\', '/');
  return { name, parameters: { ...(cn && { CN: cn }), ...parameters }, value: mailto(person.email) };
}

/** RFC 6068: what could end the address, or begin something else, is encoded. */
function mailto(email: string): string {
  return `mailto:${email.replace(/\p{Cs}/gu, '\ufffd').replace(/[^\w.!$'*+/=~@-]/gu, encodeURIComponent)}`;
}
