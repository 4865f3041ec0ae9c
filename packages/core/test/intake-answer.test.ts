// What an intake says of one booking before and after: whether anybody could see a difference, the answer, and the history.
import { bookingId, defaultPolicy, type Facts, nothingKnown, type Policy } from '@precall/core';
import { describe, expect, it } from 'vitest';
import type { BookingRecord } from '../src/booking-record.ts';
import { type Change, droppedBy, historyOf, isVisible, takenAnswer, wasSeen } from '../src/intake-answer.ts';
import { agreedCall, at, hours } from './agreed-call.ts';

const now = at('2026-12-01T12:00:00Z');
const startAt = at('2026-12-03T15:00:00Z');
const agreedAt = at('2026-11-20T12:00:00Z');
const stamp = { saidAt: agreedAt, rank: 4 };
const day: Policy['rules'] = [{ name: '24h', when: { before: hours(24) } }];
const context = { policy: { ...defaultPolicy, rules: day }, now };

const record = (facts: Facts): BookingRecord => ({ id: bookingId('calcom', 'u1'), facts, ledger: {} });
const call = (changes: Partial<Facts> = {}, start = startAt, since = agreedAt): Facts => ({
  ...agreedCall({ startAt: start, agreedAt: since }),
  ...changes,
});
const tooSoon = call({}, startAt, startAt.subtract({ minutes: 30 }));
const awaiting = (start = startAt): Facts =>
  call({ agreed: {}, lastAgreedAt: null, requestedAt: agreedAt }, start);
const declined = (facts: Facts): Facts => ({ ...facts, declinedAt: startAt });

function change(before: Facts | null, after: Facts): Change {
  return { before: before && record(before), after: record(after), offered: nothingKnown };
}

describe('what nobody could see', () => {
  it('is a booking that stands as it stood, also one whose time is not known', () => {
    expect(isVisible(change(call(), call()), context)).toBe(false);
    expect(isVisible(change({ ...call(), time: null }, { ...call(), time: null }), context)).toBe(false);
    expect(isVisible(change(null, call()), context)).toBe(true);
  });

  it('is not that a reminder goes now that was skipped: the call was agreed earlier than was known', () => {
    expect(isVisible(change(tooSoon, call()), context)).toBe(true);
  });
});

describe('a booking that was seen', () => {
  it.each<[string, Partial<Facts>]>([
    ['a place', { place: { value: { kind: 'none' }, stamp } }],
    ['a host', { host: call().host }],
    ['what it is about', { about: { value: { title: 'A call', eventType: null }, stamp } }],
    ['that it was asked for', { requestedAt: now }],
    ['that it was agreed', { agreed: call().agreed }],
  ])('has %s', (_, known) => {
    expect(wasSeen(record({ ...nothingKnown, ...known }))).toBe(true);
  });

  it('is none of which nothing is known but an end', () => {
    expect(wasSeen(record({ ...nothingKnown, declinedAt: now, time: call().time }))).toBe(false);
    expect(wasSeen(null)).toBe(false);
  });
});

describe('the answer', () => {
  const statusOf = (before: Facts | null, after: Facts) => {
    const one = change(before, after);
    const answer = takenAnswer([one], one, context);
    return answer.status === 'skipped' ? [answer.status, answer.reason] : answer.status;
  };

  it('is that reminders are planned, where there are new ones', () => {
    expect(statusOf(null, call())).toBe('scheduled');
    expect(statusOf(awaiting(), call())).toBe('scheduled');
    expect(statusOf(call(), call({}, startAt.add({ hours: 1 })))).toBe('scheduled');
    expect(statusOf(call(), call())).toBe('updated');
  });

  it('is why the first is skipped, where none is planned', () => {
    expect(statusOf(null, tooSoon)).toEqual(['skipped', 'meeting_too_soon']);
    expect(statusOf(tooSoon, tooSoon)).toBe('updated');
  });

  it('is that it waits, or that something changed, of what is not agreed', () => {
    expect(statusOf(null, awaiting())).toBe('awaiting');
    expect(statusOf(tooSoon, declined(tooSoon))).toBe('updated');
    expect(statusOf(null, declined(tooSoon))).toBe('updated');
  });
});

describe('the reminders that dropped', () => {
  it('are those that were to go and are not any more, each with why', () => {
    const reasons = (before: Facts | null, after: Facts) =>
      droppedBy(change(before, after), context).map(({ reason }) => reason);
    expect(reasons(call(), declined(call()))).toEqual(['declined']);
    expect(reasons(call(), call({}, startAt.add({ hours: 1 })))).toEqual(['superseded']);
    expect(reasons(call(), call())).toEqual([]);
    expect(reasons(declined(call()), call())).toEqual([]);
    expect(reasons(null, call())).toEqual([]);
  });
});

describe('the history', () => {
  const told = (before: Facts | null, after: Facts) =>
    historyOf(change(before, after), context).map(({ what }) => what);

  it('says that an agreed call moved, not that one did which waits for an answer', () => {
    const later = startAt.add({ hours: 1 });
    expect(told(call(), call({}, later))).toEqual(['moved', 'reminder_dropped']);
    expect(told(awaiting(), awaiting(later))).toEqual(['updated']);
  });

  it('says that it was booked once it is agreed', () => {
    expect(told(null, call())).toEqual(['booked']);
    expect(told(awaiting(), call())).toEqual(['booked']);
  });

  it('is of a first time that becomes known, not of a move', () => {
    expect(told({ ...awaiting(), time: null }, awaiting())).toEqual(['updated']);
    expect(told(call({ time: null }), call())).toEqual(['booked']);
  });

  it('says nothing of what nobody could see', () => {
    expect(told(call(), call())).toEqual([]);
  });
});
