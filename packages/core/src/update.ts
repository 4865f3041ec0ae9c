// What a source told us about a booking, in Precall's words. A parser makes these; the merge reads them.
import type { Instant } from './temporal.ts';

/** What was said. The merge gives each its rank (kernel: a tie of moments is broken by it). */
export type UpdateKind =
  | 'agreed' // the call is on
  | 'moved' // the call is on at another time (with `replaces`: in place of another booking)
  | 'requested' // asked for, not confirmed
  | 'payment_opened'
  | 'paid'
  | 'cancelled'
  | 'declined'
  | 'host_changed'
  | 'place_changed'
  | 'ended'
  | 'no_show'
  | 'fetched'; // read from the source's API

/** Where a call takes place. Only `pending` holds a reminder back. */
export type Place =
  | { readonly kind: 'link'; readonly url: string }
  | { readonly kind: 'phone'; readonly number: string }
  | { readonly kind: 'address'; readonly text: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'pending' }; // there will be a link, it is not known yet

/** The organizer, as far as a mail or a date needs them. */
export interface Host {
  readonly name: string;
  /** IANA name, or null. */
  readonly timeZone: string | null;
}

/** The organizer as an update names them. */
export interface UpdateHost extends Host {
  /** Where they can be asked who came, and in which language: only of a source that was told to keep it. */
  readonly address?: { readonly email: string; readonly locale: string | null } | null;
}

/** What a call is about, as far as a mail may say it. */
export interface About {
  /** What kind of call, as the booking page calls it. Never the meeting's title: it holds names. */
  readonly title: string | null;
  /** Names the kind of call within its source; null when unknown. */
  readonly eventType: string | null;
}

/** The booking page's own links for one attendee. */
export interface Links {
  readonly move: string | null;
  readonly cancel: string | null;
}

/** What somebody said about being texted. When they said it is when the update was said. */
export interface Consent {
  readonly given: boolean;
  /** The words they answered to. */
  readonly text: string;
  /** Where: the slug of the booking's question, or `crm:` and the contact's property, in which case it was read then. */
  readonly source: string;
}

/** A person as an update names them. */
export interface UpdateAttendee {
  /** As the source wrote it, blanks trimmed. Identifies the person; may be one that cannot be mailed. */
  readonly email: string;
  /** False for stand-in addresses, such as Cal.com's `<digits>@sms.cal.com` for people known by phone only. */
  readonly mailable: boolean;
  readonly name: string | null;
  readonly firstName: string | null;
  readonly timeZone: string | null;
  /** BCP 47, such as `en` or `pt-BR`. */
  readonly locale: string | null;
  readonly links: Links | null;
  /** Their answers to the booking page's own questions, by its names for them: those alone that the source was told to keep. */
  readonly responses?: Responses;
  /** E.164 with its country, such as `+14155550100`, as the source has it; absent or null: nothing said about it. */
  readonly phone?: string | null;
  /** Absent or null: nothing said about it. */
  readonly consent?: Consent | null;
}

/** Answers to a booking page's questions, by its names for these. */
export interface Responses {
  readonly [question: string]: string;
}

/** What a source's API tells of a booking beyond what its webhooks do. */
export interface Fetched {
  /** What the booking is now. */
  readonly standing: 'agreed' | 'awaiting' | 'cancelled' | 'declined';
  /** When it was made; null where that is not told. */
  readonly madeAt: Instant | null;
  /** The booking that took its place, as far as everybody is concerned. */
  readonly movedTo: string | null;
}

/** What a source said about one booking, once. What it does not say leaves the facts as they are. */
export interface BookingUpdate {
  readonly kind: UpdateKind;
  /** The booking's id within its source; null where the source gives none: core derives one from start and first address. */
  readonly uid: string | null;
  /** When the source said it; null where it does not tell. */
  readonly saidAt: Instant | null;
  readonly receivedAt: Instant;
  readonly time: { readonly startAt: Instant; readonly endAt: Instant } | null;
  /** Null: nothing said about it. */
  readonly place: Place | null;
  readonly host: UpdateHost | null;
  readonly about: About | null;
  /** The booking takes several independent attendees. */
  readonly seated: boolean;
  /** The listed, booker first. For a seat: whom the update concerns. */
  readonly attendees: readonly UpdateAttendee[];
  /** For `agreed`-like updates that hold only once somebody confirms (a paid booking that needs confirmation). */
  readonly needsConfirmation: boolean;
  /** Who did it, where it matters (a cancellation, a move). */
  readonly by: 'host' | 'attendee' | 'unknown';
  /** A cancellation that asks for another time instead. */
  readonly moving: boolean;
  /** The booking this one takes the place of; its start and end where told. */
  readonly replaces: {
    readonly uid: string;
    readonly time: { readonly startAt: Instant; readonly endAt: Instant } | null;
  } | null;
  /** Who did not come (or, corrected, did). Null for the host. */
  readonly noShows: readonly { readonly email: string | null; readonly noShow: boolean }[];
  /** Of a fetched booking; without it the booking is agreed. With seats all attendees are listed. */
  readonly fetched?: Fetched;
  /** By which UID (RFC 5545) the source's own invitation names the call; absent or null: nothing said about it. */
  readonly calendarUid?: string | null;
  /** What the source says the clocks in people's zones show at the start: minutes ahead of UTC. */
  readonly offsets?: readonly { readonly timeZone: string; readonly minutes: number }[];
}
