// Names of things. A brand keeps one kind of name from being passed for another.

declare const brand: unique symbol;
type Brand<Name extends string> = { readonly [brand]: Name };

/** `<source>:<uid>`, such as `calcom:8f1c0d9e2b`. Whoever knows a Cal.com uid can cancel the booking: never log it. */
export type BookingId = string & Brand<'BookingId'>;
/** Keyed hash of a lower-cased, NFC-normalised address: 32 hex digits. Names a recipient without naming anybody. */
export type RecipientId = string & Brand<'RecipientId'>;
/** Names booking, start, rule and recipient: one message to one recipient about one start. */
export type ReminderKey = string & Brand<'ReminderKey'>;
/** Random; travels with a message to the provider and back in its delivery events. */
export type AttemptId = string & Brand<'AttemptId'>;
/** `booking:<BookingId>`, `person:<RecipientId>`, `calendar:<BookingId>`, `delivery:<hash>` or `meta:<name>`. */
export type RecordId = string & Brand<'RecordId'>;
/** What a record can be found by: `recipient:<RecipientId>`, `attempt:<AttemptId>`, `status:<status>`. */
export type RecordKey = string & Brand<'RecordKey'>;
/** A rule's name is its identity: renaming a rule makes another reminder. */
export type RuleName = string;

/** Names a booking: its source's name, a colon, its uid there. */
export const bookingId = (source: string, uid: string): BookingId => `${source}:${uid}` as BookingId;
/** Names a person by the first 128 bits of the keyed hash of their address. */
export const recipientId = (hash: string): RecipientId => hash.slice(0, 32) as RecipientId;
/** In the place of a recipient's id: whoever hosts the call. No hash is ever equal to it. */
export const theHost = 'host' as RecipientId;
/** Names one attempt at a send: random, given to the provider, says nothing about anybody. */
export const attemptId = (text: string): AttemptId => text as AttemptId;
/** The record of a booking. */
export const bookingRecord = (id: BookingId): RecordId => `booking:${id}` as RecordId;
/** The record of a person. */
export const personRecord = (id: RecipientId): RecordId => `person:${id}` as RecordId;
/** The record of a booking's event in the calendar. */
export const calendarRecord = (id: BookingId): RecordId => `calendar:${id}` as RecordId;
/** The record of a delivery in quarantine, by the hash of its body. */
export const deliveryRecord = (hash: string): RecordId => `delivery:${hash}` as RecordId;
/** The record of something about the installation itself, such as its secret. */
export const metaRecord = (name: string): RecordId => `meta:${name}` as RecordId;
/** The key by which a person's bookings are found. */
export const recipientKey = (id: RecipientId): RecordKey => `recipient:${id}` as RecordKey;
/** The key by which a booking is found from an attempt, as a delivery event names it. */
export const attemptKey = (id: AttemptId): RecordKey => `attempt:${id}` as RecordKey;
/** The key by which bookings of one status are found. */
export const statusKey = (status: string): RecordKey => `status:${status}` as RecordKey;
