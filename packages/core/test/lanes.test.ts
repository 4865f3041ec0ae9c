// The lanes of a host that runs: what one of them did is heard by the others at once, not at the sweep of the next minute.
import { createMemoryCalendar, createMemoryCrm, createMemoryScheduler } from '@precall/adapter-memory';
import {
  type BookingId,
  defaultPolicy,
  type Instant,
  Ok,
  type Policy,
  type ReminderKey,
  type Scheduler,
  Temporal,
} from '@precall/core';
import { faults, withFaults } from '@precall/testing';
import { describe, expect, it } from 'vitest';
import { createWorld, guest } from './world.ts';

const seconds = (count: number) => Temporal.Duration.from({ seconds: count });
const ahead = (count: number): Partial<Policy> => ({
  rules: [{ name: 'soon', when: { before: seconds(count) } }],
  minimumLead: seconds(0),
});
/** Nothing is swept at this moment: sweeps are made at whole minutes. */
const start = '2026-11-23T12:10:30.500Z';

const away = { kind: 'unavailable', reason: 'away' } as const;

/** A mailer whose answer comes when the test says so. */
function held() {
  const waiting: (() => void)[] = [];
  const mailer: NonNullable<NonNullable<Parameters<typeof createWorld>[0]>['mailer']> = (real) => ({
    ...real,
    send: async (...call) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return real.send(...call);
    },
  });
  const answer = () => {
    for (const go of waiting.splice(0)) go();
  };
  return { mailer, waiting, answer };
}

/** A scheduler that says what it was asked for. */
function heard(world: () => ReturnType<typeof createWorld>) {
  const rings: string[] = [];
  let real: Scheduler | null = null;
  const scheduler = (): Scheduler => (real ??= createMemoryScheduler({ clock: world().clock }));
  return {
    rings,
    scheduler: {
      start: (run: () => void) => scheduler().start(run),
      ring: (moments: readonly Instant[]) => {
        rings.push(...moments.map((moment) => `${moment}`));
        return scheduler().ring(moments);
      },
      stop: () => scheduler().stop(),
    },
  };
}

describe('a host that runs', () => {
  it('does nothing by itself before it is started', async () => {
    const { rings, scheduler } = heard(() => world);
    const world: ReturnType<typeof createWorld> = createWorld({ scheduler, policy: ahead(60) });
    await world.change('BOOKING_CREATED', { start: '2026-11-23T12:01:00Z' });
    await world.change('BOOKING_CREATED', { uid: 'u2', start });
    await world.clock.advance(seconds(1));
    expect([world.sent(), world.crm.seen, rings]).toEqual([[], [], []]);
    const key = (await world.booking('u2'))?.reminders[0]?.key as ReminderKey;
    await world.precall.desk.sendNow('calcom:u2' as BookingId, { key, by: 'ana' });
    await world.clock.advance(seconds(1));
    expect([world.sent().length, world.crm.seen, rings]).toEqual([1, [], []]);
  });

  it('sends by a new policy at its moment, however long it took to derive the plans again', async () => {
    const world: ReturnType<typeof createWorld> = createWorld({
      policy: ahead(60),
      store: (store) => ({
        ...store,
        async due(lane, by, page) {
          const isReplanning = lane === 'crm' && by.epochMilliseconds > Date.UTC(2100, 0);
          if (isReplanning)
            await new Promise<void>((resolve) =>
              world.clock.at(world.clock.now().add({ seconds: 5 }), resolve),
            );
          return store.due(lane, by, page);
        },
      }),
    });
    await world.change('BOOKING_CREATED', { start });
    await world.precall.tick();
    await world.restart({ ...defaultPolicy, ...ahead(600) });
    await world.at('2026-11-23T12:00:30.500Z');
    expect(world.sent()).toEqual([`${guest} 2026-11-23T12:00:30.5Z`]);
    await world.precall.stop();
  });

  it('marks in the CRM at once that a message was accepted', async () => {
    const campaigns = { 'Christmas 2025': { sent: {} } };
    const crm = createMemoryCrm({ contacts: [{ email: guest, campaigns }] });
    const world = createWorld({ crm, policy: ahead(60) });
    await world.start();
    await world.change('BOOKING_CREATED', { start });
    await world.at('2026-11-23T12:09:30.500Z');
    await world.clock.advance(Temporal.Duration.from({ milliseconds: 200 }));
    expect(Object.keys(crm.contacts()[0]?.campaigns['Christmas 2025']?.sent ?? {})).toEqual(['soon']);
  });

  it('shows a booking in the calendar at once', async () => {
    const calendar = createMemoryCalendar();
    const world = createWorld({ calendar, crm: 'none' });
    await world.start();
    await world.change('BOOKING_CREATED');
    await world.clock.advance(Temporal.Duration.from({ milliseconds: 200 }));
    expect(calendar.events()).toHaveLength(1);
  });

  it('asks a CRM that was away again before the next minute', async () => {
    const world = createWorld();
    await world.start();
    world.crm.answerNext(away);
    await world.change('BOOKING_CREATED');
    await world.clock.advance(seconds(1));
    expect(world.crm.contacts()).toEqual([]);
    await world.at('2026-11-23T12:00:50Z');
    expect(world.crm.contacts()).toHaveLength(1);
  });

  it('looks for nothing to send while the mailer wants to be left alone', async () => {
    let looks = 0;
    const world = createWorld({
      policy: ahead(60),
      store: (store) =>
        withFaults(store, ({ method, args }) => {
          if (method === 'due' && args[0] === 'mail') looks += 1;
          return null;
        }),
    });
    await world.start();
    await world.change('BOOKING_CREATED', { start });
    world.mailer.answerNext({ ...away, retryAfter: seconds(600) });
    await world.at('2026-11-23T12:09:31Z');
    const sofar = looks;
    await world.at('2026-11-23T12:15:00Z');
    expect([looks, world.mailer.calls.length]).toEqual([sofar, 1]);
  });

  it('begins fifty sends at once at most, whatever the policy allows', async () => {
    const { mailer, waiting, answer } = held();
    const policy = { ...ahead(60), concurrency: 80 };
    const world = createWorld({ mailer, policy, scheduler: 'none', crm: 'none' });
    for (let n = 0; n < 53; n += 1)
      await world.change('BOOKING_CREATED', { uid: `u${n}`, start, attendees: [`p${n}@x.org`] });
    await world.at('2026-11-23T12:09:30.500Z');
    const ticked = world.precall.tick();
    await world.clock.advance(seconds(1));
    expect(waiting).toHaveLength(50);
    answer();
    await world.clock.advance(seconds(1));
    expect(waiting).toHaveLength(3);
    answer();
    await ticked;
  });

  it('looks for nothing more to send while no send can begin', async () => {
    const { mailer, waiting, answer } = held();
    let looks = 0;
    const world = createWorld({
      mailer,
      policy: { ...ahead(60), concurrency: 1 },
      store: (store) =>
        withFaults(store, ({ method, args }) => {
          if (method === 'due' && args[0] === 'mail') looks += 1;
          return null;
        }),
    });
    await world.start();
    for (const uid of ['u1', 'u2'])
      await world.change('BOOKING_CREATED', { uid, start, attendees: [`${uid}@x.org`] });
    await world.at('2026-11-23T12:09:30.500Z');
    const sofar = looks;
    await world.at('2026-11-23T12:09:33Z');
    expect([waiting.length, looks]).toEqual([1, sofar]);
    answer();
    await world.clock.advance(seconds(1));
    expect(waiting).toHaveLength(1);
  });
});

