import {
  bookingId,
  type Content,
  defaultPolicy,
  type Facts,
  inTestMode,
  nothingKnown,
  type Policy,
  planReminders,
  type Rule,
  reminderKey,
  Temporal,
} from '@precall/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Attendee, agreedCall, ana, at, ben, hours, wallTime } from './agreed-call.ts';

const startAt = at('2026-12-03T15:00:00Z');
const longAgo = at('2026-11-01T00:00:00Z');
const call = (agreedAt = longAgo, person: Attendee = {}): Facts =>
  agreedCall({ startAt, agreedAt, people: { [ana]: person } });
const withRules = (...rules: readonly Rule[]): Policy => ({ ...defaultPolicy, rules });
const quiet = (from: string, to: string) => ({ from: wallTime(from), to: wallTime(to) });

/** Such as `72h 2026-11-30T15:00:00Z`, or with the reason when it is skipped. */
function seen(facts: Facts, policy: Policy = defaultPolicy): readonly string[] {
  return planReminders(facts, policy).map(
    ({ rule, dueAt, skip }) => `${rule.name} ${skip ?? dueAt.toString()}`,
  );
}

describe('planReminders', () => {
  it('plans 72, 24 and 2 hours before the start, to the booker alone', () => {
    const facts = agreedCall({ startAt, agreedAt: longAgo, people: { [ana]: {}, [ben]: {} } });
    const plan = planReminders(facts, defaultPolicy);
    expect(seen(facts)).toEqual([
      '72h 2026-11-30T15:00:00Z',
      '24h 2026-12-02T15:00:00Z',
      '2h 2026-12-03T13:00:00Z',
    ]);
    expect(plan.every(({ recipient }) => recipient === ana)).toBe(true);
  });

  it('makes each useful until the next falls due, the last until the start', () => {
    expect(planReminders(call(), defaultPolicy).map(({ usefulUntil }) => usefulUntil.toString())).toEqual([
      '2026-12-02T15:00:00Z',
      '2026-12-03T13:00:00Z',
      '2026-12-03T15:00:00Z',
    ]);
  });

  it('plans nothing about a start that was never agreed, or when no time is known', () => {
    expect(seen({ ...call(), agreed: {} })).toEqual([]);
    expect(seen(nothingKnown)).toEqual([]);
    expect(seen({ ...call(), time: null })).toEqual([]);
    expect(planReminders({ ...call(), time: null }, defaultPolicy, startAt)).toEqual([]);
    expect(planReminders(call(), defaultPolicy, at('2026-12-04T15:00:00Z'))).toEqual([]);
  });

  it('plans for an earlier start that was agreed, with the length of the present one', () => {
    const first = at('2026-12-01T10:00:00Z');
    const facts = { ...call(), agreed: { ...call().agreed, [first.toString()]: { saidAt: longAgo } } };
    const policy = withRules({ name: 'after', when: { after: hours(1) } });
    expect(planReminders(facts, policy, first).map(({ dueAt }) => dueAt.toString())).toEqual([
      '2026-12-01T11:30:00Z',
    ]);
  });

  it('skips a reminder whose moment had passed when the start was agreed; due at that very moment is due', () => {
    expect(seen(call(at('2026-12-02T15:00:00Z')))).toEqual([
      '72h moment_passed',
      '24h 2026-12-02T15:00:00Z',
      '2h 2026-12-03T13:00:00Z',
    ]);
  });

  it('takes a start the minimum lead after the agreement, one at its very moment for passed', () => {
    expect(seen(call(at('2026-12-03T13:00:00Z')))[2]).toBe('2h 2026-12-03T13:00:00Z');
    expect(seen(call(at('2026-12-03T13:00:00.001Z')))[2]).toBe('2h meeting_too_soon');
    expect(seen(call(at('2026-12-03T14:59:59.999Z')))[2]).toBe('2h meeting_too_soon');
    expect(seen(call(startAt))[2]).toBe('2h meeting_passed');
  });

  it('judges a follow-up by its own moment only, however near or past the call was', () => {
    const policy = withRules(
      { name: '2h', when: { before: hours(2) } },
      { name: 'thanks', when: { after: hours(1) } },
    );
    expect(seen(call(at('2026-12-03T14:59:00Z')), policy)).toEqual([
      '2h meeting_too_soon',
      'thanks 2026-12-03T16:30:00Z',
    ]);
    expect(seen(call(at('2026-12-03T16:31:00Z')), policy)).toEqual([
      '2h meeting_passed',
      'thanks moment_passed',
    ]);
  });

  it('makes a follow-up useful until the next, the last for a day, and the one before the call until the start', () => {
    const policy = withRules(
      { name: '2h', when: { before: hours(2) } },
      { name: 'thanks', when: { after: hours(1) } },
      { name: 'again', when: { after: hours(72) } },
    );
    expect(planReminders(call(), policy).map(({ usefulUntil }) => usefulUntil.toString())).toEqual([
      '2026-12-03T15:00:00Z',
      '2026-12-06T15:30:00Z',
      '2026-12-07T15:30:00Z',
    ]);
  });

  it('ends the use of fixed words when they stop being true', () => {
    const text = (validFor: Temporal.Duration): Content => ({ ...defaultPolicy.content, validFor });
    const policy = withRules(
      { name: '24h', when: { before: hours(24) }, content: text(hours(3)) },
      { name: '2h', when: { before: hours(2) }, content: text(hours(9)) },
    );
    expect(planReminders(call(), policy).map(({ usefulUntil }) => usefulUntil.toString())).toEqual([
      '2026-12-02T18:00:00Z',
      '2026-12-03T15:00:00Z',
    ]);
  });

  it("counts days and hours on the wall in the recipient's zone, else the host's, else UTC", () => {
    const policy = withRules({ name: 'eve', when: { daysBefore: 1, at: wallTime('09:00') } });
    const dueIn = (timeZone: string | null, hostZone: string | null): readonly string[] =>
      seen(agreedCall({ startAt, agreedAt: longAgo, hostZone, people: { [ana]: { timeZone } } }), policy);
    expect(dueIn('Europe/Berlin', 'Asia/Tokyo')).toEqual(['eve 2026-12-02T08:00:00Z']);
    expect(dueIn('No/Where', 'Asia/Tokyo')).toEqual(['eve 2026-12-03T00:00:00Z']);
    expect(dueIn(null, null)).toEqual(['eve 2026-12-02T09:00:00Z']);
    const tokyo = agreedCall({ startAt, agreedAt: longAgo, hostZone: 'Asia/Tokyo' });
    const [person] = Object.values(tokyo.people);
    if (!person) throw new Error('there is one person');
    const erased = { ...tokyo, people: { [ana]: { ...person, details: null, erasedAt: longAgo } } };
    expect(seen(erased, policy)).toEqual(['eve 2026-12-03T00:00:00Z']);
    expect(seen({ ...erased, host: null }, policy)).toEqual(['eve 2026-12-02T09:00:00Z']);
    expect(seen({ ...tokyo, people: {} }, policy)).toEqual(['eve no_address']);
  });

  it('skips a wall-clock time that is not before the start', () => {
    const policy = withRules({ name: 'day', when: { daysBefore: 0, at: wallTime('15:00') } });
    expect(seen(call(), policy)).toEqual(['day moment_passed']);
  });

  it('moves a reminder out of quiet hours to their beginning', () => {
    const policy = {
      ...withRules({ name: '8h', when: { before: hours(8) } }),
      quietHours: quiet('21:00', '07:30'),
    };
    expect(seen(call(), policy)).toEqual(['8h 2026-12-02T21:00:00Z']);
  });

  it('says for when a reminder was asked that quiet hours moved', () => {
    const evening = { name: 'evening', when: { daysBefore: 1, at: wallTime('22:00') } };
    const moment = (quietHours: Policy['quietHours']) =>
      planReminders(call(), { ...withRules(evening), quietHours }).map(({ askedAt, dueAt }) => [
        askedAt.toString(),
        dueAt.toString(),
      ]);
    const [[asked = '', unmoved = ''] = []] = moment(null);
    expect(unmoved).toBe(asked);
    const hourBefore = Temporal.Instant.from(asked).subtract({ hours: 1 }).toString();
    expect(moment(quiet('21:00', '07:30'))).toEqual([[asked, hourBefore]]);
  });

  it('skips a reminder in quiet hours when their beginning was before the agreement', () => {
    const policy = {
      ...withRules({ name: '8h', when: { before: hours(8) } }),
      quietHours: quiet('21:00', '07:30'),
    };
    expect(seen(call(at('2026-12-02T21:00:00Z')), policy)).toEqual(['8h 2026-12-02T21:00:00Z']);
    const [skipped] = planReminders(call(at('2026-12-02T21:00:01Z')), policy);
    expect([skipped?.skip, skipped?.dueAt.toString()]).toEqual(['quiet_hours', '2026-12-03T07:00:00Z']);
  });

  it('never moves a follow-up into the call', () => {
    const policy = {
      ...withRules({ name: 'thanks', when: { after: hours(1) } }),
      quietHours: quiet('15:15', '23:00'),
    };
    expect(seen(call(), policy)).toEqual(['thanks quiet_hours']);
    expect(seen(call(), { ...policy, quietHours: quiet('15:30', '23:00') })).toEqual([
      'thanks 2026-12-03T15:30:00Z',
    ]);
  });

  it('never moves a follow-up to before the agreement', () => {
    const policy = {
      ...withRules({ name: 'thanks', when: { after: hours(1) } }),
      quietHours: quiet('15:45', '23:00'),
    };
    expect(seen(call(at('2026-12-03T15:45:00Z')), policy)).toEqual(['thanks 2026-12-03T15:45:00Z']);
    expect(seen(call(at('2026-12-03T15:45:00.001Z')), policy)).toEqual(['thanks quiet_hours']);
  });

  it('keeps of two follow-ups due at the same moment the one nearest to the call', () => {
    const quietHours = quiet('16:00', '23:00');
    const near = { name: 'near', when: { after: hours(1) } };
    const far = { name: 'far', when: { after: hours(2) } };
    const expected = ['far overtaken', 'near 2026-12-03T16:00:00Z'];
    expect(seen(call(), { ...withRules(near, far), quietHours })).toEqual(expected);
    expect(seen(call(), { ...withRules(far, near), quietHours })).toEqual(expected);
  });

  it('keeps of two reminders due at the same moment the one nearest to the call', () => {
    const quietHours = quiet('21:00', '07:30');
    const near = { name: 'near', when: { before: hours(8) } };
    const far = { name: 'far', when: { before: hours(9) } };
    const expected = ['far overtaken', 'near 2026-12-02T21:00:00Z'];
    expect(seen(call(), { ...withRules(near, far), quietHours })).toEqual(expected);
    expect(seen(call(), { ...withRules(far, near), quietHours })).toEqual(expected);
  });

  it('keeps of two rules with the same moment the one listed last', () => {
    const policy = withRules(
      { name: 'a', when: { before: hours(2) } },
      { name: 'b', when: { before: hours(2) } },
    );
    expect(seen(call(), policy)).toEqual(['a overtaken', 'b 2026-12-03T13:00:00Z']);
  });

  it.each([
    ['an address that cannot be mailed', { mailable: false }],
    ['no address', { email: null }],
  ])('skips everything to %s', (_, person) => {
    expect(new Set(planReminders(call(longAgo, person), defaultPolicy).map(({ skip }) => skip))).toEqual(
      new Set(['no_address']),
    );
  });

  it('skips everything to somebody of whom nothing is known', () => {
    expect(planReminders({ ...call(), people: {} }, defaultPolicy).map(({ skip }) => skip)).toEqual(
      Array(3).fill('no_address'),
    );
  });

  it('goes on planning for a person who was erased: that is for the gate to drop', () => {
    const erased = call(longAgo, { email: null, mailable: false, erasedAt: startAt });
    expect(planReminders(erased, defaultPolicy).map(({ skip }) => skip)).toEqual([null, null, null]);
  });

  it("names the call's reason before the person's", () => {
    expect(seen(call(at('2026-12-03T14:00:00Z'), { mailable: false }))[0]).toBe('72h meeting_too_soon');
  });

  it('plans for guests if the policy says so, for no more than it allows', () => {
    const facts = agreedCall({ startAt, agreedAt: longAgo, people: { [ana]: {}, [ben]: {} } });
    const policy = { ...defaultPolicy, remindGuests: true, recipientsPerBooking: 1 };
    expect(planReminders(facts, policy).map(({ recipient, skip }) => [recipient, skip])).toEqual([
      ...Array(3).fill([ana, null]),
      ...Array(3).fill([ben, 'too_many_recipients']),
    ]);
  });

  it('plans for every seat ever taken, each judged by when it was taken', () => {
    const facts = agreedCall({
      startAt,
      agreedAt: longAgo,
      seated: true,
      people: {
        [ben]: { joinedAt: at('2026-12-03T14:00:00Z') },
        [ana]: { leftAt: at('2026-11-20T00:00:00Z') },
      },
    });
    const plan = planReminders(facts, { ...defaultPolicy, recipientsPerBooking: 1 });
    expect(plan.map(({ recipient, skip }) => [recipient, skip])).toEqual([
      ...Array(3).fill([ana, null]),
      ...Array(3).fill([ben, 'meeting_too_soon']),
    ]);
  });

  it('has no limit of recipients with seats', () => {
    const people = { [ana]: {}, [ben]: {} };
    const facts = agreedCall({ startAt, agreedAt: longAgo, seated: true, people });
    const plan = planReminders(facts, { ...defaultPolicy, recipientsPerBooking: 1 });
    expect(plan.map(({ skip }) => skip)).toEqual(Array(6).fill(null));
  });

  it('lets a skipped reminder end the use of no other', () => {
    const policy = withRules(
      { name: 'day', when: { daysBefore: 0, at: wallTime('17:00') } },
      { name: 'thanks', when: { after: hours(1) } },
    );
    expect(
      planReminders(call(), policy).map(({ skip, usefulUntil }) => skip ?? usefulUntil.toString()),
    ).toEqual(['2026-12-04T16:30:00Z', 'moment_passed']);
  });

  it('lets the rules depend on what is known', () => {
    const rules = (facts: Facts): readonly Rule[] =>
      facts.seated ? [] : [{ name: 'one', when: { before: hours(1) } }];
    expect(seen(call(), { ...defaultPolicy, rules })).toEqual(['one 2026-12-03T14:00:00Z']);
  });

  it.each(['-271821-04-20T00:00:00Z', '0001-01-01T00:00:00Z', '+275760-09-13T00:00:00Z'])(
    'survives a start at %s',
    (text) => {
      const policy: Policy = {
        ...withRules(
          { name: 'eve', when: { daysBefore: 366, at: wallTime('09:00') } },
          { name: '72h', when: { before: hours(72) } },
          { name: 'thanks', when: { after: hours(72) } },
        ),
        quietHours: quiet('21:00', '07:00'),
      };
      const people = { [ana]: { timeZone: 'Pacific/Kiritimati' } };
      const facts = agreedCall({ startAt: at(text), agreedAt: at('-271821-04-20T00:00:00Z'), people });
      expect(planReminders(facts, policy)).toHaveLength(3);
    },
  );
});

