// What became of calls, counted by what was said before them: which rule, which text, how long ahead, which segment. Counts
// only, and nobody's name in it.
import type { BookingRecord } from './booking-record.ts';
import type { Facts } from './facts.ts';
import type { RecipientId, RuleName } from './ids.ts';
import { channelOf, wasAccepted } from './ledger.ts';
import type { Channel } from './ports.ts';
import { segmentOf } from './segments.ts';
import { agreedAt, attendanceOf, attending, concerned, hasMovedAway, standingOf } from './standing.ts';
import { after, before, type Duration, type Instant, isBefore, sameMoment, Temporal } from './temporal.ts';
import type { TextName } from './texts.ts';

/** What became of a call for one person. `cancelled_late`: within 24 h before its start. */
export type Outcome = 'held' | 'no_show' | 'cancelled_late' | 'cancelled' | 'moved';
/** How long ahead a call was agreed. */
export type LeadBand = 'under 2 h' | '2 to 24 h' | '1 to 3 days' | '3 to 7 days' | 'over 7 days';

/** Calls of one kind, and what became of them. A call counts in the row of each rule by which its person was reminded. */
export interface OutcomeRow {
  /** Null: nothing was sent before the call. */
  readonly rule: RuleName | null;
  /** Of two texts that are compared. */
  readonly text: TextName | null;
  readonly channel: Channel | null;
  readonly lead: LeadBand;
  readonly segment: string | null;
  readonly counts: { readonly [O in Outcome]: number };
}

const hours = (count: number): Duration => Temporal.Duration.from({ hours: count });
const late = hours(24);
const nothing: OutcomeRow['counts'] = { held: 0, no_show: 0, cancelled_late: 0, cancelled: 0, moved: 0 };

/** A call as one person agreed to it. */
interface Agreed {
  readonly recipient: RecipientId;
  readonly startAt: Instant;
  readonly endAt: Instant;
  readonly agreedAt: Instant;
}

/** Null: nothing was agreed. */
function agreedCall(facts: Facts, recipient: RecipientId): Agreed | null {
  const time = facts.time?.value;
  const since = time ? agreedAt(facts, time.startAt, recipient) : null;
  return time && since ? { ...time, recipient, agreedAt: since } : null;
}

/** What became of it; null: nothing yet, or nothing that says anything about the person. */
function outcomeOf(
  facts: Facts,
  { recipient, startAt, endAt }: Agreed,
  { now, completedAfter }: { readonly now: Instant; readonly completedAfter: Duration },
): Outcome | null {
  // Also of a call that was moved since: nobody moves what they came to.
  const attendance = attendanceOf(facts, recipient);
  if (attendance?.came === false) return 'no_show';
  if (hasMovedAway(facts, recipient)) return 'moved';
  const offAt = facts.people[recipient]?.leftAt ?? facts.cancelledAt;
  if (offAt && !attends(facts, recipient)) {
    if (facts.cancelled?.value.moving) return 'moved';
    return isBefore(before(startAt, late), offAt) ? 'cancelled_late' : 'cancelled';
  }
  if (standingOf(facts) !== 'agreed' || facts.hostNoShow?.value) return null;
  const heldAt = attendance ? endAt : after(endAt, completedAfter);
  return isBefore(now, heldAt) ? null : 'held';
}

/** Without seats a cancellation is of the whole booking, whoever stands on its list. */
function attends(facts: Facts, recipient: RecipientId): boolean {
  return standingOf(facts) !== 'cancelled' && attending(facts).includes(recipient);
}

/** Adds what became of these calls to rows counted before. */
export function tally(
  rows: readonly OutcomeRow[],
  records: readonly BookingRecord[],
  context: { readonly now: Instant; readonly completedAfter: Duration },
): readonly OutcomeRow[] {
  const counted = new Map(rows.map((row) => [keyOf(row), row]));
  for (const record of records) {
    for (const recipient of concerned(record.facts, false)) {
      const call = agreedCall(record.facts, recipient);
      const outcome = call && outcomeOf(record.facts, call, context);
      if (!outcome) continue;
      for (const kind of kindsOf(record, call)) {
        const { counts = nothing } = counted.get(keyOf(kind)) ?? {};
        counted.set(keyOf(kind), { ...kind, counts: { ...counts, [outcome]: counts[outcome] + 1 } });
      }
    }
  }
  return [...counted.values()].sort(inOrder);
}

const leads: readonly LeadBand[] = ['under 2 h', '2 to 24 h', '1 to 3 days', '3 to 7 days', 'over 7 days'];
const { compare } = new Intl.Collator('en', { numeric: true });

/** The earliest reminder first, as far as the names of rules say when they go (`72h`, `24h`, `2h`); nothing sent last. */
function inOrder(a: OutcomeRow, b: OutcomeRow): number {
  return (
    compare(b.rule ?? '', a.rule ?? '') ||
    compare(`${a.text} ${a.channel}`, `${b.text} ${b.channel}`) ||
    leads.indexOf(a.lead) - leads.indexOf(b.lead) ||
    compare(a.segment ?? '', b.segment ?? '')
  );
}

type Kind = Omit<OutcomeRow, 'counts'>;

