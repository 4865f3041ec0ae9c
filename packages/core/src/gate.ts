// The gate: what to do about one reminder at one moment, from fresh facts. Also what state it is in.
import { channelNow, isOpen, ownerOf, wordsOf } from './channel.ts';
import { type MailFacts, missingFacts } from './content.ts';
import type { Facts } from './facts.ts';
import { type RecipientId, theHost } from './ids.ts';
import { doubts, isSpent, isOpen as isUnsettled, mayHaveReached, running, wasAccepted } from './ledger.ts';
import type { Ledger, LedgerEntry } from './ledger-types.ts';
import { mailFacts } from './mail-facts.ts';
import type { PersonRecord } from './person.ts';
import { followsUp, isForAbsent, type PlannedReminder } from './plan.ts';
import { type Policy, rulesFor } from './policy.ts';
import type { Channel } from './ports.ts';
import type { DropReason, MissReason, Reason, UnknownReason, WaitReason } from './reasons.ts';
import { attendanceOf, attending, hasMovedAway, standingOf } from './standing.ts';
import { before, earliest, type Instant, isBefore, latest, Temporal } from './temporal.ts';
import type { ReminderState } from './views.ts';
import { whyNotAsked } from './who-came.ts';

export type Verdict =
  | { readonly act: 'send'; readonly facts: MailFacts; readonly channel: Channel }
  | { readonly act: 'wait'; readonly until: Instant; readonly reason: WaitReason | null }
  | { readonly act: 'drop'; readonly reason: DropReason }
  | { readonly act: 'miss'; readonly reason: MissReason }
  /** An unknown outcome that no further attempt will settle. */
  | { readonly act: 'give_up'; readonly reason: UnknownReason }
  /** The lease of a running attempt is over. */
  | { readonly act: 'expire' }
  | { readonly act: 'nothing' };

export interface Case {
  readonly reminder: PlannedReminder;
  readonly facts: Facts;
  readonly entry: LedgerEntry | null;
  /** Null: nothing is known about the recipient beyond the booking. */
  readonly person: PersonRecord | null;
  /** The same of the number they may be texted at. */
  readonly phone: PersonRecord | null;
  /** All bookings of the recipient, where the rule asks for them (after a no-show); null: they were not looked at. */
  readonly bookings: readonly { readonly facts: Facts; readonly ledger: Ledger }[] | null;
  readonly policy: Policy;
  readonly now: Instant;
}

export function judge(one: Case): Verdict {
  const { reminder, facts, entry, policy, now } = one;
  if (reminder.skip && !(entry && isUnsettled(entry))) return { act: 'nothing' };
  const objection = dropReason(reminder, facts) ?? personalReason(one);
  const channel = channelNow(one, objection === null);
  if (!channel) return { act: 'nothing' };
  const attempt = entry && running(entry);
  if (attempt) {
    const over = !isBefore(now, attempt.leaseUntil);
    return over ? { act: 'expire' } : { act: 'wait', until: attempt.leaseUntil, reason: null };
  }
  const inDoubt = entry !== null && doubts(entry) > 0;
  if (inDoubt && entry.retryAt && isBefore(now, entry.retryAt)) {
    return { act: 'wait', until: entry.retryAt, reason: 'outcome_unknown' };
  }
  const unwanted = objection ?? suppressedReason(one, channel);
  const over = !isBefore(now, reminder.usefulUntil);
  const closed = !isOpen(channel, one);
  if (inDoubt) {
    const unasked = unwanted || reminder.skip;
    const last = unasked || over || closed || isSpent(entry) || policy.afterUnknown === 'never_resend';
    if (last) return { act: 'give_up', reason: 'no_answer' };
  }
  if (unwanted) return { act: 'drop', reason: unwanted };
  if (over) return { act: 'miss', reason: missReason(one, channel) };
  const notBefore = latest(reminder.dueAt, entry?.retryAt ?? null);
  if (notBefore && isBefore(now, notBefore)) {
    return { act: 'wait', until: notBefore, reason: entry?.waiting ?? null };
  }
  if (closed) return { act: 'miss', reason: 'texting_hours' };
  const lacking = lack(one, channel);
  if (lacking) return { act: 'wait', until: reminder.usefulUntil, reason: lacking };
  if (capReached(one, channel)) return { act: 'drop', reason: 'daily_cap' };
  // A second attempt at one message is no further message.
  if (!inDoubt && monthIsFull(one)) return { act: 'drop', reason: 'monthly_cap' };
  return { act: 'send', facts: mailFacts(reminder, facts, policy, now), channel };
}

/** Why a planned reminder is not wanted any more, by the facts alone; null: it is. */
export function dropReason(reminder: PlannedReminder, facts: Facts): DropReason | null {
  const { recipient, startAt, rule } = reminder;
  const person = facts.people[recipient];
  if (person?.erasedAt && person.details?.value.email == null) return 'erased';
  const standing = standingOf(facts);
  if (standing === 'unknown') return 'awaiting';
  if (standing !== 'agreed') return standing;
  if (facts.time?.value.startAt.epochMilliseconds !== startAt.epochMilliseconds) return 'superseded';
  if (recipient === theHost) return whyNotAsked(facts);
  if (!attending(facts).includes(recipient))
    return hasMovedAway(facts, recipient) ? 'superseded' : 'recipient_left';
  return followsUp(rule) ? reasonAfter(reminder, facts) : null;
}

/** What follows a call is for one of two: those who came, or those who did not. Where the host did not come, for nobody. */
function reasonAfter({ recipient, rule }: PlannedReminder, facts: Facts): DropReason | null {
  if (facts.hostNoShow?.value) return 'host_absent';
  const wasAbsent = attendanceOf(facts, recipient)?.came === false;
  if (wasAbsent === isForAbsent(rule)) return null;
  return wasAbsent ? 'no_show' : 'attended';
}

