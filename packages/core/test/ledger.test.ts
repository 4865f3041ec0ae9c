// The send protocol: each row of the kernel's table (section 4), and what holds after any sequence of its steps.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Case, judge, stateOf } from '../src/gate.ts';
import { attemptId, type ReminderKey } from '../src/ids.ts';
import {
  assertEntry,
  backOff,
  channelOf,
  claim,
  doubts,
  expire,
  finish,
  holdBack,
  isOpen,
  mayStart,
  newEntry,
  type Report,
  report,
  running,
  type Settlement,
  sendTimeout,
  settle,
  waitFor,
  wasAccepted,
  wasAcceptedBy,
} from '../src/ledger.ts';
import type { Attempt, LedgerEntry } from '../src/ledger-types.ts';
import { planReminders } from '../src/plan.ts';
import { defaultPolicy, inTestMode } from '../src/policy.ts';
import type { PortError } from '../src/ports.ts';
import { type Instant, Temporal } from '../src/temporal.ts';
import { textFor } from '../src/texts.ts';
import { agreedCall } from './agreed-call.ts';
import { at, names } from './in-orders.ts';

const facts = agreedCall({ startAt: at('2026-12-03T15:00:00Z'), agreedAt: at('2026-11-23T12:00:00Z') });
const reminder = planReminders(facts, defaultPolicy).find(({ rule }) => rule.name === '24h');
if (!reminder) throw new Error('the default policy plans a reminder 24 h before');
const due = reminder.dueAt;
const later = (seconds: number): Instant => due.add({ milliseconds: Math.round(seconds * 1000) });
const minute = Temporal.Duration.from({ minutes: 1 });
const [first, second] = [attemptId('first'), attemptId('second')];
const planned = newEntry(reminder);
const sending = claim(planned, first, due);

const settled = (entry: LedgerEntry, settlement: Settlement, now = later(1), id = first) =>
  settle(entry, id, settlement, { now, doubtWait: minute });
const failed = (error: PortError): Settlement => ({ kind: 'failed', error });
const unknown = failed({ kind: 'unknown', reason: 'reset' });
const unavailable = failed({ kind: 'unavailable', reason: '503' });
const ok = (messageId: string | null = 'm1'): Settlement => ({ kind: 'accepted', messageId });
const outcomes = ({ attempts }: LedgerEntry) => attempts.map(({ outcome }) => outcome);
const caseOf = (entry: LedgerEntry, now: Instant): Case => ({
  reminder,
  facts,
  entry,
  person: null,
  bookings: null,
  phone: null,
  policy: defaultPolicy,
  now,
});
const inDoubt = settled(sending, unknown);

describe('planned', () => {
  it('claimed: an attempt that starts within 2 s and whose lease ends after 20 s', () => {
    expect(sending.attempts).toEqual([
      {
        id: first,
        at: due,
        startBy: later(2),
        leaseUntil: later(20),
        outcome: null,
        words: null,
        messageId: null,
        delivery: null,
      },
    ]);
    expect(running(sending)?.id).toBe(first);
    expect(judge(caseOf(sending, later(1)))).toEqual({ act: 'wait', until: later(20), reason: null });
    expect(stateOf(caseOf(sending, later(1))).state).toBe('sending');
  });

  it('claimed: no longer waits for what it waited for', () => {
    const refused = settled(sending, unavailable);
    expect(claim(refused, second, later(9))).toMatchObject({ retryAt: null, waiting: null });
  });

  it('dropped, missed, skipped: final, with its reason and moment', () => {
    const final = { state: 'dropped', reason: 'cancelled', at: later(1) } as const;
    expect(finish(planned, final)).toEqual({ ...planned, final });
    expect(finish({ ...planned, retryAt: later(9) }, final).retryAt).toBeNull();
    expect(judge(caseOf(finish(planned, final), later(1)))).toEqual({ act: 'nothing' });
  });
});

