// What a plan makes of rules that text, that speak to the host, and that follow a no-show.
import { describe, expect, it } from 'vitest';
import type { Facts, PersonFacts } from '../src/facts.ts';
import { recipientId, theHost } from '../src/ids.ts';
import { planReminders } from '../src/plan.ts';
import { defaultPolicy, type Policy, type Rule } from '../src/policy.ts';
import { agreedCall, ana, at, ben, hours, wallTime } from './agreed-call.ts';

const startAt = at('2026-12-03T15:00:00Z');
const agreedAt = at('2026-11-23T12:00:00Z');
const stamp = { saidAt: agreedAt, rank: 4 };
const call = agreedCall({ startAt, agreedAt, people: { [ana]: { timeZone: 'Europe/Paris' } } });
const aPhone: Partial<PersonFacts> = {
  phone: { value: { number: '+33612345678', id: recipientId('c'.repeat(32)) }, stamp },
  consent: { value: { given: true, text: 'May we text you?', source: 'question' }, stamp },
};
const ofAna = (changes: Partial<PersonFacts>, facts = call): Facts => ({
  ...facts,
  people: { ...facts.people, [ana]: { ...facts.people[ana], ...changes } as PersonFacts },
});
const policyOf = (rules: readonly Rule[], more: Partial<Policy> = {}): Policy => ({
  ...defaultPolicy,
  rules,
  ...more,
});
const planned = (facts: Facts, rules: readonly Rule[], more: Partial<Policy> = {}) =>
  planReminders(facts, policyOf(rules, more)).map(
    ({ rule, channel, skip, dueAt }) => `${rule.name} by ${channel}: ${skip ?? dueAt}`,
  );

describe('a rule that falls back to a text', () => {
  const rules: readonly Rule[] = [{ name: '2h', when: { before: hours(2) }, fallback: 'sms' }];
  const noMail = { details: null };

  it('mails whom a mail can reach, and texts at once whom only a text can', () => {
    expect(planned(ofAna(aPhone), rules)).toEqual(['2h by mail: 2026-12-03T13:00:00Z']);
    const details = { value: { email: null, mailable: false, timeZone: 'Europe/Paris' } as never, stamp };
    expect(planned(ofAna({ ...aPhone, details }), rules)).toEqual(['2h by sms: 2026-12-03T13:00:00Z']);
    expect(planned(ofAna(noMail), rules)).toEqual(['2h by mail: no_address']);
  });

  it('stays by mail for somebody who was erased, and without a fallback for everybody', () => {
    const erased = ofAna({ ...aPhone, details: null, erasedAt: agreedAt });
    expect(planned(erased, rules)).toEqual(['2h by mail: 2026-12-03T13:00:00Z']);
    const [plain] = rules;
    expect(planned(ofAna({ ...aPhone, ...noMail }), [{ ...plain, fallback: undefined } as never])).toEqual([
      '2h by mail: no_address',
    ]);
  });
});

describe('a rule by text', () => {
  const textBefore = (count: number): Rule => ({
    name: `${count}h`,
    when: { before: hours(count) },
    channel: 'sms',
  });

  it('keeps to the hours of texts, and a mail to those of mails', () => {
    const rules = [textBefore(2), { name: 'mail', when: { before: hours(3) } }];
    const smsQuietHours = { from: wallTime('12:30'), to: wallTime('18:00') };
    const quietHours = { from: wallTime('11:00'), to: wallTime('18:00') };
    // In Paris it is an hour later; a text falls due a quarter of an hour before its hours end.
    expect(planned(ofAna(aPhone), rules, { smsQuietHours, quietHours })).toEqual([
      'mail by mail: 2026-12-03T10:00:00Z',
      '2h by sms: 2026-12-03T11:15:00Z',
    ]);
  });

  it('is of use until its hours end; a mail is not bound by them', () => {
    const useful = (rule: Rule, smsQuietHours: Policy['smsQuietHours']) =>
      planReminders(ofAna(aPhone), policyOf([rule], { smsQuietHours })).map(
        ({ usefulUntil }) => `${usefulUntil}`,
      );
    const fromFour = { from: wallTime('15:00'), to: wallTime('08:00') };
    expect(useful(textBefore(2), fromFour)).toEqual(['2026-12-03T14:00:00Z']);
    expect(useful(textBefore(2), null)).toEqual([`${startAt}`]);
    expect(useful({ name: 'mail', when: { before: hours(2) } }, fromFour)).toEqual([`${startAt}`]);
  });

  it('overtakes a text of the same moment, and no mail', () => {
    const together = [
      textBefore(2),
      { ...textBefore(2), name: 'again' },
      { name: 'mail', when: { before: hours(2) } },
    ];
    expect(planned(ofAna(aPhone), together)).toEqual([
      '2h by sms: overtaken',
      'again by sms: 2026-12-03T13:00:00Z',
      'mail by mail: 2026-12-03T13:00:00Z',
    ]);
  });
});

