import { describe, expect, it } from 'vitest';
import { createWorld, guest } from './world.ts';

describe('createPrecall, from a webhook to three mails', () => {
  it('plans, sends each reminder at its moment, and keeps the contact true', async () => {
    const world = createWorld();
    await world.start();
    const answer = await world.change('BOOKING_CREATED');
    expect(answer.status).toBe('scheduled');
    expect(answer.reminders.map(({ rule, dueAt }) => [rule, dueAt.toString()])).toEqual([
      ['72h', '2026-11-30T15:00:00Z'],
      ['24h', '2026-12-02T15:00:00Z'],
      ['2h', '2026-12-03T13:00:00Z'],
    ]);
    await world.at('2026-12-03T16:00:00Z');
    expect(world.sent()).toEqual([
      `${guest} 2026-11-30T15:00:00Z`,
      `${guest} 2026-12-02T15:00:00Z`,
      `${guest} 2026-12-03T13:00:00Z`,
    ]);
    expect(world.fields()).toEqual({
      [guest]: {
        'Booking Status': 'Booked',
        'Diagnostic Call Date': '2026-12-03',
        'Christmas Campaign Status': 'Pre-Call Prep',
      },
    });
    expect(world.troubles).toEqual([]);
    const booking = await world.booking('u1');
    expect(booking?.status).toBe('ended');
    expect(booking?.reminders.map(({ rule, state }) => [rule, state])).toEqual([
      ['72h', 'sent'],
      ['24h', 'sent'],
      ['2h', 'sent'],
    ]);
  });
});
