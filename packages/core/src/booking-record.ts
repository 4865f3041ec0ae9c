// A booking as it is kept: facts and ledger. Everything a store can look up about it (lanes, keys) is derived here.
import { ownId } from './channel.ts';
import { decode, encode, encodedAs, encodeOnce, ifSound, type Upgrade } from './codec.ts';
import type { Facts } from './facts.ts';
import { type Case, isLive, nextMailAt } from './gate.ts';
import {
  attemptKey,
  type BookingId,
  bookingRecord,
  type RecipientId,
  type RecordKey,
  type ReminderKey,
  recipientKey,
  statusKey,
} from './ids.ts';
import { assertEntry, channelOf, isOpen } from './ledger.ts';
import type { Ledger, LedgerEntry } from './ledger-types.ts';
import type { PersonRecord } from './person.ts';
import { isForAbsent, type PlannedReminder, planReminders, reminderKey } from './plan.ts';
import type { Policy } from './policy.ts';
import type { HistoryEntry, Lanes, Stored } from './ports.ts';
import { standingOf, statusOf } from './standing.ts';
import { after, before, earliest, type Instant, isBefore, Temporal } from './temporal.ts';
import { phoneOf } from './texting.ts';

export interface BookingRecord {
  readonly id: BookingId;
  readonly facts: Facts;
  readonly ledger: Ledger;
}

/** A record as read, with what is needed to write it back. */
export interface Loaded<T> {
  readonly stored: Stored;
  readonly value: T;
}

const upgrades: readonly Upgrade[] = [];
/** Nothing is kept about a call that ended longer ago than this. */
export const retention = Temporal.Duration.from({ hours: 24 * 400 });
/** An attempt can be found by its id for as long as a provider may still report on it. */
const attemptsFindable = Temporal.Duration.from({ hours: 24 * 30 });

export function readBooking(stored: Stored): Loaded<BookingRecord> {
  const { facts, ledger } = decode<{ facts: Facts; ledger: Ledger }>(stored, upgrades);
  for (const entry of Object.values(ledger)) assertEntry(entry);
  const text = factsText(stored);
  if (text !== null) encodedAs(facts, text);
  return { stored, value: { id: bookingIn(stored), facts, ledger } };
}

export function readBookingIfSound(stored: Stored): BookingRecord | null {
  return ifSound(stored, readBooking)?.value ?? null;
}

/** Those that can be read. */
export function readBookings(found: readonly Stored[]): readonly Loaded<BookingRecord>[] {
  return found.flatMap((stored) => ifSound(stored, readBooking) ?? []);
}

/** Whose record it is. */
export function bookingIn({ id }: Stored): BookingId {
  return id.slice('booking:'.length) as BookingId;
}

/** One reminder of a booking, with all there is to judge it by. */
export interface BookingCase extends Case {
  readonly key: ReminderKey;
}

/**
 * Every reminder of the present start. `persons` and `bookings` may lack anybody: then only what the booking itself says
 * counts.
 */
export function casesOf(
  { id, facts, ledger }: BookingRecord,
  context: {
    readonly policy: Policy;
    readonly now: Instant;
    readonly persons?: ReadonlyMap<RecipientId, PersonRecord>;
    readonly bookings?: ReadonlyMap<RecipientId, readonly BookingRecord[]>;
  },
): readonly BookingCase[] {
  return planReminders(facts, context.policy).map((reminder) => caseOf(id, reminder, facts, ledger, context));
}

/** The reminders of starts that were agreed once and are not the present one. */
export function casesOfEarlierStarts(
  { id, facts, ledger }: BookingRecord,
  context: { readonly policy: Policy; readonly now: Instant },
): readonly BookingCase[] {
  const present = facts.time?.value.startAt.toString();
  return Object.keys(facts.agreed)
    .filter((start) => start !== present)
    .flatMap((start) => planReminders(facts, context.policy, Temporal.Instant.from(start)))
    .map((reminder) => caseOf(id, reminder, facts, ledger, context));
}

/** What somebody must look at: the reminders of the present start, and sends of open outcome for which nothing asks any more. */
export function casesAtWork(
  record: BookingRecord,
  context: Parameters<typeof casesOf>[1],
): readonly BookingCase[] {
  const { id, facts, ledger } = record;
  const cases = casesOf(record, context);
  const left = Object.entries(ledger).filter(
    ([key, entry]) => isOpen(entry) && !cases.some((one) => one.key === key),
  );
  if (left.length === 0) return cases;
  return [...cases, ...left.map(([, entry]) => caseOf(id, leftOf(entry), facts, ledger, context))];
}

/** The call was moved, or the policy asks for no such reminder now. What was begun is brought to its end, and of no more use. */
function leftOf({ rule: name, recipient, startAt, dueAt, attempts }: LedgerEntry): PlannedReminder {
  const rule = { name, when: { before: Temporal.Duration.from({ seconds: 0 }) } };
  const channel = channelOf(attempts.at(-1));
  return { rule, channel, recipient, startAt, askedAt: dueAt, dueAt, usefulUntil: dueAt, skip: null };
}

