// What an update says of each booking it touches. A contribution depends on its update alone. The rules and their
// numbers are those of the kernel's section on the merge; why Cal.com needs them stands in source-calcom.
import {
  type Facts,
  type KnownHost,
  nothingKnown,
  type PersonFacts,
  personUnknown,
  type Replacement,
  type Stamp,
} from './facts.ts';
import type { BookingId, RecipientId } from './ids.ts';
import { factLimits, inKeyOrder, joinPerson, joinRecords } from './merge.ts';
import { remembered } from './remembered.ts';
import {
  after,
  before,
  earliest,
  type Instant,
  isBefore,
  isoText,
  Temporal,
  wholeMilliseconds,
} from './temporal.ts';
import type { BookingUpdate, Fetched, UpdateAttendee, UpdateHost, UpdateKind } from './update.ts';

/** How an update's words become names. Keyed hashes stand behind it; the same words always give the same names. */
export interface Names {
  booking(uid: string): BookingId;
  /** For a source without ids of its own. */
  bookingWithoutUid(startAt: Instant, email: string): BookingId;
  recipient(email: string): RecipientId;
}

const ranks: { readonly [K in UpdateKind]: number } = {
  place_changed: 7,
  host_changed: 6,
  moved: 5,
  agreed: 4,
  fetched: 3,
  requested: 2,
  payment_opened: 1,
  paid: 0,
  cancelled: 0,
  declined: 0,
  ended: 0,
  no_show: 0,
};
/** Taken off the rank of a word that is only a guess: it loses to every other, also to one of no known moment. */
const ranksInAll = 8;
/** Which kinds write which group of fields. Others say nothing reliable about it. */
const writers = {
  time: new Set<UpdateKind>(['agreed', 'moved', 'requested', 'fetched']),
  place: new Set<UpdateKind>(['agreed', 'moved', 'host_changed', 'place_changed', 'fetched']),
  host: new Set<UpdateKind>(['agreed', 'moved', 'host_changed', 'fetched']),
  about: new Set<UpdateKind>(['agreed', 'moved', 'host_changed', 'fetched', 'requested']),
  roster: new Set<UpdateKind>(['agreed', 'moved', 'fetched']),
  // What else names a UID comes without an invitation.
  calendarUid: new Set<UpdateKind>(['agreed', 'moved']),
  details: new Set<UpdateKind>([
    'agreed',
    'moved',
    'host_changed',
    'paid',
    'requested',
    'payment_opened',
    'fetched',
  ]),
};
type Group = keyof typeof writers;
const knowsOldPlaceIsWrong = new Set<UpdateKind>(['host_changed', 'place_changed']);
/** A source's clock may run this far ahead of ours; a moment beyond is not believed. */
const clockTolerance = Temporal.Duration.from({ minutes: 5 });
/** The clock that dates a source's records and the one that dates its webhooks agree to within this. */
const clockDifference = Temporal.Duration.from({ minutes: 1 });

/** The booking an update is about. */
export function subjectOf(update: BookingUpdate, names: Names): BookingId {
  if (update.uid !== null) return names.booking(update.uid);
  const [first] = update.attendees;
  if (!update.time || !first) throw new Error('A booking without an id needs a start and an attendee.');
  return names.bookingWithoutUid(update.time.startAt, first.email);
}

/** What the update adds to each booking it touches: its own first, then the one it takes the place of. */
export function contribution(update: BookingUpdate, naming: Names): ReadonlyMap<BookingId, Facts> {
  // One person is named in several places of an update, and each name is a keyed hash.
  const names = { ...naming, recipient: remembered(factLimits.people, naming.recipient) };
  const subject = subjectOf(update, names);
  const said = saying(update);
  const contributed = new Map<BookingId, Facts>();
  const replaced = update.replaces && names.booking(update.replaces.uid);
  const link =
    replaced && replaced !== subject ? { [replaced]: replacement(update, names, said.moment) } : {};
  contributed.set(subject, { ...ownFacts(update, names, said), replaces: link });
  if (update.replaces && replaced && replaced !== subject) {
    contributed.set(replaced, {
      ...nothingKnown,
      time: update.replaces.time && { value: wholeTime(update.replaces.time), stamp: said.beforeEverything },
      replacedBy: { [subject]: replacement(update, names, said.moment) },
    });
  }
  return contributed;
}

