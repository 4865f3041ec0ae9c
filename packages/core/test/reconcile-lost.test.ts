// A Cal.com that loses a fifth of its webhooks.
import type { Instant } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { beginning, createLossyWorld, damage, type LossyWorld } from './lossy-world.ts';

/** Numbers that look random and are the same at every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const days = (count: number): Instant => beginning.add({ hours: Math.round(count * 24) });

/** What people do on booking pages within eight hours: two things every ten minutes. */
async function aDay(world: LossyWorld, seed: number, check: () => Promise<void>): Promise<void> {
  const roll = dice(seed);
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(roll() * items.length)];
  const open = (wanted: (one: LossyWorld['calcom']['bookings'][number]) => boolean) =>
    pick(world.calcom.bookings.filter(wanted));
  const isOn = ({ status }: { readonly status: string }) => status === 'accepted';
  const { calcom } = world;
  const acts: readonly ((index: number) => void)[] = [
    (index) => void world.book(`p${index}@example.com`, days(3 + roll() * 9)),
    (index) => void world.book(`p${index}@example.com`, days(3 + roll() * 9), { needsConfirmation: true }),
    (index) => void world.book(`p${index}@example.com`, days(3 + roll() * 9), { seats: 10 }),
    (index) =>
      void world.book(`p${index}@example.com`, days(3 + roll() * 9), {
        weeks: 4,
        needsConfirmation: roll() < 0.5,
      }),
    () => {
      const one = open((booking) => isOn(booking) && booking.seats === null);
      if (one) calcom.move(one.uid, days(3 + roll() * 9));
    },
    () => {
      const one = open(isOn);
      if (one) calcom.cancel(one.uid, roll() < 0.5 ? 'host' : 'attendee');
    },
    () => {
      const one = open(({ series, status }) => series !== null && status === 'accepted');
      if (one) calcom.cancelRemaining(one.uid);
    },
    () => {
      const one = open(({ status }) => status === 'pending');
      if (one) calcom.confirm(one.uid);
    },
    () => {
      const one = open(({ status }) => status === 'pending');
      if (one) calcom.decline(one.uid);
    },
    (index) => {
      const one = open((booking) => isOn(booking) && booking.seats !== null);
      if (one) calcom.takeSeat(one.uid, `p${index}@example.com`);
    },
    () => {
      const one = open((booking) => isOn(booking) && booking.seats !== null);
      const leaver = one && pick(one.people);
      if (one && leaver) calcom.leaveSeat(one.uid, leaver.email);
    },
    () => {
      const one = open((booking) => isOn(booking) && booking.seats !== null);
      if (one) calcom.moveInPlace(one.uid, days(3 + roll() * 9));
    },
    (index) => {
      const one = open(isOn);
      if (one) calcom.setLocation(one.uid, `https://app.cal.com/video/other${index}`);
    },
  ];
  for (let index = 0; index < 8 * 6; index += 1) {
    // Bookings are made more often than they are changed.
    for (const each of [2 * index, 2 * index + 1]) {
      const act = roll() < 0.4 ? acts[Math.floor(roll() * 4)] : pick(acts);
      act?.(each);
    }
    await world.pass({ minutes: 10 });
    await check();
  }
}

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
