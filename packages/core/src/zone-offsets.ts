// How far the clocks of a zone are from UTC. Asked of Temporal once for each zone and year, and counted with since: a
// ZonedDateTime costs microseconds, and every plan with a wall-clock rule or quiet hours would need several.
import { remembered } from './remembered.ts';
import { Temporal } from './temporal.ts';

/** About a year; few zones change their offset more often than a few times in it. */
const spanMs = 2 ** 35;
const earliestMs = -8.64e15;

interface Stretch {
  readonly fromMs: number;
  readonly offsetMs: number;
}

const zones = remembered(600, (zone: string) => remembered(60, (span: number) => stretches(zone, span)));

/** Local time minus UTC in `zone` at that moment, in milliseconds. Throws a RangeError when it is no zone. */
export function offsetAt(zone: string, ms: number): number {
  let offsetMs = 0;
  for (const stretch of zones(zone)(Math.floor(ms / spanMs))) {
    if (stretch.fromMs > ms) break;
    offsetMs = stretch.offsetMs;
  }
  return offsetMs;
}

/**
 * The moment at which the clocks in `zone` show a local time, given as milliseconds since 1970 as if it were UTC. Of a time shown
 * twice the first. A time that the clocks skip is taken as that much later, or earlier, as `skipped` says.
 */
export function momentShown(zone: string, localMs: number, skipped: 'later' | 'earlier'): number {
  // No zone changes its offset twice within two days.
  const before = offsetAt(zone, localMs - 86_400_000);
  const after = offsetAt(zone, localMs + 86_400_000);
  const shown = [localMs - before, localMs - after].filter((ms) => ms + offsetAt(zone, ms) === localMs);
  return shown.length > 0 ? Math.min(...shown) : localMs - (skipped === 'later' ? before : after);
}

/** The offsets within one span, in their order; the first reaches back to its beginning. */
function stretches(zone: string, span: number): readonly Stretch[] {
  const found: Stretch[] = [];
  const untilMs = (span + 1) * spanMs;
  let next: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(
    Math.max(earliestMs, span * spanMs),
  ).toZonedDateTimeISO(zone);
  while (next && next.epochMilliseconds < untilMs) {
    found.push({ fromMs: next.epochMilliseconds, offsetMs: Math.round(next.offsetNanoseconds / 1e6) });
    next = next.getTimeZoneTransition('next');
  }
  return found;
}