interface Saying {
  /** When it was said; when received, where that is not told or not believable. */
  readonly moment: Instant;
  readonly stamp: Stamp;
  readonly beforeEverything: Stamp;
}

function saying({ kind, saidAt, receivedAt }: BookingUpdate): Saying {
  const received = wholeMilliseconds(receivedAt);
  const believed =
    saidAt && !isBefore(after(received, clockTolerance), saidAt) ? wholeMilliseconds(saidAt) : null;
  const rank = ranks[kind];
  return {
    moment: believed ?? received,
    stamp: { saidAt: believed, rank },
    beforeEverything: { saidAt: null, rank: rank - ranksInAll },
  };
}

function ownFacts(update: BookingUpdate, names: Names, said: Saying): Facts {
  const { kind } = update;
  const { moment, stamp, beforeEverything } = said;
  const standing = standingSaid(update);
  const agreed = standing === 'agreed';
  // An API does not tell all that webhooks do (the title, say): what it tells of these fills a gap only.
  const fills = kind === 'fetched' ? beforeEverything : stamp;
  const movedTo = update.fetched?.movedTo ? names.booking(update.fetched.movedTo) : null;
  const movedAway = movedTo !== null && movedTo !== subjectOf(update, names);
  const cancelled = standing === 'cancelled' && !movedAway;
  const time = update.time && wholeTime(update.time);
  const weakPlace = update.place?.kind === 'pending' && !knowsOldPlaceIsWrong.has(kind);
  const hostNoShow = update.noShows.find(({ email }) => email === null);
  const listed = [...new Set(update.attendees.map(({ email }) => names.recipient(email)))];
  return {
    ...nothingKnown,
    time: time && { value: time, stamp: writes('time', update) ? stamp : beforeEverything },
    place:
      update.place && writes('place', update)
        ? { value: update.place, stamp: weakPlace ? beforeEverything : stamp }
        : null,
    host: update.host && writes('host', update) ? { value: hostSaid(update.host, names), stamp } : null,
    about: update.about && writes('about', update) ? { value: update.about, stamp: fills } : null,
    agreed: agreed && time ? { [isoText(time.startAt)]: { saidAt: moment } } : {},
    lastAgreedAt: agreed ? moment : null,
    requestedAt: standing === 'awaiting' ? moment : null,
    declinedAt: standing === 'declined' ? moment : null,
    paidAt: kind === 'paid' ? moment : null,
    endedSaidAt: kind === 'ended' ? moment : null,
    cancelled: cancelled ? { value: { by: update.by, moving: update.moving }, stamp: fills } : null,
    cancelledAt: cancelled ? moment : null,
    seated: update.seated,
    // A list that could not be read to its end would be empty, and nobody would be reminded.
    roster:
      writes('roster', update) && (kind !== 'fetched' || listed.length > 0) ? { value: listed, stamp } : null,
    people: people(update, names, said),
    hostNoShow: hostNoShow ? { value: hostNoShow.noShow, stamp } : null,
    replacedBy: movedAway ? { [movedTo]: { allAt: moment, people: {} } } : {},
    snapshot: snapshot(update, listed, stamp),
    ...(update.calendarUid &&
      writes('calendarUid', update) && { calendarUid: { value: update.calendarUid, stamp } }),
  };
}

/** What an update says the booking is now; null: nothing. */
function standingSaid({ kind, needsConfirmation, fetched }: BookingUpdate): Fetched['standing'] | null {
  switch (kind) {
    case 'agreed':
    case 'moved':
      return 'agreed';
    case 'paid':
      return needsConfirmation ? null : 'agreed';
    case 'requested':
    case 'payment_opened':
      return 'awaiting';
    case 'cancelled':
    case 'declined':
      return kind;
    case 'fetched':
      return fetched?.standing ?? 'agreed';
    default:
      return null;
  }
}

