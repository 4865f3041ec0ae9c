// Which reminders a policy asks for. Pure, and without a clock: what was too late is judged by the moment of agreement.
import { quietHoursOf, wordsOf } from './channel.ts';
import type { Facts } from './facts.ts';
import { type BookingId, type RecipientId, type ReminderKey, theHost } from './ids.ts';
import { type Policy, type Rule, rulesFor } from './policy.ts';
import type { Channel } from './ports.ts';
import type { SkipReason } from './reasons.ts';
import { type Attendance, agreedAt, attendanceOf, concerned } from './standing.ts';
import { type Instant, instantAt, isBefore, isoText, milliseconds, sameMoment } from './temporal.ts';
import { textDueAt, textUntil, whyNotTexted } from './texting.ts';
import { outsideQuietHours, wallClockBefore, zoneOf } from './wall-clock.ts';

/** One message that the policy asks for: to one recipient, about one start, by one rule. */
export interface PlannedReminder {
  readonly rule: Rule;
  /** The rule's, or what it falls back to where there is no address for that. */
  readonly channel: Channel;
  readonly recipient: RecipientId;
  readonly startAt: Instant;
  /** What its rule asks for; later than `dueAt` where quiet hours moved it. */
  readonly askedAt: Instant;
  /** Exact: a send never precedes it. Of one skipped for its own moment: the one its rule asked for. */
  readonly dueAt: Instant;
  /** From this moment on the reminder is of no use; for a skipped one that is `dueAt`. */
  readonly usefulUntil: Instant;
  /** Why it will not be sent however things stand; null: it will be, unless it is dropped. */
  readonly skip: SkipReason | null;
}

/**
 * The reminders about `startAt` (the present start where left out), per recipient in the order they fall due, those
 * after a no-show last, and the host's after everybody's; none when that start was never agreed. What follows a no-show is planned once something was said
 * of whether the recipient came. Each is due or has one reason to be skipped: the call's comes first (passed, too
 * soon), then the person's (no address, too many), then its own. People who left are still in it: whether a reminder
 * is still wanted is judged at the moment of sending.
 */
export function planReminders(facts: Facts, policy: Policy, startAt?: Instant): readonly PlannedReminder[] {
  if (startAt) return planAbout(facts, policy, startAt);
  const known = plans.get(facts);
  if (known?.policy === policy) return known.plan;
  const plan = planAbout(facts, policy, facts.time?.value.startAt ?? null);
  plans.set(facts, { policy, plan });
  return plan;
}

/** One look at a booking asks for its plan several times: facts and policies never change, so it is kept beside them. */
const plans = new WeakMap<Facts, { readonly policy: Policy; readonly plan: readonly PlannedReminder[] }>();

function planAbout(facts: Facts, policy: Policy, startAt: Instant | null): readonly PlannedReminder[] {
  const time = facts.time?.value;
  if (!time || !startAt) return [];
  return [...concerned(facts, policy.remindGuests), theHost].flatMap((recipient, place) => {
    const agreed = agreedAt(facts, startAt, recipient);
    const rules = rulesFor(facts, policy, recipient).filter(
      (rule) => isToHost(rule) === (recipient === theHost),
    );
    if (!agreed || rules.length === 0) return [];
    const call = callOf(facts, policy, { recipient, place, time, startAt, agreed });
    const usual = rules.filter((rule) => !isForAbsent(rule));
    const plan = inSequence(usual, call);
    return call.attendance ? [...plan, ...inSequence(rules.filter(isForAbsent), call)] : plan;
  });
}

/** Those for people who came and those for people who did not never go to the same person: neither is the other's next. */
function inSequence(rules: readonly Rule[], call: Call): readonly PlannedReminder[] {
  return sequence(rules.map((rule) => draft(rule, call)).reverse(), call);
}

/** `<booking>|<start>|<rule>|<recipient id>`: no address in it. */
export function reminderKey(
  id: BookingId,
  reminder: Pick<PlannedReminder, 'startAt' | 'recipient'> & { rule: { name: string } },
): ReminderKey {
  return `${id}|${isoText(reminder.startAt)}|${reminder.rule.name}|${reminder.recipient}` as ReminderKey;
}

const dayMs = 86_400_000;

