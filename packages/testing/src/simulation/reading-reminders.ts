// The oracle's own reading of what reminders a booking asks for: the policy's plain numbers, and wall clocks.
import { type PolicySpec, type RuleSpec, textHours } from './policies.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

export interface ReadReminder {
  readonly rule: string;
  readonly email: string;
  readonly channel: 'mail' | 'sms';
  /** The number it may be texted to: at once, or once its mail came to nothing. */
  readonly number: string | null;
  /** Where they are, as far as hours go. */
  readonly zone: string;
  readonly startMs: number;
  readonly dueMs: number;
  readonly usefulUntilMs: number;
  /** For somebody who did not come. */
  readonly forAbsent: boolean;
  /** Nothing speaks against it but time, and a person's other calls. */
  readonly isWanted: boolean;
}

export interface Time {
  readonly startMs: number;
  readonly endMs: number;
}

/** Somebody of whom a booking told. */
export interface Person {
  readonly email: string;
  joinedMs: number | null;
  leftMs: number | null;
  hasLeft: boolean;
  hasMoved: boolean;
  zone: string;
  mailable: boolean;
  /** The number that may be texted: with consent, and in a zone that is known. */
  phone: string | null;
  /** What was said last of whether they came; `knownMs` null: without a moment. */
  mark: { readonly noShow: boolean; readonly knownMs: number | null } | null;
}

interface ReminderContext {
  readonly policy: PolicySpec;
  readonly time: Time;
  readonly place: number;
  readonly seated: boolean;
  readonly agreedMs: number;
  readonly details: Person | null;
  readonly isWanted: boolean;
}

/** Those that are asked for, in time, and to somebody who can be reached. */
export function remindersFor(email: string, context: ReminderContext): readonly ReadReminder[] {
  const { policy, place, seated, details } = context;
  if (!details || (!seated && place >= policy.recipientsPerBooking)) return [];
  const rules = policy.rules.filter((rule) => wayOf(rule, details) !== null);
  const usual = rules.filter((rule) => !('afterNoShowMs' in rule));
  const absent = rules.filter((rule) => 'afterNoShowMs' in rule);
  return [
    ...inSequence(usual, { ...context, details, email }),
    ...(details.mark ? inSequence(absent, { ...context, details, email }) : []),
  ];
}

/** A mail that leads to nobody is a text where its rule falls back to one; null: they are not reached. */
function wayOf(rule: RuleSpec, { mailable, phone }: Person): 'mail' | 'sms' | null {
  const isText = 'channel' in rule && rule.channel === 'sms';
  if (!isText && mailable) return 'mail';
  return phone !== null && (isText || fallsBack(rule)) ? 'sms' : null;
}

export function fallsBack(rule: RuleSpec): boolean {
  return 'fallback' in rule && rule.fallback === 'sms';
}

/** Whether it is an hour at which somebody there may be texted. */
export function isTextingHour(ms: number, zone: string): boolean {
  const local = ms + offsetMs(zone, ms);
  const minute = (local - Math.floor(local / dayMs) * dayMs) / minuteMs;
  return minute >= textHours.from && minute <= textHours.to;
}

/** Of those due at one moment by one way only the nearest to the call remains, of equally near ones the last; each is of use until the next. */
function inSequence(
  rules: readonly RuleSpec[],
  context: ReminderContext & { readonly details: Person; readonly email: string },
): readonly ReadReminder[] {
  const { time, details, isWanted, email } = context;
  const asked = rules.flatMap((rule) => drafted(rule, context, details) ?? []);
  const kept = asked.filter(
    (one, index) =>
      !asked.some(
        (other, place) =>
          other.channel === one.channel &&
          other.dueMs === one.dueMs &&
          (other.distanceMs < one.distanceMs || (other.distanceMs === one.distanceMs && place > index)),
      ),
  );
  return kept.map(({ rule, channel, dueMs, follows }) => {
    const later = kept.map((other) => other.dueMs).filter((ms) => ms > dueMs);
    const nextMs = later.length > 0 ? Math.min(...later) : null;
    const lastMs = follows ? dueMs + dayMs : time.startMs;
    const untilMs = nextMs !== null && (follows || nextMs < time.startMs) ? nextMs : lastMs;
    const usefulUntilMs = channel === 'sms' ? Math.min(untilMs, closingMs(dueMs, details.zone)) : untilMs;
    const forAbsent = 'afterNoShowMs' in rule;
    const isFor = !follows || (details.mark?.noShow ?? false) === forAbsent;
    return {
      rule: rule.name,
      email,
      channel,
      number: channel === 'sms' || fallsBack(rule) ? details.phone : null,
      zone: details.zone,
      startMs: time.startMs,
      dueMs,
      usefulUntilMs,
      forAbsent,
      isWanted: isWanted && isFor,
    };
  });
}

