// The send protocol, one reminder's entry at a time: pure transitions between the states of the kernel's section 4.
//
// A send is claimed before it is made and settled after; a claim nobody settled becomes an unknown outcome once its
// lease is over. Unknown never turns straight into a second send.
import type { AttemptId, RecipientId } from './ids.ts';
import { invariant } from './invariant.ts';
import type { Attempt, Delivery, Final, LedgerEntry } from './ledger-types.ts';
import type { Policy, Rule } from './policy.ts';
import type { Channel, Mailer, PortError } from './ports.ts';
import { after, type Duration, type Instant, isBefore, milliseconds, Temporal } from './temporal.ts';
import { textFor } from './texts.ts';

const seconds = (count: number): Duration => Temporal.Duration.from({ seconds: count });
/** A claimed send that has not begun by then must not begin. */
const startWithin = seconds(2);
/** From the claim on; longer than starting and the time-out of the send together, by more than 5 s. */
const lease = seconds(20);
export const sendTimeout = seconds(10);
/** Between two tries: a minute after a mailer is back everything that waited for it has left (invariant 15). */
const longestWait = seconds(45);
/** Refused attempts kept per reminder; older ones are forgotten. */
const refusedKept = 5;
/** Attempts at one reminder that were or may have been accepted. */
const mostReached = 2;

export function newEntry(reminder: {
  readonly rule: Rule;
  readonly recipient: RecipientId;
  readonly startAt: Instant;
  readonly dueAt: Instant;
}): LedgerEntry {
  const { rule, recipient, startAt, dueAt } = reminder;
  const text = textFor(rule, recipient);
  return {
    rule: rule.name,
    recipient,
    startAt,
    dueAt,
    attempts: [],
    final: null,
    retryAt: null,
    waiting: null,
    ...(text && { text }),
  };
}

/** The attempt that is running, as far as the entry tells. */
export function running(entry: LedgerEntry): Attempt | null {
  return entry.attempts.find(({ outcome }) => outcome === null) ?? null;
}

export function wasAccepted(entry: LedgerEntry): boolean {
  return entry.attempts.some(({ outcome }) => outcome === 'accepted');
}

export function wasAcceptedBy(entry: LedgerEntry, channel: Channel): boolean {
  return entry.attempts.some((attempt) => attempt.outcome === 'accepted' && channelOf(attempt) === channel);
}

/** Whether no further attempt may be made, whatever its way: two were or may have been accepted. */
export function isSpent({ attempts }: LedgerEntry): boolean {
  return attempts.filter(mayHaveReached).length >= mostReached;
}

/** The channel asked for patience until then. */
export function holdBack(entry: LedgerEntry, until: Instant): LedgerEntry {
  return { ...entry, retryAt: until, waiting: 'mailer_unavailable' };
}

/** Whether an attempt runs, or nobody knows yet what became of one. */
export function isOpen(entry: LedgerEntry): boolean {
  return !entry.final && !wasAccepted(entry) && (running(entry) !== null || doubts(entry) > 0);
}

/** Attempts of unknown outcome so far. */
export function doubts(entry: LedgerEntry): number {
  return entry.attempts.filter(({ outcome }) => outcome === 'unknown').length;
}

/** The way an attempt went. */
export function channelOf(attempt: { readonly by?: Attempt['by'] | undefined } | null | undefined): Channel {
  return attempt?.by?.channel ?? 'mail';
}

/** `by`: the way it goes, where that is not mail. What was settled of another way is open again. */
export function claim(entry: LedgerEntry, id: AttemptId, now: Instant, by?: Attempt['by']): LedgerEntry {
  const attempt: Attempt = {
    id,
    at: now,
    startBy: after(now, startWithin),
    leaseUntil: after(now, lease),
    outcome: null,
    words: null,
    messageId: null,
    delivery: null,
    ...(by && { by }),
  };
  const refused = entry.attempts.filter(({ outcome }) => outcome === 'refused' || outcome === 'released');
  const forgotten = new Set(refused.slice(0, -refusedKept));
  const kept = entry.attempts.filter((earlier) => !forgotten.has(earlier));
  return { ...entry, attempts: [...kept, attempt], final: null, retryAt: null, waiting: null };
}

export function mayStart(attempt: Attempt, now: Instant): boolean {
  return !isBefore(attempt.startBy, now);
}

/** What became of a claimed send. */
export type Settlement =
  | { readonly kind: 'released' }
  | { readonly kind: 'accepted'; readonly messageId: string | null }
  | { readonly kind: 'failed'; readonly error: PortError };

