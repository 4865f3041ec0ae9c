// What the CRM should say about a person, from all their bookings. Derived, so that a later look always wins.
import type { BookingRecord } from './booking-record.ts';
import type { Facts } from './facts.ts';
import type { RecipientId } from './ids.ts';
import { wasAccepted } from './ledger.ts';
import type { LedgerEntry } from './ledger-types.ts';
import type { Fields, FieldValue } from './ports.ts';
import type { Projection } from './projection-settings.ts';
import { attendanceOf, attending, concerned, standingOf } from './standing.ts';
import { after, earliest, type Instant, isBefore, latest } from './temporal.ts';
import { zoneOf } from './wall-clock.ts';

/** What a booking means for one person, and since when. */
type Meaning =
  | {
      /** `held` and `no_show`: what became of it. */
      readonly kind: 'booked' | 'held' | 'no_show';
      readonly startAt: Instant;
      readonly zone: string;
      /** When they first said that they will be there. */
      readonly confirmedAt: Instant | null;
    }
  | { readonly kind: 'moving' }
  | { readonly kind: 'off' };
interface Outcome {
  readonly at: Instant;
  readonly meaning: Meaning;
}

/**
 * The fields wanted in the CRM; those not named are left as they are. `bookings`: all that are the recipient's, and what took
 * the place of one of them.
 */
export function desiredFields(
  recipient: RecipientId,
  bookings: readonly BookingRecord[],
  { settings, now }: { readonly settings: Projection; readonly now: Instant },
): Fields {
  const own = bookings.filter(({ facts }) => facts.people[recipient]);
  const outcomes = own.flatMap((booking) => outcomeFor(recipient, booking, { bookings, settings, now }));
  const next = soonest(outcomes.filter(({ meaning, at }) => meaning.kind === 'booked' && isBefore(now, at)));
  const found = next ?? newest(outcomes);
  return found ? fieldsFor(found.meaning, settings) : {};
}

/** For a call that was agreed `at` is its end; for the rest, when it was said. */
function outcomeFor(
  recipient: RecipientId,
  { facts, ledger }: BookingRecord,
  {
    bookings,
    settings,
    now,
  }: { readonly bookings: readonly BookingRecord[]; readonly settings: Projection; readonly now: Instant },
): readonly Outcome[] {
  const standing = standingOf(facts);
  const takesPart = attending(facts).includes(recipient);
  const isAbout = concerned(facts, false).includes(recipient);
  if (standing === 'agreed' && takesPart && isAbout && facts.time) {
    const { startAt, endAt } = facts.time.value;
    const zone = zoneOf(settings.timeZone, facts.host?.value.timeZone);
    const said = Object.values(ledger).filter((one) => one.recipient === recipient && isAt(one, startAt));
    const confirmedAt = earliest(...said.map(({ attendingAt }) => attendingAt ?? null));
    const kind = whatBecame(facts, { recipient, endAt, settings, now });
    return [{ at: endAt, meaning: { kind, startAt, zone, confirmedAt } }];
  }
  // A booking that was never agreed, and took the place of none that was, changes nothing for anybody.
  const replacesAnother = Object.keys(facts.replaces).length > 0;
  if (!replacesAnother && Object.keys(facts.agreed).length === 0) return [];
  if (standing === 'awaiting' && facts.requestedAt)
    return [{ at: facts.requestedAt, meaning: { kind: 'moving' } }];
  if (standing === 'declined' && facts.declinedAt)
    return [{ at: facts.declinedAt, meaning: { kind: 'off' } }];
  if (standing === 'superseded') {
    // Of a call with seats one person alone is named where all were moved.
    const goneAt = isAbout && !facts.seated ? wentOnWithout(recipient, facts, bookings) : null;
    return goneAt ? [{ at: goneAt, meaning: { kind: 'off' } }] : [];
  }
  const leftAt = facts.people[recipient]?.leftAt ?? facts.cancelledAt;
  // Whoever was only invited along has no call of their own to lose.
  if (leftAt && isAbout) {
    const moving = facts.cancelled?.value.moving === true;
    return [{ at: leftAt, meaning: { kind: moving ? 'moving' : 'off' } }];
  }
  return [];
}

