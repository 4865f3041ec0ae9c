// The gate about people: who was erased, who came, who has another call, whose share is used up, and who can only be texted.
import { describe, expect, it } from 'vitest';
import type { Facts, PersonFacts } from '../src/facts.ts';
import { type Case, dropReason, isLive, judge, nextMailAt, stateOf, stillMissed } from '../src/gate.ts';
import { attemptId, recipientId } from '../src/ids.ts';
import { claim, newEntry, type Settlement, settle } from '../src/ledger.ts';
import type { LedgerEntry } from '../src/ledger-types.ts';
import { newPerson } from '../src/person.ts';
import { type PlannedReminder, planReminders } from '../src/plan.ts';
import { defaultPolicy, type Policy, type Rule } from '../src/policy.ts';
import { type Instant, Temporal } from '../src/temporal.ts';
import { agreedCall, ana, at, ben, hours, wallTime } from './agreed-call.ts';

const startAt = at('2026-12-03T15:00:00Z');
const agreedAt = at('2026-11-23T12:00:00Z');
const stamp = { saidAt: agreedAt, rank: 4 };
const call = agreedCall({ startAt, agreedAt, people: { [ana]: { timeZone: 'Europe/Paris' } } });
const ofAna = (changes: Partial<PersonFacts>, facts = call): Facts => ({
  ...facts,
  people: { ...facts.people, [ana]: { ...facts.people[ana], ...changes } as PersonFacts },
});
const phone = { value: { number: '+33612345678', id: recipientId('c'.repeat(32)) }, stamp };
const consent = { value: { given: true, text: 'May we text you?', source: 'question' }, stamp };
const textable = ofAna({ phone, consent });
const absent = ofAna({ noShow: { value: true, stamp: { saidAt: at('2026-12-03T15:30:00Z'), rank: 0 } } });

const mail: Rule = { name: '2h', when: { before: hours(2) } };
const falling: Rule = { ...mail, fallback: 'sms' };
const thanks: Rule = { name: 'thanks', when: { after: hours(1) } };
const rebook: Rule = { name: 'rebook', when: { afterNoShow: hours(1) } };
const ask: Rule = { name: 'ask', when: { after: hours(0) }, to: 'host', content: defaultPolicy.content };

/** The one reminder of a policy with this rule, at its moment. */
function caseOf(
  rule: Rule,
  more: Omit<Partial<Case>, 'policy'> & { readonly policy?: Partial<Policy> } = {},
): Case {
  const policy = { ...defaultPolicy, rules: [rule], ...more.policy } as Policy;
  const { facts = call } = more;
  const [reminder] = planReminders(facts, policy) as [PlannedReminder];
  const nobodyElse = { entry: null, person: null, phone: null, bookings: null };
  return { reminder, facts, now: reminder.dueAt, ...nobodyElse, ...more, policy };
}

const id = attemptId('first');
const doubtWait = Temporal.Duration.from({ minutes: 1 });
function settledAs(one: Case, settlement: Settlement, dueAt = one.reminder.dueAt): LedgerEntry {
  return settle(claim(newEntry(one.reminder), id, dueAt), id, settlement, { now: dueAt, doubtWait });
}
const rejected: Settlement = { kind: 'failed', error: { kind: 'rejected', reason: '400' } };
const noAnswer: Settlement = { kind: 'failed', error: { kind: 'unknown', reason: 'reset' } };

describe('somebody who was erased', () => {
  const erasedAt = at('2026-11-24T12:00:00Z');
  const person = { ...newPerson, erasedAt };

  it('gets nothing, unless they booked again since', () => {
    expect(judge(caseOf(mail, { person }))).toEqual({ act: 'drop', reason: 'erased' });
    const details = {
      value: { ...call.people[ana]?.details?.value } as never,
      stamp: { ...stamp, saidAt: erasedAt },
    };
    const atOnce = { facts: ofAna({ details, erasedAt }), person };
    expect(judge(caseOf(mail, atOnce))).toEqual({ act: 'drop', reason: 'erased' });
    const later = { ...details, stamp: { ...stamp, saidAt: erasedAt.add({ seconds: 1 }) } };
    expect(judge(caseOf(mail, { facts: ofAna({ details: later, erasedAt }), person })).act).toBe('send');
  });

  it('as a host is asked nothing, unless their address was said since', () => {
    const hostSaid = (saidAt: Instant): Facts => ({
      ...call,
      host: {
        value: {
          name: 'Jane',
          timeZone: null,
          address: { email: 'jane@example.com', locale: null, id: ben },
        },
        stamp: { saidAt, rank: 4 },
      },
    });
    const verdict = (saidAt: Instant) => judge(caseOf(ask, { facts: hostSaid(saidAt), person }));
    expect(verdict(agreedAt)).toEqual({ act: 'drop', reason: 'erased' });
    expect(verdict(erasedAt.add({ seconds: 1 })).act).toBe('send');
  });
});