function caseOf(
  id: BookingId,
  reminder: PlannedReminder,
  facts: Facts,
  ledger: Ledger,
  {
    policy,
    now,
    persons,
    bookings,
  }: {
    policy: Policy;
    now: Instant;
    persons?: ReadonlyMap<RecipientId, PersonRecord>;
    bookings?: ReadonlyMap<RecipientId, readonly BookingRecord[]>;
  },
): BookingCase {
  const { recipient } = reminder;
  const key = reminderKey(id, reminder);
  const person = persons?.get(ownId(facts, recipient)) ?? null;
  const number = persons && phoneOf(facts, recipient);
  const phone = (number && persons.get(number.id)) ?? null;
  const all = (isForAbsent(reminder.rule) ? bookings?.get(recipient) : null) ?? null;
  const entry = entryOf(ledger[key], reminder);
  return { key, reminder, facts, entry, person, phone, bookings: all, policy, now };
}

/** What was skipped for its moment is asked about anew once it has a later one: marked again, somebody is written to. */
function entryOf(entry: LedgerEntry | undefined, { dueAt }: PlannedReminder): LedgerEntry | null {
  const isPassed = entry?.final?.state === 'skipped' && isBefore(entry.dueAt, dueAt);
  return entry && !isPassed ? entry : null;
}

/**
 * The write that puts a booking in the place of what was read (null: nothing yet). `crmNow`: the CRM should look at
 * it; otherwise its CRM lane keeps what it held, and rings when an agreed call ends, and when it counts as held.
 */
export function bookingWrite(
  record: BookingRecord,
  options: {
    readonly over: Stored | null;
    readonly policy: Policy;
    readonly now: Instant;
    readonly crm: 'now' | 'keep' | 'done';
    readonly history: readonly HistoryEntry[];
  },
): { readonly put: Stored; readonly expected: number; readonly history: readonly HistoryEntry[] } {
  const { over, policy, now, history } = options;
  const { ledger, id } = record;
  for (const entry of Object.values(ledger)) assertEntry(entry);
  const expected = over?.revision ?? 0;
  return {
    put: {
      id: bookingRecord(id),
      kind: 'booking',
      version: upgrades.length + 1,
      revision: expected + 1,
      changedAt: now,
      lanes: lanesOf(record, { ...options, kept: over?.lanes.crm ?? null, policy }),
      keys: keysOf(record, now),
      body: bodyOf(record),
    },
    expected,
    history,
  };
}

const opening = '{"facts":';
const between = ',"ledger":';

/** `{ facts, ledger }`. */
export function bodyOf({ facts, ledger }: Pick<BookingRecord, 'facts' | 'ledger'>): string {
  return `${opening}${encodeOnce(facts)}${between}${encode(ledger)}}`;
}

/**
 * The facts of a body as they stand in it. Whatever strangers call the things within facts, the last `between` is the end of
 * them: nothing within a ledger has that name, and a quote within words is escaped. Null: not written by this version.
 */
function factsText({ body, version }: Stored): string | null {
  const end = body.lastIndexOf(between);
  const isOurs = version > upgrades.length && body.startsWith(opening) && end > 0;
  return isOurs ? body.slice(opening.length, end) : null;
}

function lanesOf(
  record: BookingRecord,
  {
    kept,
    policy,
    now,
    crm,
  }: { kept: Instant | null; policy: Policy; now: Instant; crm: 'now' | 'keep' | 'done' },
): Lanes {
  const { facts } = record;
  const endAt = facts.time?.value.endAt ?? null;
  // By whatever clock it was set: another process's may be ahead of ours, and what it wanted is wanted still.
  const pending = { now, keep: kept, done: null }[crm];
  return {
    mail: mailLaneOf(record, policy, now),
    crm: earliest(pending, turnsAt(facts, policy, now)),
    forget: after(endAt ?? now, retention),
  };
}

/** When a reminder of the booking next wants looking at. */
export function mailLaneOf(record: BookingRecord, policy: Policy, now: Instant): Instant | null {
  return nextMailAt(casesAtWork(record, { policy, now }));
}

/** When an agreed call next turns into something else by time alone: at its end, and when it counts as held. */
function turnsAt(facts: Facts, { projection }: Policy, now: Instant): Instant | null {
  const endAt = facts.time?.value.endAt;
  if (!endAt || standingOf(facts) !== 'agreed') return null;
  const turns = [endAt, after(endAt, projection.completedAfter)];
  return turns.find((at) => isBefore(now, at)) ?? null;
}

function keysOf({ facts, ledger }: BookingRecord, now: Instant): readonly RecordKey[] {
  const since = before(now, attemptsFindable);
  const attempts = Object.values(ledger).flatMap((entry) => entry.attempts);
  return [
    statusKey(statusOf(facts, now)),
    ...(Object.keys(facts.people) as RecipientId[]).map(recipientKey),
    ...attempts.filter(({ at }) => isBefore(since, at)).map(({ id }) => attemptKey(id)),
  ];
}

/** The keys of the reminders that will be sent as things stand. */
export function liveKeys(
  record: BookingRecord | null,
  policy: Policy,
  now: Instant,
): ReadonlySet<ReminderKey> {
  if (!record) return new Set();
  return new Set(
    casesOf(record, { policy, now })
      .filter(isLive)
      .map(({ key }) => key),
  );
}