function kindsOf({ facts, ledger }: BookingRecord, call: Agreed): readonly Kind[] {
  const { recipient, startAt } = call;
  const leadMs = startAt.epochMilliseconds - call.agreedAt.epochMilliseconds;
  const about = { lead: bandOf(leadMs), segment: segmentOf(facts, recipient) };
  const told = Object.values(ledger).filter(
    (entry) =>
      entry.recipient === recipient &&
      sameMoment(entry.startAt, startAt) &&
      wasAccepted(entry) &&
      isBefore(entry.dueAt, entry.startAt),
  );
  if (told.length === 0) return [{ rule: null, text: null, channel: null, ...about }];
  return told.map(({ rule, text = null, attempts }) => {
    const channel = channelOf(attempts.find(({ outcome }) => outcome === 'accepted'));
    return { rule, text: channel === 'mail' ? text : null, channel, ...about };
  });
}

function bandOf(leadMs: number): LeadBand {
  const leadHours = leadMs / 3_600_000;
  if (leadHours < 2) return 'under 2 h';
  if (leadHours < 24) return '2 to 24 h';
  if (leadHours < 72) return '1 to 3 days';
  return leadHours <= 7 * 24 ? '3 to 7 days' : 'over 7 days';
}

function keyOf({ rule, text, channel, lead, segment }: Kind): string {
  return JSON.stringify([rule, text, channel, lead, segment]);
}

/** A share, and the bounds between which it lies in 95 of 100 cases. */
export interface Share {
  readonly came: number;
  /** Calls held, missed or cancelled late: those moved or cancelled in time cost nobody an hour. */
  readonly of: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** Two texts of one rule. */
export interface Comparison {
  readonly rule: RuleName;
  readonly a: Share;
  readonly b: Share;
  /** Of b over a; where the bounds lie on both sides of nothing, nothing is shown. */
  readonly difference: { readonly value: number; readonly low: number; readonly high: number };
  /** Calls with each text to show this difference, if it is one, in 80 of 100 cases; null: there is none. */
  readonly neededEach: number | null;
}

/** Each rule of which two texts were sent, over all leads and segments. */
export function compareTexts(rows: readonly OutcomeRow[]): readonly Comparison[] {
  const rules = [...new Set(rows.flatMap(({ rule, text }) => (rule !== null && text ? [rule] : [])))];
  return rules.map((rule) => {
    const shareWith = (text: TextName): Share =>
      shareOf(rows.filter((row) => row.rule === rule && row.text === text));
    const [a, b] = [shareWith('a'), shareWith('b')];
    return { rule, a, b, difference: differenceOf(a, b), neededEach: neededEach(a.share, b.share) };
  });
}

/** 95 %, both sides; and 80 % of finding what there is. */
const z = 1.959_963_985;
const zPower = 0.841_621_234;

/** The score interval of Wilson (1927): right also for few calls and for shares near 0 and 1. */
export function shareOf(rows: readonly Pick<OutcomeRow, 'counts'>[]): Share {
  const sum = (outcome: Outcome): number => rows.reduce((total, { counts }) => total + counts[outcome], 0);
  const came = sum('held');
  const of = came + sum('no_show') + sum('cancelled_late');
  if (of === 0) return { came, of, share: 0, low: 0, high: 1 };
  const share = came / of;
  const spread = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  const middle = share + (z * z) / (2 * of);
  const whole = 1 + (z * z) / of;
  return {
    came,
    of,
    share,
    low: Math.max(0, (middle - spread) / whole),
    high: Math.min(1, (middle + spread) / whole),
  };
}

/** Newcombe (1998), method 10: from the two score intervals. */
function differenceOf(a: Share, b: Share): Comparison['difference'] {
  const value = b.share - a.share;
  return {
    value,
    low: value - Math.hypot(b.share - b.low, a.high - a.share),
    high: value + Math.hypot(b.high - b.share, a.share - a.low),
  };
}

/** The usual size of a trial of two proportions (Fleiss, Statistical Methods for Rates and Proportions, 1981, 3.14). */
function neededEach(a: number, b: number): number | null {
  if (a === b) return null;
  const middle = (a + b) / 2;
  const spread = z * Math.sqrt(2 * middle * (1 - middle)) + zPower * Math.sqrt(a * (1 - a) + b * (1 - b));
  return Math.ceil((spread / (b - a)) ** 2);
}

/**
 * As a table for a spreadsheet (RFC 4180). What a spreadsheet would take for a formula begins with an apostrophe: a
 * segment is somebody's text.
 */
export function outcomesCsv(rows: readonly OutcomeRow[]): string {
  const head = ['rule', 'text', 'channel', 'lead time', 'segment', ...Object.keys(nothing)];
  const lines = rows.map(({ rule, text, channel, lead, segment, counts }) => [
    rule ?? '',
    text ?? '',
    channel ?? '',
    lead,
    segment ?? '',
    ...(Object.keys(nothing) as Outcome[]).map((outcome) => `${counts[outcome]}`),
  ]);
  return [head, ...lines].map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('');
}

function cellOf(text: string): string {
  const safe = /^[\s\p{Cc}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
