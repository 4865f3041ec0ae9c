// Arithmetic with the clock on the wall: which moment it is when the clocks in some zone show some time.
import type { QuietHours } from './policy.ts';
import { type Instant, Temporal, wholeMilliseconds } from './temporal.ts';

/** Moments this close to the ends of time are moved inwards, so that counting days never leaves the calendar. */
const farthestMs = 8.64e15 - 400 * 86_400_000;

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
  const day = localTime(startAt, zone).toPlainDate().subtract({ days: daysBefore });
  return wholeMilliseconds(day.toZonedDateTime({ timeZone: zone, plainTime: at }).toInstant());
}

/**
 * `moment` itself, or, when it lies after `from` and before `to`, the last `from` before it: both ends are still
 * allowed. Never later than `moment`. A `from` that the clocks skip counts as that much earlier.
 */
export function outsideQuietHours(moment: Instant, { from, to }: QuietHours, zone: string): Instant {
  const local = localTime(moment, zone);
  const time = local.toPlainTime();
  const begun = Temporal.PlainTime.compare(from, time) < 0;
  const notOver = Temporal.PlainTime.compare(time, to) < 0;
  const spansMidnight = Temporal.PlainTime.compare(to, from) < 0;
  if (spansMidnight ? !begun && !notOver : !begun || !notOver) return moment;
  const evening = begun ? local.toPlainDate() : local.toPlainDate().subtract({ days: 1 });
  const quietFrom = evening.toPlainDateTime(from).toZonedDateTime(zone, { disambiguation: 'earlier' });
  return wholeMilliseconds(quietFrom.toInstant());
}

function localTime(moment: Instant, zone: string): Temporal.ZonedDateTime {
  const ms = Math.max(-farthestMs, Math.min(farthestMs, moment.epochMilliseconds));
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
}

/** Temporal also takes a whole ISO text for a zone and reads the zone out of it; Intl, which prints it, does not. */
function isZone(name: string): boolean {
  if (!/^[A-Za-z][\w+/-]*$/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
