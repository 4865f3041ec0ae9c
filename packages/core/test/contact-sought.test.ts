// A contact that the CRM does not have when somebody books: made by a form or a person soon after, most likely.
import { createMemoryCrm } from '@precall/adapter-memory';
import { describe, expect, it } from 'vitest';
import type { Crm } from '../src/ports.ts';
import { createWorld, guest } from './world.ts';

/** Booked at 12:00. The contact is not there until it is made. */
function bookedByAStranger(options: Partial<Parameters<typeof createWorld>[0]> = {}) {
  let now = createMemoryCrm();
  const looks: string[] = [];
  const crm: Crm = {
    describe: () => now.describe(),
    findContact: (email) => {
      looks.push(world.clock.now().toString().slice(11, 16));
      return now.findContact(email);
    },
    findMembership: (...asked) => now.findMembership(...asked),
    update: (...asked) => now.update(...asked),
    recordSent: (...asked) => now.recordSent(...asked),
  };
  const world = createWorld({ scheduler: 'none', crm, ...options });
  return {
    world,
    looks,
    contactIsMade() {
      now = createMemoryCrm({ contacts: [{ email: guest }] });
    },
    status: () => now.contacts()[0]?.fields['Booking Status']?.value,
    at: (...times: readonly string[]) =>
      times.reduce(
        (before, time) => before.then(() => world.tickAt(`2026-11-23T${time}:00Z`)),
        Promise.resolve(),
      ),
  };
}

const everyMinuteFor = (hours: number) =>
  Array.from({ length: hours * 60 }, (_, minute) => {
    const hour = 12 + Math.floor(minute / 60);
    return `${hour}:${String(minute % 60).padStart(2, '0')}`;
  });

describe('a contact that is not there', () => {
  it('is sought again 1, 10 and 60 minutes after a look, and then no more', async () => {
    const { world, looks, at } = bookedByAStranger();
    await world.change('BOOKING_CREATED');
    await at(...everyMinuteFor(4));
    expect(looks).toEqual(['12:00', '12:01', '12:11', '13:11']);
  });

  it('is written to as soon as one of the looks finds it', async () => {
    const { world, looks, contactIsMade, status, at } = bookedByAStranger();
    await world.change('BOOKING_CREATED');
    await at('12:00', '12:01');
    contactIsMade();
    await at('12:10');
    expect(status()).toBeUndefined();
    await at('12:11', '13:11');
    expect(status()).toBe('Booked');
    expect(looks).toEqual(['12:00', '12:01', '12:11']);
    expect(world.troubles).toEqual([]);
  });

  it('is told of once, when the last look found nothing, and never by a name', async () => {
    const { world, at } = bookedByAStranger();
    await world.change('BOOKING_CREATED');
    await at('12:00', '12:01', '12:11');
    expect(world.troubles).toEqual([]);
    await at('13:11');
    await world.change('BOOKING_CREATED', {
      uid: 'u2',
      start: '2026-12-10T15:00:00Z',
      payload: { eventTypeId: 2 },
    });
    await at('13:12', '13:13', '13:23', '14:23');
    expect(world.troubles.map(({ kind, booking }) => ({ kind, booking }))).toEqual([
      { kind: 'contact_not_found', booking: expect.stringMatching(/^[\w-]{8,16}$/) },
    ]);
    expect(world.troubles[0]?.sentence).not.toContain(guest);
  });

  it('is sought from the beginning when something changes', async () => {
    const { world, looks, at } = bookedByAStranger();
    await world.change('BOOKING_CREATED');
    await at('12:00', '12:01', '12:05');
    await world.change('BOOKING_CANCELLED');
    await at('12:06', '12:07', '12:11', '12:17', '13:17', '14:17');
    expect(looks).toEqual(['12:00', '12:01', '12:06', '12:07', '12:17', '13:17']);
  });

  it('is sought on by the process that comes after', async () => {
    const { world, looks, at } = bookedByAStranger();
    await world.change('BOOKING_CREATED');
    await at('12:00', '12:01');
    await world.restart();
    await at('12:02', '12:11', '13:11', '14:11');
    expect(looks).toEqual(['12:00', '12:01', '12:11', '13:11']);
  });

  it('is not sought any more for somebody who was erased', async () => {
    const { world, looks, at } = bookedByAStranger();
    await world.change('BOOKING_CREATED');
    await at('12:00');
    (await world.precall.erase(guest)).unwrap();
    await at('12:01', '12:11', '13:11');
    expect(looks).toEqual(['12:00']);
    expect(world.troubles).toEqual([]);
  });
});
