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
/** `booking:<BookingId>`, `person:<RecipientId>`, `delivery:<hash>` or `meta:<name>`. */
export type RecordId = string & Brand<'RecordId'>;
/** What a record can be found by: `recipient:<RecipientId>`, `attempt:<AttemptId>`, `status:<status>`. */
export type RecordKey = string & Brand<'RecordKey'>;
/** A rule's name is its identity: renaming a rule makes another reminder. */
export type RuleName = string;

export const bookingId = (source: string, uid: string): BookingId => `${source}:${uid}` as BookingId;
export const recipientId = (hash: string): RecipientId => hash.slice(0, 32) as RecipientId;
export const attemptId = (text: string): AttemptId => text as AttemptId;
export const bookingRecord = (id: BookingId): RecordId => `booking:${id}` as RecordId;
export const personRecord = (id: RecipientId): RecordId => `person:${id}` as RecordId;
export const deliveryRecord = (hash: string): RecordId => `delivery:${hash}` as RecordId;
export const metaRecord = (name: string): RecordId => `meta:${name}` as RecordId;
export const recipientKey = (id: RecipientId): RecordKey => `recipient:${id}` as RecordKey;
export const attemptKey = (id: AttemptId): RecordKey => `attempt:${id}` as RecordKey;
export const statusKey = (status: string): RecordKey => `status:${status}` as RecordKey;
