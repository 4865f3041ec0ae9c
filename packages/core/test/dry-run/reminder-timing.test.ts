// When each reminder falls due, and which of them still fit before a call.
import { defaultPolicy, inTestMode, type Policy, planReminders } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { agreedCall, at, hours } from '../agreed-call.ts';

const startAt = at('2026-12-10T09:00:00Z');

function due(agreedBefore: number, policy: Policy = defaultPolicy): readonly string[] {
  return planReminders(agreedCall({ startAt, agreedAt: startAt.subtract(hours(agreedBefore)) }), policy)
    .filter(({ skip }) => skip === null)
    .map(({ rule, dueAt }) => `${rule.name} at ${dueAt}`);
}

describe('Reminder timing', () => {
  it('sets reminders exactly 72, 24 and 2 hours before the start', () => {
    expect(due(24 * 14)).toEqual([
      '72h at 2026-12-07T09:00:00Z',
      '24h at 2026-12-09T09:00:00Z',
      '2h at 2026-12-10T07:00:00Z',
    ]);
  });

  it.each([
    { agreedBefore: 72, fit: ['72h', '24h', '2h'] },
    { agreedBefore: 71, fit: ['24h', '2h'] },
    { agreedBefore: 24, fit: ['24h', '2h'] },
    { agreedBefore: 23, fit: ['2h'] },
    { agreedBefore: 2, fit: ['2h'] },
    { agreedBefore: 1, fit: [] },
  ])('fits $fit before a call agreed $agreedBefore hours ahead', ({ agreedBefore, fit }) => {
    expect(due(agreedBefore).map((one) => one.split(' ')[0])).toEqual(fit);
  });

  it('sets them 6, 3 and 1 minutes before the start in test mode', () => {
    expect(due(1, inTestMode(defaultPolicy))).toEqual([
      '72h at 2026-12-10T08:54:00Z',
      '24h at 2026-12-10T08:57:00Z',
      '2h at 2026-12-10T08:59:00Z',
    ]);
  });
});