describe('a rule to the host', () => {
  const rules: readonly Rule[] = [
    { name: '2h', when: { before: hours(2) } },
    { name: 'ask', when: { after: hours(0) }, to: 'host', content: defaultPolicy.content },
  ];
  const hostWith = (address: object): Facts => ({
    ...call,
    host: { value: { name: 'Jane Doe', timeZone: null, ...address }, stamp },
  });
  const reachable = hostWith({
    address: { email: 'jane@example.com', locale: null, id: recipientId('d'.repeat(32)) },
  });

  it('is the host’s alone, and nobody’s where their address is not known', () => {
    const plan = planReminders(reachable, policyOf(rules));
    expect(plan.map(({ rule, recipient, skip }) => [rule.name, recipient, skip])).toEqual([
      ['2h', ana, null],
      ['ask', theHost, null],
    ]);
    for (const facts of [hostWith({}), { ...call, host: null }])
      expect(planned(facts, rules)[1]).toBe('ask by mail: no_address');
  });

  it('is no recipient too many', () => {
    expect(planned(reachable, rules, { recipientsPerBooking: 1 })[1]).toBe(
      'ask by mail: 2026-12-03T15:30:00Z',
    );
  });
});

describe('a rule after a no-show', () => {
  const rebook: Rule = { name: 'rebook', when: { afterNoShow: hours(1) } };
  const thanks: Rule = { name: 'thanks', when: { after: hours(1) } };
  const said = (value: boolean, saidAt: string) =>
    ofAna({ noShow: { value, stamp: { ...stamp, saidAt: at(saidAt) } } });

  it('is planned once somebody said whether they came, and counts from then, not from before the end', () => {
    expect(planned(call, [rebook])).toEqual([]);
    expect(planned(said(true, '2026-12-03T17:00:00Z'), [rebook])).toEqual([
      'rebook by mail: 2026-12-03T18:00:00Z',
    ]);
    expect(planned(said(true, '2026-12-03T15:10:00Z'), [rebook])).toEqual([
      'rebook by mail: 2026-12-03T16:30:00Z',
    ]);
  });

  it('comes after the others, and neither ends the use of the other; a follow-up counts from the end', () => {
    const plan = planReminders(said(true, '2026-12-03T17:00:00Z'), policyOf([rebook, thanks]));
    expect(plan.map(({ rule, dueAt, usefulUntil }) => `${rule.name} ${dueAt} ${usefulUntil}`)).toEqual([
      'thanks 2026-12-03T16:30:00Z 2026-12-04T16:30:00Z',
      'rebook 2026-12-03T18:00:00Z 2026-12-04T18:00:00Z',
    ]);
  });

  it('is of the present start alone, and of nobody else', () => {
    const moved = agreedCall({
      startAt: at('2026-12-04T15:00:00Z'),
      agreedAt,
      people: { [ana]: {}, [ben]: {} },
    });
    const facts = {
      ...moved,
      agreed: { ...moved.agreed, [startAt.toString()]: { saidAt: agreedAt } },
    };
    const absent = ofAna(
      { noShow: { value: true, stamp: { ...stamp, saidAt: at('2026-12-04T16:00:00Z') } } },
      facts,
    );
    const policy = policyOf([rebook], { remindGuests: true });
    expect(planReminders(absent, policy).map(({ recipient }) => recipient)).toEqual([ana]);
    expect(planReminders(absent, policy, startAt)).toEqual([]);
  });
});