describe('after a call', () => {
  it('who came is thanked, who did not is asked for another time, and neither gets the other’s', () => {
    expect(judge(caseOf(thanks, { facts: call })).act).toBe('send');
    expect(judge(caseOf(thanks, { facts: absent }))).toEqual({ act: 'drop', reason: 'no_show' });
    expect(judge(caseOf(rebook, { facts: absent })).act).toBe('send');
    const came = ofAna({ noShow: { value: false, stamp: { saidAt: at('2026-12-03T15:31:00Z'), rank: 0 } } });
    expect(judge(caseOf(rebook, { facts: came }))).toEqual({ act: 'drop', reason: 'attended' });
  });

  it('to which the host did not come, nobody is written to', () => {
    const facts: Facts = { ...absent, hostNoShow: { value: true, stamp } };
    for (const rule of [thanks, rebook])
      expect(judge(caseOf(rule, { facts }))).toEqual({ act: 'drop', reason: 'host_absent' });
  });

  it('those are still missed whose message after a no-show may still go', () => {
    const done = {
      entry: settledAs(caseOf(rebook, { facts: absent }), { kind: 'accepted', messageId: null }),
    };
    expect(stillMissed([caseOf(rebook, { facts: absent }), caseOf(thanks)])).toEqual([ana]);
    expect(stillMissed([caseOf(rebook, { facts: absent, ...done })])).toEqual([]);
  });

  it('a link that is still to come keeps no message about a no-show back, and no question to the host', () => {
    const place = { value: { kind: 'pending' as const }, stamp };
    const host = {
      value: { name: 'Jane', timeZone: null, address: { email: 'jane@example.com', locale: null, id: ben } },
      stamp,
    };
    expect(judge(caseOf(rebook, { facts: { ...absent, place } })).act).toBe('send');
    expect(judge(caseOf(ask, { facts: { ...call, place, host } })).act).toBe('send');
    expect(judge(caseOf(thanks, { facts: { ...call, place } }))).toMatchObject({ reason: 'no_link' });
  });
});

describe('a call that is not agreed any more', () => {
  it('is awaited, was left, or was moved, by all or by one alone', () => {
    const { reminder } = caseOf(mail);
    expect(dropReason(reminder, { ...call, agreed: {}, requestedAt: agreedAt })).toBe('awaiting');
    expect(dropReason(reminder, { ...call, agreed: {} })).toBe('awaiting');
    const seated = agreedCall({ startAt, agreedAt, seated: true, people: { [ana]: {}, [ben]: {} } });
    const gone = ofAna({ leftAt: agreedAt.add({ hours: 1 }) }, seated);
    expect(dropReason(reminder, gone)).toBe('recipient_left');
    const moved = { allAt: null, people: { [ana]: { movedAt: agreedAt.add({ hours: 1 }) } } };
    expect(dropReason(reminder, { ...seated, replacedBy: { 'cal:other': moved } as never })).toBe(
      'superseded',
    );
  });
});