/** A look at a booking that is off says no more than the webhook that said so. */
function writes(group: Group, update: BookingUpdate): boolean {
  if (!writers[group].has(update.kind)) return false;
  const standing = standingSaid(update);
  return standing !== 'cancelled' && standing !== 'declined';
}

/** All who were there at that moment; of a booking that was cancelled as a whole nobody is. */
function snapshot(update: BookingUpdate, listed: readonly RecipientId[], stamp: Stamp): Facts['snapshot'] {
  if (update.kind !== 'fetched') return null;
  if (standingSaid(update) === 'cancelled') return { value: [], stamp };
  return update.seated && writes('roster', update) ? { value: listed, stamp } : null;
}

function hostSaid({ address, ...host }: UpdateHost, names: Names): KnownHost {
  return address ? { ...host, address: { ...address, id: names.recipient(address.email) } } : host;
}

function people(update: BookingUpdate, names: Names, said: Saying): Facts['people'] {
  let found: Facts['people'] = {};
  for (const attendee of update.attendees) {
    found = joinRecords(
      found,
      { [names.recipient(attendee.email)]: attendance(update, attendee, { names, said }) },
      joinPerson,
    );
  }
  for (const { email, noShow } of update.noShows) {
    if (email === null) continue;
    const person = { ...personUnknown, noShow: { value: noShow, stamp: said.stamp } };
    found = joinRecords(found, { [names.recipient(email)]: person }, joinPerson);
  }
  return found;
}

function attendance(
  update: BookingUpdate,
  attendee: UpdateAttendee,
  { names, said }: { readonly names: Names; readonly said: Saying },
): PersonFacts {
  const { links, responses, phone, consent, ...details } = attendee;
  const { moment, stamp } = said;
  if (!writes('details', update)) {
    return { ...personUnknown, leftAt: standingSaid(update) === 'cancelled' ? moment : null };
  }
  const told = update.kind === 'fetched' ? madeStamp(update, said) : stamp;
  const texting = {
    ...(phone && { phone: { value: { number: phone, id: names.recipient(phone) }, stamp: told } }),
    ...(consent && { consent: { value: consent, stamp: told } }),
  };
  if (update.kind === 'fetched') {
    return { ...personUnknown, ...texting, details: { value: details, stamp: told }, seenAt: moment };
  }
  return {
    ...personUnknown,
    ...texting,
    details: { value: details, stamp },
    links: links && { value: links, stamp },
    ...(responses && { responses: { value: responses, stamp } }),
    joinedAt: writes('roster', update) ? moment : null,
  };
}

/**
 * A webhook tells more of a person than an API does, so a fetched word loses to it; but it was said after an erasure
 * that came before the booking was made.
 */
function madeStamp({ fetched }: BookingUpdate, { moment, stamp, beforeEverything }: Saying): Stamp {
  const madeAt = earliest(fetched?.madeAt ?? null, moment);
  return fetched?.madeAt && madeAt
    ? { saidAt: before(wholeMilliseconds(madeAt), clockDifference), rank: stamp.rank }
    : beforeEverything;
}

/** With seats a move concerns the listed, unless the organizer did it. */
function replacement(update: BookingUpdate, names: Names, movedAt: Instant): Replacement {
  if (!update.seated || update.by === 'host') return { allAt: movedAt, people: {} };
  const moved = update.attendees.map(({ email }) => [names.recipient(email), { movedAt }] as const);
  return { allAt: null, people: inKeyOrder(moved) };
}

function wholeTime({ startAt, endAt }: { startAt: Instant; endAt: Instant }): {
  startAt: Instant;
  endAt: Instant;
} {
  return { startAt: wholeMilliseconds(startAt), endAt: wholeMilliseconds(endAt) };
}