describe('sending', () => {
  it('not started by startBy: must not start, and is planned again as if never claimed', () => {
    const [attempt] = sending.attempts as [Attempt];
    expect(mayStart(attempt, later(2))).toBe(true);
    expect(mayStart(attempt, later(2.001))).toBe(false);
    const released = settled(sending, { kind: 'released' });
    expect(outcomes(released)).toEqual(['released']);
    expect([released.retryAt, released.final]).toEqual([null, null]);
    expect(judge(caseOf(released, later(3))).act).toBe('send');
  });

  it('Ok: sent, with the message id', () => {
    const sent = settled(sending, ok());
    expect(sent.attempts[0]).toMatchObject({ outcome: 'accepted', messageId: 'm1' });
    expect(wasAccepted(sent)).toBe(true);
    expect(stateOf(caseOf(sent, later(1))).state).toBe('sent');
    expect(judge(caseOf(sent, later(1)))).toEqual({ act: 'nothing' });
  });

  it('Ok twice: as once', () => {
    const sent = settled(sending, ok());
    expect(settled(sent, ok())).toEqual(sent);
  });

  it('Ok of a worker that woke up after it was given up: sent after all', () => {
    const givenUp = finish(inDoubt, { state: 'unknown', reason: 'no_answer', at: later(99) });
    const sent = settled(givenUp, ok(), later(100));
    expect(sent.final).toBeNull();
    expect(stateOf(caseOf(sent, later(100))).state).toBe('sent');
  });

  it('rejected: sent all the same when an earlier attempt of unknown outcome was accepted meanwhile', () => {
    const again = claim(settled(sending, unknown), second, later(61));
    const accepted = settled(again, ok(), later(62));
    const refused = settled(accepted, failed({ kind: 'rejected', reason: '413' }), later(63), second);
    expect(outcomes(refused)).toEqual(['accepted', 'refused']);
    expect(refused.final).toBeNull();
  });

  it('rejected: refused for good, with the mailer’s words', () => {
    const refused = settled(sending, failed({ kind: 'rejected', reason: '413' }));
    expect(refused.attempts[0]).toMatchObject({ outcome: 'refused', words: '413' });
    expect(refused.final).toEqual({ state: 'refused', reason: 'mailer_rejected', at: later(1) });
  });

  it('unavailable: planned again within 5 s, then later each time, never later than 45 s (invariant 15)', () => {
    const waits: number[] = [];
    let entry = planned;
    for (let index = 0; index < 7; index += 1) {
      entry = settled(claim(entry, attemptId(`${index}`), due), unavailable, due, attemptId(`${index}`));
      waits.push(((entry.retryAt?.epochMilliseconds ?? 0) - due.epochMilliseconds) / 1000);
    }
    expect(waits).toEqual([4, 16, 45, 45, 45, 45, 45]);
    expect(backOff(0, Temporal.Duration.from({ seconds: 45 })).total('seconds')).toBe(4);
    expect(judge(caseOf(entry, later(44)))).toEqual({
      act: 'wait',
      until: later(45),
      reason: 'mailer_unavailable',
    });
    expect(judge(caseOf(entry, later(45))).act).toBe('send');
  });

  it('unavailable after sends that never began or have no answer: waits as after the first refusal', () => {
    const twice = ['r1', 'r2']
      .map(attemptId)
      .reduce((entry, id) => settled(claim(entry, id, due), { kind: 'released' }, due, id), inDoubt);
    const refused = settled(claim(twice, attemptId('third'), due), unavailable, due, attemptId('third'));
    expect(refused.retryAt).toEqual(later(4));
  });

  it('Ok after sends that never began: sent, for none of those can have been', () => {
    const twice = ['r1', 'r2']
      .map(attemptId)
      .reduce((entry, id) => settled(claim(entry, id, due), { kind: 'released' }, due, id), planned);
    const sent = settled(claim(twice, attemptId('third'), due), ok(), due, attemptId('third'));
    expect(outcomes(sent)).toEqual(['released', 'released', 'accepted']);
  });

  it('unavailable with a time to come again: not before that', () => {
    const retryAfter = Temporal.Duration.from({ seconds: 90 });
    const refused = settled(sending, failed({ kind: 'unavailable', reason: '429', retryAfter }));
    expect(refused.retryAt).toEqual(later(91));
  });

  it('no answer: unknown, and looked at again when the wait is over', () => {
    expect(inDoubt).toMatchObject({ retryAt: later(61), waiting: 'outcome_unknown', final: null });
    expect(inDoubt.attempts[0]).toMatchObject({ outcome: 'unknown', words: 'reset' });
    expect(doubts(inDoubt)).toBe(1);
    expect(stateOf(caseOf(inDoubt, later(2))).state).toBe('unknown');
  });

  it('lease over at anyone’s tick: unknown, never straight to a second send (invariant 13)', () => {
    const tick = (now: Instant) => expire(sending, null, { now, doubtWait: minute });
    expect(tick(later(19.999))).toBe(sending);
    expect(judge(caseOf(sending, later(20)))).toEqual({ act: 'expire' });
    const expired = tick(later(20));
    expect(outcomes(expired)).toEqual(['unknown']);
    expect(judge(caseOf(expired, later(20)))).toEqual({
      act: 'wait',
      until: later(80),
      reason: 'outcome_unknown',
    });
    expect(expire(planned, null, { now: later(99), doubtWait: minute })).toBe(planned);
  });

  it('settled by another first: only news of acceptance counts (invariant 13)', () => {
    const expired = expire(sending, null, { now: later(20), doubtWait: minute });
    expect(settled(expired, unavailable, later(21))).toBe(expired);
    expect(settled(expired, { kind: 'released' }, later(21))).toBe(expired);
    expect(outcomes(settled(expired, ok(), later(21)))).toEqual(['accepted']);
  });

  it('of an attempt nobody knows: nothing', () => {
    expect(settled(sending, ok(), later(1), second)).toBe(sending);
  });
});