describe('the share of one person', () => {
  const sent = (...ago: readonly number[]) => ({
    ...newPerson,
    sent: ago.map((count) => ({ at: at('2026-12-03T13:00:00Z').subtract({ hours: count }) })),
  });

  it('of a day counts for the person and for the number, whichever is full', () => {
    const texted: Rule = { ...mail, channel: 'sms' };
    const policy = { messagesPerDay: 1, smsQuietHours: null };
    const act = (person: Case['person'], number: Case['phone']) =>
      judge(caseOf(texted, { facts: textable, policy, person, phone: number }));
    expect(act(null, sent(1))).toEqual({ act: 'drop', reason: 'daily_cap' });
    expect(act(sent(1), null)).toEqual({ act: 'drop', reason: 'daily_cap' });
    expect(act(sent(25), sent(25)).act).toBe('send');
    const uncapped = { ...policy, messagesPerDay: null };
    expect(judge(caseOf(mail, { policy: uncapped, person: sent(...Array(8).fill(1)) })).act).toBe('send');
  });

  it('of a month counts messages after a no-show that may have reached them, of all their calls, and nobody else’s', () => {
    const one = caseOf(rebook, { facts: absent });
    const [reached, refused] = [settledAs(one, noAnswer), settledAs(one, rejected)];
    const verdict = (...entries: readonly LedgerEntry[]) => {
      const ledger = Object.fromEntries(entries.map((entry, n) => [`key ${n}`, entry]));
      const bookings = [{ facts: absent, ledger: ledger as never }];
      const policy = { rebooksPerMonth: 1, rules: [thanks, rebook] };
      return judge(caseOf(rebook, { facts: absent, bookings, policy, reminder: one.reminder }));
    };
    expect(verdict(reached)).toEqual({ act: 'drop', reason: 'monthly_cap' });
    expect(verdict(refused).act).toBe('send');
    expect(verdict({ ...reached, rule: 'thanks' }).act).toBe('send');
    expect(verdict({ ...reached, recipient: ben }).act).toBe('send');
    const monthAgo = one.now.subtract({ hours: 24 * 30 });
    expect(verdict(settledAs(one, noAnswer, monthAgo)).act).toBe('send');
    expect(verdict(settledAs(one, noAnswer, monthAgo.add({ seconds: 1 }))).act).toBe('drop');
  });
});

describe('a text in the place of a mail', () => {
  const bounced = { ...newPerson, suppressed: { at: agreedAt, why: 'bounced' } };

  it('goes where the mail was refused for good, and not about what is not wanted any more', () => {
    const entry = settledAs(caseOf(falling, { facts: textable }), rejected);
    expect(judge(caseOf(falling, { facts: textable, entry }))).toMatchObject({ act: 'send', channel: 'sms' });
    const cancelled: Facts = { ...textable, cancelled: { value: { by: 'host', moving: false }, stamp } };
    expect(judge(caseOf(falling, { facts: cancelled, entry }))).toEqual({ act: 'nothing' });
  });

  it('is planned where no mail reaches them, which is no word of theirs', () => {
    const one = caseOf(falling, { facts: textable, person: bounced });
    expect(judge(one)).toMatchObject({ act: 'send', channel: 'sms' });
    expect(stateOf(one)).toEqual({ state: 'planned', reason: null });
    expect(stateOf(caseOf(mail, { person: bounced }))).toEqual({ state: 'dropped', reason: 'suppressed' });
  });

  it('by rule is missed once its hours are over', () => {
    const policy = { smsQuietHours: { from: wallTime('20:30'), to: wallTime('08:00') } };
    const one = caseOf({ ...mail, channel: 'sms' }, { facts: textable, policy });
    const late = { ...one, now: at('2026-12-03T19:30:00.001Z') };
    const useful = { ...late.reminder, usefulUntil: at('2026-12-03T23:00:00Z') };
    expect(judge({ ...late, reminder: useful })).toEqual({ act: 'miss', reason: 'texting_hours' });
  });
});

describe('what a skipped, a running and a doubtful reminder ask for', () => {
  const one = caseOf(mail);
  const running = claim(newEntry(one.reminder), id, one.reminder.dueAt);
  const doubtful = settledAs(one, noAnswer);
  const skipped: PlannedReminder = { ...one.reminder, skip: 'no_address' };

  it('is nothing of one that is skipped, unless a send of it is open', () => {
    expect(judge({ ...one, reminder: skipped })).toEqual({ act: 'nothing' });
    expect(isLive({ ...one, reminder: skipped })).toBe(false);
    expect(judge({ ...one, reminder: skipped, entry: running }).act).toBe('wait');
    expect(stateOf({ ...one, reminder: skipped })).toEqual({ state: 'skipped', reason: 'no_address' });
  });

  it('is a look at once where a lease is over, or where nobody will know any more', () => {
    const leaseOver = at('2026-12-03T13:00:20Z');
    expect(judge({ ...one, entry: running, now: leaseOver })).toEqual({ act: 'expire' });
    expect(nextMailAt([{ ...one, entry: running, now: leaseOver }])).toEqual(leaseOver);
    const never: Policy = { ...one.policy, afterUnknown: 'never_resend' };
    const waited = { ...one, entry: doubtful, now: at('2026-12-03T13:01:00Z'), policy: never };
    expect(judge(waited)).toEqual({ act: 'give_up', reason: 'no_answer' });
    expect(nextMailAt([waited])).toEqual(waited.now);
    expect(stateOf(waited)).toEqual({ state: 'unknown', reason: 'outcome_unknown' });
  });
});
