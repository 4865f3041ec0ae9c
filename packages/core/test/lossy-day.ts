// A working day on the booking pages of a Cal.com, the same at every run of a seed.
import type { Instant } from '@precall/core';
import { beginning, type LossyWorld } from './lossy-world.ts';

/** Numbers that look random and are the same at every run. */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export const days = (count: number): Instant => beginning.add({ hours: Math.round(count * 24) });

/** What people do on booking pages within three hours: five things every ten minutes. */
export async function aDay(world: LossyWorld, seed: number, check: () => Promise<void>): Promise<void> {
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
  for (let index = 0; index < 3 * 6; index += 1) {
    // Bookings are made more often than they are changed.
    for (let each = 5 * index; each < 5 * index + 5; each += 1) {
      const act = roll() < 0.4 ? acts[Math.floor(roll() * 4)] : pick(acts);
      act?.(each);
      // Nobody does two things in one millisecond, of which nobody could tell the later one.
      await world.pass({ seconds: 1 });
    }
    await world.pass({ minutes: 10 });
    await check();
  }
}