const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca', 'No/Where'];
const minute = fc.integer({ min: 0, max: 24 * 60 - 1 });
const time = minute.map((count) => Temporal.PlainTime.from('00:00').add({ minutes: count }));
const length = fc
  .integer({ min: 1, max: 10 * 24 * 60 })
  .map((count) => Temporal.Duration.from({ minutes: count }));
const when = fc.oneof(
  length.map((before) => ({ before })),
  length.map((after) => ({ after })),
  fc.record({ daysBefore: fc.integer({ min: 0, max: 9 }), at: time }),
);
const moment = fc
  .integer({ min: Date.UTC(2024, 0), max: Date.UTC(2030, 11) })
  .map((ms) => Temporal.Instant.fromEpochMilliseconds(ms));
const someCall = fc
  .record({
    startAt: moment,
    leadMinutes: fc.integer({ min: -60, max: 15 * 24 * 60 }),
    timeZone: fc.constantFrom(...zones),
    mailable: fc.boolean(),
  })
  .map((one) =>
    agreedCall({
      startAt: one.startAt,
      agreedAt: one.startAt.subtract({ minutes: one.leadMinutes }),
      hostZone: 'Asia/Tokyo',
      people: { [ana]: { timeZone: one.timeZone, mailable: one.mailable }, [ben]: {} },
    }),
  );
