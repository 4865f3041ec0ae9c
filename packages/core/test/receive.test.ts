// What a webhook is answered: INTERFACE.md section 2.
import { createCalcomSource } from '@precall/source-calcom';
import { describe, expect, it } from 'vitest';
import { Err } from '../src/result.ts';
import { saying } from './calcom-saying.ts';
import { createWorld, guest } from './world.ts';

const quiet = { scheduler: 'none' } as const;

/** While the cut is on, the second write of a move, that of the booking u1, does not come through. */
function cutBeforeTheOld() {
  const cut = { isOn: false };
  const world = createWorld({
    store: (store) => ({
      ...store,
      save: (writes) => {
        const second = writes.some((write) => 'put' in write && write.put.id === 'booking:calcom:u1');
        return cut.isOn && second
          ? Promise.resolve(Err({ kind: 'unavailable', reason: 'cut' }))
          : store.save(writes);
      },
    }),
  });
  return { world, cut };
}

describe('receive', () => {
  it('plans a booked call, and says each reminder with its moment', async () => {
    const world = createWorld(quiet);
    const answer = await world.change('BOOKING_CREATED');
    expect(answer).toMatchObject({ status: 'scheduled', booking: 'calcom:u1', skipped: [], dropped: [] });
    expect(answer.startAt?.toString()).toBe('2026-12-03T15:00:00Z');
    expect(answer.reminders.map(({ rule }) => rule)).toEqual(['72h', '24h', '2h']);
    expect(new Set(answer.reminders.map(({ key }) => key)).size).toBe(3);
    expect(answer.reminders.some(({ key }) => key.includes(guest))).toBe(false);
  });

  it('takes a second copy of the same event, milliseconds later, for already known', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED', { said: '2026-11-23T12:00:00.000Z' });
    expect(await world.say('BOOKING_CREATED', { said: '2026-11-23T12:00:00.007Z' })).toEqual({
      kind: 'ignored',
      reason: 'already_known',
    });
  });

  it('says what lost to something newer', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED', { said: '2026-11-23T12:00:00Z' });
    const older = { said: '2026-11-23T11:00:00Z', payload: { eventTitle: 'An earlier title' } };
    expect(await world.say('BOOKING_REASSIGNED', older)).toEqual({
      kind: 'ignored',
      reason: 'older_than_known',
    });
  });

  it('skips the whole sequence for a call agreed less than two hours ahead', async () => {
    const world = createWorld(quiet);
    const answer = await world.change('BOOKING_CREATED', { start: '2026-11-23T13:59:59Z' });
    expect(answer).toMatchObject({ status: 'skipped', reason: 'meeting_too_soon', reminders: [] });
    expect(answer.skipped.map(({ rule, reason }) => [rule, reason])).toEqual([
      ['72h', 'meeting_too_soon'],
      ['24h', 'meeting_too_soon'],
      ['2h', 'meeting_too_soon'],
    ]);
  });

  it('skips a call that was agreed after its start', async () => {
    const world = createWorld(quiet);
    const answer = await world.change('BOOKING_CREATED', { start: '2026-11-23T11:00:00Z' });
    expect(answer).toMatchObject({ status: 'skipped', reason: 'meeting_passed' });
  });

  it('skips what had lost its use when the webhook came late, and keeps it skipped', async () => {
    const world = createWorld({ ...quiet, now: '2026-12-02T16:00:00Z' });
    const answer = await world.change('BOOKING_CREATED', { said: '2026-11-23T12:00:00Z' });
    expect(answer.reminders.map(({ rule, dueAt }) => [rule, dueAt.toString()])).toEqual([
      ['24h', '2026-12-02T15:00:00Z'],
      ['2h', '2026-12-03T13:00:00Z'],
    ]);
    expect(answer.skipped).toMatchObject([{ rule: '72h', reason: 'moment_passed' }]);
    await world.tickAt('2026-12-02T16:00:01Z');
    const states = (await world.booking('u1'))?.reminders.map(({ state, reason }) => [state, reason]);
    expect(states).toEqual([
      ['skipped', 'moment_passed'],
      ['sent', null],
      ['planned', null],
    ]);
    expect(world.troubles).toEqual([]);
  });

  it('calls it moment_passed when every reminder had lost its use', async () => {
    const world = createWorld({ ...quiet, now: '2026-12-03T15:00:00Z' });
    const answer = await world.change('BOOKING_CREATED', { said: '2026-11-23T12:00:00Z' });
    expect(answer).toMatchObject({ status: 'skipped', reason: 'moment_passed', reminders: [] });
  });

  it('moves a call: the new booking gets reminders, those of the old one are dropped', async () => {
    const world = createWorld(quiet);
    const old = await world.change('BOOKING_CREATED');
    const move = { uid: 'u2', start: '2026-12-10T15:00:00Z', said: '2026-11-23T12:00:01Z' };
    const answer = await world.change('BOOKING_RESCHEDULED', { ...move, payload: { rescheduleUid: 'u1' } });
    expect(answer).toMatchObject({ status: 'scheduled', booking: 'calcom:u2' });
    expect(answer.reminders).toHaveLength(3);
    expect(answer.dropped).toEqual(old.reminders.map(({ key }) => ({ key, reason: 'superseded' })));
    expect(await world.booking('u1')).toMatchObject({ status: 'superseded', replacedBy: ['calcom:u2'] });
    expect(await world.booking('u2')).toMatchObject({ status: 'agreed', replaces: ['calcom:u1'] });
  });

  it('moves a call in place, under its own uid', async () => {
    const world = createWorld(quiet);
    const old = await world.change('BOOKING_CREATED');
    const move = {
      start: '2026-12-10T15:00:00Z',
      said: '2026-11-23T12:00:01Z',
      payload: { rescheduleUid: 'u1' },
    };
    const answer = await world.change('BOOKING_RESCHEDULED', move);
    expect(answer).toMatchObject({ status: 'scheduled', booking: 'calcom:u1' });
    expect(answer.dropped).toEqual(old.reminders.map(({ key }) => ({ key, reason: 'superseded' })));
    const states = (await world.booking('u1'))?.reminders.map(({ state, reason }) => [state, reason]);
    expect(states).toEqual([
      ...Array.from({ length: 3 }, () => ['planned', null]),
      ...Array.from({ length: 3 }, () => ['dropped', 'superseded']),
    ]);
  });

  it('drops every reminder of a cancelled call', async () => {
    const world = createWorld(quiet);
    const booked = await world.change('BOOKING_CREATED');
    const answer = await world.change('BOOKING_CANCELLED');
    expect(answer).toMatchObject({ status: 'updated', reminders: [] });
    expect(answer.dropped).toEqual(booked.reminders.map(({ key }) => ({ key, reason: 'cancelled' })));
  });

  it('keeps a cancellation of a booking never seen, and plans nothing when the booking comes after it', async () => {
    const world = createWorld(quiet);
    expect(await world.say('BOOKING_CANCELLED')).toEqual({ kind: 'ignored', reason: 'unknown_booking' });
    expect(await world.change('BOOKING_CREATED')).toMatchObject({ status: 'updated', reminders: [] });
    await world.tickAt('2026-12-03T16:00:00Z');
    expect(world.sent()).toEqual([]);
  });

  it.each(['BOOKING_REJECTED', 'BOOKING_PAID', 'MEETING_ENDED', 'BOOKING_NO_SHOW_UPDATED'] as const)(
    'ignores %s of a booking never seen, and keeps what it says',
    async (trigger) => {
      const world = createWorld(quiet);
      expect(await world.say(trigger)).toEqual({ kind: 'ignored', reason: 'unknown_booking' });
      expect(await world.booking('u1')).not.toBeNull();
    },
  );

  it.each(['BOOKING_LOCATION_UPDATED', 'BOOKING_REASSIGNED'] as const)(
    'takes %s of a booking never seen as an update',
    async (trigger) => {
      const world = createWorld(quiet);
      expect(await world.change(trigger)).toMatchObject({ status: 'updated', reminders: [] });
    },
  );

  it.each(['BOOKING_REQUESTED', 'BOOKING_PAYMENT_INITIATED'] as const)('waits on %s', async (trigger) => {
    const world = createWorld(quiet);
    expect(await world.change(trigger)).toMatchObject({ status: 'awaiting', reminders: [] });
    expect((await world.booking('u1'))?.status).toBe('awaiting');
  });

  it('drops the old call at once when a move has to be confirmed first', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    const answer = await world.change('BOOKING_REQUESTED', { uid: 'u2', payload: { rescheduleUid: 'u1' } });
    expect(answer.status).toBe('awaiting');
    expect(answer.dropped.map(({ reason }) => reason)).toEqual(['superseded', 'superseded', 'superseded']);
  });

  it('schedules again what was declined and then confirmed', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED', { said: '2026-11-23T10:00:00Z' });
    expect(await world.change('BOOKING_REJECTED', { said: '2026-11-23T11:00:00Z' })).toMatchObject({
      status: 'updated',
    });
    const answer = await world.change('BOOKING_CREATED', { said: '2026-11-23T11:30:00Z' });
    expect(answer).toMatchObject({ status: 'scheduled' });
    expect(answer.reminders).toHaveLength(3);
  });

  it('leaves everybody else alone when one seat joins too late', async () => {
    const world = createWorld({ ...quiet, now: '2026-12-03T14:00:00Z' });
    const seat = { payload: { seatsPerTimeSlot: 5 } };
    await world.change('BOOKING_CREATED', {
      ...seat,
      attendees: ['a@example.com'],
      said: '2026-11-23T12:00:00Z',
    });
    const answer = await world.change('BOOKING_CREATED', {
      ...seat,
      attendees: ['b@example.com'],
      said: '2026-12-03T14:00:00Z',
    });
    expect(answer).toMatchObject({ status: 'skipped', reason: 'meeting_too_soon' });
    expect(answer.reminders).toMatchObject([{ rule: '2h' }]);
  });

  it('stores nothing about a call that ended over 400 days ago', async () => {
    const world = createWorld(quiet);
    const old = { start: '2025-10-18T12:00:00Z', said: '2025-10-01T12:00:00Z' };
    expect(await world.say('BOOKING_CREATED', old)).toEqual({ kind: 'ignored', reason: 'too_old' });
    expect(await world.booking('u1')).toBeNull();
  });

  it('finds the same booking for the same start and address where the body has no uid', async () => {
    const world = createWorld(quiet);
    const reduced = (triggerEvent: string) => ({
      triggerEvent,
      payload: {
        booking: { startTime: '2026-12-03T15:00:00Z', attendees: [{ email: guest, name: 'Guest' }] },
      },
    });
    const answer = await world.post(reduced('BOOKING_CREATED'));
    expect(answer).toMatchObject({ kind: 'taken', status: 'scheduled' });
    expect(await world.post(reduced('BOOKING_CREATED'))).toEqual({
      kind: 'ignored',
      reason: 'already_known',
    });
    expect(await world.post(reduced('BOOKING_CANCELLED'))).toMatchObject({
      kind: 'taken',
      status: 'updated',
    });
    expect(await world.post(reduced('BOOKING_CREATED'))).toMatchObject({ kind: 'ignored' });
  });

  it('checks size, then signature, then content type, then JSON, then schema', async () => {
    const world = createWorld(quiet);
    const forged = { 'content-type': ['text/plain'], 'x-cal-signature-256': ['0'.repeat(64)] };
    const large = new Uint8Array(64 * 1024 + 1);
    const { precall } = world;
    expect(await precall.receive({ headers: forged, body: large })).toEqual({
      kind: 'too_large',
      limitBytes: 64 * 1024,
    });
    expect(await precall.receive({ headers: forged, body: large.slice(1) })).toEqual({ kind: 'forged' });
    expect(await precall.receive({ headers: forged, body: large.slice(0, 9) })).toEqual({ kind: 'forged' });
    expect(await world.post('{"a":')).toMatchObject({ kind: 'not_understood' });
    expect(await world.post('{"a":1}')).toMatchObject({
      kind: 'not_understood',
      issues: [{ path: 'triggerEvent' }],
    });
  });

  it('answers that it is away, and keeps nothing, when the store does not answer', async () => {
    const world = createWorld({
      ...quiet,
      store: (store) => ({ ...store, save: async () => Err({ kind: 'unavailable', reason: 'away' }) }),
    });
    expect(await world.say('BOOKING_CREATED')).toMatchObject({ kind: 'away' });
  });

  it('gives up after five conflicts, and asks the sender to come again', async () => {
    let saves = 0;
    const world = createWorld({
      ...quiet,
      store: (store) => ({
        ...store,
        save: (writes) => {
          const booking = writes.some((write) => 'put' in write && write.put.kind === 'booking');
          saves += Number(booking);
          return booking ? store.save([]).then((done) => done.map(() => ['conflict'])) : store.save(writes);
        },
      }),
    });
    expect(await world.say('BOOKING_CREATED')).toMatchObject({ kind: 'away' });
    expect(saves).toBe(5);
  });

  it('takes fifty different updates of one booking at the same time', async () => {
    const world = createWorld(quiet);
    const seats = Array.from({ length: 50 }, (_, n) => [`seat${n}@example.com`]);
    const answers = await Promise.all(
      seats.map((attendees) =>
        world.say('BOOKING_CREATED', { attendees, payload: { seatsPerTimeSlot: 60 } }),
      ),
    );
    expect(answers.map(({ kind }) => kind)).toEqual(seats.map(() => 'taken'));
    expect((await world.booking('u1'))?.attendees).toHaveLength(50);
  });

  it('sets aside what goes beyond the bounds of one booking, whole', async () => {
    const world = createWorld(quiet);
    const attendees = Array.from({ length: 501 }, (_, n) => `guest${n}@example.com`);
    const answer = await world.say('BOOKING_CREATED', { attendees });
    const message = 'The booking would have more people, starts or links than can be kept.';
    expect(answer).toMatchObject({ kind: 'not_understood', issues: [{ path: 'payload', message }] });
    expect(await world.booking('u1')).toBeNull();
  });

  it('mends the old booking from the new one where a crash cut a move in two', async () => {
    const { world, cut } = cutBeforeTheOld();
    await world.change('BOOKING_CREATED');
    cut.isOn = true;
    const move = { uid: 'u2', start: '2026-12-10T15:00:00Z', payload: { rescheduleUid: 'u1' } };
    expect(await world.say('BOOKING_RESCHEDULED', move)).toMatchObject({ kind: 'away' });
    expect((await world.booking('u1'))?.status).toBe('agreed');
    cut.isOn = false;
    await world.start();
    await world.at('2026-11-23T12:01:30Z');
    expect((await world.booking('u1'))?.status).toBe('superseded');
  });

  it('mends what is lacking in the old booking where another had moved the same way before', async () => {
    const { world, cut } = cutBeforeTheOld();
    const ana = 'ana@example.com';
    const ben = 'ben@example.com';
    const seats = { seatsPerTimeSlot: 9 };
    for (const who of [ana, ben, guest])
      await world.change('BOOKING_CREATED', { payload: seats, attendees: [who] });
    const move = (who: string) =>
      world.say('BOOKING_RESCHEDULED', {
        uid: 'u2',
        start: '2026-12-10T15:00:00Z',
        said: '2026-11-23T12:00:01Z',
        payload: { ...seats, rescheduleUid: 'u1' },
        attendees: [who],
      });
    await move(ana);
    cut.isOn = true;
    expect(await move(ben)).toMatchObject({ kind: 'away' });
    cut.isOn = false;
    await world.start();
    await world.at('2026-11-23T12:01:30Z');
    const old = await world.booking('u1');
    const standing = Object.fromEntries((old?.attendees ?? []).map(({ email, status }) => [email, status]));
    expect(standing).toEqual({ [guest]: 'attending', [ana]: 'moved', [ben]: 'moved' });
    expect(old?.history.find(({ what }) => what === 'moved')).toMatchObject({ detail: { status: 'agreed' } });
  });
});

