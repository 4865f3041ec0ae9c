// The oracle's own reading of what reminders a booking asks for: the policy's plain numbers, and wall clocks.
import type { PolicySpec, RuleSpec } from './policies.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

export interface ReadReminder {
  readonly rule: string;
  readonly email: string;
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
  if (!details?.mailable || (!seated && place >= policy.recipientsPerBooking)) return [];
  const usual = policy.rules.filter((rule) => !('afterNoShowMs' in rule));
  const absent = policy.rules.filter((rule) => 'afterNoShowMs' in rule);
  return [
    ...inSequence(usual, { ...context, details, email }),
    ...(details.mark ? inSequence(absent, { ...context, details, email }) : []),
  ];
}

/** Of those due at one moment only the nearest to the call remains; each is of use until the next. */
function inSequence(
  rules: readonly RuleSpec[],
  context: ReminderContext & { readonly details: Person; readonly email: string },
): readonly ReadReminder[] {
  const { time, details, isWanted, email } = context;
  const asked = rules.flatMap((rule) => drafted(rule, context, details) ?? []);
  const kept = asked.filter(
    (one) => !asked.some((other) => other.dueMs === one.dueMs && other.distanceMs < one.distanceMs),
  );
  return kept.map(({ rule, dueMs, follows }) => {
    const later = kept.map((other) => other.dueMs).filter((ms) => ms > dueMs);
    const nextMs = later.length > 0 ? Math.min(...later) : null;
    const lastMs = follows ? dueMs + dayMs : time.startMs;
    const usefulUntilMs = nextMs !== null && (follows || nextMs < time.startMs) ? nextMs : lastMs;
    const forAbsent = 'afterNoShowMs' in rule;
    const isFor = !follows || (details.mark?.noShow ?? false) === forAbsent;
    return {
      rule: rule.name,
      email,
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
  readonly dueMs: number;
  readonly distanceMs: number;
  readonly follows: boolean;
}

/** Null: not asked for in time. */
function drafted(
  rule: RuleSpec,
  { policy, time, agreedMs }: ReminderContext,
  { zone, mark }: Person,
): Draft | null {
  const follows = 'afterMs' in rule || 'afterNoShowMs' in rule;
  const leadMs = time.startMs - agreedMs;
  if (!follows && (leadMs <= 0 || leadMs < policy.minimumLeadMs)) return null;
  // Who did not come is written to from when that is known on.
  const turnMs = 'afterNoShowMs' in rule ? Math.max(time.endMs, mark?.knownMs ?? time.endMs) : time.endMs;
  const askedMs = askedFor(rule, { ...time, endMs: turnMs }, zone);
  if (askedMs < agreedMs || (!follows && askedMs >= time.startMs)) return null;
  const dueMs = outsideQuiet(askedMs, policy.quiet, zone);
  if (dueMs < (follows ? Math.max(agreedMs, turnMs) : agreedMs)) return null;
  return { rule, dueMs, distanceMs: follows ? askedMs - time.endMs : time.startMs - askedMs, follows };
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
