// The gate, verdict by verdict: what `ledger.test.ts` does not ask it on its way through the send protocol.
import { describe, expect, it } from 'vitest';
import type { Facts } from '../src/facts.ts';
import { type Case, dropReason, isLive, judge, nextMailAt } from '../src/gate.ts';
import { attemptId } from '../src/ids.ts';
import { claim, finish, newEntry, settle } from '../src/ledger.ts';
import type { LedgerEntry } from '../src/ledger-types.ts';
import { newPerson } from '../src/person.ts';
import { type PlannedReminder, planReminders } from '../src/plan.ts';
import { defaultPolicy, type Policy } from '../src/policy.ts';
import { type Instant, Temporal } from '../src/temporal.ts';
import { agreedCall, ana, at, hours } from './agreed-call.ts';

const startAt = at('2026-12-03T15:00:00Z');
const endAt = at('2026-12-03T15:30:00Z');
const facts = agreedCall({ startAt, agreedAt: at('2026-11-23T12:00:00Z') });
const stamp = { saidAt: at('2026-11-24T12:00:00Z'), rank: 4 };
const cancelled: Facts = { ...facts, cancelled: { value: { by: 'host', moving: false }, stamp } };

const planned = (policy: Policy, name: string): PlannedReminder => {
  const found = planReminders(facts, policy).find(({ rule }) => rule.name === name);
  if (!found) throw new Error(`the policy plans ${name}`);
  return found;
};
const reminder = planned(defaultPolicy, '24h');
const due = reminder.dueAt;
const later = (seconds: number): Instant => due.add({ milliseconds: Math.round(seconds * 1000) });
const caseOf = (more: Partial<Case> = {}): Case => ({
  reminder,
  facts,
  entry: null,
  person: null,
  bookings: null,
  phone: null,
  policy: defaultPolicy,
  now: due,
  ...more,
});

const minute = Temporal.Duration.from({ minutes: 1 });
/** A send without an answer, looked at again at 61 s. */
function inDoubt(entry = newEntry(reminder), id = 'first', claimedAt = due): LedgerEntry {
  const settlement = { kind: 'failed', error: { kind: 'unknown', reason: 'reset' } } as const;
  const now = claimedAt.add({ seconds: 1 });
  const claimed = claim(entry, attemptId(id), claimedAt);
  return settle(claimed, attemptId(id), settlement, { now, doubtWait: minute });
}
function refused(): LedgerEntry {
  const settlement = { kind: 'failed', error: { kind: 'unavailable', reason: '503' } } as const;
  const claimed = claim(newEntry(reminder), attemptId('first'), due);
  return settle(claimed, attemptId('first'), settlement, { now: due, doubtWait: minute });
}

