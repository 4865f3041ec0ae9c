// The one Temporal of Precall (native where the runtime has it), and the comparisons used everywhere.
import { Temporal } from 'temporal-polyfill';
import { remembered } from './remembered.ts';

export { Temporal };
/** A moment. Names of moments end in `At`. */
export type Instant = Temporal.Instant;
/** A length of time. Lengths in Precall have no unit in their names: they carry it. */
export type Duration = Temporal.Duration;

/** Far enough for every call, and still a moment that every store can hold. */
export const farFuture = Temporal.Instant.from('9999-01-01T00:00:00Z');

/**
 * The moment so many whole milliseconds after 1970 (RangeError: not whole, or beyond Temporal's range). The same few moments
 * are met again and again; where the runtime has no Temporal a new one costs about 2 µs and an entry in one weak map of the
 * whole process, whose growth holds up everything for up to a quarter of a second once it is large.
 */
export const instantAt = remembered(
  10_000,
  (epochMilliseconds: number): Instant => Temporal.Instant.fromEpochMilliseconds(epochMilliseconds),
);

export function isBefore(a: Instant, b: Instant): boolean {
  return a.epochMilliseconds < b.epochMilliseconds;
}

export function sameMoment(a: Instant | null, b: Instant | null): boolean {
  return a?.epochMilliseconds === b?.epochMilliseconds;
}

/** The earliest of those given; null when none is. */
export function earliest(...moments: readonly (Instant | null)[]): Instant | null {
  let found: Instant | null = null;
  for (const moment of moments) if (moment && (!found || isBefore(moment, found))) found = moment;
  return found;
}

/** The latest of those given; null when none is. */
export function latest(...moments: readonly (Instant | null)[]): Instant | null {
  let found: Instant | null = null;
  for (const moment of moments) if (moment && (!found || isBefore(found, moment))) found = moment;
  return found;
}

/** `moment` plus a length in milliseconds; lengths in days or longer units have no place on an instant. */
export function after(moment: Instant, length: Duration): Instant {
  return instantAt(moment.epochMilliseconds + milliseconds(length));
}

export function before(moment: Instant, length: Duration): Instant {
  return instantAt(moment.epochMilliseconds - milliseconds(length));
}

const lengths = new WeakMap<Duration, number>();

/** A length in whole milliseconds. Days count as 24 h; months and years are refused by Temporal (RangeError). */
export function milliseconds(length: Duration): number {
  const known = lengths.get(length);
  if (known !== undefined) return known;
  const found = Math.round(length.total('milliseconds'));
  lengths.set(length, found);
  return found;
}

/** Cut to whole milliseconds: stores and timers know nothing finer, and equal moments must stay equal. */
export function wholeMilliseconds(moment: Instant): Instant {
  if (moment.epochNanoseconds % 1_000_000n === 0n) return moment;
  return instantAt(moment.epochMilliseconds);
}

const dayMs = 86_400_000;
/** `2026-12-03T` and the like, by the days since 1970. */
const dayTexts = remembered(10_000, (day: number) =>
  Temporal.Instant.fromEpochMilliseconds(day * dayMs)
    .toString()
    .slice(0, -'00:00:00Z'.length),
);

/**
 * The moment as ISO text, such as `2026-12-03T15:00:00Z`: what Temporal makes of a moment of whole milliseconds, at a tenth of
 * the cost. Every plan and every key asks for it.
 */
export function isoText(moment: Instant): string {
  const ms = moment.epochMilliseconds;
  const day = Math.floor(ms / dayMs);
  const seconds = Math.floor((ms - day * dayMs) / 1000);
  const fraction = ms - day * dayMs - seconds * 1000;
  const part = fraction === 0 ? '' : `${fraction / 1000}`.slice(1);
  const clock = `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${dayTexts(day)}${clock}${part}Z`;
}

function two(value: number): string {
  return value < 10 ? `0${Math.floor(value)}` : `${Math.floor(value)}`;
}