/** One call as it concerns one recipient. Moments in milliseconds: this is counted with, for every booking there is. */
interface Call {
  readonly facts: Facts;
  readonly policy: Policy;
  readonly recipient: RecipientId;
  readonly startAt: Instant;
  readonly startMs: number;
  readonly endMs: number;
  readonly agreedMs: number;
  /** Whether the recipient came, as far as it was said; of another start than the present nothing is. */
  readonly attendance: Attendance | null;
  /** Why there is no reminder before the start. */
  readonly callSkip: SkipReason | null;
  readonly tooMany: boolean;
}

function callOf(
  facts: Facts,
  policy: Policy,
  one: {
    readonly recipient: RecipientId;
    readonly place: number;
    readonly time: { readonly startAt: Instant; readonly endAt: Instant };
    readonly startAt: Instant;
    readonly agreed: Instant;
  },
): Call {
  const { recipient, place, time, startAt } = one;
  const startMs = startAt.epochMilliseconds;
  const agreedMs = one.agreed.epochMilliseconds;
  // Only the present end is known; another start is taken to have been as long.
  const endMs = startMs + time.endAt.epochMilliseconds - time.startAt.epochMilliseconds;
  return {
    facts,
    policy,
    recipient,
    startAt,
    startMs,
    endMs,
    agreedMs,
    attendance: sameMoment(startAt, time.startAt) ? attendanceOf(facts, recipient) : null,
    callSkip: leadSkip(startMs - agreedMs, policy),
    tooMany: !facts.seated && recipient !== theHost && place >= policy.recipientsPerBooking,
  };
}

function leadSkip(leadMs: number, { minimumLead }: Policy): SkipReason | null {
  if (leadMs <= 0) return 'meeting_passed';
  return leadMs < milliseconds(minimumLead) ? 'meeting_too_soon' : null;
}

/**
 * Why this person is not reached by this way; null: they are. Somebody whose details were erased counts as reached: that
 * reminder is dropped as erased, not skipped.
 */
function unreached(channel: Channel, { facts, recipient }: Call): SkipReason | null {
  if (recipient === theHost) return facts.host?.value.address ? null : 'no_address';
  const person = facts.people[recipient];
  const details = person?.details?.value;
  if (!details?.email && person?.erasedAt) return null;
  if (channel === 'sms') return whyNotTexted(facts, recipient);
  return details?.email && details.mailable ? null : 'no_address';
}

/** A way that leads to this person: the rule's own unless there is no address for it. */
function channelFor({ channel = 'mail', fallback }: Rule, call: Call): Channel {
  const leads = !fallback || unreached(channel, call) !== 'no_address' || unreached(fallback, call) !== null;
  return leads ? channel : fallback;
}

/** The moment that its rule asks for, where quiet hours moved the reminder away from it; null: they did not. */
export function movedFrom({ askedAt, dueAt }: Pick<PlannedReminder, 'askedAt' | 'dueAt'>): Instant | null {
  return sameMoment(askedAt, dueAt) ? null : askedAt;
}

interface Draft {
  readonly rule: Rule;
  readonly channel: Channel;
  readonly askedAt: Instant;
  readonly dueAt: Instant;
  readonly dueMs: number;
  /** How far from the call its rule puts it. */
  readonly distanceMs: number;
  readonly skip: SkipReason | null;
}

function draft(rule: Rule, call: Call): Draft {
  const channel = channelFor(rule, call);
  const isFollowUp = followsUp(rule);
  const askedAt = momentOf(rule, call);
  const askedMs = askedAt.epochMilliseconds;
  const isLate = askedMs < call.agreedMs || (!isFollowUp && askedMs >= call.startMs);
  const personSkip = unreached(channel, call) ?? (call.tooMany ? 'too_many_recipients' : null);
  const early = (isFollowUp ? null : call.callSkip) ?? personSkip ?? (isLate ? 'moment_passed' : null);
  const movedAt = early ? askedAt : outsideQuiet(askedAt, channel, call);
  // A follow-up moved to before the end would speak of a call that still runs.
  const notBeforeMs = isFollowUp ? Math.max(call.agreedMs, turnMs(rule, call)) : call.agreedMs;
  const movedMs = movedAt.epochMilliseconds;
  const skip = early ?? (movedMs < notBeforeMs ? 'quiet_hours' : null);
  const distanceMs = isFollowUp ? askedMs - call.endMs : call.startMs - askedMs;
  return {
    rule,
    channel,
    askedAt,
    dueAt: skip ? askedAt : movedAt,
    dueMs: skip ? askedMs : movedMs,
    distanceMs,
    skip,
  };
}