describe('judge', () => {
  it('drops what is not wanted any more, with its reason', () => {
    expect(judge(caseOf({ facts: cancelled }))).toEqual({ act: 'drop', reason: 'cancelled' });
    const suppressed = { ...newPerson, suppressed: { at: due, why: 'bounced' } };
    expect(judge(caseOf({ person: suppressed }))).toEqual({ act: 'drop', reason: 'suppressed' });
  });

  it('holds back a reminder without what its text needs, until its use is over', () => {
    const pending: Facts = { ...facts, place: { value: { kind: 'pending' }, stamp } };
    const until = reminder.usefulUntil;
    expect(judge(caseOf({ facts: pending }))).toEqual({ act: 'wait', until, reason: 'no_link' });
    const policy = { ...defaultPolicy, content: { ...defaultPolicy.content, needs: ['about' as const] } };
    expect(judge(caseOf({ policy }))).toEqual({ act: 'wait', until, reason: 'fact_missing' });
  });

  it('waits for news of an unknown outcome before anything else is decided about it', () => {
    const wait = (until: Instant) => ({ act: 'wait', until, reason: 'outcome_unknown' });
    const entry = inDoubt();
    expect(entry.waiting).toBe('outcome_unknown');
    const now = later(60.999);
    const never: Policy = { ...defaultPolicy, afterUnknown: 'never_resend' };
    expect(judge(caseOf({ entry, now, facts: cancelled }))).toEqual(wait(later(61)));
    expect(judge(caseOf({ entry, now, policy: never }))).toEqual(wait(later(61)));
    const overSoon = { ...reminder, usefulUntil: later(30) };
    expect(judge(caseOf({ entry, now, reminder: overSoon }))).toEqual(wait(later(61)));
    const twice = inDoubt(entry, 'second', later(61));
    expect(judge(caseOf({ entry: twice, now: later(121) }))).toEqual(wait(later(122)));
  });

  it('gives up an unknown outcome whose reminder is not wanted any more, or of no more use', () => {
    const givenUp = { act: 'give_up', reason: 'no_answer' };
    const entry = inDoubt();
    expect(judge(caseOf({ entry, now: later(61), facts: cancelled }))).toEqual(givenUp);
    expect(judge(caseOf({ entry, now: reminder.usefulUntil }))).toEqual(givenUp);
  });

  it('drops for somebody who was erased, though nothing else is known about them', () => {
    const erased = { ...newPerson, erasedAt: due };
    const details = facts.people[ana];
    if (!details) throw new Error('Ana is known');
    for (const people of [{}, { [ana]: { ...details, details: null } }]) {
      expect(judge(caseOf({ facts: { ...facts, people }, person: erased }))).toEqual({
        act: 'drop',
        reason: 'erased',
      });
    }
  });

  it('counts against the daily cap what was sent within the last 24 hours, and nothing older', () => {
    const policy: Policy = { ...defaultPolicy, messagesPerDay: 2 };
    const verdict = (...sentAgo: readonly Temporal.DurationLike[]) => {
      const sent = sentAgo.map((ago) => ({ at: due.subtract(ago) }));
      return judge(caseOf({ policy, person: { ...newPerson, sent } })).act;
    };
    expect(verdict({ hours: 24 }, { hours: 1 })).toBe('send');
    expect(verdict({ milliseconds: 86_399_999 }, { hours: 1 })).toBe('drop');
    expect(verdict({ hours: 30 }, { hours: 25 }, { hours: 24 }, { hours: 1 })).toBe('send');
  });
});

describe('dropReason', () => {
  it('is erased for a person whose details are gone with them', () => {
    const person = facts.people[ana];
    if (!person) throw new Error('Ana is known');
    const erased = { ...facts, people: { [ana]: { ...person, details: null, erasedAt: due } } };
    expect(dropReason(reminder, erased)).toBe('erased');
  });

  it('of a follow-up is none for somebody of whom no more than their place on the list is known', () => {
    const policy: Policy = { ...defaultPolicy, rules: [{ name: 'thanks', when: { after: hours(1) } }] };
    expect(dropReason(planned(policy, 'thanks'), { ...facts, people: {} })).toBeNull();
  });
});

describe('isLive', () => {
  it('until the reminder was sent or came to another end', () => {
    const live = (entry: LedgerEntry | null) => isLive({ reminder, facts, entry });
    const ok = { kind: 'accepted', messageId: null } as const;
    const sent = settle(inDoubt(), attemptId('first'), ok, { now: later(2), doubtWait: minute });
    expect([null, refused(), inDoubt()].map(live)).toEqual([true, true, true]);
    expect([sent, finish(refused(), { state: 'missed', reason: 'too_late', at: endAt })].map(live)).toEqual([
      false,
      false,
    ]);
  });
});

describe('nextMailAt', () => {
  it('asks for a look at a reminder whose use is over, so that it is told as missed', () => {
    expect(nextMailAt([caseOf({ now: reminder.usefulUntil })])).toEqual(due);
  });

  it('is the earliest moment that any reminder asks for; none asks that is dropped or done', () => {
    const waiting = caseOf({ entry: refused(), now: due });
    expect(nextMailAt([caseOf({ facts: cancelled }), waiting])).toEqual(later(4));
    expect(nextMailAt([waiting, caseOf({ now: later(-9) })])).toEqual(due);
    expect(nextMailAt([caseOf({ facts: cancelled })])).toBeNull();
  });
});
