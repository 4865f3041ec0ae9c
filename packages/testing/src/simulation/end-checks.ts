// What must hold once the faults have stopped and everything had its time.

import type { CrmContact } from './crm-system.ts';
import type { Database } from './database.ts';
import { strengths } from './delivery-events.ts';
import { type Drain, drainAfter, punctualMs } from './drain.ts';
import type { Heard } from './heard.ts';
import { iso, shown } from './in-words.ts';
import type { Oracle } from './oracle.ts';
import type { PolicySpec } from './policies.ts';
import type { Reading } from './reading.ts';
import type { ReadReminder } from './reading-reminders.ts';
import { type KeptBooking, type KeptEntry, keptBooking, uidOf } from './records.ts';
import { bookingIdOf } from './source.ts';

export interface EndContext {
  readonly heard: Heard;
  readonly database: Database;
  readonly oracle: Oracle;
  readonly contacts: readonly CrmContact[];
  /** Addresses of which the CRM refused some write for good. */
  readonly refusedByCrm: ReadonlySet<string>;
  readonly policy: PolicySpec;
  readonly troubles: ReadonlySet<string>;
  /** From then on nothing failed. */
  readonly calmMs: number;
  /** From then on every worker had this policy. */
  readonly policyMs: number;
  readonly nowMs: number;
  /** Store or mailer were away, by intervals. */
  readonly outages: readonly { readonly fromMs: number; readonly toMs: number }[];
  /** The one outage of the mailer after everything else had come to rest. */
  readonly lateOutage: { readonly fromMs: number; readonly toMs: number } | null;
  readonly wasRestored: boolean;
}

interface Checking extends EndContext {
  readonly drain: Drain;
}

/** A booking as told and as kept, where they agree. */
export interface Settled {
  readonly uid: string;
  readonly reading: Reading;
  readonly kept: KeptBooking;
}

/** With faults of single calls, but no outage, this is time enough for any reminder. */
const longEnoughMs = 6 * 3_600_000;

export function checkEnd(context: EndContext): readonly Settled[] {
  const { heard, policy, lateOutage } = context;
  const reminders = heard.uids().flatMap((uid) => heard.fullReading(uid, policy).reminders);
  const drain = drainAfter(
    lateOutage,
    reminders.filter(({ isWanted }) => isWanted),
  );
  const settled = heard.uids().flatMap((uid) => checkBooking(uid, { ...context, drain }) ?? []);
  checkLanes(context);
  return settled;
}

function checkBooking(uid: string, context: Checking): Settled | null {
  const { heard, database, oracle, policy } = context;
  const stored = database.record(`booking:${bookingIdOf(uid)}` as Parameters<Database['record']>[0]);
  const kept = keptBooking(stored);
  const readings = heard.readings(uid, policy);
  const answered = heard.words(uid).filter(({ answeredMs }) => answeredMs < Infinity);
  if (!kept) {
    if (answered.length > 0) oracle.violate(1, `${uid} was answered for and is not in the store`);
    return null;
  }
  if (!readings) return null;
  const reading = readings.find((one) => agrees(one, kept));
  if (!reading) {
    oracle.violate(
      isLost(readings, kept) ? 1 : 4,
      `${uid} is not as it was told: ${JSON.stringify({ start: kept.facts.time?.value, cancelled: kept.facts.cancelled !== null, replacedBy: Object.keys(kept.facts.replacedBy) })}, told ${readings.map(({ standing, startMs }) => `${standing} ${iso(startMs ?? Number.NaN)}`).join(' or ')}`,
    );
    return null;
  }
  // A policy that comes after the end of a call asks for nothing about it.
  const isPlanned =
    !isUnplannable(kept, policy) && reading.endMs !== null && reading.endMs > context.policyMs;
  for (const reminder of isPlanned ? reading.reminders : []) checkReminder({ uid, kept, reminder }, context);
  for (const [key, entry] of Object.entries(kept.ledger)) {
    checkEntry({ uid, kept, key }, entry, context);
    for (const attempt of entry.attempts) {
      oracle.checkHeard(attempt, key);
      const said = oracle.strongest(attempt.id);
      if (
        said === null ||
        (attempt.outcome === 'accepted' && strengths[attempt.delivery ?? 'accepted'] >= strengths[said])
      )
        continue;
      oracle.violate(
        1,
        `${shown(key)} was reported as ${said}, which was answered for, and counts as ${attempt.outcome} ${attempt.delivery}`,
      );
    }
  }
  return { uid, reading, kept };
}

/** Its rules throw: nothing can be due about it, and it may delay nobody. */
function isUnplannable({ facts }: KeptBooking, { isPoisoned }: PolicySpec): boolean {
  return isPoisoned && facts.about?.value.eventType === 'poison';
}

/** By what the record says of itself, as far as the standing rests on it. */
function agrees(reading: Reading, { facts }: KeptBooking): boolean {
  const isReplaced = Object.values(facts.replacedBy).some(({ allAt }) => allAt !== null);
  const startMs = facts.time?.value.startAt ?? null;
  switch (reading.standing) {
    case 'superseded':
      return isReplaced;
    case 'cancelled':
      return facts.cancelled !== null || reading.seated;
    case 'agreed':
      return startMs === reading.startMs && (reading.seated || (facts.cancelled === null && !isReplaced));
    default:
      return reading.seated || (facts.cancelled === null && !isReplaced);
  }
}

function isLost(readings: readonly Reading[], { facts }: KeptBooking): boolean {
  const standings = readings.map(({ standing }) => standing);
  if (standings.every((standing) => standing === 'cancelled')) return facts.cancelled === null;
  return standings.every((standing) => standing === 'superseded');
}