function outsideQuiet(askedAt: Instant, channel: Channel, call: Call): Instant {
  const quiet = quietHoursOf(channel, call.policy);
  if (!quiet) return askedAt;
  const moved = channel === 'sms' ? textDueAt : outsideQuietHours;
  return moved(askedAt, quiet, zoneFor(call));
}

/** From when a follow-up counts: the end, or the later moment since which it is known that they did not come. */
function turnMs(rule: Rule, { endMs, attendance }: Call): number {
  if (!isForAbsent(rule) || !attendance) return endMs;
  return Math.max(endMs, attendance.knownAt.epochMilliseconds);
}

function momentOf(rule: Rule, call: Call): Instant {
  const { when } = rule;
  if ('before' in when) return moment(call.startMs - milliseconds(when.before));
  if ('after' in when) return moment(turnMs(rule, call) + milliseconds(when.after));
  if ('afterNoShow' in when) return moment(turnMs(rule, call) + milliseconds(when.afterNoShow));
  return wallClockBefore(call.startAt, when, zoneFor(call));
}

function zoneFor({ facts, recipient }: Call): string {
  return zoneOf(facts.people[recipient]?.details?.value.timeZone, facts.host?.value.timeZone);
}

/**
 * Puts one recipient's reminders in order; `drafts` come last rule first. Of several due by
 * the same way at the same moment the one nearest to the call stays, of equally near ones the one listed last.
 */
function sequence(drafts: Draft[], call: Call): PlannedReminder[] {
  const plan: PlannedReminder[] = [];
  let next: Draft | null = null;
  let together: readonly Draft[] = [];
  for (const one of drafts.sort((a, b) => b.dueMs - a.dueMs || a.distanceMs - b.distanceMs)) {
    const { rule, channel, askedAt, dueAt } = one;
    const { recipient, startAt } = call;
    const [last] = together;
    if (last && last.dueMs !== one.dueMs) {
      next = last;
      together = [];
    }
    const overtaken = together.some((other) => other.channel === channel);
    const skip: SkipReason | null = one.skip ?? (overtaken ? 'overtaken' : null);
    const usefulUntil = skip ? dueAt : lossOfUse(one, next, call);
    plan.push({ rule, channel, recipient, startAt, askedAt, dueAt, usefulUntil, skip });
    if (!skip) together = [...together, one];
  }
  return plan.reverse();
}

/** When the next one falls due, at the latest when the call starts; a last follow-up after a day. */
function lossOfUse(one: Draft, next: Draft | null, call: Call): Instant {
  const until = next && (followsUp(one.rule) || next.dueMs < call.startMs) ? next.dueAt : lastUse(one, call);
  const { validFor } = wordsOf({ rule: one.rule, recipient: call.recipient }, one.channel, call.policy);
  const staleAt = validFor ? moment(one.dueMs + milliseconds(validFor)) : null;
  return sooner(sooner(until, staleAt), closesAt(one, call));
}

function sooner(one: Instant, other: Instant | null): Instant {
  return other && isBefore(other, one) ? other : one;
}

/** When the hours for its way are over. */
function closesAt({ channel, dueAt }: Draft, call: Call): Instant | null {
  const quiet = channel === 'sms' ? call.policy.smsQuietHours : null;
  return quiet && textUntil(dueAt, quiet, zoneFor(call));
}

function lastUse(one: Draft, { startAt }: Call): Instant {
  return followsUp(one.rule) ? moment(one.dueMs + dayMs) : startAt;
}

/** Whether the rule speaks after the call. */
export function followsUp(rule: Rule): boolean {
  return 'after' in rule.when || isForAbsent(rule);
}

/** Whether the rule speaks to those alone who did not come. */
export function isForAbsent({ when }: Rule): boolean {
  return 'afterNoShow' in when;
}

/** Whether the rule speaks to the host. */
export function isToHost({ to }: Rule): boolean {
  return to === 'host';
}

/** Kept within what an Instant can hold, for starts at the ends of time. */
function moment(ms: number): Instant {
  return instantAt(Math.max(-8.64e15, Math.min(8.64e15, ms)));
}