/** Whether a reminder will be sent as things stand. */
export function isLive({ reminder, facts, entry }: Pick<Case, 'reminder' | 'facts' | 'entry'>): boolean {
  if (reminder.skip || dropReason(reminder, facts)) return false;
  return !entry || (!entry.final && !wasAccepted(entry));
}

/** Those who did not come and to whom that may still be said: what is said rests on their other bookings. */
export function stillMissed(cases: readonly Case[]): readonly RecipientId[] {
  return cases
    .filter((one) => isForAbsent(one.reminder.rule) && isLive(one))
    .map(({ reminder }) => reminder.recipient);
}

function suppressedReason(one: Case, channel: Channel): DropReason | null {
  return ownerOf(one, channel)?.suppressed ? 'suppressed' : null;
}

function personalReason(one: Case): DropReason | null {
  const { person, reminder, facts } = one;
  const { recipient } = reminder;
  const details = recipient === theHost ? facts.host : facts.people[recipient]?.details;
  const said = details?.stamp.saidAt ?? null;
  if (person?.erasedAt && !(said && isBefore(person.erasedAt, said))) return 'erased';
  return hasLaterCall(one) ? 'rebooked' : null;
}

/** Whether the recipient has, or asked for, a call that starts later: one that was held since counts, too. */
function hasLaterCall({ bookings, reminder: { recipient, startAt } }: Case): boolean {
  return (bookings ?? []).some(
    ({ facts }) =>
      facts.time && isBefore(startAt, facts.time.value.startAt) && hasOrAskedFor(facts, recipient),
  );
}

/** Of a call that is only asked for it is not known yet who takes part. */
function hasOrAskedFor(facts: Facts, recipient: RecipientId): boolean {
  const standing = standingOf(facts);
  if (standing === 'awaiting') return recipient in facts.people;
  return standing === 'agreed' && attending(facts).includes(recipient);
}

function missReason(one: Case, channel: Channel): MissReason {
  const waiting = lack(one, channel) ?? one.entry?.waiting;
  return waiting && waiting !== 'outcome_unknown' ? waiting : 'too_late';
}

/** What a text cannot do without: a link that is still to come, or a fact it declares. */
function lack({ reminder, facts, policy, now }: Case, channel: Channel): 'no_link' | 'fact_missing' | null {
  // Who did not come is not waiting for the link any more, nor is the host.
  const isOver = isForAbsent(reminder.rule) || reminder.recipient === theHost;
  if (facts.place?.value.kind === 'pending' && !isOver) return 'no_link';
  const text = wordsOf(reminder, channel, policy);
  return missingFacts(text, mailFacts(reminder, facts, policy, now)).length > 0 ? 'fact_missing' : null;
}

const day = Temporal.Duration.from({ hours: 24 });

/** A person is one whatever the way; a number may be that of several people. */
function capReached(one: Case, channel: Channel): boolean {
  const most = one.policy.messagesPerDay;
  if (most === null) return false;
  const since = one.now.subtract(day);
  return [one.person, ownerOf(one, channel)].some(
    (known) => known !== null && known.sent.filter(({ at }) => isBefore(since, at)).length >= most,
  );
}

const month = Temporal.Duration.from({ hours: 24 * 30 });

/** Counted over all bookings, each by its own rules, by what was claimed, but for what surely never went out. */
function monthIsFull({ bookings, reminder, policy, now }: Case): boolean {
  if (!bookings || policy.rebooksPerMonth === null) return false;
  const since = before(now, month);
  const reached = bookings
    .flatMap(({ facts, ledger }) => {
      const names = new Set(
        rulesFor(facts, policy, reminder.recipient)
          .filter(isForAbsent)
          .map(({ name }) => name),
      );
      return Object.values(ledger).filter(({ rule }) => names.has(rule));
    })
    .filter(({ recipient }) => recipient === reminder.recipient)
    .filter(({ attempts }) =>
      attempts.some((attempt) => mayHaveReached(attempt) && isBefore(since, attempt.at)),
    );
  return reached.length >= policy.rebooksPerMonth;
}

/** When the booking's mail lane is next due: the earliest moment at which some reminder needs somebody to look. */
export function nextMailAt(cases: readonly Case[]): Instant | null {
  return earliest(...cases.map(lookAt));
}

function lookAt(one: Case): Instant | null {
  const verdict = judge(one);
  switch (verdict.act) {
    case 'nothing':
    case 'drop':
      return null;
    case 'wait':
      return verdict.until;
    case 'send':
    case 'miss':
      return one.reminder.dueAt;
    case 'expire':
    case 'give_up':
      return one.now;
  }
}

/** The state an operator sees, and its reason. */
export function stateOf(one: Case): { readonly state: ReminderState; readonly reason: Reason | null } {
  const { reminder, facts, entry } = one;
  if (entry && wasAccepted(entry)) return { state: 'sent', reason: null };
  if (entry && running(entry)) return { state: 'sending', reason: null };
  if (entry?.final) return { state: entry.final.state, reason: entry.final.reason };
  if (entry && doubts(entry) > 0) return { state: 'unknown', reason: 'outcome_unknown' };
  if (reminder.skip) return { state: 'skipped', reason: reminder.skip };
  const objection = dropReason(reminder, facts) ?? personalReason(one);
  const channel = channelNow(one, objection === null);
  const unwanted = objection ?? (channel && suppressedReason(one, channel));
  if (unwanted) return { state: 'dropped', reason: unwanted };
  return { state: 'planned', reason: entry?.waiting ?? null };
}
