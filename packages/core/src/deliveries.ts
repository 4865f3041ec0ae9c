// Delivery events: what a provider says later about messages it took. Found by attempt id alone, moving upward only, so
// that any order and any repetition ends the same. Bad news about an address suppresses it; so does the word of whoever
// has it, until they take it back.

import { createHear } from './address-wishes.ts';
import type { EventsAnswer } from './answer.ts';
import { type BookingRecord, type Loaded, readBookings } from './booking-record.ts';
import { type AttemptId, attemptKey, personRecord, type RecipientId, type ReminderKey } from './ids.ts';
import { channelOf, report, wasAccepted } from './ledger.ts';
import type { Delivery, LedgerEntry } from './ledger-types.ts';
import { ledgerWrite } from './park.ts';
import { newPerson, type PersonRecord, type Suppressed, weightier } from './person.ts';
import { personWrite, readPersons } from './person-record.ts';
import type { DeliveryEvent, DeliveryEvents, HistoryEntry, PortResult, Stored, Write } from './ports.ts';
import type { WebhookDelivery } from './precall.ts';
import { Ok, Result } from './result.ts';
import type { Shell } from './shell.ts';
import { readStrictJson } from './strict-json.ts';
import { earliest, type Instant, Temporal } from './temporal.ts';

/** Providers post events by the hundred, or when so many bytes are together (SendGrid: 768 kB). */
export const eventsLimitBytes = 1024 * 1024;
const eventsLimits = { depth: 16, keys: 100_000, values: 200_000, stringLength: 32_000 };
/** Attempts looked up, and saved, together. */
const batchSize = 25;
/** Tries at a compare-and-set before the provider is asked to come again. */
const tries = 5;
const away: EventsAnswer = { kind: 'away', retryAfter: Temporal.Duration.from({ seconds: 5 }) };
/** After these nothing more is sent to the address. */
const suppressing: ReadonlySet<string> = new Set<Delivery>([
  'bounced',
  'dropped',
  'complained',
  'unsubscribed',
]);

export function createDeliveries(
  shell: Shell,
  events: DeliveryEvents,
): (delivery: WebhookDelivery) => Promise<EventsAnswer> {
  const { store, clock } = shell;
  const hear = createHear(shell);

  return async ({ headers, body, query = '' }) => {
    if (body.length > eventsLimitBytes) return { kind: 'too_large', limitBytes: eventsLimitBytes };
    if (events.verify(headers, body, query) !== 'authentic') return { kind: 'forged' };
    const posted = events.read ? events.read(body) : readStrictJson(body, eventsLimits);
    const parsed = posted.andThen((told) => events.parse(told, { query, at: clock.now() }));
    if (parsed.isErr()) return { kind: 'not_understood', issues: parsed.error };
    for (const wish of parsed.value.filter((one) => 'address' in one)) {
      const heard = await hear(shell.names.recipient(wish.address), wish);
      if (heard.isErr() || heard.value === 'conflict') return away;
    }
    const attempts = [...byAttempt(parsed.value.filter((one) => 'attempt' in one))];
    for (let from = 0; from < attempts.length; from += batchSize) {
      const taken = await take(new Map(attempts.slice(from, from + batchSize)));
      if (taken.isErr() || taken.value === 'conflict') return away;
    }
    return { kind: 'taken', events: parsed.value.length };
  };

  async function take(said: Said): PortResult<'saved' | 'conflict'> {
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const saved = await tryOnce(said);
      if (saved.isErr() || saved.value === 'saved') return saved;
    }
    return Ok('conflict');
  }

  /** What was saved by an earlier try changes nothing any more. */
  async function tryOnce(said: Said): PortResult<'saved' | 'conflict'> {
    const bookings = await bookingsOf([...said.keys()]);
    if (bookings.isErr()) return bookings;
    const told = bookings.value.map((loaded) => ({ loaded, ...tell(loaded.value, said) }));
    const persons = await suppress(told.flatMap(({ suppressed }) => suppressed));
    if (persons.isErr()) return persons;
    const now = clock.now();
    const changed = told.filter(({ history }) => history.length > 0);
    const writes = changed.map(({ loaded, record, history, sent }) =>
      ledgerWrite(shell, record, {
        over: loaded.stored,
        now,
        crm: sent && shell.crmWanted ? 'now' : 'keep',
        history: history.map((entry) => ({ at: now, ...entry })),
      }),
    );
    const all: Write[] = [...writes, ...persons.value];
    if (all.length === 0) return Ok('saved');
    const saved = await store.save(all);
    if (saved.isErr()) return saved;
    // Mail that came back may leave its reminder to another way.
    for (const { put } of writes) shell.wake(earliest(put.lanes.mail, put.lanes.crm));
    return Ok(saved.value.includes('conflict') ? 'conflict' : 'saved');
  }

  async function bookingsOf(attempts: readonly AttemptId[]): PortResult<readonly Loaded<BookingRecord>[]> {
    const found = await Promise.all(
      attempts.map((id) => store.findByKey(attemptKey(id), { limit: 1, cursor: null })),
    );
    return Result.all(found).map((slices) => {
      const stored = new Map(slices.flatMap(({ items }) => items).map((one) => [one.id, one]));
      return readBookings([...stored.values()]);
    });
  }

  async function suppress(bad: readonly SuppressedPerson[]): PortResult<readonly Write[]> {
    const whose = new Map<RecipientId, SuppressedPerson>();
    for (const one of bad) {
      const known = whose.get(one.recipient) ?? null;
      whose.set(one.recipient, { ...one, ...weightier(known, one) });
    }
    const found = whose.size > 0 ? await store.find([...whose.keys()].map(personRecord)) : noRecords;
    return found.map((stored) => {
      const { read, unreadable } = readPersons(stored);
      return [...whose.values()]
        .filter(({ recipient }) => !unreadable.has(recipient))
        .flatMap((one) => suppression(one, read.get(one.recipient) ?? null, clock.now()));
    });
  }
}