describe('unknown', () => {
  it('delivery event with the attempt id: sent', () => {
    const delivered = report(inDoubt, first, 'delivered');
    expect(delivered).toMatchObject({ retryAt: null, waiting: null });
    expect(delivered.attempts[0]).toMatchObject({ outcome: 'accepted', delivery: 'delivered' });
    expect(outcomes(report(inDoubt, first, 'accepted'))).toEqual(['accepted']);
  });

  it('wait over with one attempt in doubt: a second one, with the same once-key (invariant 9)', () => {
    expect(judge(caseOf(inDoubt, later(60.999))).act).toBe('wait');
    expect(judge(caseOf(inDoubt, later(61))).act).toBe('send');
    const again = claim(inDoubt, second, later(61));
    expect(outcomes(again)).toEqual(['unknown', null]);
    const key = 'calcom:u1|…|24h|…' as ReminderKey;
    expect(names.onceKey(key)).toBe(names.onceKey(key));
    expect(names.onceKey(key)).not.toBe(names.onceKey(`${key}x`));
  });

  it('wait over with two in doubt, or where the policy never resends: given up (invariant 9)', () => {
    const twice = settled(claim(inDoubt, second, later(61)), unknown, later(62), second);
    expect(judge(caseOf(twice, later(999)))).toEqual({ act: 'give_up', reason: 'no_answer' });
    const policy = { ...defaultPolicy, afterUnknown: 'never_resend' as const };
    expect(judge({ ...caseOf(inDoubt, later(61)), policy }).act).toBe('give_up');
  });

  it('given up, and then a delivery event: sent; no other final state changes', () => {
    const givenUp = finish(inDoubt, { state: 'unknown', reason: 'no_answer', at: later(99) });
    expect(report(givenUp, first, 'delivered').final).toBeNull();
    const dropped = finish(inDoubt, { state: 'dropped', reason: 'cancelled', at: later(99) });
    expect(report(dropped, first, 'delivered').final).toEqual(dropped.final);
  });
});

