// Intake: one webhook, from raw bytes to an answer that is given only after everything it says is durable.
import type { IntakeAnswer } from './answer.ts';
import {
  type BookingRecord,
  bookingWrite,
  casesOf,
  type Loaded,
  liveKeys,
  readBooking,
  retention,
} from './booking-record.ts';
import { canonicalText } from './canonical.ts';
import { contribution, subjectOf } from './contribution.ts';
import { type Facts, nothingKnown, personUnknown } from './facts.ts';
import { isLive } from './gate.ts';
import { type BookingId, bookingRecord, personRecord, type RecipientId, type ReminderKey } from './ids.ts';
import type { InTurn } from './in-turn.ts';
import {
  type Change,
  historyOf,
  ignoredBecause,
  isVisible,
  saysNothing,
  takenAnswer,
} from './intake-answer.ts';
import { invariant } from './invariant.ts';
import { finish, newEntry } from './ledger.ts';
import type { LedgerEntry } from './ledger-types.ts';
import { join, lostToNewer, withinLimits } from './merge.ts';
import { readPerson, recipientOfPerson } from './person-record.ts';
import type { BookingSource, Parsed, PortResult, SchemaIssue, Stored } from './ports.ts';
import type { WebhookDelivery } from './precall.ts';
import type { Quarantine } from './quarantine.ts';
import { Ok } from './result.ts';
import type { Shell } from './shell.ts';
import { withUselessSkipped } from './skip-useless.ts';
import { readStrictJson } from './strict-json.ts';
import { before, earliest, type Instant, isBefore, Temporal } from './temporal.ts';
import type { BookingUpdate } from './update.ts';
import { offsetAt } from './zone-offsets.ts';

export const bodyLimitBytes = 64 * 1024;
/** Tries at a compare-and-set before the sender is asked to come again. */
const tries = 5;
const comeAgain = Temporal.Duration.from({ seconds: 5 });
const away: IntakeAnswer = { kind: 'away', retryAfter: comeAgain };

export interface Receive {
  receive(delivery: WebhookDelivery): Promise<IntakeAnswer>;
  /** From the content type on: for a delivery whose signature was checked when it came in. */
  takeAuthentic(delivery: WebhookDelivery, receivedAt: Instant): Promise<IntakeAnswer>;
  /** What the source was asked for: the way of a webhook's updates. Rejects when the policy does. */
  takeFetched(update: BookingUpdate): PortResult<'changed' | 'unchanged'>;
}

