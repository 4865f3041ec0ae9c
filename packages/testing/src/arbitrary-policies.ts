// Policies with every kind of rule, in the default words.
import { defaultPolicy, type Policy, type QuietHours, type Rule, Temporal, type When } from '@precall/core';
import fc from 'fast-check';
import { lengths } from './arbitraries.ts';

/** Up to six rules with names of their own; everything that bears on planning varies, the words do not. */
export function policies(): fc.Arbitrary<Policy> {
  return fc
    .record({
      rules: rules(),
      minimumLead: lengths({ maxHours: 48 }),
      quietHours: fc.option(quietHours(), { nil: null }),
      remindGuests: fc.boolean(),
      recipientsPerBooking: fc.integer({ min: 1, max: 10 }),
      messagesPerDay: fc.option(fc.integer({ min: 1, max: 8 }), { nil: null }),
      afterUnknown: fc.constantFrom('resend_once', 'never_resend'),
      concurrency: fc.integer({ min: 1, max: 50 }),
    })
    .map((varied): Policy => ({ ...defaultPolicy, ...varied }));
}

/** Up to six rules with different names. */
export function rules(): fc.Arbitrary<readonly Rule[]> {
  return fc
    .array(whens(), { maxLength: 6 })
    .map((all) => all.map((when, index) => ({ name: `rule ${index + 1}`, when })));
}

/** Every kind of moment that a rule can ask for. */
export function whens(): fc.Arbitrary<When> {
  return fc.oneof(
    lengths({ maxHours: 200 }).map((before) => ({ before })),
    fc.record({ daysBefore: fc.integer({ min: 0, max: 14 }), at: wallTimes() }),
    lengths({ maxHours: 72 }).map((after) => ({ after })),
  );
}

/** Of the same day or across midnight; never empty and never the whole day. */
export function quietHours(): fc.Arbitrary<QuietHours> {
  return fc
    .tuple(wallTimes(), wallTimes())
    .filter(([from, to]) => !from.equals(to))
    .map(([from, to]) => ({ from, to }));
}

/** On the quarter hour, which is where clocks are put forward and back. */
export function wallTimes(): fc.Arbitrary<Temporal.PlainTime> {
  return fc
    .integer({ min: 0, max: 95 })
    .map((quarter) => new Temporal.PlainTime(Math.floor(quarter / 4), (quarter % 4) * 15));
}
