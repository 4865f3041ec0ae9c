import { Temporal } from '@precall/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  earliest,
  instantAt,
  isBefore,
  isoText,
  latest,
  milliseconds,
  before as minus,
  after as plus,
  sameMoment,
  wholeMilliseconds,
} from '../src/temporal.ts';
import { at, hours } from './agreed-call.ts';

const noon = at('2026-12-03T12:00:00Z');
const one = at('2026-12-03T13:00:00Z');
const moment = fc.integer({ min: -8e15, max: 8e15 }).map((ms) => Temporal.Instant.fromEpochMilliseconds(ms));

describe('the moment at so many milliseconds', () => {
  it("is Temporal's own, however often and after however many others it is asked for", () => {
    fc.assert(
      fc.property(fc.integer({ min: -8.64e15, max: 8.64e15 }), (ms) => {
        expect(instantAt(ms).epochMilliseconds).toBe(ms);
        expect(instantAt(ms)).toEqual(Temporal.Instant.fromEpochMilliseconds(ms));
      }),
    );
    for (let ms = 0; ms < 25_000; ms += 1) instantAt(ms);
    expect(instantAt(24_999).toString()).toBe('1970-01-01T00:00:24.999Z');
  });

  it("refuses what is no whole number of milliseconds and what is beyond Temporal's range", () => {
    for (const ms of [0.5, Number.NaN, 8.64e15 + 1]) expect(() => instantAt(ms)).toThrow(RangeError);
  });
});

describe('comparing moments', () => {
  it('tells which is before, and which are the same', () => {
    expect([isBefore(noon, one), isBefore(one, noon), isBefore(noon, noon)]).toEqual([true, false, false]);
    expect([sameMoment(noon, at('2026-12-03T12:00:00Z')), sameMoment(noon, one)]).toEqual([true, false]);
    expect([sameMoment(null, null), sameMoment(noon, null), sameMoment(null, noon)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('finds the earliest and latest of those given, null when none is', () => {
    expect([earliest(one, null, noon, one), latest(noon, null, one, noon)]).toEqual([noon, one]);
    expect([earliest(), earliest(null), latest(), latest(null)]).toEqual([null, null, null, null]);
  });
});

describe('adding lengths', () => {
  it('is exact and undone by its opposite', () => {
    expect(plus(noon, hours(1))).toEqual(one);
    fc.assert(
      fc.property(moment, fc.integer({ min: 0, max: 1e12 }), (start, count) => {
        const length = Temporal.Duration.from({ milliseconds: count });
        expect(sameMoment(minus(plus(start, length), length), start)).toBe(true);
      }),
    );
  });
});

describe('milliseconds', () => {
  it('counts days as 24 hours, rounds to whole ones, and gives the same again', () => {
    const day = Temporal.Duration.from({ days: 1, microseconds: 600 });
    expect([milliseconds(day), milliseconds(day)]).toEqual([86_400_001, 86_400_001]);
  });

  it('refuses months, which have no fixed length', () => {
    expect(() => milliseconds(Temporal.Duration.from({ months: 1 }))).toThrow(RangeError);
  });
});

describe('wholeMilliseconds', () => {
  it('cuts what stores and timers do not know', () => {
    expect(wholeMilliseconds(at('2026-12-03T12:00:00.000999Z')).toString()).toBe('2026-12-03T12:00:00Z');
  });
});

describe('isoText', () => {
  it('always gives what the moment itself gives, the first time and again', () => {
    fc.assert(
      fc.property(moment, (some) => {
        expect([isoText(some), isoText(some)]).toEqual([some.toString(), some.toString()]);
      }),
    );
  });

  it.each([
    '2026-12-03T15:00:00Z',
    '1969-12-31T23:59:59.999Z',
    '0000-01-01T00:00:00.05Z',
    '-271821-04-20T00:00:00Z',
    '+275760-09-13T00:00:00Z',
  ])('writes %s', (text) => {
    expect(isoText(at(text))).toBe(text);
  });
});