describe('a delivery event', () => {
  it('of an attempt nobody knows says nothing', () => {
    expect(report(sending, second, 'delivered')).toBe(sending);
  });

  it('that says no more than is known changes nothing', () => {
    const sent = settled(sending, ok());
    expect(report(sent, first, 'accepted')).toBe(sent);
    const bounced = report(sent, first, 'bounced');
    expect(report(bounced, first, 'delivered')).toBe(bounced);
    expect(report(bounced, first, 'bounced')).toBe(bounced);
  });

  it('may come before the answer, whose message id is still noted', () => {
    const early = report(sending, first, 'delivered');
    expect(settled(early, ok('m7')).attempts[0]).toMatchObject({
      outcome: 'accepted',
      messageId: 'm7',
      delivery: 'delivered',
    });
    expect(settled(early, unknown)).toBe(early);
  });

  it('about an attempt that was refused counts as an acceptance, but never as a third', () => {
    const ids = ['a', 'b', 'c'].map(attemptId);
    const refusals = ids.reduce((entry, id) => settled(claim(entry, id, due), unavailable, due, id), planned);
    const sent = settled(claim(refusals, first, due), ok());
    const reported = ids.reduce((entry, id) => report(entry, id, 'delivered'), sent);
    expect(outcomes(reported)).toEqual(['accepted', 'refused', 'refused', 'accepted']);
    expect(reported.attempts.map(({ delivery }) => delivery)).toEqual([
      'delivered',
      'delivered',
      'delivered',
      null,
    ]);
    expect(() => assertEntry(reported)).not.toThrow();
  });

  it('about an attempt that stays refused moves it upward only, too', () => {
    const twice = settled(claim(inDoubt, second, later(61)), unknown, later(62), second);
    const attempt = { ...(sending.attempts as [Attempt])[0], id: attemptId('third') };
    const refused: LedgerEntry = {
      ...twice,
      attempts: [...twice.attempts, { ...attempt, outcome: 'refused', delivery: 'bounced' }],
    };
    expect(report(refused, attempt.id, 'delivered')).toEqual(refused);
    expect(report(refused, attempt.id, 'complained').attempts.at(-1)).toMatchObject({
      outcome: 'refused',
      delivery: 'complained',
    });
  });

  it('moves an attempt upward only, and reports in any order end in the same', () => {
    const reports = fc.array(
      fc.constantFrom<Report>('accepted', 'delivered', 'bounced', 'dropped', 'complained', 'unsubscribed'),
      { minLength: 1, maxLength: 6 },
    );
    const strength: readonly Attempt['delivery'][] = [
      null,
      'delivered',
      'bounced',
      'dropped',
      'complained',
      'unsubscribed',
    ];
    fc.assert(
      fc.property(
        reports.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        fc.constantFrom(sending, inDoubt, settled(sending, ok())),
        ([all, other], start) => {
          let entry = start;
          for (const one of all) {
            const next = report(entry, first, one);
            const [before, after] = [entry, next].map(({ attempts }) =>
              strength.indexOf(attempts[0]?.delivery ?? null),
            );
            expect(after).toBeGreaterThanOrEqual(before ?? 0);
            expect(outcomes(next)).toEqual(['accepted']);
            entry = next;
          }
          expect(other.reduce((known, one) => report(known, first, one), start)).toEqual(entry);
        },
      ),
    );
  });
});

