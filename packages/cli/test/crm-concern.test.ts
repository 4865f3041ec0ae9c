// What of a call `precall status` counts as not in the CRM, as the operator API has the call.
import { Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { crmConcernOf } from '../src/crm-concern.ts';

const now = Temporal.Instant.from('2026-12-01T10:00:00Z');
const call = {
  id: 'calcom:one',
  agreedAt: '2026-12-01T08:49:00Z',
  attendees: [{ email: 'ada@example.com' }],
};
const held = (state: string, lastError: string | null = null) => ({ contact: { state, lastError } });

describe('crmConcernOf', () => {
  it('is content with what is written, with what is still to be, and without a CRM', () => {
    for (const crm of [held('written'), held('pending'), null])
      expect(crmConcernOf({ ...call, crm }, now)).toBeNull();
  });

  it('tells of a write that is tried again, and why', () => {
    expect(crmConcernOf({ ...call, crm: held('pending', 'no answer (503)') }, now)).toEqual({
      booking: 'calcom:one',
      state: 'pending',
      why: 'tried again: no answer (503)',
    });
  });

  it('tells of a contact that is not there once it was looked for long enough', () => {
    const missing = { ...call, crm: held('not_found') };
    expect(crmConcernOf(missing, now)).toMatchObject({ state: 'not_found' });
    expect(crmConcernOf(missing, now.subtract({ seconds: 1 }))).toBeNull();
  });

  it('looks for nobody who was erased', () => {
    const erased = { ...call, attendees: [{ email: null }], crm: held('not_found') };
    expect(crmConcernOf(erased, now)).toBeNull();
  });
});
