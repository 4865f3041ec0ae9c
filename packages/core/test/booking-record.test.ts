// A booking's body: its facts are written again as they were read.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bodyOf, readBooking } from '../src/booking-record.ts';
import { encode } from '../src/codec.ts';
import type { Facts } from '../src/facts.ts';
import { attemptId, bookingId, bookingRecord } from '../src/ids.ts';
import { claim, newEntry, settle } from '../src/ledger.ts';
import { planReminders, reminderKey } from '../src/plan.ts';
import { defaultPolicy } from '../src/policy.ts';
import type { Stored } from '../src/ports.ts';
import { Temporal } from '../src/temporal.ts';
import { agreedCall, at } from './agreed-call.ts';

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

it('puts facts into words anew where a body was written by other hands', () => {
  const { value } = readBooking(stored(`{ "ledger": {}, "facts": ${encode(facts)} }`));
  expect(bodyOf(value)).toBe(`{"facts":${encode(facts)},"ledger":{}}`);
});
