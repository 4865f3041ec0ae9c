// One write to the calendar: what becomes of each answer, and what is said of it.
import { createMemoryCalendar } from '@precall/adapter-memory';
import type { Calendar, Observation, PortError, Store } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { calendarRecord } from '../src/ids.ts';
import { Err } from '../src/result.ts';
import { Temporal } from '../src/temporal.ts';
import { createWorld } from './world.ts';

const away = { kind: 'unavailable', reason: 'away' } as const;
const lost = { kind: 'unknown', reason: 'no answer' } as const;
const refused = { kind: 'rejected', reason: 'not shared' } as const;

function calendarWorld({
  between = (one: Calendar) => one,
  store = (one: Store) => one,
}: {
  readonly between?: (calendar: Calendar) => Calendar;
  readonly store?: (store: Store) => Store;
} = {}) {
  const calendar = createMemoryCalendar();
  const seen: Observation[] = [];
  const observe = (one: Observation) => {
    if (one.kind === 'calendar_write') seen.push(one);
  };
  const world = createWorld({ scheduler: 'none', crm: 'none', calendar: between(calendar), store, observe });
  return {
    world,
    calendar,
    seen,
    calls: () => calendar.seen.map(([method]) => method),
    /** What the record says of the event and of the work on it. */
    record: async () => {
      const [found] = (await world.memory.find([calendarRecord('calcom:u1' as never)])).unwrap();
      return { ...found, body: JSON.parse(found?.body ?? '{}') };
    },
    history: async () =>
      (await world.booking('u1'))?.history.filter(({ what }) => what.startsWith('calendar')) ?? [],
  };
}

async function bookedAndCancelled(answer: PortError) {
  const at = calendarWorld();
  at.calendar.answerNext(answer);
  await at.world.change('BOOKING_CREATED');
  await at.world.precall.tick();
  await at.world.change('BOOKING_CANCELLED');
  await at.world.tickAt('2026-11-23T12:10:00Z');
  return at;
}

describe('a write to the calendar', () => {
  it('is in the history of its booking: that it shows it, that it does not any more, and what it refused', async () => {
    const { world, calendar, history } = calendarWorld();
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    await world.change('BOOKING_CANCELLED');
    await world.precall.tick();
    expect((await history()).map(({ what, detail }) => [what, detail])).toEqual([
      ['calendar_written', {}],
      ['calendar_removed', {}],
    ]);
    const other = calendarWorld();
    other.calendar.answerNext(refused);
    await other.world.change('BOOKING_CREATED');
    await other.world.precall.tick();
    expect(await other.history()).toMatchObject([
      { what: 'calendar_refused', detail: { reason: 'not shared' } },
    ]);
    expect(calendar.events()).toEqual([]);
  });

  it('is told to whoever counts, with the kind of its error', async () => {
    const { world, calendar, seen } = calendarWorld();
    calendar.answerNext(away);
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    await world.tickAt('2026-11-23T12:05:00Z');
    expect(seen).toMatchObject([
      { kind: 'calendar_write', error: 'unavailable' },
      { kind: 'calendar_write', error: null },
    ]);
    expect(seen.map((one) => 'endedAt' in one && `${one.endedAt}`)).toEqual([
      '2026-11-23T12:00:00Z',
      '2026-11-23T12:05:00Z',
    ]);
  });

  it('that was not taken leaves nothing to remove', async () => {
    const { calls } = await bookedAndCancelled(away);
    expect(calls()).toEqual(['put']);
  });

  it('of which it is not known whether it was taken is removed, to be sure', async () => {
    const { calls } = await bookedAndCancelled(lost);
    expect(calls()).toEqual(['put', 'remove']);
  });

  it('that removed the event is the last, whatever else is said of a cancelled booking', async () => {
    const { world, calls, record } = calendarWorld();
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    await world.change('BOOKING_CANCELLED');
    await world.precall.tick();
    await world.change('BOOKING_CREATED', { start: '2026-12-04T15:00:00Z', said: '2026-11-23T12:00:01Z' });
    await world.tickAt('2026-11-23T13:00:00Z');
    expect(calls()).toEqual(['put', 'remove']);
    expect((await record()).body.event).toEqual({ state: 'none' });
  });

  it('leaves nothing to do when it was taken', async () => {
    const { world, record } = calendarWorld();
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    expect((await record()).lanes?.crm).toBeNull();
    expect((await record()).body).toMatchObject({ event: { state: 'there' }, writing: null, tries: 0 });
  });

  it.each([
    ['put', 'BOOKING_CREATED'],
    ['remove', 'BOOKING_CANCELLED'],
  ] as const)(
    '(%s) in doubt is kept as doubted for as long as the call it is about',
    async (method, last) => {
      const { world, record } = calendarWorld({
        between: (one) => ({ ...one, [method]: () => Promise.resolve(Err(lost)) }),
      });
      await world.change('BOOKING_CREATED');
      await world.precall.tick();
      if (last !== 'BOOKING_CREATED') await world.change(last);
      await world.precall.tick();
      const kept = await record();
      expect(kept.body.event.state).toBe('unsure');
      // 400 days after the call has ended.
      expect(`${kept.lanes?.forget}`).toBe('2028-01-07T15:30:00Z');
    },
  );

  it('that gets no answer is given up after twenty seconds, and says of whom', async () => {
    const { world } = calendarWorld({
      between: (one) => ({ ...one, put: () => new Promise(() => undefined) }),
    });
    await world.change('BOOKING_CREATED');
    await world.tickAt('2026-11-23T12:00:00Z');
    expect(`${world.clock.now()}`).toBe('2026-11-23T12:00:20Z');
    expect((await world.booking('u1'))?.calendar).toEqual({
      state: 'pending',
      lastError: 'The calendar did not answer in time',
    });
  });

  it('while the calendar wants patience says so of it', async () => {
    const { world, calendar } = calendarWorld();
    calendar.answerNext({ ...away, retryAfter: Temporal.Duration.from({ minutes: 2 }) });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    await world.change('BOOKING_CREATED', { uid: 'u2', attendees: ['other@example.com'] });
    await world.precall.tick();
    expect((await world.booking('u2'))?.calendar?.lastError).toBe('The calendar asked for patience.');
  });

  it('waits for the store to say what is booked', async () => {
    let isAway = false;
    const { world, calls } = calendarWorld({
      store: (store) => ({
        ...store,
        find: async (ids) =>
          isAway && ids[0]?.startsWith('booking:')
            ? Err({ kind: 'unavailable', reason: 'away' } as const)
            : store.find(ids),
      }),
    });
    await world.change('BOOKING_CREATED');
    isAway = true;
    await world.precall.tick();
    expect(calls()).toEqual([]);
    isAway = false;
    await world.tickAt('2026-11-23T12:10:00Z');
    expect(calls()).toEqual(['put']);
  });
});
