// The ports: everything Precall asks of the world, on one page.
//
// No port ever rejects or throws; a rejection is a bug in the adapter. What can go wrong is a PortError.
// All moments are whole milliseconds.
import type { AttemptId, RecordId, RecordKey, RuleName } from './ids.ts';
import type { Delivery } from './ledger-types.ts';
import type { Result } from './result.ts';
import type { Duration, Instant } from './temporal.ts';
import type { BookingUpdate } from './update.ts';

/**
 * `unavailable`: it surely did not happen, and the same request may succeed later.
 * `rejected`: it surely did not happen, and the same request can never succeed.
 * `unknown`: it may or may not have happened.
 * `reason` is for operators; it holds no personal data and no secret.
 */
export type PortError =
  /** `refusesUs`: our account, key or sender is not taken, which somebody has to mend. */
  | {
      readonly kind: 'unavailable';
      readonly reason: string;
      readonly retryAfter?: Duration;
      readonly refusesUs?: true;
    }
  /** `optedOut`: since whoever has the address wants nothing there any more. */
  | { readonly kind: 'rejected'; readonly reason: string; readonly optedOut?: true }
  | { readonly kind: 'unknown'; readonly reason: string };
/** What a port answers. It never rejects. */
export type PortResult<T> = Promise<Result<T, PortError>>;

/** Takes back what was asked for; nothing happens when it is too late or already done. */
export type Cancel = () => void;

/** The only source of the present and of waiting. */
export interface Clock {
  now(): Instant;
  /** Runs once, at or after `moment`, never before it by this same clock; never inside this call. */
  at(moment: Instant, run: () => void): Cancel;
}

/** The only source of randomness and of hashes. */
export interface Entropy {
  /** A new unguessable id of at least 128 bits, made of letters, digits, `-` and `_`. */
  id(): string;
  /** HMAC-SHA-256 of the UTF-8 text: 64 lower-case hex digits. */
  keyedHash(key: string, text: string): string;
}

/** A record's lanes: the next moment at which each kind of work is due on it; null means nothing to do. */
export type Lane = 'mail' | 'crm' | 'forget';
/** A record's next due moment in each lane; null: nothing to do there. */
export type Lanes = { readonly [L in Lane]: Instant | null };
/** What a record is about. */
export type RecordKind = 'booking' | 'person' | 'calendar' | 'delivery' | 'meta';

/** What a store keeps. `body` is JSON text that a store never looks into. */
export interface Stored {
  readonly id: RecordId;
  readonly kind: RecordKind;
  /** Of the body's schema; core upgrades an older one when it reads it. */
  readonly version: number;
  /** 1 when first saved, one more with each save. */
  readonly revision: number;
  readonly changedAt: Instant;
  readonly lanes: Lanes;
  readonly keys: readonly RecordKey[];
  readonly body: string;
}

/** One line of a booking's history. */
export interface HistoryEntry {
  readonly at: Instant;
  readonly what: string;
  /** JSON values only. No address and no name in it. */
  readonly detail: { readonly [name: string]: unknown };
}

/** `expected` is the revision the writer has seen; 0: the record must not exist yet. `put.revision` is `expected + 1`. */
export type Write =
  | { readonly put: Stored; readonly expected: number; readonly history: readonly HistoryEntry[] }
  | { readonly remove: RecordId; readonly expected: number };

/** `limit` 1 to 1,000; `cursor` as a Slice gave it. */
export interface Page {
  readonly limit: number;
  readonly cursor: string | null;
}
/** One page of a list. */
export interface Slice<T> {
  readonly items: readonly T[];
  /** Where to go on; null at the end. */
  readonly next: string | null;
}

/** The truth. Records are changed by compare-and-set only. */
export interface Store {
  /** In any order; missing ids are absent from the answer. */
  find(ids: readonly RecordId[]): PortResult<readonly Stored[]>;
  /** Records that carry `key`, newest change first. */
  findByKey(key: RecordKey, page: Page): PortResult<Slice<Stored>>;
  /** Records whose moment in `lane` is not after `by`, earliest first. */
  due(lane: Lane, by: Instant, page: Page): PortResult<Slice<Stored>>;
  /** The earliest moment in `lane` over all records; null when there is none. */
  nextDueAt(lane: Lane): PortResult<Instant | null>;
  /** Newest change first. */
  list(kind: RecordKind, page: Page): PortResult<Slice<Stored>>;
  /**
   * Per write, in order: saved, or conflict when `expected` is not the record's revision. Durable once Ok.
   * History entries are kept with their record and removed with it. A batch names a record at most once.
   */
  save(writes: readonly Write[]): PortResult<readonly ('saved' | 'conflict')[]>;
  /** Newest first. */
  history(id: RecordId, page: Page): PortResult<Slice<HistoryEntry>>;
}