export function createReceive(
  shell: Shell,
  { source, quarantine, inTurn }: { source: BookingSource; quarantine: Quarantine; inTurn: InTurn },
): Receive {
  async function receive(delivery: WebhookDelivery): Promise<IntakeAnswer> {
    if (delivery.body.length > bodyLimitBytes) return { kind: 'too_large', limitBytes: bodyLimitBytes };
    if (source.verify(delivery.headers, delivery.body) !== 'authentic') return { kind: 'forged' };
    return takeAuthentic(delivery, shell.clock.now());
  }

  async function takeAuthentic(delivery: WebhookDelivery, receivedAt: Instant): Promise<IntakeAnswer> {
    if (!isPlainJson(delivery)) {
      const kept = await quarantine.keep(delivery, receivedAt, 'wrong content type or encoding');
      return kept.isOk() ? { kind: 'wrong_type', quarantineId: kept.value } : away;
    }
    const json = readStrictJson(delivery.body);
    if (json.isErr()) return notUnderstood(delivery, receivedAt, json.error);
    const parsed = source.parse(json.value, receivedAt);
    if (parsed.isErr()) return notUnderstood(delivery, receivedAt, parsed.error);
    if ('ignored' in parsed.value) return { kind: 'ignored', reason: parsed.value.ignored };
    const { updates } = parsed.value;
    if (updates.some(saysOtherOffset)) shell.observe({ kind: 'zone_mismatch' });
    if (updates.every((update) => isTooOld(update, shell.clock.now())))
      return { kind: 'ignored', reason: 'too_old' };
    const taken = await take(updates).catch((cause: unknown) =>
      failed(delivery, receivedAt, { cause, updates }),
    );
    if (taken.isErr()) return away;
    if (taken.value !== 'over_limits') return taken.value;
    const message = 'The booking would have more people, starts or links than can be kept.';
    return notUnderstood(delivery, receivedAt, [{ path: 'payload', message }]);
  }

  async function takeFetched(update: BookingUpdate): PortResult<'changed' | 'unchanged'> {
    if (isTooOld(update, shell.clock.now())) return Ok('unchanged');
    const taken = await take([update]);
    return taken.map((answer) =>
      answer !== 'over_limits' && answer.kind === 'taken' ? 'changed' : 'unchanged',
    );
  }

  /** A rule of the policy threw, say: what was told is kept, for a replay under one that does not. */
  async function failed(
    delivery: WebhookDelivery,
    receivedAt: Instant,
    { cause, updates }: { readonly cause: unknown; readonly updates: Updates },
  ): PortResult<IntakeAnswer> {
    const forgotten = await saidBeforeErasure(updates);
    if (forgotten.isErr()) return forgotten;
    const words = cause instanceof Error ? cause.message : 'something that is not an error was thrown';
    // Of what names somebody who was erased the words are not kept: only that something came.
    const { headers } = delivery;
    const keepable = forgotten.value ? { headers, body: new Uint8Array() } : delivery;
    const kept = await quarantine.keep(keepable, receivedAt, `it failed while it was taken in: ${words}`);
    // The words are the policy's own: they are for the operator, not for the sender.
    const issues = [{ path: '', message: 'The body was read, and could not be taken in.' }];
    return kept.map((quarantineId) => ({ kind: 'not_understood', issues, quarantineId }));
  }

  /** Whether it names somebody who was erased since: then it must not lie about in the quarantine either. */
  async function saidBeforeErasure(updates: Updates): PortResult<boolean> {
    const named = updates.flatMap(({ attendees }) =>
      attendees.map(({ email }) => shell.names.recipient(email)),
    );
    const found = await shell.store.find([...new Set(named.map(personRecord))]);
    return found.map((stored) =>
      sortOut(stored).erasures.some(({ erasedAt }) =>
        updates.some(({ saidAt }) => saidAt === null || !isBefore(erasedAt, saidAt)),
      ),
    );
  }

  async function notUnderstood(
    delivery: WebhookDelivery,
    receivedAt: Instant,
    issues: readonly SchemaIssue[],
  ): Promise<IntakeAnswer> {
    const reason = issues.map(({ path, message }) => `${path || 'body'}: ${message}`).join('; ');
    const kept = await quarantine.keep(delivery, receivedAt, reason.slice(0, 500));
    return kept.isOk() ? { kind: 'not_understood', issues, quarantineId: kept.value } : away;
  }

  async function take(updates: Updates): PortResult<IntakeAnswer | 'over_limits'> {
    const offered = contributions(updates);
    return inTurn([...offered.keys()], async () => {
      const done = new Map<BookingId, Change>();
      for (let attempt = 0; attempt < tries; attempt += 1) {
        const outcome = await tryOnce(offered, updates[0], done);
        if (outcome.isErr()) return outcome;
        if (outcome.value !== 'conflict') {
          tellDropped(outcome.value);
          return Ok(outcome.value);
        }
      }
      return Ok(away);
    });
  }

  function tellDropped(answer: IntakeAnswer | 'over_limits'): void {
    const count = answer !== 'over_limits' && answer.kind === 'taken' ? answer.dropped.length : 0;
    if (count > 0) shell.observe({ kind: 'reminders_dropped', count });
  }

  function contributions(updates: readonly BookingUpdate[]): ReadonlyMap<BookingId, Facts> {
    const offered = new Map<BookingId, Facts>();
    for (const update of updates) {
      for (const [id, facts] of contribution(update, shell.names)) {
        offered.set(id, join(offered.get(id) ?? nothingKnown, facts));
      }
    }
    return offered;
  }

  async function tryOnce(
    offered: ReadonlyMap<BookingId, Facts>,
    first: BookingUpdate,
    done: Map<BookingId, Change>,
  ): PortResult<IntakeAnswer | 'over_limits' | 'conflict'> {
    const found = await load(offered);
    if (found.isErr()) return found;
    const now = shell.clock.now();
    const { policy } = shell;
    const context = { policy, now };
    const steps = [...offered].map(([id, facts]) => step(id, facts, found.value, context));
    if (steps.some(({ change }) => !withinLimits(change.after.facts))) return Ok('over_limits');
    // One after the other, the new booking before the one it replaces: a crash between leaves the link to mend by.
    for (const { change, over } of steps) {
      if (over && canonicalText(change.before) === canonicalText(change.after)) continue;
      const history = historyOf(change, context);
      const crm = history.length > 0 ? 'now' : 'keep';
      const write = bookingWrite(change.after, { over, policy, now, crm, history });
      const saved = await shell.store.save([write]);
      if (saved.isErr()) return saved;
      if (saved.value[0] === 'conflict') return Ok('conflict');
      done.set(change.after.id, change);
      shell.wake(earliest(write.put.lanes.mail, write.put.lanes.crm));
    }
    const changes = steps.map(({ change }) => done.get(change.after.id) ?? change);
    const subject = changes.find(({ after }) => after.id === subjectOf(first, shell.names));
    invariant(subject, 'an update contributes to the booking it is about');
    return Ok(answer(changes, subject, first));
  }

  function answer(changes: readonly Change[], subject: Change, first: BookingUpdate): IntakeAnswer {
    const context = { policy: shell.policy, now: shell.clock.now() };
    if (saysNothing(subject, first.kind)) return { kind: 'ignored', reason: 'unknown_booking' };
    if (changes.some((change) => isVisible(change, context))) return takenAnswer(changes, subject, context);
    const lost = subject.before !== null && lostToNewer(subject.before.facts, subject.offered);
    return { kind: 'ignored', reason: ignoredBecause(lost) };
  }

  async function load(offered: ReadonlyMap<BookingId, Facts>): PortResult<Found> {
    const recipients = [...offered.values()].flatMap((facts) => Object.keys(facts.people) as RecipientId[]);
    const ids = [...[...offered.keys()].map(bookingRecord), ...new Set(recipients.map(personRecord))];
    const found = await shell.store.find(ids);
    if (found.isErr()) return found;
    return Ok(sortOut(found.value));
  }

  return { receive, takeAuthentic, takeFetched };
}

