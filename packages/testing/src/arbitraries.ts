// fast-check arbitraries for Precall's values, small where it matters: laws break where moments and people meet.
import { type Instant, Temporal } from '@precall/core';
import fc from 'fast-check';

const zoneNames = Intl.supportedValuesOf('timeZone');

/** Every IANA zone that this runtime knows, and UTC. */
export function zones(): fc.Arbitrary<string> {
  return fc.constantFrom('UTC', ...zoneNames);
}

/** Whole milliseconds; by default from 2024 to 2031. Full hours and minutes are as frequent as anything between. */
export function instants({
  from = Temporal.Instant.from('2024-01-01T00:00:00Z'),
  to = Temporal.Instant.from('2031-01-01T00:00:00Z'),
}: {
  readonly from?: Instant;
  readonly to?: Instant;
} = {}): fc.Arbitrary<Instant> {
  const { epochMilliseconds: min } = from;
  const { epochMilliseconds: max } = to;
  return fc
    .tuple(fc.integer({ min, max }), fc.constantFrom(3_600_000, 60_000, 1))
    .map(([ms, unit]) => Temporal.Instant.fromEpochMilliseconds(Math.max(min, Math.floor(ms / unit) * unit)));
}

/** Around `moment`: the same, neighbouring milliseconds, seconds, minutes or days, before and after. Ties are frequent. */
export function momentsAround(moment: Instant): fc.Arbitrary<Instant> {
  return fc
    .tuple(fc.integer({ min: -3, max: 3 }), fc.constantFrom(1, 1_000, 60_000, 86_400_000))
    .map(([count, unitMs]) => moment.add({ milliseconds: count * unitMs }));
}

/** Lengths of whole minutes, at most `maxHours`; full hours are frequent. */
export function lengths({ maxHours }: { readonly maxHours: number }): fc.Arbitrary<Temporal.Duration> {
  return fc.oneof(
    fc.integer({ min: 0, max: maxHours }).map((hours) => Temporal.Duration.from({ hours })),
    fc.integer({ min: 0, max: maxHours * 60 }).map((minutes) => Temporal.Duration.from({ minutes })),
  );
}
