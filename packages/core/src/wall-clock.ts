// Arithmetic with the clock on the wall: which moment it is when the clocks in some zone show some time.
import type { QuietHours } from './policy.ts';
import { remembered } from './remembered.ts';
import { type Instant, instantAt, Temporal } from './temporal.ts';
import { momentShown, offsetAt } from './zone-offsets.ts';

const dayMs = 86_400_000;
/** Moments this close to the ends of time are moved inwards, so that counting days never leaves the calendar. */
const farthestMs = 8.64e15 - 400 * dayMs;

export function isKnownZone(name: string | null | undefined): name is string {
  return Boolean(name && isZone(name));
}

/** The first of these that is a zone known here (an IANA name), else UTC. Webhooks may name any zone. */
export function zoneOf(...candidates: readonly (string | null | undefined)[]): string {
  for (const name of candidates) if (name && isZone(name)) return name;
  return 'UTC';
}

/**
 * The moment at which the clocks in `zone` show `at`, `daysBefore` calendar days before the day of `startAt` there.
 * A time that the clocks skip counts as that much later, of a time shown twice the first is taken (RFC 5545, section 3.3.5;
 * Temporal calls it compatible).
 */
export function wallClockBefore(
  startAt: Instant,
  { daysBefore, at }: { readonly daysBefore: number; readonly at: Temporal.PlainTime },
  zone: string,
): Instant {
  const today = Math.floor(localMs(startAt, zone) / dayMs);
  return moment(momentShown(zone, (today - daysBefore) * dayMs + sinceMidnight(at), 'later'));
}

/**
 * `planned` itself, or, when it lies after `from` and before `to`, the last `from` before it: both ends are still
 * allowed. Never later than `planned`. A `from` that the clocks skip counts as that much earlier.
 */
export function outsideQuietHours(planned: Instant, { from, to }: QuietHours, zone: string): Instant {
  const local = localMs(planned, zone);
  const today = Math.floor(local / dayMs) * dayMs;
  const [time, fromMs, toMs] = [local - today, sinceMidnight(from), sinceMidnight(to)];
  const begun = fromMs < time;
  const notOver = time < toMs;
  if (toMs < fromMs ? !begun && !notOver : !begun || !notOver) return planned;
  const evening = begun ? today : today - dayMs;
  return moment(momentShown(zone, evening + fromMs, 'earlier'));
}

/** The first moment not before `planned` at which quiet hours begin; null: they never do. */
export function quietFrom(planned: Instant, { from, to }: QuietHours, zone: string): Instant | null {
  const fromMs = sinceMidnight(from);
  if (fromMs === sinceMidnight(to)) return null;
  const local = localMs(planned, zone);
  const today = Math.floor(local / dayMs) * dayMs;
  return moment(momentShown(zone, (local - today > fromMs ? today + dayMs : today) + fromMs, 'earlier'));
}

function localMs(at: Instant, zone: string): number {
  const ms = Math.max(-farthestMs, Math.min(farthestMs, at.epochMilliseconds));
  return ms + offsetAt(zone, ms);
}

function moment(ms: number): Instant {
  return instantAt(Math.floor(ms));
}

const times = new WeakMap<Temporal.PlainTime, number>();

/** In milliseconds, with a fraction where the time is finer than that. */
function sinceMidnight(time: Temporal.PlainTime): number {
  const known = times.get(time);
  if (known !== undefined) return known;
  const found = midnight.until(time).total('milliseconds');
  times.set(time, found);
  return found;
}

const midnight = Temporal.PlainTime.from('00:00');

/** Temporal also takes a whole ISO text for a zone and reads the zone out of it; Intl, which prints it, does not. */
const isZone = remembered(1_000, (name: string): boolean => {
  if (!/^[A-Za-z][\w+/-]{0,63}$/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
});