describe('a host that stops', () => {
  it('waits for the sends that run and keeps what became of them, but begins nothing more', async () => {
    const { mailer, waiting, answer } = held();
    const { rings, scheduler } = heard(() => world);
    const world: ReturnType<typeof createWorld> = createWorld({ mailer, scheduler, policy: ahead(60) });
    await world.start();
    await world.change('BOOKING_CREATED', { start });
    await world.change('BOOKING_CREATED', { uid: 'u2', start: '2026-11-23T12:10:31Z' });
    await world.at('2026-11-23T12:09:30.500Z');
    let isOver = false;
    const [asked, told] = [rings.length, world.crm.seen.length];
    const stopped = world.precall.stop().then(() => {
      isOver = true;
    });
    await world.clock.advance(seconds(1));
    expect([waiting.length, isOver]).toEqual([1, false]);
    answer();
    await world.clock.advance(seconds(1));
    await stopped;
    const states = await Promise.all(['u1', 'u2'].map((uid) => world.booking(uid)));
    expect(states.map((booking) => booking?.reminders[0]?.state)).toEqual(['sent', 'planned']);
    expect([rings.length, world.crm.seen.length, waiting.length]).toEqual([asked, told, 0]);
    expect(world.clock.pending()).toEqual([]);
  });
});

describe('a host that was never started', () => {
  it('stops no scheduler and tells the CRM nothing when it stops', async () => {
    let stops = 0;
    const scheduler: Scheduler = {
      start: async () => Ok(undefined),
      ring: async () => Ok(undefined),
      stop: async () => {
        stops += 1;
        return Ok(undefined);
      },
    };
    const world = createWorld({ scheduler });
    await world.change('BOOKING_CREATED');
    await world.precall.stop();
    expect([stops, world.crm.seen]).toEqual([0, []]);
  });
});

describe('what is kept for a while', () => {
  it('is kept, and all else is done, while the store does not say what is over', async () => {
    const world = createWorld({
      ...{ scheduler: 'none', policy: ahead(60) },
      store: (store) =>
        withFaults(store, ({ method, args }) =>
          method === 'due' && args[0] === 'forget' ? faults.unavailable : null,
        ),
    });
    await world.change('BOOKING_CREATED', { start });
    await world.tickAt('2026-11-23T12:09:30.500Z');
    expect(world.sent()).toHaveLength(1);
  });

  it('is forgotten at one look when its time is over, however much there is', async () => {
    const world = createWorld({ scheduler: 'none' });
    for (let n = 0; n < 60; n += 1) await world.post(`{"n":${n}}`);
    await world.tickAt('2026-11-30T12:00:00Z');
    const left = await world.precall.quarantine({ limit: 100, cursor: null });
    expect(left.unwrap().items).toEqual([]);
  });
});
