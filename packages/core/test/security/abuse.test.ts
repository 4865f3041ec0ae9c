// S19: bookings are free, so they can be made to have mail sent to somebody who asked for none.
import { describe, expect, it } from 'vitest';
import { createWorld } from '../world.ts';
import { isLong } from './fuzzing.ts';

/** A thousand by command. */
const bookings = isLong ? 1_000 : 60;

describe('many bookings with the address of one victim (S19)', () => {
  it('send no more than the daily cap between them', async () => {
    const world = createWorld({ scheduler: 'none' });
    for (let count = 0; count < bookings; count += 1) {
      await world.change('BOOKING_CREATED', { uid: `u${count}`, attendees: ['victim@example.com'] });
    }
    await world.tickAt('2026-11-30T15:00:00Z');
    await world.tickAt('2026-11-30T15:10:00Z');
    expect(world.sent()).toHaveLength(8);
  });
});

describe('one booking with many addresses (S19)', () => {
  it('has reminders for whoever booked only', async () => {
    const world = createWorld({ scheduler: 'none' });
    const attendees = Array.from({ length: 30 }, (_, index) => `guest${index}@example.com`);
    await world.say('BOOKING_CREATED', { attendees });
    await world.tickAt('2026-11-30T15:00:00Z');
    expect(world.sent()).toHaveLength(1);
  });
});
