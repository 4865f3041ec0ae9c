// The calendar through the whole shell: what it shows at each step, and that it keeps nothing else waiting.
import {
  createMemoryCalendar,
  createMemoryCrm,
  createMemoryScheduler,
  type MemoryCalendar,
} from '@precall/adapter-memory';
import type { BookingId, Calendar, Store, Stored } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { bookingRecord } from '../src/ids.ts';
import { createNames } from '../src/names.ts';
import { defaultPolicy } from '../src/policy.ts';
import { Err, Ok } from '../src/result.ts';
import { Temporal } from '../src/temporal.ts';
import { createWorld, guest } from './world.ts';

type Options = NonNullable<Parameters<typeof createWorld>[0]>;

/** A world with a calendar; `between` stands between Precall and it. */
function calendarWorld({
  calendar = createMemoryCalendar(),
  between = (one) => one,
  ...options
}: Options & {
  readonly calendar?: MemoryCalendar;
  readonly between?: (calendar: Calendar) => Calendar;
} = {}) {
  const world = createWorld({ scheduler: 'none', ...options, calendar: between(calendar) });
  const calls = () => calendar.seen.map(([method]) => method);
  return { world, calendar, calls, starts: () => calendar.events().map((event) => `${event.startAt}`) };
}

const moved = (uid: string, from: string, start: string) =>
  ({ uid, start, payload: { rescheduleUid: from } }) as const;
const away = { kind: 'unavailable', reason: 'away' } as const;
const lost = { kind: 'unknown', reason: 'no answer' } as const;
const minutes = (count: number) => Temporal.Duration.from({ minutes: count });

const isClaim = ({ id, body }: Stored) => id.startsWith('calendar:') && body.includes('leaseUntil');

/** What stands in all records, as text. */
async function kept(store: Store): Promise<string> {
  const page = { limit: 100, cursor: null };
  const kinds = ['booking', 'person', 'calendar', 'delivery', 'meta'] as const;
  const lists = await Promise.all(kinds.map((kind) => store.list(kind, page)));
  return lists.flatMap((list) => list.unwrap().items.map(({ body }) => body)).join('\n');
}