type Updates = Extract<Parsed, { updates: unknown }>['updates'];

interface Found {
  readonly bookings: ReadonlyMap<BookingId, Loaded<BookingRecord>>;
  readonly erasures: readonly { readonly recipient: RecipientId; readonly erasedAt: Instant }[];
}

function sortOut(found: readonly Stored[]): Found {
  const bookings = found.filter(({ kind }) => kind === 'booking').map(readBooking);
  const erasures = found
    .filter(({ kind }) => kind === 'person')
    .flatMap((stored) => {
      const { erasedAt } = readPerson(stored).value;
      return erasedAt ? [{ recipient: recipientOfPerson(stored), erasedAt }] : [];
    });
  return { bookings: new Map(bookings.map((loaded) => [loaded.value.id, loaded])), erasures };
}

/** One booking's change: what is known joined with what is offered, and with the erasures of the people in it. */
function step(
  id: BookingId,
  offered: Facts,
  { bookings, erasures }: Found,
  context: { readonly policy: Shell['policy']; readonly now: Instant },
): { readonly change: Change; readonly over: Stored | null } {
  const loaded = bookings.get(id) ?? null;
  const known = loaded?.value ?? null;
  const joined = erasures
    .filter(({ recipient }) => offered.people[recipient])
    .map(({ recipient, erasedAt }) => ({
      ...nothingKnown,
      people: { [recipient]: { ...personUnknown, erasedAt } },
    }))
    .reduce(join, join(known?.facts ?? nothingKnown, offered));
  const record = withUselessSkipped(known, { id, facts: joined, ledger: known?.ledger ?? {} }, context);
  return { change: { before: known, after: record, offered }, over: loaded?.stored ?? null };
}

function isTooOld({ time, saidAt }: BookingUpdate, now: Instant): boolean {
  const moment = time?.endAt ?? saidAt;
  return moment !== null && isBefore(moment, before(now, retention));
}

/** Then one of the two, the source or this process, has time zone data that is out of date. */
function saysOtherOffset({ time, offsets = [] }: BookingUpdate): boolean {
  return offsets.some(
    ({ timeZone, minutes }) =>
      time !== null && offsetAt(timeZone, time.startAt.epochMilliseconds) !== minutes * 60_000,
  );
}

/** Exactly one content type, JSON, in UTF-8, not compressed. */
function isPlainJson({ headers }: WebhookDelivery): boolean {
  const types = headers['content-type'] ?? [];
  const encodings = headers['content-encoding'] ?? [];
  const [type] = types;
  return (
    types.length === 1 &&
    type !== undefined &&
    /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type) &&
    encodings.every((encoding) => encoding === 'identity')
  );
}