describe('an entry', () => {
  it('is open while an attempt runs, or nobody knows what became of one, and not once it was sent or came to an end', () => {
    expect([planned, sending, inDoubt].map(isOpen)).toEqual([false, true, true]);
    const sent = settled(sending, ok());
    const again = claim(sent, second, later(60), { channel: 'sms', to: reminder.recipient });
    expect([sent, again, settled(sending, unavailable)].map(isOpen)).toEqual([false, false, false]);
    const end = { state: 'unknown', reason: 'no_answer', at: later(99) } as const;
    expect(isOpen(finish(inDoubt, end))).toBe(false);
  });

  it('knows by which way it was accepted; a way that is not said is mail', () => {
    const texted = settled(claim(planned, first, due, { channel: 'sms', to: reminder.recipient }), ok());
    expect([wasAcceptedBy(texted, 'sms'), wasAcceptedBy(texted, 'mail')]).toEqual([true, false]);
    expect([channelOf(texted.attempts[0]), channelOf(sending.attempts[0]), channelOf(null)]).toEqual([
      'sms',
      'mail',
      'mail',
    ]);
  });

  it('waits as long as its way was asked for patience', () => {
    expect(holdBack(planned, later(9))).toEqual({
      ...planned,
      retryAt: later(9),
      waiting: 'mailer_unavailable',
    });
  });

  it('says which of two texts its reader gets, where there are two', () => {
    const rule = { ...reminder.rule, otherContent: defaultPolicy.content };
    expect(newEntry({ ...reminder, rule }).text).toBe(textFor(rule, reminder.recipient));
    expect(planned).not.toHaveProperty('text');
  });

  it('keeps the last five refused or released attempts, and every one that may have been accepted', () => {
    let entry = inDoubt;
    for (let index = 0; index < 9; index += 1) {
      const id = attemptId(`r${index}`);
      entry = settled(claim(entry, id, due), index % 2 ? unavailable : { kind: 'released' }, due, id);
    }
    expect(entry.attempts.map(({ id }) => id)).toEqual(['first', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8']);
  });

  it('that breaks a promise is neither written nor read (invariants 9, 14)', () => {
    const attempt = (outcome: Attempt['outcome'], id: string): Attempt => ({
      ...(sending.attempts as [Attempt])[0],
      outcome,
      id: attemptId(id),
    });
    const entry = (...attempts: Attempt[]): LedgerEntry => ({ ...planned, attempts });
    const reached = [attempt('unknown', '1'), attempt('accepted', '2')];
    expect(() => assertEntry(entry(...reached, attempt('refused', '3'), attempt(null, '4')))).not.toThrow();
    expect(() => assertEntry(entry(...reached, attempt('unknown', '3')))).toThrow('at most two attempts');
    expect(() => assertEntry(entry(attempt(null, '1'), attempt(null, '2')))).toThrow('at most one running');
    const hasty = { ...attempt(null, '1'), leaseUntil: later(17) };
    expect(() => assertEntry(entry(hasty))).toThrow('outlasts');
    expect(() => assertEntry(entry({ ...hasty, leaseUntil: later(17.001) }))).not.toThrow();
  });

  it('has a lease that outlasts start and time-out of the send by more than 5 s (invariant 14)', () => {
    const [attempt] = sending.attempts as [Attempt];
    const margin = attempt.leaseUntil.since(attempt.startBy).total('seconds') - sendTimeout.total('seconds');
    expect(margin).toBeGreaterThan(5);
  });

  type Step =
    | { readonly do: 'look' }
    | { readonly do: 'settle'; readonly index: number; readonly settlement: Settlement }
    | { readonly do: 'report'; readonly index: number; readonly said: Report };
  const index = fc.nat({ max: 7 });
  const steps: fc.Arbitrary<Step> = fc.oneof(
    { weight: 3, arbitrary: fc.constant<Step>({ do: 'look' }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('settle' as const),
        index,
        settlement: fc.constantFrom<Settlement>(
          ok(),
          unknown,
          unavailable,
          failed({ kind: 'rejected', reason: '' }),
          { kind: 'released' },
        ),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('report' as const),
        index,
        said: fc.constantFrom<Report>('accepted', 'delivered', 'bounced'),
      }),
    },
  );

  it('never breaks a promise, whatever happens in whatever order, when the gate is asked (invariants 9, 13)', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(steps, fc.nat({ max: 90 })), { maxLength: 40 }), (all) => {
        let entry = planned;
        let now = due;
        for (const [turn, [step, seconds]] of all.entries()) {
          now = now.add({ seconds });
          const before = entry;
          if (step.do === 'look') {
            const { act } = judge(caseOf(entry, now));
            if (act === 'expire') entry = expire(entry, null, { now, doubtWait: minute });
            if (act === 'give_up') entry = finish(entry, { state: 'unknown', reason: 'no_answer', at: now });
            if (act === 'send') entry = claim(entry, attemptId(`at ${now.epochMilliseconds} ${turn}`), now);
          } else {
            const id = entry.attempts[step.index % Math.max(1, entry.attempts.length)]?.id ?? first;
            entry =
              step.do === 'report'
                ? report(entry, id, step.said)
                : settle(entry, id, step.settlement, { now, doubtWait: minute });
          }
          assertEntry(entry);
          if (wasAccepted(before)) expect(wasAccepted(entry)).toBe(true);
          if (wasAccepted(before)) expect(entry.attempts).toHaveLength(before.attempts.length);
          if (before.final && before.final.state !== 'unknown') expect(entry.final).toEqual(before.final);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('waitFor', () => {
  it('is nothing where the provider drops a repeat, 10 min where it reports, 60 s where it is silent; shorter in test mode', () => {
    const waits = (policy: typeof defaultPolicy) =>
      (['once', 'reported', 'silent'] as const).map((doubt) => waitFor(policy, doubt).total('seconds'));
    expect(waits(defaultPolicy)).toEqual([0, 600, 60]);
    expect(waits(inTestMode(defaultPolicy))).toEqual([0, 15, 5]);
  });
});
