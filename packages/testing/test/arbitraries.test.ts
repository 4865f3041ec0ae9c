import { type BookingUpdate, Temporal } from '@precall/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookingUpdates, instants, policies, zones } from '../src/index.ts';

const around = Temporal.Instant.from('2026-03-02T12:00:00Z');
const sample = fc.sample(bookingUpdates({ around }), { numRuns: 2_000, seed: 1 });
const share = (holds: (update: BookingUpdate) => boolean) => sample.filter(holds).length / sample.length;

describe('bookingUpdates', () => {
  it('are of every kind', () => {
    expect(new Set(sample.map(({ kind }) => kind)).size).toBe(12);
  });

  it('meet: few bookings, people and moments, with ties and moments unsaid', () => {
    expect(new Set(sample.map(({ uid }) => uid)).size).toBe(3);
    expect(
      new Set(sample.flatMap(({ attendees }) => attendees.map(({ email }) => email.toLowerCase()))).size,
    ).toBe(3);
    expect(new Set(sample.map(({ saidAt }) => `${saidAt}`)).size).toBeLessThan(30);
    expect(share(({ saidAt }) => saidAt === null)).toBeGreaterThan(0.1);
    expect(share(({ saidAt }) => saidAt?.equals(around) ?? false)).toBeGreaterThan(0.05);
  });

  it('name bookings they replace, themselves among them, and people who did not come', () => {
    expect(share(({ replaces, uid }) => replaces !== null && replaces.uid !== uid)).toBeGreaterThan(0.05);
    expect(share(({ replaces, uid }) => replaces?.uid === uid)).toBeGreaterThan(0.05);
    expect(share(({ noShows }) => noShows.length > 0)).toBeGreaterThan(0.02);
  });

  it('list nobody twice, whatever the case of the address', () => {
    fc.assert(
      fc.property(bookingUpdates(), ({ attendees }) => {
        expect(new Set(attendees.map(({ email }) => email.toLowerCase())).size).toBe(attendees.length);
      }),
    );
  });
});

describe('instants', () => {
  it('are whole milliseconds within their bounds', () => {
    const to = around.add({ minutes: 1 });
    fc.assert(
      fc.property(instants({ from: around, to }), (moment) => {
        expect(moment.epochNanoseconds % 1_000_000n).toBe(0n);
        expect(moment.epochMilliseconds).toBeGreaterThanOrEqual(around.epochMilliseconds);
        expect(moment.epochMilliseconds).toBeLessThanOrEqual(to.epochMilliseconds);
      }),
    );
  });
});

describe('zones', () => {
  it('are all known to Temporal', () => {
    for (const zone of new Set(fc.sample(zones(), 300))) {
      expect(around.toZonedDateTimeISO(zone).epochMilliseconds).toBe(around.epochMilliseconds);
    }
  });
});

describe('policies', () => {
  it('name each rule once, and have every kind of rule', () => {
    const kinds = new Set<string>();
    for (const { rules } of fc.sample(policies(), { numRuns: 200, seed: 1 })) {
      if (typeof rules === 'function') throw new Error('rules are a list here');
      expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
      for (const { when } of rules) kinds.add(Object.keys(when).join());
    }
    expect(kinds).toEqual(new Set(['before', 'daysBefore,at', 'after']));
  });
});