/** Since when the call is somebody else's; null: it is theirs still, or it is not known yet whose it is. */
function wentOnWithout(
  recipient: RecipientId,
  { replacedBy }: Facts,
  bookings: readonly BookingRecord[],
): Instant | null {
  const known = new Map<string, Facts>(bookings.map(({ id, facts }) => [id, facts]));
  const links = Object.entries(replacedBy).filter(([, { allAt }]) => allAt);
  const isTheirs = ([id]: readonly [string, unknown]) => {
    const next = known.get(id);
    return !next || recipient in next.people;
  };
  return links.some(isTheirs) ? null : latest(...links.map(([, { allAt }]) => allAt));
}

/** What became of an agreed call: where the host was not there, nothing that could be said of the person. */
function whatBecame(
  facts: Facts,
  call: {
    readonly recipient: RecipientId;
    readonly endAt: Instant;
    readonly settings: Projection;
    readonly now: Instant;
  },
): 'booked' | 'held' | 'no_show' {
  const { recipient, endAt, settings, now } = call;
  const attendance = attendanceOf(facts, recipient);
  if (attendance?.came === false) return 'no_show';
  const heldAt = attendance ? endAt : after(endAt, settings.completedAfter);
  return facts.hostNoShow?.value || isBefore(now, heldAt) ? 'booked' : 'held';
}

/** A call that was moved is another: what was said of the first does not hold for it. */
function isAt(entry: LedgerEntry, startAt: Instant): boolean {
  return entry.startAt.epochMilliseconds === startAt.epochMilliseconds;
}

function soonest(outcomes: readonly Outcome[]): Outcome | null {
  return outcomes.reduce<Outcome | null>(
    (found, one) => (found && !isBefore(one.at, found.at) ? found : one),
    null,
  );
}

function newest(outcomes: readonly Outcome[]): Outcome | null {
  return outcomes.reduce<Outcome | null>(
    (found, one) => (found && !isBefore(found.at, one.at) ? found : one),
    null,
  );
}

function fieldsFor(meaning: Meaning, { properties, values }: Projection): Fields {
  const callDate: FieldValue = { type: 'date', value: 'startAt' in meaning ? dayOf(meaning) : null };
  const status: FieldValue | null = choiceOf(
    {
      booked: values.booked,
      held: values.completed,
      no_show: values.noShow,
      off: values.notBooked,
      moving: null,
    }[meaning.kind],
  );
  const campaignStatus: FieldValue | null = meaning.kind === 'booked' ? choiceOf(values.preCall) : null;
  return {
    ...(properties.status && status && { [properties.status]: status }),
    ...(properties.callDate && { [properties.callDate]: callDate }),
    ...(properties.campaignStatus && campaignStatus && { [properties.campaignStatus]: campaignStatus }),
    ...(properties.confirmed && { [properties.confirmed]: confirmation(meaning, values.confirmed) }),
  };
}

/** Null: what stands there is left as it is. */
function choiceOf(value: string | null): FieldValue | null {
  return value === null ? null : { type: 'choice', value };
}

function confirmation(meaning: Meaning, choice: string | null): FieldValue {
  const confirmedAt = 'startAt' in meaning ? meaning.confirmedAt : null;
  if (choice === null) return { type: 'moment', value: confirmedAt };
  return { type: 'choice', value: confirmedAt && choice };
}

/** The call's calendar day, YYYY-MM-DD, in the zone of the business. */
function dayOf({ startAt, zone }: { readonly startAt: Instant; readonly zone: string }): string {
  return startAt.toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** Those of `wanted` that differ from what was last written. */
export function changedFields(
  wanted: Fields,
  written: { readonly [property: string]: string | null },
): Fields {
  return Object.fromEntries(
    Object.entries(wanted).filter(([property, value]) => textOf(value) !== written[property]),
  );
}

/** A field as it is remembered and shown. */
export function textOf({ value }: FieldValue): string | null {
  return value === null || typeof value === 'string' ? value : value.toString();
}

/** Each rule by which the person was reminded, with the moment at which its first message was sent. */
export function sentSteps(
  recipient: RecipientId,
  bookings: readonly BookingRecord[],
): readonly { readonly rule: string; readonly sentAt: Instant }[] {
  const first = new Map<string, Instant>();
  for (const entry of bookings.flatMap(({ ledger }) => Object.values(ledger))) {
    if (entry.recipient !== recipient || !wasAccepted(entry)) continue;
    const at = entry.attempts.find(({ outcome }) => outcome === 'accepted')?.at;
    const known = first.get(entry.rule);
    if (at && !(known && isBefore(known, at))) first.set(entry.rule, at);
  }
  return [...first].map(([rule, sentAt]) => ({ rule, sentAt }));
}