/**
 * A bell, not a queue: it knows moments, nothing else. Once `ring` is Ok each moment rings while started;
 * the same moment asked for twice rings once. Never early, maybe late, maybe twice. It need not outlive its
 * process: at start the shell asks the store what is next.
 */
export interface Scheduler {
  /** While started it also rings at least once a minute. */
  start(onRing: () => void): PortResult<void>;
  ring(at: readonly Instant[]): PortResult<void>;
  /** No ring begins after Ok. */
  stop(): PortResult<void>;
}

/** An iCalendar object (RFC 5545) that goes with a message. */
export interface CalendarFile {
  /** ASCII, without a path: such as `call.ics`. */
  readonly fileName: string;
  /** As in `content` (RFC 5546): mail programs look for it in the part's type. */
  readonly method: 'REQUEST' | 'CANCEL';
  readonly content: string;
}
/** One message to one recipient. */
export interface Message {
  readonly to: string;
  readonly toName: string | null;
  /** One line, no control characters. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Where one request ends these mails (RFC 8058): for the headers `List-Unsubscribe` and `List-Unsubscribe-Post`. */
  readonly unsubscribe?: string;
  /** Goes along whole, as a part or an attachment of type `text/calendar`. */
  readonly calendar?: CalendarFile;
}
/** How one attempt is made. */
export interface SendCall {
  readonly attemptId: AttemptId;
  /** The same for every attempt at one reminder; says nothing about anybody. */
  readonly onceKey: string;
  /** The mailer gives up at this moment with `unknown` (or `unavailable`, if nothing was sent yet). */
  readonly deadline: Instant;
}
/** By which way a message reaches a person. */
export type Channel = 'mail' | 'sms';
/** A text on a telephone. */
export interface TextMessage {
  /** E.164, such as `+14155550100`. */
  readonly to: string;
  readonly text: string;
}
/** Ok means the provider accepted the message, not that it arrived. */
export interface Sender<M> {
  /** What can be known about an unknown outcome: `once` the provider drops a repeated onceKey; `reported` delivery events will tell; `silent` nothing. */
  readonly doubt: 'once' | 'reported' | 'silent';
  send(message: M, call: SendCall): PortResult<{ readonly messageId: string | null }>;
  /**
   * Whether a message with this onceKey was accepted; null: it was not, and no call whose deadline has passed can
   * still make it so. For senders that know. Asked about sends whose process died, so that their outcome is not
   * left unknown.
   */
  find?(onceKey: string): PortResult<{ readonly messageId: string | null } | null>;
  /** What its provider reports later, where it does. */
  readonly events?: DeliveryEvents;
  /** What is wrong with its set-up, for senders that can tell: `precall doctor` asks. Nothing is sent. */
  describe?(): PortResult<readonly SchemaFault[]>;
}
/** Sends one mail. Ok means that the provider took it. */
export type Mailer = Sender<Message>;
/** Sends one text message. Ok means that the provider took it. */
export type Texter = Sender<TextMessage>;

/**
 * Delivery events, as the provider posts them. The functions are pure: they keep nothing and ask no clock. `query` is
 * that of the address posted to, as it came, without its question mark.
 */
export interface DeliveryEvents {
  /** Over the raw bytes, in constant time. */
  verify(headers: Headers, rawBody: Uint8Array, query: string): 'authentic' | 'forged';
  /** How a body is read; strict JSON unless given. */
  readonly read?: (rawBody: Uint8Array) => Result<unknown, readonly SchemaIssue[]>;
  /** Events about anything but an attempt of ours, or an address, are left out. `at`: when the post came. */
  parse(
    posted: unknown,
    came: { readonly query: string; readonly at: Instant },
  ): Result<readonly (DeliveryEvent | AddressEvent)[], readonly SchemaIssue[]>;
}
/** What a mail provider reports about one attempt after it took it. */
export interface DeliveryEvent {
  /** As it was handed to `send`; nobody but us and the provider can know it. */
  readonly attempt: AttemptId;
  /** `accepted`: the provider took the message, nothing more is known. */
  readonly said: 'accepted' | Delivery;
  readonly at: Instant;
}

/** Whoever has this address said that they want no more messages there (`stop`), or that they want them again. */
export interface AddressEvent {
  readonly address: string;
  readonly said: 'stop' | 'start';
  readonly at: Instant;
}