describe('the calendar', () => {
  it('shows a booking that is moved twice and cancelled as one event at each step, then as none', async () => {
    const { world, calendar, starts } = calendarWorld();
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    expect(starts()).toEqual(['2026-12-03T15:00:00Z']);
    await world.change('BOOKING_RESCHEDULED', moved('u2', 'u1', '2026-12-10T15:00:00Z'));
    await world.precall.tick();
    expect(starts()).toEqual(['2026-12-10T15:00:00Z']);
    await world.change('BOOKING_RESCHEDULED', moved('u3', 'u2', '2026-12-11T09:00:00Z'));
    await world.precall.tick();
    expect(starts()).toEqual(['2026-12-11T09:00:00Z']);
    await world.change('BOOKING_CANCELLED', { uid: 'u3', start: '2026-12-11T09:00:00Z' });
    await world.precall.tick();
    expect(calendar.events()).toEqual([]);
  });

  it('is shown with a booking though what is kept about its event cannot be read', async () => {
    const { world } = calendarWorld();
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    const [event] = (await world.store.list('calendar', { limit: 1, cursor: null })).unwrap().items;
    if (!event) throw new Error('what is kept about an event is a record');
    const put = { ...event, revision: event.revision + 1, body: '{"event":' };
    await world.store.save([{ put, expected: event.revision, history: [] }]);
    expect(await world.booking('u1')).toMatchObject({ status: 'agreed', calendar: null });
  });

  it('moves the same event where the booking keeps its uid', async () => {
    const { world, calendar, calls } = calendarWorld();
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    const [first] = calendar.events();
    await world.change('BOOKING_CREATED', { start: '2026-12-04T15:00:00Z', said: '2026-11-23T12:00:01Z' });
    await world.precall.tick();
    expect(calendar.events()).toMatchObject([{ id: first?.id }]);
    expect(`${calendar.events()[0]?.startAt}`).toBe('2026-12-04T15:00:00Z');
    expect(calls()).toEqual(['put', 'put']);
  });

  it('is written once, and not again when nothing that it shows has changed', async () => {
    const { world, calls } = calendarWorld();
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    await world.say('BOOKING_CREATED', { said: '2026-11-23T12:00:00.004Z' });
    await world.tickAt('2026-11-30T15:00:00Z');
    expect(world.sent()).toHaveLength(1);
    await world.change('BOOKING_CREATED', { said: '2026-11-23T12:00:01Z', attendees: ['other@example.com'] });
    await world.precall.tick();
    expect(calls()).toEqual(['put']);
  });

  it('keeps the event of a call that is over, and makes none for one that is heard of afterwards', async () => {
    const { world, starts, calls } = calendarWorld();
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    await world.tickAt('2026-12-03T18:00:00Z');
    await world.change('BOOKING_CREATED', { uid: 'u2', start: '2026-12-03T12:00:00Z' });
    await world.precall.tick();
    expect(starts()).toEqual(['2026-12-03T15:00:00Z']);
    expect(calls()).toEqual(['put']);
  });

  it('hears nothing of a booking that was never agreed', async () => {
    const { world, calls } = calendarWorld();
    await world.change('BOOKING_REQUESTED');
    await world.say('BOOKING_CANCELLED', { uid: 'u2' });
    await world.precall.tick();
    expect(calls()).toEqual([]);
    expect((await world.booking('u1'))?.calendar).toEqual({ state: 'none', lastError: null });
  });

  it('names nobody unless the policy says so, and says no place that may be a person', async () => {
    const said = { payload: { location: '+49 30 123456', metadata: {}, videoCallData: undefined } };
    const quiet = calendarWorld();
    await quiet.world.change('BOOKING_CREATED', said);
    await quiet.world.precall.tick();
    expect(quiet.calendar.events()).toMatchObject([{ place: null, names: [] }]);
    const open = calendarWorld({ policy: { namesInCalendar: true } });
    await open.world.change('BOOKING_CREATED', { ...said, attendees: [guest] });
    await open.world.precall.tick();
    expect(open.calendar.events()).toMatchObject([{ place: '+49 30 123456', names: ['guest'] }]);
  });

  it.each([
    ['https://meet.example.com/abc', 'https://meet.example.com/abc'],
    ['Market Street 1', 'Market Street 1'],
    ['integrations:zoom', null],
  ])('says the place %s', async (location, place) => {
    const { world, calendar } = calendarWorld({ policy: { namesInCalendar: true } });
    await world.change('BOOKING_CREATED', { payload: { location, metadata: {}, videoCallData: undefined } });
    await world.precall.tick();
    expect(calendar.events()[0]?.place).toBe(place);
  });

  it('has a title where the booking has none', async () => {
    const { world, calendar } = calendarWorld();
    await world.change('BOOKING_CREATED', {
      payload: { type: undefined, eventTitle: undefined, title: undefined },
    });
    await world.precall.tick();
    expect(calendar.events()[0]?.title).toBe('Call');
  });

  it('says nothing of a person any more once they are erased, also where the call is over (invariant 24)', async () => {
    const said = { payload: { location: 'Market Street 1', metadata: {}, videoCallData: undefined } };
    const { world, calendar } = calendarWorld({ policy: { namesInCalendar: true } });
    await world.change('BOOKING_CREATED', { ...said, attendees: [guest] });
    await world.change('BOOKING_CREATED', {
      ...said,
      uid: 'u2',
      start: '2026-11-24T12:00:00Z',
      attendees: [guest],
    });
    await world.precall.tick();
    expect(calendar.events()).toMatchObject([{ names: ['guest'] }, { names: ['guest'] }]);
    await world.tickAt('2026-11-25T12:00:00Z');
    await world.precall.erase(guest);
    await world.precall.tick();
    expect(calendar.events()).toMatchObject([
      { names: [], place: null },
      { names: [], place: null },
    ]);
    expect(await kept(world.memory)).not.toContain('guest');
  });

  it('holds no name and no address in its record', async () => {
    const { world } = calendarWorld({ policy: { namesInCalendar: true } });
    await world.change('BOOKING_CREATED', { attendees: [guest] });
    await world.precall.tick();
    const { items } = (await world.memory.list('calendar', { limit: 9, cursor: null })).unwrap();
    expect(items.map(({ keys, body }) => [keys, body.includes('guest')])).toEqual([[[], false]]);
  });

  it('keeps no webhook, no reminder and no CRM waiting while it does not answer (invariants 17, 19)', async () => {
    const never = () => new Promise<never>(() => undefined);
    const { world } = calendarWorld({
      scheduler: createMemoryScheduler({
        clock: { now: () => world.clock.now(), at: (...of) => world.clock.at(...of) },
      }),
      between: (calendar) => ({ ...calendar, put: never, remove: never }),
    });
    await world.start();
    for (let n = 0; n < 60; n += 1) await world.change('BOOKING_CREATED', { uid: `u${n}` });
    await world.change('BOOKING_CREATED', { uid: 'soon', start: '2026-11-23T14:00:05Z' });
    await world.clock.advance(Temporal.Duration.from({ seconds: 3 }));
    await world.change('BOOKING_CANCELLED', { uid: 'u59' });
    await world.change('BOOKING_CREATED', {
      uid: 'last',
      start: '2026-12-09T15:00:00Z',
      attendees: ['late@example.com'],
    });
    await world.clock.advance(Temporal.Duration.from({ seconds: 3 }));
    expect(world.fields()['late@example.com']).toMatchObject({ 'Diagnostic Call Date': '2026-12-09' });
    expect(world.sent()).toEqual([`${guest} 2026-11-23T12:00:05Z`]);
    void world.precall.stop();
  });

  it('is not written any more once the host stops', async () => {
    const { world, calendar, calls } = calendarWorld();
    calendar.answerNext(away);
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    await world.clock.advance(minutes(5));
    await world.precall.stop();
    expect(calls()).toEqual(['put']);
  });

  it('is right after an outage, whatever happened meanwhile', async () => {
    const { world, calendar, starts } = calendarWorld();
    for (let n = 0; n < 3; n += 1) calendar.answerNext(away);
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    expect((await world.booking('u1'))?.calendar).toEqual({ state: 'pending', lastError: 'away' });
    await world.change('BOOKING_CREATED', { start: '2026-12-04T15:00:00Z', said: '2026-11-23T12:00:01Z' });
    await world.tickAt('2026-11-23T12:10:00Z');
    await world.tickAt('2026-11-23T12:20:00Z');
    await world.tickAt('2026-11-23T12:30:00Z');
    expect(starts()).toEqual(['2026-12-04T15:00:00Z']);
    expect((await world.booking('u1'))?.calendar).toEqual({ state: 'written', lastError: null });
  });

  it('is left alone until the moment that it asked for, whoever is next (invariant 16)', async () => {
    const { world, calendar, calls } = calendarWorld();
    calendar.answerNext({ ...away, retryAfter: minutes(2) });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    await world.change('BOOKING_CREATED', { uid: 'u2' });
    await world.tickAt('2026-11-23T12:01:59Z');
    expect(calls()).toEqual(['put']);
    await world.tickAt('2026-11-23T12:02:00Z');
    expect(calendar.events()).toHaveLength(2);
  });

  it('is told what it refused once, and again with the next change', async () => {
    const { world, calendar, calls } = calendarWorld();
    await world.change('BOOKING_CREATED');
    calendar.answerNext({ kind: 'rejected', reason: 'not shared' });
    await world.precall.tick();
    await world.tickAt('2026-11-23T13:00:00Z');
    expect(calls()).toEqual(['put']);
    const booking = await world.booking('u1');
    expect(booking?.calendar).toEqual({ state: 'refused', lastError: 'not shared' });
    expect(booking?.history.map(({ what }) => what)).toContain('calendar_refused');
    expect(world.troubles).toMatchObject([
      { kind: 'calendar_refused', sentence: 'The calendar refused a write: not shared' },
    ]);
    expect(world.troubles[0]?.booking).toMatch(/^[0-9a-f]{12}$/);
    await world.change('BOOKING_CREATED', { start: '2026-12-04T15:00:00Z', said: '2026-11-23T13:00:00Z' });
    await world.precall.tick();
    expect(calendar.events()).toHaveLength(1);
  });

  it('is told of once when it has taken nothing for half an hour, and anew after it was back', async () => {
    let isAway = true;
    const shut = Err({ kind: 'unavailable', reason: 'not shared' } as const);
    const { world, calendar } = calendarWorld({
      between: (one) => ({ ...one, put: async (event) => (isAway ? shut : one.put(event)) }),
    });
    const passing = async (from: string, count: number) => {
      for (let minute = 0; minute <= count; minute += 1)
        await world.tickAt(Temporal.Instant.from(from).add({ minutes: minute }).toString());
    };
    const told = () => world.troubles.filter(({ kind }) => kind === 'calendar_away');
    await world.change('BOOKING_CREATED');
    await world.change('BOOKING_CREATED', { uid: 'u2', attendees: ['other@example.com'] });
    await passing('2026-11-23T12:00:00Z', 29);
    expect(told()).toEqual([]);
    await passing('2026-11-23T12:30:00Z', 60);
    expect(told()).toMatchObject([
      { booking: expect.stringMatching(/^[0-9a-f]{12}$/), sentence: expect.stringContaining('not shared') },
    ]);
    isAway = false;
    await passing('2026-11-23T13:31:00Z', 5);
    expect(calendar.events()).toHaveLength(2);
    isAway = true;
    await world.change('BOOKING_CREATED', { start: '2026-12-04T15:00:00Z', said: '2026-11-23T13:40:00Z' });
    await passing('2026-11-23T13:40:00Z', 40);
    expect(told()).toHaveLength(2);
  });

  it.each(['put', 'remove'] as const)('is asked again after a %s whose answer got lost', async (method) => {
    const { world, calendar, calls } = calendarWorld({
      between: (one) => ({
        ...one,
        // It happens, and nobody hears of it, once.
        async [method](what: never) {
          const done = await one[method](what);
          const isFirst = calendar.seen.filter(([name]) => name === method).length === 1;
          return isFirst ? Err(lost) : done;
        },
      }),
    });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    await world.tickAt('2026-11-23T12:01:00Z');
    await world.change('BOOKING_CANCELLED');
    await world.precall.tick();
    await world.tickAt('2026-11-23T12:05:00Z');
    expect(calendar.events()).toEqual([]);
    expect(calls().filter((name) => name === method)).toHaveLength(2);
    expect((await world.booking('u1'))?.calendar).toEqual({ state: 'none', lastError: null });
  });

  it('shows the same after a process died between the put and its save', async () => {
    const { world, calendar, calls } = calendarWorld({
      between: (one) => ({
        ...one,
        async put(event) {
          await one.put(event);
          return new Promise<never>(() => undefined);
        },
      }),
    });
    await world.change('BOOKING_CREATED');
    void world.precall.tick();
    await world.clock.advance(Temporal.Duration.from({ seconds: 1 }));
    const before = calendar.events();
    expect(before).toHaveLength(1);
    const next = { calendar, store: () => world.store, now: '2026-11-23T12:02:00Z' };
    const { world: after } = calendarWorld(next);
    await after.precall.tick();
    expect(calls()).toEqual(['put']);
    await after.tickAt('2026-11-23T12:03:01Z');
    expect(calls()).toEqual(['put', 'put']);
    expect(calendar.events()).toEqual(before);
  });

  it('removes what a process that died may have put, once the booking is cancelled', async () => {
    const { world, calendar } = calendarWorld({
      between: (one) => ({
        ...one,
        async put(event) {
          await one.put(event);
          return new Promise<never>(() => undefined);
        },
      }),
    });
    await world.change('BOOKING_CREATED');
    void world.precall.tick();
    await world.clock.advance(Temporal.Duration.from({ seconds: 1 }));
    const { world: after } = calendarWorld({
      calendar,
      store: () => world.store,
      now: '2026-11-23T12:02:00Z',
    });
    await after.change('BOOKING_CANCELLED');
    await after.precall.tick();
    await after.tickAt('2026-11-23T12:03:01Z');
    expect(calendar.events()).toEqual([]);
  });

  it('is not written by who was held up until another could write: the older state stays out', async () => {
    const calendar = createMemoryCalendar();
    let held: () => void = () => undefined;
    // The first process has claimed, and read the booking as it was; it hears of that minutes later.
    const slow = calendarWorld({
      calendar,
      store: (store) => {
        let isClaimed = false;
        return {
          ...store,
          async save(writes) {
            isClaimed ||= writes.some((write) => 'put' in write && isClaim(write.put));
            return store.save(writes);
          },
          async find(ids) {
            const found = await store.find(ids);
            if (isClaimed && ids[0]?.startsWith('booking:')) {
              await new Promise<void>((resolve) => {
                held = resolve;
              });
            }
            return found;
          },
        };
      },
    });
    await slow.world.change('BOOKING_CREATED');
    const ticking = slow.world.precall.tick();
    await slow.world.clock.advance(Temporal.Duration.from({ seconds: 1 }));
    const { world: quick } = calendarWorld({
      calendar,
      store: () => slow.world.memory,
      now: '2026-11-23T12:00:30Z',
    });
    await quick.change('BOOKING_CANCELLED');
    await quick.tickAt('2026-11-23T12:04:00Z');
    await slow.world.clock.advance(minutes(5));
    const seen = calendar.seen.length;
    held();
    await slow.world.clock.advance(minutes(0));
    await ticking;
    expect(calendar.seen.slice(seen)).toEqual([]);
    expect(calendar.events()).toEqual([]);
  });

  it('is written by one at a time: what changes meanwhile is written after', async () => {
    let isFirst = true;
    const { world, starts } = calendarWorld({
      between: (one) => ({
        ...one,
        async put(event) {
          if (isFirst) {
            isFirst = false;
            const start = '2026-12-10T15:00:00Z';
            await world.change('BOOKING_CREATED', { start, said: '2026-11-23T12:00:01Z' });
            await Promise.race([world.precall.tick(), Promise.resolve()]);
          }
          return one.put(event);
        },
      }),
    });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    await world.precall.tick();
    expect(starts()).toEqual(['2026-12-10T15:00:00Z']);
  });

  it('is written again when an operator asks, also without a CRM', async () => {
    const { world, calls } = calendarWorld({ crm: 'none' });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    const id = 'calcom:u1' as BookingId;
    expect((await world.precall.desk.writeCrm(id, { by: 'ana' })).unwrap()).toBe('done');
    expect((await world.booking('u1'))?.calendar).toMatchObject({ state: 'pending' });
    await world.precall.tick();
    expect(calls()).toEqual(['put', 'put']);
    const { history } = (await world.booking('u1')) ?? { history: [] };
    expect(history.map(({ what }) => what)).toEqual([
      'booked',
      'calendar_written',
      'calendar_write_asked',
      'calendar_written',
    ]);
  });

  it('makes an event for a booking that it did not hear of, when an operator asks', async () => {
    const before = createWorld({ scheduler: 'none' });
    await before.change('BOOKING_CREATED');
    await before.precall.tick();
    const { world, calendar } = calendarWorld({ store: () => before.store, crm: before.crm });
    expect((await world.precall.desk.writeCrm('calcom:u1' as BookingId, { by: 'ana' })).unwrap()).toBe(
      'done',
    );
    await world.precall.tick();
    expect(calendar.events()).toHaveLength(1);
  });

  it('can be left out later: what was to be written is let go', async () => {
    const { world, calendar } = calendarWorld();
    calendar.answerNext(away);
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    const without = createWorld({
      scheduler: 'none',
      store: () => world.store,
      crm: createMemoryCrm({ unknown: 'add' }),
      now: '2026-11-23T12:10:00Z',
    });
    await without.precall.tick();
    const { items } = (await world.memory.list('calendar', { limit: 9, cursor: null })).unwrap();
    expect(items.map(({ lanes }) => lanes.crm)).toEqual([null]);
    expect((await without.booking('u1'))?.calendar).toBeNull();
  });

  it('ends up right whichever call of the store fails, once', async () => {
    // Of each method that a turn needs, the call of that number is away.
    for (const method of ['find', 'due', 'save'] as const) {
      for (let n = 1; n <= 12; n += 1) {
        let count = 0;
        let isCounting = false;
        const { world, calendar } = calendarWorld({
          crm: 'none',
          store: (store) => ({
            ...store,
            async [method](...args: readonly unknown[]) {
              if (isCounting) count += 1;
              if (isCounting && count === n) return Err(away);
              return Reflect.apply(store[method], store, args);
            },
          }),
        });
        await world.change('BOOKING_CREATED');
        isCounting = true;
        await world.precall.tick();
        await world.tickAt('2026-11-23T12:04:00Z');
        expect(calendar.events()).toHaveLength(1);
      }
    }
  });

  it('lets go of an event whose booking is not known any more', async () => {
    const { world, calendar } = calendarWorld();
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    const id = bookingRecord('calcom:u1' as BookingId);
    const [booking] = (await world.memory.find([id])).unwrap();
    await world.memory.save([{ remove: id, expected: booking?.revision ?? 0 }]);
    const [event] = (await world.memory.list('calendar', { limit: 9, cursor: null })).unwrap().items;
    if (!event) throw new Error('no record of the calendar');
    const put = {
      ...event,
      revision: event.revision + 1,
      lanes: { ...event.lanes, crm: world.clock.now() },
    };
    await world.memory.save([{ put, expected: event.revision, history: [] }]);
    await world.precall.tick();
    expect(calendar.events()).toEqual([]);
  });

  it.each([
    ['find', false, away],
    ['save', false, away],
    ['save', 'once', 'done'],
    ['save', 'always', { refused: 'changed_meanwhile' }],
  ] as const)(
    'answers an operator when %s of its record is away, or conflicts: %s',
    async (method, conflicts, answer) => {
      let isOn = false;
      let times = 0;
      const { world } = calendarWorld({
        crm: 'none',
        store: (store) => ({
          ...store,
          async find(ids) {
            const isIt = ids.length === 1 && ids[0]?.startsWith('calendar:');
            return isOn && method === 'find' && isIt ? Err(away) : store.find(ids);
          },
          async save(writes) {
            if (!isOn || method === 'find') return store.save(writes);
            times += 1;
            if (!conflicts) return Err(away);
            return conflicts === 'always' || times === 1 ? Ok(['conflict'] as const) : store.save(writes);
          },
        }),
      });
      await world.change('BOOKING_CREATED');
      await world.precall.tick();
      isOn = true;
      const asked = await world.precall.desk.writeCrm('calcom:u1' as BookingId, { by: 'ana' });
      expect(asked.isOk() ? asked.value : asked.error).toEqual(answer);
    },
  );

  it('is known for as long as the booking, however far ahead the call is', async () => {
    const { world, calendar } = calendarWorld();
    await world.change('BOOKING_CREATED', { start: '2029-12-03T15:00:00Z' });
    await world.precall.tick();
    await world.tickAt('2029-01-03T15:00:00Z');
    await world.change('BOOKING_CANCELLED', { start: '2029-12-03T15:00:00Z', said: '2029-01-03T15:00:00Z' });
    await world.precall.tick();
    expect(calendar.events()).toEqual([]);
  });

  it('puts aside a record of it that cannot be read, and goes on with the others', async () => {
    const { world, calendar } = calendarWorld();
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    const [stored] = (await world.memory.list('calendar', { limit: 9, cursor: null })).unwrap().items;
    if (!stored) throw new Error('no record of the calendar');
    const lanes = { ...stored.lanes, crm: world.clock.now() };
    const put = { ...stored, version: 9, revision: stored.revision + 1, lanes };
    await world.memory.save([{ put, expected: stored.revision, history: [] }]);
    await world.change('BOOKING_CREATED', { uid: 'u2' });
    await world.precall.tick();
    expect(calendar.events()).toHaveLength(2);
    expect(world.troubles.map(({ kind }) => kind)).toContain('record_failed');
  });
});

describe('the name of an event', () => {
  it('is one that Google takes, and says nothing of the booking', () => {
    const names = createNames('calcom', { id: () => '', keyedHash: (_, text) => hash(text) }, 'key');
    const id = names.event('calcom:u1' as BookingId);
    expect(id).toMatch(/^[0-9a-v]{5,1024}$/);
    expect(id).toHaveLength(39);
    expect(names.event('calcom:u2' as BookingId)).not.toBe(id);
  });
});

describe('the default policy', () => {
  it('names nobody in the calendar', () => {
    expect(defaultPolicy.namesInCalendar).toBe(false);
  });
});

/** 64 hex digits, other ones for another text. */
function hash(text: string): string {
  return [...text]
    .map((letter) => letter.charCodeAt(0).toString(16))
    .join('')
    .padEnd(64, '0')
    .slice(-64);
}
