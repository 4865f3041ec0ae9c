import {
  defaultPolicy,
  inTestMode,
  nothingKnown,
  type Policy,
  planReminders,
  type Rule,
  Temporal,
  type When,
} from '@precall/core';
import { describe, expect, it } from 'vitest';
import { rulesFor } from '../src/policy.ts';
import { agreedCall, ana, at, hours, wallTime } from './agreed-call.ts';

const minutes = (count: number): Temporal.Duration => Temporal.Duration.from({ minutes: count });
const policyOf = (...rules: readonly Rule[]): Policy => ({ ...defaultPolicy, rules });
const rule = (name: string, when: When = { before: hours(1) }): Rule => ({ name, when });

describe('rulesFor', () => {
  it('gives the rules as they are listed, or as they follow from the facts', () => {
    const rules = [rule('72h'), rule('A_b-c.9')];
    expect(rulesFor(nothingKnown, policyOf(...rules), ana)).toEqual(rules);
    expect(rulesFor(nothingKnown, { ...defaultPolicy, rules: () => rules }, ana)).toBe(rules);
  });

  it.each(['', 'two words', 'a|b', 'é', 'x'.repeat(41), 'a\n'])('refuses the name %j and says so', (name) => {
    expect(() => rulesFor(nothingKnown, policyOf(rule(name)), ana)).toThrow(
      `policy.rules: the rule "${name}" is misnamed`,
    );
  });

  it('refuses a name used twice', () => {
    expect(() => rulesFor(nothingKnown, policyOf(rule('a'), rule('b'), rule('a')), ana)).toThrow(
      '"a" is there twice',
    );
  });

  it.each<When>([
    { before: hours(0) },
    { before: hours(-1) },
    { after: hours(-1) },
    { daysBefore: -1, at: wallTime('09:00') },
    { daysBefore: 1.5, at: wallTime('09:00') },
    { daysBefore: 367, at: wallTime('09:00') },
  ])('refuses a moment that makes no sense: %o', (when) => {
    expect(() => rulesFor(nothingKnown, policyOf(rule('odd', when)), ana)).toThrow('the rule "odd"');
  });

  it('takes one right when it becomes known that somebody did not come, and none before', () => {
    const missed = (count: number) => policyOf(rule('rebook', { afterNoShow: hours(count) }));
    expect(rulesFor(nothingKnown, missed(0), ana)).toHaveLength(1);
    expect(() => rulesFor(nothingKnown, missed(-1), ana)).toThrow('has no moment');
  });

  it('takes a rule to the host after the call, by mail, in words of its own, and no other', () => {
    const ask: Rule = { name: 'ask', when: { after: hours(0) }, to: 'host', content: defaultPolicy.content };
    expect(rulesFor(nothingKnown, policyOf(ask), ana)).toEqual([ask]);
    const { content: _, ...wordless } = ask;
    const others: readonly Rule[] = [
      { ...ask, when: { before: hours(1) } },
      { ...ask, when: { afterNoShow: hours(1) } },
      { ...ask, channel: 'sms' },
      { ...ask, fallback: 'sms' },
      wordless,
    ];
    for (const other of others)
      expect(() => rulesFor(nothingKnown, policyOf(other), ana)).toThrow(
        'the rule "ask" goes to the host: let it come after the call, by mail, with content of its own',
      );
  });

  it('looks at a list once, and at another one again', () => {
    const rules: Rule[] = [rule('a')];
    rulesFor(nothingKnown, { rules }, ana);
    rules.push(rule('a'));
    expect(rulesFor(nothingKnown, { rules }, ana)).toHaveLength(2);
    expect(() => rulesFor(nothingKnown, { rules: [...rules] }, ana)).toThrow('is there twice');
  });

  it('takes a follow-up right at the end', () => {
    expect(rulesFor(nothingKnown, policyOf(rule('end', { after: hours(0) })), ana)).toHaveLength(1);
  });
});

describe('inTestMode', () => {
  const startAt = at('2026-12-03T15:00:00Z');
  const lead = (policy: Policy): readonly string[] =>
    planReminders(agreedCall({ startAt, agreedAt: at('2026-12-03T14:50:00Z') }), policy).map(
      (one) => `${one.rule.name} ${startAt.since(one.dueAt).total('minutes')}`,
    );

  it('turns 72, 24 and 2 hours into 6, 3 and 1 minutes under the same names', () => {
    expect(lead(inTestMode(defaultPolicy))).toEqual(['72h 6', '24h 3', '2h 1']);
  });

  it('shortens other lengths by 720, to a minute at least; a day before counts as 24 hours', () => {
    const rules = [
      rule('48h', { before: hours(48) }),
      rule('eve', { daysBefore: 2.0, at: wallTime('09:00') }),
      rule('1h', { before: hours(1) }),
      rule('thanks', { after: hours(24) }),
      { ...rule('later', { after: hours(24) }), testOffset: minutes(9) },
    ];
    expect(lead(inTestMode(policyOf(...rules)))).toEqual([
      '48h 4',
      'eve 4',
      '1h 1',
      'thanks -32',
      'later -39',
    ]);
  });

  it('shortens what a function of the facts gives', () => {
    expect(lead(inTestMode({ ...defaultPolicy, rules: () => [rule('12h', { before: hours(12) })] }))).toEqual(
      ['12h 1'],
    );
  });

  it('waits seconds for what the policy waits minutes for, and says all else as the policy does', () => {
    const { doubtWait, projection } = inTestMode(defaultPolicy);
    const seconds = (length: Temporal.Duration): number => length.total('seconds');
    expect([doubtWait.once, doubtWait.reported, doubtWait.silent].map(seconds)).toEqual([0, 15, 5]);
    expect(seconds(projection.completedAfter)).toBe(5);
    expect(projection).toEqual({
      ...defaultPolicy.projection,
      completedAfter: expect.anything(),
    });
  });

  it('knows no minimum lead, no quiet hours and no daily cap', () => {
    const policy = inTestMode({
      ...defaultPolicy,
      quietHours: { from: wallTime('00:00'), to: wallTime('20:00') },
    });
    expect([policy.minimumLead.total('seconds'), policy.quietHours, policy.messagesPerDay]).toEqual([
      0,
      null,
      null,
    ]);
  });
});
