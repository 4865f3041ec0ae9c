// The one Temporal of Precall (native where the runtime has it), and the comparisons used everywhere.
import { Temporal } from 'temporal-polyfill';

export { Temporal };
export type Instant = Temporal.Instant;
export type Duration = Temporal.Duration;

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
  return Temporal.Instant.fromEpochMilliseconds(moment.epochMilliseconds + milliseconds(length));
}

export function before(moment: Instant, length: Duration): Instant {
  return Temporal.Instant.fromEpochMilliseconds(moment.epochMilliseconds - milliseconds(length));
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
  return Temporal.Instant.fromEpochMilliseconds(moment.epochMilliseconds);
}

const texts = new WeakMap<Instant, string>();

/** The moment as ISO text, such as `2026-12-03T15:00:00Z`; kept per object, since making it costs microseconds. */
export function isoText(moment: Instant): string {
  const known = texts.get(moment);
  if (known !== undefined) return known;
  const text = moment.toString();
  texts.set(moment, text);
  return text;
}
