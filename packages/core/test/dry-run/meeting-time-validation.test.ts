// Which calls get reminders at all, by how long before their start they were agreed.
import { defaultPolicy, inTestMode, type Policy, planReminders } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { agreedCall, at } from '../agreed-call.ts';

const agreedAt = at('2026-12-01T12:00:00Z');

function outcomes(start: string, policy: Policy = defaultPolicy): readonly (string | null)[] {
  return planReminders(agreedCall({ startAt: at(start), agreedAt }), policy).map(({ skip }) => skip);
}

describe('Meeting time validation', () => {
  it('refuses a call that had already begun when it was agreed', () => {
    expect(outcomes('2026-12-01T11:00:00Z')).toEqual(Array(3).fill('meeting_passed'));
  });

  it('refuses a call that begins at the very moment of agreement as passed, not as too soon', () => {
    expect(outcomes('2026-12-01T12:00:00Z')).toEqual(Array(3).fill('meeting_passed'));
  });

  it('refuses a call less than two hours away', () => {
    expect(outcomes('2026-12-01T13:00:00Z')).toEqual(Array(3).fill('meeting_too_soon'));
    expect(outcomes('2026-12-01T13:59:59.999Z')).toEqual(Array(3).fill('meeting_too_soon'));
  });

  it('takes a call exactly two hours away: its last reminder is due at once', () => {
    expect(outcomes('2026-12-01T14:00:00Z')).toEqual(['moment_passed', 'moment_passed', null]);
  });

  it('takes a call far ahead', () => {
    expect(outcomes('2027-12-01T12:00:00Z')).toEqual([null, null, null]);
  });

  it('has no minimum lead in test mode', () => {
    expect(outcomes('2026-12-01T12:05:00Z', inTestMode(defaultPolicy))).toEqual([
      'moment_passed',
      null,
      null,
    ]);
  });
});