interface Draft {
  readonly rule: RuleSpec;
  readonly channel: 'mail' | 'sms';
  readonly dueMs: number;
  readonly distanceMs: number;
  readonly follows: boolean;
}

/** Null: not asked for in time. */
function drafted(rule: RuleSpec, { policy, time, agreedMs }: ReminderContext, person: Person): Draft | null {
  const { zone, mark } = person;
  const channel = wayOf(rule, person) ?? 'mail';
  const follows = 'afterMs' in rule || 'afterNoShowMs' in rule;
  const leadMs = time.startMs - agreedMs;
  if (!follows && (leadMs <= 0 || leadMs < policy.minimumLeadMs)) return null;
  // Who did not come is written to from when that is known on.
  const turnMs = 'afterNoShowMs' in rule ? Math.max(time.endMs, mark?.knownMs ?? time.endMs) : time.endMs;
  const askedMs = askedFor(rule, { ...time, endMs: turnMs }, zone);
  if (askedMs < agreedMs || (!follows && askedMs >= time.startMs)) return null;
  const quiet = channel === 'sms' ? { from: textHours.lastDue, to: textHours.from } : policy.quiet;
  const dueMs = outsideQuiet(askedMs, quiet, zone);
  if (dueMs < (follows ? Math.max(agreedMs, turnMs) : agreedMs)) return null;
  return {
    rule,
    channel,
    dueMs,
    distanceMs: follows ? askedMs - time.endMs : time.startMs - askedMs,
    follows,
  };
}

function askedFor(rule: RuleSpec, time: Time, zone: string): number {
  if ('beforeMs' in rule) return time.startMs - rule.beforeMs;
  if ('afterMs' in rule) return time.endMs + rule.afterMs;
  if ('afterNoShowMs' in rule) return time.endMs + rule.afterNoShowMs;
  const localDay = Math.floor((time.startMs + offsetMs(zone, time.startMs)) / dayMs);
  return atWall(zone, (localDay - rule.daysBefore) * dayMs + rule.atMinute * minuteMs);
}

/** Between `from` (in the evening) and `to` (in the morning) nothing falls due: the evening's `from` is taken. */
function outsideQuiet(ms: number, quiet: PolicySpec['quiet'], zone: string): number {
  if (!quiet) return ms;
  const local = ms + offsetMs(zone, ms);
  const day = Math.floor(local / dayMs);
  const ofDay = local - day * dayMs;
  if (ofDay > quiet.from * minuteMs) return atWall(zone, day * dayMs + quiet.from * minuteMs);
  if (ofDay < quiet.to * minuteMs) return atWall(zone, (day - 1) * dayMs + quiet.from * minuteMs);
  return ms;
}

/** When the hours for texts end on that day. */
function closingMs(dueMs: number, zone: string): number {
  const day = Math.floor((dueMs + offsetMs(zone, dueMs)) / dayMs);
  return atWall(zone, day * dayMs + textHours.to * minuteMs);
}

/** Minutes ahead of UTC. Only New York has another offset from some moment on: 8 March 2026, 07:00 UTC. */
const offsets: { readonly [zone: string]: number } = {
  UTC: 0,
  'Asia/Tokyo': 540,
  'Asia/Kolkata': 330,
  'America/Phoenix': -420,
  'America/New_York': -300,
};
const springMs = Date.UTC(2026, 2, 8, 7);

function offsetMs(zone: string, ms: number): number {
  const isSummer = zone === 'America/New_York' && ms >= springMs;
  return ((offsets[zone] ?? 0) + (isSummer ? 60 : 0)) * minuteMs;
}

/** The moment at which the clocks of a zone show this; the simulation asks for no time that they skip. */
function atWall(zone: string, localMs: number): number {
  const guessMs = localMs - offsetMs(zone, localMs);
  return localMs - offsetMs(zone, guessMs);
}
