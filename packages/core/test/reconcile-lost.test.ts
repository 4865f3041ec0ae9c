// A Cal.com that loses a fifth of its webhooks.
import { describe, expect, it } from 'vitest';
import { aDay, days, dice } from './lossy-day.ts';
import { createLossyWorld, damage } from './lossy-world.ts';

describe('a Cal.com that loses a fifth of its webhooks', () => {
  it.each([1, 2])(
    'leaves every booking right within ten minutes where it can be asked (seed %i)',
    async (seed) => {
      const roll = dice(seed + 100);
      const world = createLossyWorld({ loses: () => roll() < 0.2 });
      await world.start();
      await aDay(world, seed, async () => expect(await damage(world)).toEqual([]));
      expect(world.lost.length).toBeGreaterThan(10);
      expect(world.calcom.bookings.length).toBeGreaterThan(50);
      await world.precall.stop();
    },
    60_000,
  );

  it('leaves damage where it cannot be asked', async () => {
    const roll = dice(101);
    const world = createLossyWorld({ loses: () => roll() < 0.2, api: 'none' });
    await world.start();
    await aDay(world, 1, async () => undefined);
    const lines = await damage(world);
    expect(lines.length).toBeGreaterThan(4);
    for (const kind of ['not known', 'reminders would be sent', 'here it is']) {
      expect(lines.some((line) => line.includes(kind))).toBe(true);
    }
    await world.precall.stop();
  }, 60_000);

  it('mails nobody of a call that is off, and everybody of one that is on, when webhooks of both are lost', async () => {
    const world = createLossyWorld({
      loses: ({ trigger }, index) => index < 2 || trigger === 'BOOKING_CANCELLED',
    });
    await world.start();
    const kept = world.book('kept@example.com', days(1 / 6));
    const off = world.book('off@example.com', days(1 / 6));
    const heard = world.book('heard@example.com', days(1 / 6));
    await world.pass({ minutes: 10 });
    for (const uid of [kept, off, heard]) expect((await world.booking(uid))?.status).toBe('agreed');
    world.calcom.cancel(off);
    world.calcom.cancel(heard, 'host');
    await world.pass({ hours: 4 });
    expect(world.sent().filter((line) => line.startsWith('kept'))).toHaveLength(1);
    expect(world.sent()).toHaveLength(1);
    expect(world.contact('off@example.com')).toMatchObject({ 'Booking Status': 'Not Booked' });
    expect(world.contact('kept@example.com')).toMatchObject({ 'Booking Status': 'Booked' });
    await world.precall.stop();
  });
});