type Said = ReadonlyMap<AttemptId, readonly DeliveryEvent[]>;

function byAttempt(events: readonly DeliveryEvent[]): Said {
  const said = new Map<AttemptId, DeliveryEvent[]>();
  for (const event of events) said.set(event.attempt, [...(said.get(event.attempt) ?? []), event]);
  return said;
}

const noRecords = Ok<readonly Stored[]>([]);

interface SuppressedPerson extends Suppressed {
  readonly recipient: RecipientId;
}

/** The booking's record with everything said about its attempts. */
function tell(
  record: BookingRecord,
  said: Said,
): {
  readonly record: BookingRecord;
  readonly history: readonly Omit<HistoryEntry, 'at'>[];
  readonly suppressed: readonly SuppressedPerson[];
  /** A reminder turns out to have been sent. */
  readonly sent: boolean;
} {
  const ledger: { [key: ReminderKey]: LedgerEntry } = { ...record.ledger };
  const history: Omit<HistoryEntry, 'at'>[] = [];
  const suppressed: SuppressedPerson[] = [];
  let sent = false;
  for (const [key, entry] of Object.entries(record.ledger) as [ReminderKey, LedgerEntry][]) {
    let next = entry;
    const told = entry.attempts.flatMap((attempt) =>
      (said.get(attempt.id) ?? []).map((event) => ({ event, attempt })),
    );
    for (const { event, attempt } of told) {
      const before = next;
      next = report(next, event.attempt, event.said);
      if (suppressing.has(event.said))
        suppressed.push({ recipient: attempt.by?.to ?? entry.recipient, at: event.at, why: event.said });
      if (next === before) continue;
      const news = wasAccepted(next) && !wasAccepted(before);
      const channel = channelOf(attempt);
      const way = channel === 'mail' ? {} : { channel };
      const detail = { key, attempt: event.attempt, delivery: event.said, ...way };
      history.push({ what: news ? 'reminder_sent' : 'reminder_reported', detail });
      sent ||= news;
    }
    ledger[key] = next;
  }
  return { record: { ...record, ledger }, history, suppressed, sent };
}

/** Nothing to write where it stands already, or what outweighs it. */
function suppression(
  { recipient, at, why }: SuppressedPerson,
  loaded: Loaded<PersonRecord> | null,
  now: Instant,
): readonly Write[] {
  const person = loaded?.value ?? newPerson;
  const suppressed = weightier(person.suppressed, { at, why });
  if (suppressed === person.suppressed) return [];
  return [personWrite(recipient, { ...person, suppressed }, { over: loaded?.stored ?? null, now })];
}
