// The calendar file that goes with a reminder: what it is made from, and that a mail goes without one unless the policy says so.
import type { CallForFile, Store } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { bookingRecord } from '../src/ids.ts';
import type { BookingId } from '../src/index.ts';
import { Err } from '../src/result.ts';
import { createWorld, guest } from './world.ts';

const due72 = '2026-11-30T15:00:00Z';
const due24 = '2026-12-09T15:00:00Z';
const later = '2026-12-10T15:00:00Z';
const last = '2026-12-11T15:00:00Z';
const u3 = 'calcom:u3' as BookingId;
const away = Err({ kind: 'unavailable', reason: 'away' } as const);

/** A policy whose file says what it was made from. */
function telling() {
  const asked: CallForFile[] = [];
  const calendarFile = (call: CallForFile) => {
    asked.push(call);
    return { fileName: 'call.ics', method: 'REQUEST', content: [...call.bookings.keys()].join() } as const;
  };
  return { asked, policy: { calendarFile } };
}

async function movedTwice(options: Parameters<typeof createWorld>[0]) {
  const world = createWorld({ scheduler: 'none', ...options });
  await world.change('BOOKING_CREATED');
  await world.change('BOOKING_RESCHEDULED', { uid: 'u2', start: later, payload: { rescheduleUid: 'u1' } });
  await world.change('BOOKING_RESCHEDULED', { uid: 'u3', start: last, payload: { rescheduleUid: 'u2' } });
  return world;
}

/** A store in which these bookings cannot be found, or not be read. */
const without = (uid: string, how: 'away' | 'damaged') => (store: Store) => ({
  ...store,
  async find(ids: Parameters<Store['find']>[0]) {
    if (!ids.includes(bookingRecord(`calcom:${uid}` as BookingId))) return store.find(ids);
    if (how === 'away') return away;
    return (await store.find(ids)).map((all) => all.map((one) => ({ ...one, body: '{' })));
  },
});

describe('a reminder', () => {
  it('carries no file by default', async () => {
    const world = createWorld({ scheduler: 'none' });
    await world.change('BOOKING_CREATED');
    await world.tickAt(due72);
    expect(world.mailer.sent.map(({ message }) => 'calendar' in message)).toEqual([false]);
    expect((await world.precall.calendarFile('calcom:u1' as BookingId, guest)).unwrap()).toBeNull();
  });

  it('carries the file made at its moment from its booking and all those before', async () => {
    const { asked, policy } = telling();
    const world = await movedTwice({ policy });
    await world.tickAt(due24);
    expect(world.mailer.sent.map(({ message }) => message.calendar?.content)).toEqual([
      'calcom:u3,calcom:u2,calcom:u1',
    ]);
    expect(asked.map(({ id, now }) => [id, `${now}`])).toEqual([[u3, due24]]);
  });

  it('goes without one where the policy has none for this call', async () => {
    const world = createWorld({ scheduler: 'none', policy: { calendarFile: () => null } });
    await world.change('BOOKING_CREATED');
    await world.tickAt(due72);
    expect(world.mailer.sent.map(({ message }) => 'calendar' in message)).toEqual([false]);
  });

  it('is refused, and told, where the file cannot be made', async () => {
    const calendarFile = () => {
      throw new Error('no file');
    };
    const world = createWorld({ scheduler: 'none', policy: { calendarFile } });
    await world.change('BOOKING_CREATED');
    await world.tickAt(due72);
    expect(world.sent()).toEqual([]);
    expect(world.troubles.map(({ sentence }) => sentence)).toEqual([
      'The calendar file of rule "72h" could not be made.',
    ]);
  });

  it('carries it also when an operator sends it before its moment', async () => {
    const world = await movedTwice({ policy: telling().policy });
    const [reminder] = (await world.booking('u3'))?.reminders ?? [];
    if (!reminder) throw new Error('no reminder');
    expect((await world.precall.desk.sendNow(u3, { key: reminder.key, by: 'ada' })).unwrap()).toBe('done');
    expect(world.mailer.sent.map(({ message }) => message.calendar?.content)).toEqual([
      'calcom:u3,calcom:u2,calcom:u1',
    ]);
  });

  it('waits while the calls before cannot be looked up, and does without one that is damaged', async () => {
    let how: 'away' | 'damaged' = 'away';
    let isBroken = false;
    const store = (one: Store): Store => ({
      ...one,
      find: (ids) => (isBroken ? without('u2', how)(one) : one).find(ids),
    });
    const world = await movedTwice({ policy: telling().policy, store });
    isBroken = true;
    await world.tickAt(due24);
    expect(world.sent()).toEqual([]);
    const [reminder] = (await world.booking('u3'))?.reminders ?? [];
    if (!reminder) throw new Error('no reminder');
    const asked = await world.precall.desk.sendNow(u3, { key: reminder.key, by: 'ada' });
    expect(asked.isErr() && asked.error.kind).toBe('unavailable');
    how = 'damaged';
    await world.tickAt('2026-12-09T15:01:00Z');
    expect(world.mailer.sent.map(({ message }) => message.calendar?.content)).toEqual(['calcom:u3']);
  });
});

describe('calendarFile', () => {
  it('makes the file of any booking for a mail of one’s own, and none of a booking that is not known', async () => {
    const { asked, policy } = telling();
    const world = await movedTwice({ policy });
    await world.change('BOOKING_CANCELLED', { uid: 'u3', start: last });
    const file = await world.precall.calendarFile(u3, guest);
    expect(file.unwrap()?.content).toBe('calcom:u3,calcom:u2,calcom:u1');
    expect(asked.map(({ recipient, bookings }) => bookings.get(u3)?.roster?.value[0] === recipient)).toEqual([
      true,
    ]);
    expect((await world.precall.calendarFile('calcom:u9' as BookingId, guest)).unwrap()).toBeNull();
  });

  it('makes none of a booking whose record is damaged, and answers why it cannot', async () => {
    let broken: string | null = null;
    const store = (one: Store): Store => ({
      ...one,
      find: (ids) => (broken ? without(broken, broken === 'u3' ? 'damaged' : 'away')(one) : one).find(ids),
    });
    const world = await movedTwice({ policy: telling().policy, store });
    broken = 'u3';
    expect((await world.precall.calendarFile(u3, guest)).unwrap()).toBeNull();
    broken = 'u2';
    const file = await world.precall.calendarFile(u3, guest);
    expect(file.isErr() && file.error.kind).toBe('unavailable');
  });

  it('never rejects: where the policy throws it is refused', async () => {
    const calendarFile = () => {
      throw new Error('no file');
    };
    const world = await movedTwice({ policy: { calendarFile } });
    const file = await world.precall.calendarFile(u3, guest);
    expect(file.isErr() && file.error.kind).toBe('rejected');
  });

  it('answers why it cannot, where the store is away', async () => {
    const world = await movedTwice({ policy: telling().policy, store: without('u9', 'away') });
    const file = await world.precall.calendarFile('calcom:u9' as BookingId, guest);
    expect(file.isErr() && file.error.kind).toBe('unavailable');
  });
});