/** A typed value for a CRM's property; null clears it. */
export type FieldValue =
  | { readonly type: 'text' | 'choice' | 'email' | 'url'; readonly value: string | null }
  | { readonly type: 'number'; readonly value: number | null }
  | { readonly type: 'flag'; readonly value: boolean | null }
  | { readonly type: 'date' /** YYYY-MM-DD */; readonly value: string | null }
  | { readonly type: 'moment'; readonly value: Instant | null };
/** By the CRM's own property name; null clears. */
export type Fields = { readonly [property: string]: FieldValue };
/** None, one or many: only the one is written to. */
export type Found<T> =
  | { readonly kind: 'one'; readonly ref: T }
  | { readonly kind: 'none' }
  | { readonly kind: 'many' };
/** Names a contact within its CRM; nobody else reads it. */
export type ContactRef = string;
/** Names a campaign membership within its CRM; nobody else reads it. */
export type MemberRef = string;
/** One thing wrong with an outside system's set-up as far as we need it, and its cure. `where` names the option or place. */
export interface SchemaFault {
  readonly where: string;
  readonly fault: string;
  readonly cure: string;
}
/** Last writer wins; writing the same values again is harmless. */
export interface Crm {
  /** Regardless of case. */
  findContact(email: string): PortResult<Found<ContactRef>>;
  findMembership(email: string, campaign: string): PortResult<Found<MemberRef>>;
  update(ref: ContactRef, fields: Fields): PortResult<void>;
  /**
   * What stands in these properties of a contact, as text; null: nothing, or nothing that is one text. A tick is `true`. For
   * CRMs that can be read. A property that does not exist is `rejected`.
   */
  read?(
    ref: ContactRef,
    properties: readonly string[],
  ): PortResult<{ readonly [property: string]: string | null }>;
  /** Marks that the reminder of this rule was accepted at `at`. A mark that is there and not ours is left alone. */
  recordSent(ref: MemberRef, step: RuleName, at: Instant): PortResult<void>;
  describe(): PortResult<readonly SchemaFault[]>;
}

/** One call, as a calendar shows it. */
export interface CalendarEvent {
  /** Made from the booking's id by a keyed hash: 39 characters of `a` to `v` and `0` to `9`. */
  readonly id: string;
  readonly startAt: Instant;
  readonly endAt: Instant;
  /** One line, never empty. */
  readonly title: string;
  /** One line: a link, and where the policy lets people be named also a number or an address; null: none. */
  readonly place: string | null;
  /** Names of those who take part, where the policy lets them be named. No address. */
  readonly names: readonly string[];
}
/** Events by their id: both acts may be repeated, and end in the same. Nobody is invited, and nobody is written to. */
export interface Calendar {
  /** After Ok there is one event of that id, and it says this, whatever it said before, and also if it had been removed. */
  put(event: CalendarEvent): PortResult<void>;
  /** After Ok there is no event of that id, nor need there have been one. */
  remove(id: string): PortResult<void>;
  describe(): PortResult<readonly SchemaFault[]>;
}

/** Header names in lower case; one entry per header line. */
export type Headers = { readonly [name: string]: readonly string[] };

/** One thing that is wrong with a body. */
export interface SchemaIssue {
  /** Such as `payload.attendees`; empty for the whole body. */
  readonly path: string;
  readonly message: string;
}
/** What a source makes of a body it understood: updates, or the reason why it means nothing to Precall. */
export type Parsed =
  | { readonly updates: readonly [BookingUpdate, ...(readonly BookingUpdate[])] }
  | { readonly ignored: 'trigger_not_used' | 'test_ping' };

/** What a source can be asked, for the sake of what was not told. Its updates are of kind `fetched`. */
export interface BookingSourceApi {
  /** The booking as it is now; null: not known there, or not to us. Absence proves nothing. */
  fetch(uid: string): PortResult<BookingUpdate | null>;
  /**
   * Bookings that stand to come, wait for confirmation or were called off, and that changed at `at` or later: each at
   * least once, in any order. A page may be empty and yet have a next one.
   */
  changedSince(at: Instant, page: Page): PortResult<Slice<BookingUpdate>>;
}

/**
 * Where bookings come from. Both functions keep nothing and do nothing. `parse` asks no clock; `verify` asks one only where a
 * signature says when it was made (Calendly's does).
 */
export interface BookingSource {
  /** Prefix of every booking id, such as `calcom`. */
  readonly name: string;
  /** Over the raw bytes, in constant time. */
  verify(headers: Headers, rawBody: Uint8Array): 'authentic' | 'forged';
  parse(json: unknown, receivedAt: Instant): Result<Parsed, readonly SchemaIssue[]>;
  readonly api?: BookingSourceApi;
}
