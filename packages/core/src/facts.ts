// What is known about one booking: a value of a lattice. Every field only grows in its own order, so that any
// order and any repetition of updates ends in the same facts. See merge.ts for the joins, contribution.ts for what an update says.
import type { BookingId, RecipientId } from './ids.ts';
import type { Instant } from './temporal.ts';
import type { About, Consent, Host, Links, Place, Responses } from './update.ts';

/** When something was said and by which kind of update; `saidAt` null comes before everything. */
export interface Stamp {
  readonly saidAt: Instant | null;
  readonly rank: number;
}
/** Of two values the one with the later stamp holds; of equal stamps the greater value (as canonical JSON). */
export interface Register<T> {
  readonly value: T;
  readonly stamp: Stamp;
}

/** What is known of a person by name. All of it is null once they are erased. */
export interface Details {
  /** Null once erased. */
  readonly email: string | null;
  readonly mailable: boolean;
  readonly name: string | null;
  readonly firstName: string | null;
  readonly timeZone: string | null;
  readonly locale: string | null;
}

/** The organizer. Their address is for mails to themselves alone: nothing that is said to others may hold it. */
export interface KnownHost extends Host {
  /** Absent: not kept. `id` is that under which is kept what its owner wants. */
  readonly address?: { readonly email: string; readonly locale: string | null; readonly id: RecipientId };
}

/** A number that can be texted, and the id under which is kept what its owner wants. */
export interface Phone {
  /** E.164. */
  readonly number: string;
  readonly id: RecipientId;
}

/** What is known about one person's part in one booking. */
export interface PersonFacts {
  readonly details: Register<Details> | null;
  readonly links: Register<Links> | null;
  /** Latest moments. With seats these say who attends; without seats the roster does. */
  readonly joinedAt: Instant | null;
  readonly leftAt: Instant | null;
  /** The earliest fetched list that they were on. */
  readonly seenAt: Instant | null;
  readonly erasedAt: Instant | null;
  readonly noShow: Register<boolean> | null;
  /** As read from the CRM; its value null where nothing stood there. Absent: never read. */
  readonly segment?: Register<string | null>;
  /** Their answers to the booking page's questions. Absent: none are kept. */
  readonly responses?: Register<Responses>;
  /** Absent: nothing was ever said. Null in it: erased. */
  readonly phone?: Register<Phone | null>;
  readonly consent?: Register<Consent | null>;
}

/** That one booking took the place of another: for everybody (`allAt`), or for the people named. Latest moments. */
export interface Replacement {
  readonly allAt: Instant | null;
  readonly people: { readonly [recipient: RecipientId]: { readonly movedAt: Instant } };
}

/**
 * What is known about one booking. It only grows, so that any order and repetition of updates ends the
 * same.
 */
export interface Facts {
  readonly time: Register<{ readonly startAt: Instant; readonly endAt: Instant }> | null;
  readonly place: Register<Place> | null;
  readonly host: Register<KnownHost> | null;
  readonly about: Register<About> | null;
  /** Each start that was ever agreed (ISO text), with the earliest moment at which it was said. */
  readonly agreed: { readonly [start: string]: { readonly saidAt: Instant } };
  readonly lastAgreedAt: Instant | null;
  readonly requestedAt: Instant | null;
  readonly declinedAt: Instant | null;
  readonly paidAt: Instant | null;
  readonly endedSaidAt: Instant | null;
  /** Its presence counts, whatever the stamp. */
  readonly cancelled: Register<{
    readonly by: 'host' | 'attendee' | 'unknown';
    readonly moving: boolean;
  }> | null;
  /** The earliest moment at which a cancellation was said. */
  readonly cancelledAt: Instant | null;
  readonly seated: boolean;
  /** Without seats: the full list, booker first. */
  readonly roster: Register<readonly RecipientId[]> | null;
  readonly people: { readonly [recipient: RecipientId]: PersonFacts };
  readonly hostNoShow: Register<boolean> | null;
  readonly replaces: { readonly [booking: BookingId]: Replacement };
  readonly replacedBy: { readonly [booking: BookingId]: Replacement };
  /** Fetched seats: who was there at that moment. */
  readonly snapshot: Register<readonly RecipientId[]> | null;
  /** By which UID the source's first invitation to the call names it: other words do not change it. Absent: never said. */
  readonly calendarUid?: Register<string>;
}

/** A booking of which nothing was said yet: the beginning of every join. */
export const nothingKnown: Facts = {
  time: null,
  place: null,
  host: null,
  about: null,
  agreed: {},
  lastAgreedAt: null,
  requestedAt: null,
  declinedAt: null,
  paidAt: null,
  endedSaidAt: null,
  cancelled: null,
  cancelledAt: null,
  seated: false,
  roster: null,
  people: {},
  hostNoShow: null,
  replaces: {},
  replacedBy: {},
  snapshot: null,
};

export const personUnknown: PersonFacts = {
  details: null,
  links: null,
  joinedAt: null,
  leftAt: null,
  seenAt: null,
  erasedAt: null,
  noShow: null,
};