describe('quarantine', () => {
  it('keeps what is authentic and not understood, and takes it in when it is understood', async () => {
    const world = createWorld(quiet);
    const answer = await world.post({
      triggerEvent: 'BOOKING_CREATED',
      createdAt: '2026-11-23T12:00:00Z',
      payload: {},
    });
    if (answer.kind !== 'not_understood') throw new Error('expected a refusal');
    const kept = await world.precall.quarantine({ limit: 10, cursor: null });
    expect(kept.isOk() && kept.value.items).toMatchObject([{ id: answer.quarantineId }]);
    expect(await world.precall.replay(answer.quarantineId)).toMatchObject({ kind: 'not_understood' });
    expect(await world.precall.replay('no-such-id')).toBeNull();
    expect(world.troubles[0]).toMatchObject({
      kind: 'quarantined',
      booking: null,
      sentence: expect.stringMatching(/^A webhook was not understood: ./),
    });
  });

  it('says where each thing stands that was not understood, in at most 500 characters', async () => {
    const world = createWorld(quiet);
    const said = { triggerEvent: 'BOOKING_CREATED', createdAt: '2026-11-23T12:00:00Z' };
    const reason = async (body: object | string) => {
      const answer = await world.post(body);
      if (answer.kind !== 'not_understood') throw new Error('expected a refusal');
      const kept = (await world.precall.quarantine({ limit: 10, cursor: null })).unwrap();
      return kept.items.find(({ id }) => id === answer.quarantineId)?.reason;
    };
    expect(await reason('[')).toBe('body: is not valid JSON');
    expect(await reason({ ...said, payload: {} })).toMatch(/^payload\.uid: is missing; payload\.startTime: /);
    const nobodies = Array.from({ length: 100 }, () => ({}));
    const crowd = saying('BOOKING_CREATED', { payload: { attendees: nobodies } });
    expect(await reason(crowd)).toHaveLength(500);
  });

  it('keeps the same bytes once', async () => {
    const world = createWorld(quiet);
    await world.post('{"a":1}');
    await world.post('{"a":1}');
    const kept = await world.precall.quarantine({ limit: 10, cursor: null });
    expect(kept.isOk() && kept.value.items).toHaveLength(1);
  });

  it('lets go of the oldest at the first delivery of a process, and whenever fifty more came in', async () => {
    const world = createWorld({ ...quiet, now: '2026-11-24T12:00:00Z' });
    await world.post('{"a":1}');
    const [one] = (await world.memory.list('delivery', { limit: 1, cursor: null })).unwrap().items;
    if (!one) throw new Error('one delivery is kept');
    const older = (n: number) => ({
      ...one,
      id: `delivery:${n}` as typeof one.id,
      changedAt: one.changedAt.subtract({ seconds: n }),
    });
    for (let n = 1; n <= 951; n += 1) await world.memory.save([{ put: older(n), expected: 0, history: [] }]);
    const kept = async () =>
      (await world.memory.list('delivery', { limit: 1_000, cursor: null }))
        .unwrap()
        .items.map(({ id }) => id);
    const next = createWorld({ ...quiet, store: () => world.store, now: '2026-11-24T12:00:01Z' });
    await next.post('{"b":0}');
    expect(await kept()).toHaveLength(951);
    expect(await kept()).not.toContain('delivery:950');
    expect(await kept()).toContain('delivery:949');
    for (let n = 1; n <= 49; n += 1) await next.post(`{"b":${n}}`);
    expect(await kept()).toHaveLength(1_000);
    await next.post('{"b":50}');
    expect(await kept()).toHaveLength(951);
  });

  it('never keeps more than a thousand, and forgets each after a week', async () => {
    const world = createWorld(quiet);
    for (let n = 0; n < 1_050; n += 1) await world.post(`{"n":${n}}`);
    const count = async () => (await world.memory.list('delivery', { limit: 1_000, cursor: null })).unwrap();
    const { items, next } = await count();
    expect([items.length <= 1_000, next]).toEqual([true, null]);
    expect(items.length).toBeGreaterThan(949);
    await world.tickAt('2026-11-30T12:00:00Z');
    expect((await count()).items).toEqual([]);
  });
});

describe('what is taken in', () => {
  it('names nobody in keys and ids', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    const { items } = (await world.memory.list('booking', { limit: 10, cursor: null })).unwrap();
    expect(items.flatMap(({ id, keys }) => [id, ...keys]).filter((name) => name.includes('@'))).toEqual([]);
    expect(createCalcomSource).toBeTypeOf('function');
    expect(saying('BOOKING_CREATED')).toHaveProperty('payload');
  });
});
