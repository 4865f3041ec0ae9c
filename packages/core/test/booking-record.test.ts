// A booking as it is kept: its facts are written again as they were read, and it is found and looked at when it should be.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyOf, bookingWrite, casesAtWork, readBooking } from '../src/booking-record.ts';
import { encode } from '../src/codec.ts';
import type { Facts } from '../src/facts.ts';
import { attemptId, attemptKey, bookingId, bookingRecord } from '../src/ids.ts';
import { claim, newEntry, settle } from '../src/ledger.ts';
import { planReminders, reminderKey } from '../src/plan.ts';
import { defaultPolicy } from '../src/policy.ts';
import type { Stored } from '../src/ports.ts';
import { Temporal } from '../src/temporal.ts';
import { agreedCall, ana, at } from './agreed-call.ts';

const id = bookingId('cal', 'a');
const facts = agreedCall({ startAt: at('2026-12-03T15:00:00Z'), agreedAt: at('2026-11-23T12:00:00Z') });
const stored = (body: string): Stored => ({
  id: bookingRecord(id),
  kind: 'booking',
  version: 1,
  revision: 1,
  changedAt: at('2026-11-23T12:00:00Z'),
  lanes: { mail: null, crm: null, forget: null },
  keys: [],
  body,
});

it('keeps the facts of a body byte for byte beside another ledger, whatever strangers wrote into them', () => {
  const [reminder] = planReminders(facts, defaultPolicy);
  if (!reminder) throw new Error('the default policy plans reminders');
  const doubtWait = Temporal.Duration.from({ minutes: 1 });
  const key = reminderKey(id, reminder);
  const sending = claim(newEntry(reminder), attemptId('first'), reminder.dueAt);
  const word = fc.oneof(fc.string(), fc.constantFrom('ledger', ',"ledger":', '"},"ledger":{}}', 'facts'));
  fc.assert(
    fc.property(fc.dictionary(word, fc.oneof(word, fc.dictionary(word, word))), word, (strange, reason) => {
      const asked: Facts = { ...facts, ...{ responses: strange } };
      const refused = settle(
        sending,
        attemptId('first'),
        { kind: 'failed', error: { kind: 'rejected', reason } },
        { now: reminder.dueAt, doubtWait },
      );
      const { value } = readBooking(stored(bodyOf({ facts: asked, ledger: { [key]: refused } })));
      expect(value.facts).toEqual(asked);
      expect(bodyOf({ facts: value.facts, ledger: {} })).toBe(`{"facts":${encode(asked)},"ledger":{}}`);
    }),
  );
});

it.each([
  `{ "ledger": {}, "facts": ${encode(facts)} }`,
  `{ "facts":${encode(facts)},"ledger":{}}`,
  `{"facts":${encode(facts)}, "ledger":{}}`,
])('puts facts into words anew where a body was written by other hands', (body) => {
  const { value } = readBooking(stored(body));
  expect(bodyOf(value)).toBe(`{"facts":${encode(facts)},"ledger":{}}`);
});

describe('a booking as it is kept', () => {
  const [reminder] = planReminders(facts, defaultPolicy);
  if (!reminder) throw new Error('the default policy plans reminders');
  const options = { over: null, policy: defaultPolicy, crm: 'done', history: [] } as const;
  const agreedAt = at('2026-11-23T12:00:00Z');

  it('is of the first version, and looked at by the CRM when its call ends and when it counts as held', () => {
    const kept = (now: string) => bookingWrite({ id, facts, ledger: {} }, { ...options, now: at(now) }).put;
    expect(kept('2026-11-23T12:00:00Z')).toMatchObject({ id: bookingRecord(id), version: 1, revision: 1 });
    expect(`${kept('2026-11-23T12:00:00Z').lanes.crm}`).toBe('2026-12-03T15:30:00Z');
    expect(`${kept('2026-12-03T15:30:00Z').lanes.crm}`).toBe('2026-12-03T16:30:00Z');
    expect(kept('2026-12-03T16:30:00Z').lanes.crm).toBeNull();
  });

  it('is looked at by nobody when a call that is no more would have ended', () => {
    const cancelled = {
      value: { by: 'host' as const, reason: null, moving: false },
      stamp: { saidAt: agreedAt, rank: 4 },
    };
    const record = { id, facts: { ...facts, cancelled }, ledger: {} };
    expect(bookingWrite(record, { ...options, now: agreedAt }).put.lanes.crm).toBeNull();
  });

  it('keeps when the CRM was to look, unless it looks now or has looked', () => {
    const wanted = at('2026-11-23T12:30:00Z');
    const over = { ...stored(''), lanes: { mail: null, crm: wanted, forget: null } };
    const lane = (crm: 'now' | 'keep' | 'done') =>
      `${bookingWrite({ id, facts, ledger: {} }, { ...options, over, crm, now: agreedAt }).put.lanes.crm}`;
    expect([lane('keep'), lane('now'), lane('done')]).toEqual([
      '2026-11-23T12:30:00Z',
      '2026-11-23T12:00:00Z',
      '2026-12-03T15:30:00Z',
    ]);
  });

  it('is found by an attempt for thirty days, which is as long as its provider may report', () => {
    const attempt = attemptId('sent once');
    const entry = claim(newEntry(reminder), attempt, reminder.dueAt);
    const sent = settle(
      entry,
      attempt,
      { kind: 'accepted', messageId: null },
      { now: reminder.dueAt, doubtWait: Temporal.Duration.from({ minutes: 1 }) },
    );
    const record = { id, facts, ledger: { [reminderKey(id, reminder)]: sent } };
    const isFound = (days: number) => {
      const now = reminder.dueAt.add({ hours: 24 * days });
      return bookingWrite(record, { ...options, now }).put.keys.includes(attemptKey(attempt));
    };
    expect([isFound(29), isFound(31)]).toEqual([true, false]);
  });

  it('has a send looked at by the way it went, though its call was moved while it was made', () => {
    const texted = claim(newEntry(reminder), attemptId('texted'), reminder.dueAt, {
      channel: 'sms',
      to: ana,
    });
    const moved = agreedCall({ startAt: at('2026-12-10T15:00:00Z'), agreedAt });
    const record = { id, facts: moved, ledger: { [reminderKey(id, reminder)]: texted } };
    const atWork = casesAtWork(record, { policy: defaultPolicy, now: reminder.dueAt });
    const [left] = atWork.filter(({ entry }) => entry !== null);
    expect(left?.reminder).toMatchObject({
      channel: 'sms',
      recipient: ana,
      rule: { name: reminder.rule.name },
    });
    expect(`${left?.reminder.startAt}`).toBe('2026-12-03T15:00:00Z');
  });
});