export function settle(
  entry: LedgerEntry,
  id: AttemptId,
  settlement: Settlement,
  { now, doubtWait }: { readonly now: Instant; readonly doubtWait: Duration },
): LedgerEntry {
  const attempt = entry.attempts.find((known) => known.id === id);
  // A delivery event, or the end of the lease, may have settled it first: then only news of acceptance counts.
  if (!attempt || (attempt.outcome !== null && settlement.kind !== 'accepted')) return entry;
  if (settlement.kind === 'accepted') {
    return accepted(entry, { ...attempt, messageId: settlement.messageId });
  }
  if (settlement.kind === 'released') return withAttempt(entry, { ...attempt, outcome: 'released' });
  const { error } = settlement;
  if (error.kind === 'unknown')
    return inDoubt(entry, { ...attempt, words: error.reason }, after(now, doubtWait));
  const refused = withAttempt(entry, { ...attempt, outcome: 'refused', words: error.reason });
  if (error.kind === 'rejected') {
    // An earlier attempt may turn out to have been accepted while this one ran: then the reminder was sent.
    return wasAcceptedBy(refused, channelOf(attempt))
      ? refused
      : finish(refused, { state: 'refused', reason: 'mailer_rejected', at: now });
  }
  const refusals = refused.attempts.filter(({ outcome }) => outcome === 'refused').length;
  const wait = error.retryAfter ?? backOff(refusals, longestWait);
  return { ...refused, retryAt: after(now, wait), waiting: 'mailer_unavailable' };
}

/**
 * Whoever finds a lease over without an outcome does not know what happened; `fate` is what the mailer can tell of it.
 */
export function expire(
  entry: LedgerEntry,
  fate: Settlement | null,
  context: { readonly now: Instant; readonly doubtWait: Duration },
): LedgerEntry {
  const { now, doubtWait } = context;
  const attempt = running(entry);
  if (!attempt || isBefore(now, attempt.leaseUntil)) return entry;
  return fate ? settle(entry, attempt.id, fate, context) : inDoubt(entry, attempt, after(now, doubtWait));
}

function inDoubt(entry: LedgerEntry, attempt: Attempt, retryAt: Instant): LedgerEntry {
  return { ...withAttempt(entry, { ...attempt, outcome: 'unknown' }), retryAt, waiting: 'outcome_unknown' };
}

/** The provider took it, whatever was thought before: a reminder of unknown outcome was sent after all. */
function accepted(entry: LedgerEntry, attempt: Attempt): LedgerEntry {
  // One that was refused, and of which a report says otherwise, stays refused where two others count already.
  if (!hasRoom(entry, attempt)) return withAttempt(entry, attempt);
  const { final } = entry;
  return {
    ...withAttempt(entry, { ...attempt, outcome: 'accepted' }),
    final: final?.state === 'unknown' ? null : final,
    retryAt: null,
    waiting: null,
  };
}

/** Whether the entry stays within two attempts that were or may have been accepted if this one was, too. */
function hasRoom({ attempts }: LedgerEntry, { id }: Attempt): boolean {
  return attempts.filter((other) => other.id !== id && mayHaveReached(other)).length < mostReached;
}

/** Accepted, running or unknown. */
export function mayHaveReached({ outcome }: Attempt): boolean {
  return outcome !== 'refused' && outcome !== 'released';
}

export function finish(entry: LedgerEntry, final: Final): LedgerEntry {
  return { ...entry, final, retryAt: null };
}

/** What a provider's event says about an attempt; `accepted`: it took the message, nothing more is known. */
export type Report = 'accepted' | Delivery;

/** As in `Delivery`: no two are equally strong, so that reports in any order end in the same. */
const strength: { readonly [R in Report]: number } = {
  accepted: 0,
  delivered: 1,
  blocked: 2,
  bounced: 3,
  dropped: 4,
  complained: 5,
  unsubscribed: 6,
};

/** An event moves an attempt upward only: an unknown one was accepted after all, a report never weakens another. */
export function report(entry: LedgerEntry, id: AttemptId, said: Report): LedgerEntry {
  const attempt = entry.attempts.find((known) => known.id === id);
  if (!attempt) return entry;
  const stronger = strength[said] > strength[attempt.delivery ?? 'accepted'];
  if (attempt.outcome === 'accepted' && !stronger) return entry;
  return accepted(entry, stronger && said !== 'accepted' ? { ...attempt, delivery: said } : attempt);
}

export function waitFor(policy: Policy, doubt: Mailer['doubt']): Duration {
  return policy.doubtWait[doubt];
}

/** 4 s after the first refusal, then four times as long each time, at most `longest`. */
export function backOff(tries: number, longest: Duration): Duration {
  const grown = seconds(4 ** Math.max(1, Math.min(tries, 5)));
  return milliseconds(grown) < milliseconds(longest) ? grown : longest;
}

function withAttempt(entry: LedgerEntry, changed: Attempt): LedgerEntry {
  return {
    ...entry,
    attempts: entry.attempts.map((attempt) => (attempt.id === changed.id ? changed : attempt)),
  };
}

/** Checked whenever a ledger is written or read. */
export function assertEntry(entry: LedgerEntry): void {
  const reached = entry.attempts.filter(({ outcome }) => outcome === 'accepted' || outcome === 'unknown');
  invariant(
    reached.length <= mostReached,
    'a reminder has at most two attempts that were or may have been accepted',
  );
  invariant(
    entry.attempts.filter(({ outcome }) => outcome === null).length <= 1,
    'a reminder has at most one running attempt',
  );
  for (const { startBy, leaseUntil } of entry.attempts) {
    const margin = leaseUntil.epochMilliseconds - startBy.epochMilliseconds - milliseconds(sendTimeout);
    invariant(margin > 5_000, 'a lease outlasts the time-out of its send by more than 5 s');
  }
}
