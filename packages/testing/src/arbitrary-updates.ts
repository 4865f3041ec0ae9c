// Booking updates of every kind around few bookings and few people, so that they meet.
import {
  type BookingUpdate,
  type Instant,
  Temporal,
  type UpdateAttendee,
  type UpdateKind,
} from '@precall/core';
import fc from 'fast-check';
import { momentsAround, zones } from './arbitraries.ts';

const everyKind: { readonly [K in UpdateKind]: null } = {
  agreed: null,
  moved: null,
  requested: null,
  payment_opened: null,
  paid: null,
  cancelled: null,
  declined: null,
  host_changed: null,
  place_changed: null,
  ended: null,
  no_show: null,
  fetched: null,
};
/** Those that may say that a booking takes the place of another. */
const replacing: readonly UpdateKind[] = ['moved', 'requested', 'agreed', 'fetched'];

/** What updates are drawn from; few bookings and people, so that they meet. */
export interface BookingUpdateOptions {
  /** Ids within the source. */
  readonly uids?: readonly string[];
  /** Addresses; they come in any case. */
  readonly people?: readonly string[];
  /** What is said is said, and the calls are, around this moment. */
  readonly around?: Instant;
  readonly kinds?: readonly UpdateKind[];
}

/**
 * Any values that the type allows, not only those that a source would send: laws about the merge hold for all.
 * Moments are clustered, so that ties, reversals and moments unsaid are frequent. A booking replaces itself too.
 */
export function bookingUpdates({
  uids = ['first', 'second', 'third'],
  people = ['ada@example.com', 'bob@example.com', 'eve@example.com'],
  around = Temporal.Instant.from('2026-03-02T12:00:00Z'),
  kinds = Object.keys(everyKind) as UpdateKind[],
}: BookingUpdateOptions = {}): fc.Arbitrary<BookingUpdate> {
  const uid = fc.constantFrom(...uids);
  const moment = momentsAround(around);
  const attendees = fc.uniqueArray(attendee(people), {
    maxLength: people.length,
    selector: ({ email }) => email.toLowerCase(),
  });
  const oneOrMore = fc.uniqueArray(attendee(people), {
    minLength: 1,
    maxLength: people.length,
    selector: ({ email }) => email.toLowerCase(),
  });
  return fc
    .record({
      kind: fc.constantFrom(...kinds),
      uid,
      saidAt: orNull(moment),
      receivedAt: moment,
      time: orNull(time(around)),
      place: orNull(place()),
      host: orNull(fc.record({ name: fc.constantFrom('Grace', 'Hedy'), timeZone: orNull(zones()) })),
      about: orNull(
        fc.record({
          title: orNull(fc.constantFrom('Diagnostic call', 'Review')),
          eventType: orNull(fc.constantFrom('7', '8')),
        }),
      ),
      seated: fc.boolean(),
      attendees: fc.oneof({ weight: 4, arbitrary: oneOrMore }, attendees),
      needsConfirmation: fc.boolean(),
      by: fc.constantFrom('host', 'attendee', 'unknown'),
      moving: fc.boolean(),
      replaces: orNull(fc.record({ uid, time: orNull(time(around)) })),
      noShows: fc.array(fc.record({ email: orNull(address(people)), noShow: fc.boolean() }), {
        maxLength: 3,
      }),
      calendarUid: orNull(fc.constantFrom('1@cal.example', '2@cal.example')),
      fetched: orNull(
        fc.record({
          standing: fc.constantFrom('agreed', 'awaiting', 'cancelled', 'declined'),
          madeAt: orNull(moment),
          movedTo: orNull(uid),
        }),
      ),
    })
    .map(({ fetched, ...update }) => ({
      ...update,
      ...(update.kind === 'fetched' && fetched && { fetched }),
      replaces: replacing.includes(update.kind) ? update.replaces : null,
      noShows: update.kind === 'no_show' ? update.noShows : [],
    }));
}

function attendee(people: readonly string[]): fc.Arbitrary<UpdateAttendee> {
  const link = orNull(fc.constantFrom('https://cal.com/booking/1', 'https://cal.com/booking/2'));
  return fc.record({
    email: address(people),
    mailable: fc.boolean(),
    name: orNull(fc.constantFrom('Ada Lovelace', 'Bob')),
    firstName: orNull(fc.constantFrom('Ada', 'Bob')),
    timeZone: orNull(zones()),
    locale: orNull(fc.constantFrom('en', 'pt-BR')),
    links: orNull(fc.record({ move: link, cancel: link })),
    phone: orNull(fc.constantFrom('+14155550100', '+33612345678')),
    consent: orNull(
      fc.record({
        given: fc.boolean(),
        text: fc.constantFrom('May we text you?', 'Textos?'),
        source: fc.constant('may-we-text'),
      }),
    ),
  });
}

function address(people: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...people), fc.boolean())
    .map(([email, isLoud]) => (isLoud ? email.toUpperCase() : email));
}

/** Starts around a day after `around`; lengths of half an hour or none. */
function time(around: Instant): fc.Arbitrary<NonNullable<BookingUpdate['time']>> {
  return fc
    .tuple(momentsAround(around.add({ hours: 24 })), fc.constantFrom(30, 45, 0))
    .map(([startAt, minutes]) => ({
      startAt,
      endAt: startAt.add({ minutes }),
    }));
}

function place(): fc.Arbitrary<NonNullable<BookingUpdate['place']>> {
  return fc.constantFrom(
    { kind: 'link', url: 'https://meet.google.com/abc' },
    { kind: 'link', url: 'https://zoom.us/j/1' },
    { kind: 'phone', number: '+43 1 234' },
    { kind: 'address', text: 'Main Street 1' },
    { kind: 'none' },
    { kind: 'pending' },
  );
}

function orNull<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.option(value, { nil: null, freq: 4 });
}
