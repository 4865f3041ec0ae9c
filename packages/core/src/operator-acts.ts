// What an operator's word changes about one booking: pure decisions. Every guard of the gate holds but the moment.
import { type BookingCase, type BookingRecord, bookingWrite, type Loaded } from './booking-record.ts';
import type { Refusal } from './desk.ts';
import { type Facts, nothingKnown, personUnknown } from './facts.ts';
import { judge, stateOf, type Verdict } from './gate.ts';
import type { RecipientId, ReminderKey } from './ids.ts';
import { doubts, finish, newEntry } from './ledger.ts';
import type { LedgerEntry } from './ledger-types.ts';
import { join } from './merge.ts';
import type { Policy } from './policy.ts';
import { Err, Ok, type Result } from './result.ts';
import { withUselessSkipped } from './skip-useless.ts';
import { attendanceOf } from './standing.ts';
import { after, type Instant, isBefore, latest, Temporal } from './temporal.ts';

/** What an act changes about one booking. */
export interface Change {
  /** Joined with what is known. */
  readonly facts?: Facts;
  readonly ledger?: { readonly [key: ReminderKey]: LedgerEntry };
  readonly what: string;
  readonly detail: { readonly by: string; readonly [name: string]: unknown };
}

/** The write that makes a change. */
export function writeOf(
  { stored, value }: Loaded<BookingRecord>,
  { ledger = {}, facts, what, detail }: Change,
  { policy, now }: { readonly policy: Policy; readonly now: Instant },
): ReturnType<typeof bookingWrite> {
  const changed = {
    ...value,
    ...(facts && { facts: join(value.facts, facts) }),
    ledger: { ...value.ledger, ...ledger },
  };
  const record = withUselessSkipped(value, changed, { policy, now });
  const history = [acted(what, now, detail)];
  return bookingWrite(record, { over: stored, policy, now, crm: facts ? 'now' : 'keep', history });
}

/** The ledger's entry of a planned reminder that an operator drops. */
export function droppedByOperator(one: BookingCase): Result<LedgerEntry, Refusal> {
  const { state, reason } = stateOf(one);
  if (state !== 'planned') return Err(settledReason(state, reason));
  const entry = one.entry ?? newEntry(one.reminder);
  return Ok(finish(entry, { state: 'dropped', reason: 'operator_dropped', at: one.now }));
}

/** What the text may speak about, and its way, if the reminder may go before its moment, or before it would be tried again. */
export function sendableNow(one: BookingCase): Result<Extract<Verdict, { act: 'send' }>, Refusal> {
  const { reminder, entry, now } = one;
  // The wait for news of an unknown outcome is never cut short: it is what keeps a message from being sent twice.
  const waits = entry !== null && doubts(entry) > 0;
  const forward: BookingCase = {
    ...one,
    reminder: { ...reminder, dueAt: isBefore(now, reminder.dueAt) ? now : reminder.dueAt },
    entry: entry && !waits ? { ...entry, retryAt: null } : entry,
  };
  const verdict = judge(forward);
  switch (verdict.act) {
    case 'send':
      return Ok(verdict);
    case 'drop':
    case 'miss':
    case 'give_up':
      return Err(verdict.reason);
    case 'wait':
      return Err(verdict.reason ?? 'being_sent');
    case 'expire':
      return Err('being_sent');
    case 'nothing': {
      const { state, reason } = stateOf(one);
      return Err(settledReason(state, reason));
    }
  }
}

/**
 * What an operator's word, or the host's, on somebody's attendance changes. It is said after any word known so far, also one of a
 * source whose clock is ahead: it is the answer to it. The same word again adds nothing, so that no message waits anew.
 */
export function attendanceMarked(
  facts: Facts,
  {
    person,
    came,
    now,
    by,
  }: {
    readonly person: RecipientId;
    readonly came: boolean;
    readonly now: Instant;
    readonly by: string;
  },
): Result<Change, Refusal> {
  const known = facts.people[person];
  if (!known) return Err('no_such_person');
  if (!facts.time || isBefore(now, facts.time.value.startAt)) return Err('not_begun');
  const said = { what: came ? 'attended' : 'no_show', detail: { by } };
  if (attendanceOf(facts, person)?.came === came) return Ok({ ...said, facts: nothingKnown });
  const before = known.noShow?.stamp.saidAt;
  const saidAt = latest(now, before ? after(before, instant) : null);
  const noShow = { value: !came, stamp: { saidAt, rank: 0 } };
  const people = { [person]: { ...personUnknown, noShow } };
  return Ok({ ...said, facts: { ...nothingKnown, people } });
}

const instant = Temporal.Duration.from({ milliseconds: 1 });

function settledReason(
  state: ReturnType<typeof stateOf>['state'],
  reason: ReturnType<typeof stateOf>['reason'],
): Refusal {
  return reason ?? (state === 'sending' ? 'being_sent' : 'already_sent');
}

/** The history's entry of an act. `by` is cut to what a history may hold. */
export function acted(
  what: string,
  at: Instant,
  detail: { readonly by: string; readonly [name: string]: unknown },
): { readonly at: Instant; readonly what: string; readonly detail: { readonly [name: string]: unknown } } {
  return {
    at,
    what,
    detail: { ...detail, by: detail.by.replace(/[^\w .-]/g, '').slice(0, 40) || 'operator' },
  };
}