const somePolicy: fc.Arbitrary<Policy> = fc
  .record({
    whens: fc.array(when, { maxLength: 6 }),
    quietHours: fc.option(
      fc
        .tuple(time, fc.integer({ min: 0, max: 20 * 60 }))
        .map(([from, count]) => ({ from, to: from.add({ minutes: count }) })),
    ),
    validFor: fc.option(length, { nil: undefined }),
    remindGuests: fc.boolean(),
  })
  .map(({ whens, validFor, ...rest }) => ({
    ...defaultPolicy,
    ...rest,
    rules: whens.map((one, i) => ({ name: `rule-${i}`, when: one })),
    content: { ...defaultPolicy.content, ...(validFor && { validFor }) },
  }));

describe('every plan', () => {
  const everyPlan = (law: (facts: Facts, policy: Policy) => void): void =>
    fc.assert(fc.property(someCall, somePolicy, law), { numRuns: 400 });

  it('answers every rule for every recipient once, each recipient in the order of falling due', () => {
    everyPlan((facts, policy) => {
      const plan = planReminders(facts, policy);
      const recipients = policy.remindGuests ? [ana, ben] : [ana];
      const keys = plan.map((one) => reminderKey(bookingId('calcom', 'u'), one));
      expect(new Set(keys).size).toBe(recipients.length * policy.rules.length);
      for (const recipient of recipients) {
        const due = plan
          .filter((one) => one.recipient === recipient)
          .map(({ dueAt }) => dueAt.epochMilliseconds);
        expect(due).toEqual(due.toSorted((a, b) => a - b));
      }
    });
  });

  it('lets nothing fall due before the agreement, before reminders at or after the start, or without use', () => {
    everyPlan((facts, policy) => {
      for (const { rule, dueAt, usefulUntil, skip } of planReminders(facts, policy)) {
        if (skip) continue;
        const start = facts.time?.value.startAt ?? dueAt;
        const agreed = facts.agreed[start.toString()]?.saidAt ?? dueAt;
        expect(Temporal.Instant.compare(dueAt, agreed)).toBeGreaterThanOrEqual(0);
        expect(Temporal.Instant.compare(usefulUntil, dueAt)).toBe(1);
        if (!('after' in rule.when))
          expect(Temporal.Instant.compare(usefulUntil, start)).toBeLessThanOrEqual(0);
      }
    });
  });

  it('never has two reminders useful to one person at the same time before the call', () => {
    everyPlan((facts, policy) => {
      const due = planReminders(facts, { ...policy, remindGuests: false }).filter(({ skip }) => !skip);
      due.forEach(({ usefulUntil }, i) => {
        const next = due[i + 1];
        if (next) expect(Temporal.Instant.compare(usefulUntil, next.dueAt)).toBeLessThanOrEqual(0);
      });
    });
  });

  it('keeps every offset exact where there are no quiet hours', () => {
    everyPlan((facts, policy) => {
      for (const { rule, startAt: start, dueAt } of planReminders(facts, { ...policy, quietHours: null })) {
        if ('before' in rule.when)
          expect(start.since(dueAt).total('minutes')).toBe(rule.when.before.total('minutes'));
        if ('after' in rule.when) {
          expect(dueAt.since(start).total('minutes')).toBe(rule.when.after.total('minutes') + 30);
        }
      }
    });
  });

  it('keeps the names in test mode and has no lead there', () => {
    everyPlan((facts, policy) => {
      const plan = planReminders(facts, inTestMode(policy));
      expect(new Set(plan.map(({ rule }) => rule.name))).toEqual(
        new Set(planReminders(facts, policy).map(({ rule }) => rule.name)),
      );
      expect(plan.map(({ skip }) => skip)).not.toContain('meeting_too_soon');
      expect(plan.map(({ skip }) => skip)).not.toContain('quiet_hours');
    });
  });
});

describe('reminderKey', () => {
  it('names booking, start, rule and recipient, and no address', () => {
    const [first] = planReminders(call(), defaultPolicy);
    expect(first && reminderKey(bookingId('calcom', 'abc'), first)).toBe(
      `calcom:abc|2026-12-03T15:00:00Z|72h|${ana}`,
    );
  });
});
