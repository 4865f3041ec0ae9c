// Things that happen, as core tells them.
import { type Observation, Temporal } from '@precall/core';

export const startedAt = Temporal.Instant.from('2026-11-30T15:00:00Z');
const endedAt = startedAt.add({ milliseconds: 300 });
const span = { startedAt, endedAt };

export const webhook = (answer: 'taken' | 'forged' | 'away'): Observation => ({
  kind: 'webhook',
  answer,
  ...span,
});
export const events = (answer: 'taken' | 'forged'): Observation => ({
  kind: 'delivery_events',
  answer,
  ...span,
});
export const page: Observation = { kind: 'dispatch_page', bookings: 3, error: null, ...span };
export const crmWrite = (error: 'rejected' | null): Observation => ({ kind: 'crm_write', error, ...span });
export const calendarWrite = (error: 'unknown' | null): Observation => ({
  kind: 'calendar_write',
  error,
  ...span,
});
export const sent: Extract<Observation, { kind: 'send' }> = {
  kind: 'send',
  outcome: 'accepted',
  error: null,
  again: false,
  dueAt: startedAt.subtract({ seconds: 20 }),
  ...span,
};
