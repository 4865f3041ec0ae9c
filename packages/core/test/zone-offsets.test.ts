import { Temporal } from '@precall/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { momentShown, offsetAt } from '../src/zone-offsets.ts';

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/St_Johns',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Antarctica/Troll',
];
const hourMs = 3_600_000;
/** Thirty years around a moment known to none of these zones' laws. */
const moments = fc.integer({ min: Date.UTC(2005, 0), max: Date.UTC(2035, 0) });
/** Within two hours of a change of the clocks, where all the trouble is. */
const nearChanges = fc
  .record({ zone: fc.constantFrom(...zones), ms: moments, aside: fc.integer({ min: -8, max: 8 }) })
  .map(({ zone, ms, aside }) => {
    const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
    const change = local.getTimeZoneTransition('next')?.epochMilliseconds ?? ms;
    return { zone, ms: change + (aside * hourMs) / 4 };
  });
const anywhere = fc.oneof(nearChanges, fc.record({ zone: fc.constantFrom(...zones), ms: moments }));

describe('offsetAt', () => {
  it('is always what Temporal says', () => {
    fc.assert(
      fc.property(anywhere, ({ zone, ms }) => {
        const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
        expect(offsetAt(zone, ms)).toBe(local.offsetNanoseconds / 1e6);
      }),
    );
  });

  it('knows the beginning and the end of time', () => {
    expect(offsetAt('UTC', -8.64e15)).toBe(0);
    expect(offsetAt('Asia/Kathmandu', 8.64e15 - 1)).toBe(5.75 * hourMs);
  });
});

describe('momentShown', () => {
  it.each([
    ['later', 'compatible'],
    ['earlier', 'earlier'],
  ] as const)('takes a skipped time as %s, always as Temporal does', (skipped, disambiguation) => {
    fc.assert(
      fc.property(anywhere, ({ zone, ms }) => {
        const shown = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO('UTC').toPlainDateTime();
        const said = shown.toZonedDateTime(zone, { disambiguation }).epochMilliseconds;
        expect(momentShown(zone, ms, skipped)).toBe(said);
        // Around a change the local time itself is what matters.
        const localMs = ms + offsetAt(zone, ms);
        const local = Temporal.Instant.fromEpochMilliseconds(localMs)
          .toZonedDateTimeISO('UTC')
          .toPlainDateTime();
        expect(momentShown(zone, localMs, skipped)).toBe(
          local.toZonedDateTime(zone, { disambiguation }).epochMilliseconds,
        );
      }),
    );
  });
});
