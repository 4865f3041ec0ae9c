// The day of the call, as it is written to the CRM: in the zone of the business.
import type { Temporal } from '@precall/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryHost, now, type Said } from './memory-host.ts';

async function dateOf(said: Said, zone?: string): Promise<unknown> {
  const host = createMemoryHost(zone === undefined ? {} : { BUSINESS_TIME_ZONE: zone });
  const { status } = await host.say('BOOKING_CREATED', said);
  expect(status).toBe(202);
  return (await host.contact())['Diagnostic Call Date'];
}
const organizer = (timeZone?: string) => ({ name: 'Organizer', ...(timeZone && { timeZone }) });

describe('Call date extraction', () => {
  it('writes the day of the call', async () => {
    const host = createMemoryHost();
    await host.say('BOOKING_CREATED', { startTime: '2026-12-03T15:00:00Z' });
    expect(await host.contact()).toMatchObject({
      'Booking Status': 'Booked',
      'Diagnostic Call Date': '2026-12-03',
      'Christmas Campaign Status': 'Pre-Call Prep',
    });
  });

  it.each([
    ['the zone of the business', 'Asia/Kolkata', organizer('America/Toronto'), '2026-12-04'],
    ["the organizer's zone without one", undefined, organizer('America/Toronto'), '2026-12-03'],
    ["the organizer's zone, ahead of UTC", undefined, organizer('Pacific/Kiritimati'), '2026-12-04'],
    ['UTC when the organizer has none', undefined, organizer(), '2026-12-03'],
    ['UTC when the organizer has none that exists', undefined, organizer('Mars/Olympus'), '2026-12-03'],
  ])('takes %s', async (_what, zone, host, day) => {
    expect(await dateOf({ startTime: '2026-12-03T23:30:00Z', organizer: host }, zone)).toBe(day);
  });

  it('counts in that zone, whatever offset the webhook was written with', async () => {
    const startTime = '2026-12-04T00:30:00+05:30';
    expect(await dateOf({ startTime }, 'Europe/Paris')).toBe('2026-12-03');
    expect(await dateOf({ startTime }, 'Asia/Kolkata')).toBe('2026-12-04');
  });

  it('follows a move, and is empty after a cancellation', async () => {
    const host = createMemoryHost();
    await host.say('BOOKING_CREATED');
    await host.say('BOOKING_RESCHEDULED', {
      uid: 'u2',
      rescheduleUid: 'u1',
      startTime: '2026-12-10T15:00:00Z',
    });
    expect((await host.contact())['Diagnostic Call Date']).toBe('2026-12-10');
    await host.say('BOOKING_CANCELLED', { uid: 'u2', startTime: '2026-12-10T15:00:00Z' });
    expect(await host.contact()).toMatchObject({
      'Booking Status': 'Not Booked',
      'Diagnostic Call Date': null,
    });
  });

  it('always writes the day that a calendar in that zone shows', async () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const starts = fc.integer({ min: 1, max: 366 * 24 * 60 }).map((minutes) => now.add({ minutes }));
    await fc.assert(
      fc.asyncProperty(zones, starts, async (zone, startAt) => {
        expect(await dateOf({ startTime: startAt.toString() }, zone)).toBe(calendarDay(startAt, zone));
      }),
      { numRuns: 20 },
    );
  });
});

/** By the runtime's own calendar, not by ours. */
function calendarDay(moment: Temporal.Instant, timeZone: string): string {
  const parts = { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  return new Intl.DateTimeFormat('en-CA', parts).format(moment.epochMilliseconds);
}