function checkReminder(
  {
    uid,
    kept,
    reminder,
  }: { readonly uid: string; readonly kept: KeptBooking; readonly reminder: ReadReminder },
  context: Checking,
): void {
  const { heard, oracle, nowMs, calmMs, drain } = context;
  if (
    !reminder.isWanted ||
    reminder.usefulUntilMs > nowMs - punctualMs ||
    reminder.usefulUntilMs < context.policyMs
  )
    return;
  const found = Object.entries(kept.ledger).find(([key, entry]) => {
    return (
      emailOf(kept, entry.recipient) === reminder.email &&
      entry.rule === reminder.rule &&
      Date.parse(key.split('|')[1] ?? '') === reminder.startMs
    );
  });
  if (oracle.wasErased(reminder.email)) return;
  const [key, entry] = found ?? [
    `${bookingIdOf(uid)}|${new Date(reminder.startMs).toISOString()}|${reminder.rule}|?`,
    null,
  ];
  const wasAccepted = entry?.attempts.some(({ outcome }) => outcome === 'accepted') ?? false;
  // Who has another call is not written to, and what was taken back before may have ended it.
  if (reminder.forAbsent && mayBeOver(reminder, entry, context)) return;
  if (!wasAccepted && !entry?.final) {
    oracle.violate(12, `${shown(key)} came to no end: ${JSON.stringify(entry?.attempts ?? 'never tried')}`);
    return;
  }
  const knownMs = heard.lastAnsweredMs(uid);
  const firstMs = oracle.sent().get(key)?.[0] ?? Infinity;
  // An earlier policy may have had it tried before, by a worker whose clock is seconds ahead.
  if (entry?.attempts.some(({ at }) => at < calmMs + punctualMs)) return;
  // With a daily cap, a person's other bookings bear on this one.
  if (
    entry?.final?.reason === 'daily_cap' ||
    reminder.dueMs < calmMs + punctualMs ||
    knownMs > reminder.dueMs
  )
    return;
  if (firstMs === Infinity && ['no_link', 'suppressed', 'texting_hours'].includes(entry?.final?.reason ?? ''))
    return;
  const untilMs = drain.untilMs(reminder.dueMs);
  // What loses its use while the mailer is away, or while others leave before it, is missed.
  if (firstMs > untilMs && reminder.usefulUntilMs > untilMs)
    oracle.violate(
      context.policy.isPoisoned ? 18 : 15,
      `${shown(key)} was due at ${iso(reminder.dueMs)} with everybody well, and went out at ${iso(firstMs)} (${entry?.final?.reason ?? ''})`,
    );
}

function emailOf({ facts }: KeptBooking, recipient: string): string | undefined {
  return facts.people[recipient]?.details?.value.email?.toLowerCase();
}

function mayBeOver(
  { email, startMs }: ReadReminder,
  entry: KeptEntry | null,
  { oracle, policy }: EndContext,
): boolean {
  return entry?.final?.state === 'dropped' || oracle.mayHaveAnother(email, startMs, policy);
}

/** Of the finals: what was missed had no time to go out. */
function checkEntry(
  { uid, kept, key }: { readonly uid: string; readonly kept: KeptBooking; readonly key: string },
  { final, attempts, recipient }: KeptEntry,
  context: EndContext,
): void {
  const { heard, oracle, policy, outages, policyMs } = context;
  if (final?.state !== 'missed' || final.reason !== 'too_late' || context.wasRestored) return;
  // By another policy it may have been of use for a shorter time.
  if (final.at < policyMs) return;
  const { reminders } = heard.fullReading(uid, policy);
  const reminder = reminders.find(
    (one) =>
      one.email === emailOf(kept, recipient) &&
      key.includes(`|${one.rule}|`) &&
      Date.parse(key.split('|')[1] ?? '') === one.startMs,
  );
  if (!reminder) return;
  const knownMs = Math.max(
    ...heard.words(uid).map(({ answeredMs, heardMs }) => (answeredMs < Infinity ? answeredMs : heardMs)),
  );
  const fromMs = Math.max(reminder.dueMs, knownMs, policyMs);
  const awayMs = outages.reduce(
    (sum, { fromMs: a, toMs: b }) =>
      sum + Math.max(0, Math.min(b, reminder.usefulUntilMs) - Math.max(a, fromMs)),
    0,
  );
  if (reminder.usefulUntilMs - fromMs - awayMs > longEnoughMs) {
    oracle.violate(15, `${shown(key)} was missed with hours to spare: ${JSON.stringify(attempts)}`);
  }
}

/** Nothing is due and left lying, and what cannot be worked on is shown to somebody. */
function checkLanes({ database, oracle, nowMs, policy, troubles }: EndContext): void {
  for (const record of database.records()) {
    const { id, lanes } = record;
    const kept = keptBooking(record);
    // All calls are over: what is still looked at is looked at in vain.
    if (kept && isUnplannable(kept, policy) && lanes.mail && !troubles.has('record_failed'))
      oracle.violate(18, `${kept.uid} cannot be planned, and nobody was told`);
    for (const [lane, at] of Object.entries(lanes)) {
      if (at && at.epochMilliseconds < nowMs - 10 * 60_000) {
        oracle.violate(
          12,
          `${id.split(':')[0]} ${record.kind === 'booking' ? uidOf(id) : ''} has been due in the ${lane} lane since ${iso(at.epochMilliseconds)}`,
        );
      }
    }
  }
}
