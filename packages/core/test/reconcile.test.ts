// When the source is asked, what becomes of what it tells, and what of its silence.
import { defaultPolicy, type Facts, type Store, Temporal } from '@precall/core';
import { faults, withFaults } from '@precall/testing';
import { describe, expect, it } from 'vitest';
import { shouldBeTold } from '../src/reconcile.ts';
import { beginning, createLossyWorld } from './lossy-world.ts';

const inDays = (count: number) => beginning.add({ hours: 24 * count });
const kinds = (world: { readonly troubles: readonly { readonly kind: string }[] }) =>
  world.troubles.map(({ kind }) => kind);
/** Lists only: each look asks for four of them, where nothing has more than a page. */
const looks = ({ asked }: { readonly asked: readonly string[] }) =>
  asked.filter((path) => path.includes('status=upcoming') && !path.includes('cursor=')).length;

const throwingAbout =
  (email: string, what: unknown = new Error('no rule for this one')) =>
  ({ people }: Facts) => {
    if (Object.values(people).some(({ details }) => details?.value.email === email)) throw what;
    return typeof defaultPolicy.rules === 'function' ? [] : defaultPolicy.rules;
  };

describe('a look', () => {
  it('is made at start and every five minutes, and as often as is asked for', async () => {
    const world = createLossyWorld();
    await world.start();
    await world.pass({ minutes: 21 });
    expect(looks(world)).toBe(5);
    await world.precall.stop();
    const seldom = createLossyWorld({ reconcile: { every: Temporal.Duration.from({ minutes: 30 }) } });
    await seldom.start();
    await seldom.pass({ minutes: 65 });
    expect(looks(seldom)).toBe(3);
    await seldom.precall.stop();
    await seldom.pass({ minutes: 65 });
    expect(looks(seldom)).toBe(3);
  });

  it('finds at a start what was said while nobody listened, and begins a little before the last look', async () => {
    const world = createLossyWorld({ loses: () => true });
    await world.start();
    await world.pass({ minutes: 1 });
    await world.precall.stop();
    const uid = world.book('guest@example.com', inDays(4));
    await world.pass({ hours: 30 });
    await world.restart();
    await world.pass({ seconds: 1 });
    expect((await world.booking(uid))?.status).toBe('agreed');
    expect(world.asked.at(-1)).toContain(
      `afterUpdatedAt=${encodeURIComponent(`${beginning.subtract({ minutes: 10 })}`)}`,
    );
    await world.precall.stop();
  });

  it('the first one takes in what is to come, and leaves what is over', async () => {
    const world = createLossyWorld({ loses: () => true });
    const over = world.book('over@example.com', beginning.subtract({ hours: 1 }));
    world.calcom.cancel(over);
    const ahead = world.book('ahead@example.com', inDays(2));
    await world.start();
    await world.pass({ minutes: 1 });
    expect(await world.booking(over)).toBeNull();
    expect((await world.booking(ahead))?.status).toBe('agreed');
    await world.precall.stop();
  });

  it('shows up to when a booking was compared, once the source has shown it', async () => {
    const world = createLossyWorld();
    const uid = world.book('guest@example.com', inDays(4));
    await world.arrived();
    expect((await world.booking(uid))?.checkedAt).toBeNull();
    await world.start();
    await world.pass({ minutes: 6 });
    expect((await world.booking(uid))?.checkedAt).toEqual(beginning.add({ minutes: 5 }));
    await world.restart('api');
    expect((await world.booking(uid))?.checkedAt).toBeNull();
    await world.precall.stop();
  });

  it('writes nothing about a booking that has not changed', async () => {
    const world = createLossyWorld();
    world.book('guest@example.com', inDays(4));
    await world.start();
    await world.pass({ minutes: 6 });
    const revision = async () => {
      const found = await world.store.list('booking', { limit: 10, cursor: null });
      return found.isOk() && found.value.items[0]?.revision;
    };
    const before = await revision();
    await world.pass({ minutes: 30 });
    expect(await revision()).toBe(before);
    await world.precall.stop();
  });

  it('goes through as many pages as there are, and waits where the source asks for patience', async () => {
    let refusals = 2;
    const world = createLossyWorld({
      loses: () => true,
      fault: (path) =>
        path.includes('cursor=') && refusals-- > 0
          ? new Response('', { status: 429, headers: { 'retry-after': '20' } })
          : null,
    });
    for (let index = 0; index < 150; index += 1) world.book(`p${index}@example.com`, inDays(3));
    await world.start();
    await world.pass({ minutes: 1 });
    expect((await world.booking('b150'))?.status).toBe('agreed');
    await world.precall.stop();
  });

  it('by tick is made last, and what it finds is worked on in the same tick', async () => {
    const world = createLossyWorld({ loses: () => true, scheduler: 'none' });
    const uid = world.book('guest@example.com', beginning.add({ hours: 3 }));
    await world.clock.advance(Temporal.Duration.from({ hours: 1, minutes: 5 }));
    await world.precall.tick();
    expect((await world.booking(uid))?.status).toBe('agreed');
    expect(world.contact('guest@example.com')).toMatchObject({ 'Booking Status': 'Booked' });
    await world.precall.tick();
    expect(looks(world)).toBe(1);
  });

  it('is made by one process at a time', async () => {
    const world = createLossyWorld();
    const both = [world.precall, world.second()];
    for (const one of both) await one.start();
    await world.pass({ minutes: 60 });
    // Each looks once as it starts; then they share.
    expect(looks(world)).toBeLessThanOrEqual(14);
    expect(looks(world)).toBeGreaterThanOrEqual(12);
    for (const one of both) await one.stop();
  });

  it('that cannot take a booking in tells of it and goes on', async () => {
    const world = createLossyWorld({
      loses: () => true,
      policy: { rules: throwingAbout('poison@example.com') },
    });
    world.book('poison@example.com', inDays(3));
    const uid = world.book('guest@example.com', inDays(3));
    await world.start();
    await world.pass({ minutes: 1 });
    expect((await world.booking(uid))?.status).toBe('agreed');
    expect(kinds(world)).toContain('record_failed');
    await world.precall.stop();
  });
});

describe('what cannot be taken in', () => {
  it('is a booking that is forgotten by now, or one with more people than can be kept', async () => {
    const world = createLossyWorld({ loses: () => true });
    await world.start();
    await world.pass({ seconds: 1 });
    const over = world.book('over@example.com', beginning.subtract({ hours: 24 * 401 }));
    world.calcom.cancel(over);
    const crowd = world.book('p0@example.com', inDays(4), { seats: 600 });
    for (let index = 1; index < 501; index += 1) world.calcom.takeSeat(crowd, `p${index}@example.com`);
    await world.pass({ minutes: 6 });
    expect(await world.booking(over)).toBeNull();
    expect(await world.booking(crowd)).toBeNull();
    await world.precall.stop();
  });

  it('is told of in words also when what was thrown is no error', async () => {
    const rules = throwingAbout('poison@example.com', 'a word');
    const world = createLossyWorld({ loses: () => true, policy: { rules } });
    world.book('poison@example.com', inDays(3));
    await world.start();
    await world.pass({ seconds: 1 });
    expect(world.troubles[0]?.sentence).toContain('something that is not an error was thrown');
    await world.precall.stop();
  });

  it('is what a look tells while the host stops', async () => {
    const world = createLossyWorld({
      loses: () => true,
      fault() {
        void world.precall.stop();
        return null;
      },
    });
    world.book('guest@example.com', inDays(4));
    await world.start();
    await world.pass({ minutes: 1 });
    const kept = await world.store.list('booking', { limit: 1, cursor: null });
    expect(kept.isOk() && kept.value.items).toEqual([]);
  });

  it('is what a reading ahead of a reminder tells while the host stops', async () => {
    const world = createLossyWorld({
      loses: ({ trigger }) => trigger === 'BOOKING_CANCELLED',
      reconcile: { every: Temporal.Duration.from({ hours: 12 }), rereads: 1 },
      fault(path) {
        if (path.includes('/v2/bookings/b1')) void world.precall.stop();
        return null;
      },
    });
    const uid = world.book('guest@example.com', beginning.add({ hours: 3 }));
    await world.start();
    await world.pass({ minutes: 55 });
    world.calcom.cancel(uid);
    await world.pass({ minutes: 10 });
    const [kept] = (await world.store.list('booking', { limit: 1, cursor: null })).unwrapOr({
      items: [],
    }).items;
    expect(kept?.keys).toContain('status:agreed');
    expect(world.sent()).toEqual([]);
  });
});

describe('a source that does not answer', () => {
  const unreachable = new Error('no route');

  it('delays nothing, is told of once after a quarter of an hour, and is made up for when it is back', async () => {
    let isAway = true;
    const world = createLossyWorld({
      loses: (_, index) => index > 0,
      fault: () => (isAway ? unreachable : null),
    });
    const heard = world.book('heard@example.com', beginning.add({ hours: 3 }));
    const unheard = world.book('unheard@example.com', beginning.add({ hours: 6 }));
    await world.start();
    await world.pass({ minutes: 14 });
    expect(kinds(world)).toEqual([]);
    await world.pass({ minutes: 2 });
    expect(kinds(world)).toEqual(['source_away']);
    await world.pass({ minutes: 50 });
    expect(kinds(world)).toEqual(['source_away']);
    expect(world.sent()).toEqual([`heard@example.com ${beginning.add({ hours: 1 })}`]);
    expect((await world.booking(heard))?.status).toBe('agreed');
    isAway = false;
    await world.pass({ minutes: 2 });
    expect((await world.booking(unheard))?.status).toBe('agreed');
    isAway = true;
    await world.pass({ minutes: 30 });
    expect(kinds(world)).toEqual(['source_away', 'source_away']);
    await world.precall.stop();
  });

  it('that never answers at all keeps no reminder and no stop waiting', async () => {
    const world = createLossyWorld({ fault: () => new Promise(() => undefined), reconcile: { rereads: 5 } });
    world.book('guest@example.com', beginning.add({ hours: 3 }));
    await world.start();
    await world.pass({ hours: 1 });
    expect(world.sent()).toEqual([`guest@example.com ${beginning.add({ hours: 1 })}`]);
    await world.precall.stop();
  });

  it('is told of at once when no later request can succeed, and tried again all the same', async () => {
    const world = createLossyWorld({ fault: () => new Response('', { status: 401 }) });
    await world.start();
    await world.pass({ minutes: 3 });
    expect(world.troubles).toEqual([
      {
        kind: 'source_away',
        booking: null,
        sentence: expect.stringContaining('Cal.com refuses the API key (401).'),
      },
    ]);
    expect(looks(world)).toBeGreaterThan(1);
    await world.precall.stop();
  });

  it('is not asked before the moment it names', async () => {
    const world = createLossyWorld({
      fault: () => new Response('', { status: 503, headers: { 'retry-after': '1200' } }),
    });
    await world.start();
    await world.pass({ minutes: 19 });
    expect(world.asked).toHaveLength(1);
    await world.pass({ minutes: 2 });
    expect(world.asked).toHaveLength(2);
    await world.precall.stop();
  });

  it('whose list has no end is left after ten minutes', async () => {
    const pagination = { nextCursor: '7', hasMore: true };
    const world = createLossyWorld({
      fault: () => Response.json({ status: 'success', data: [], pagination }),
    });
    await world.start();
    await world.pass({ minutes: 11 });
    const asked = world.asked.length;
    expect(asked).toBeLessThan(1200);
    expect(looks(world)).toBeLessThanOrEqual(2);
    await world.precall.stop();
    await world.pass({ minutes: 2 });
    expect(world.asked.length).toBe(asked);
  });

  it('keeps nobody from looking at once after a stop in the middle', async () => {
    let hangs = true;
    const world = createLossyWorld({
      loses: () => true,
      fault: () => (hangs ? new Promise<Response>(() => undefined) : null),
    });
    const uid = world.book('guest@example.com', inDays(4));
    await world.start();
    await world.pass({ seconds: 1 });
    hangs = false;
    await world.restart();
    await world.pass({ seconds: 1 });
    expect((await world.booking(uid))?.status).toBe('agreed');
    await world.precall.stop();
  });

  it('that asked for patience while the host stops is not waited for', async () => {
    const world = createLossyWorld({
      fault: () => new Response('', { status: 429, headers: { 'retry-after': '100' } }),
    });
    await world.start();
    await world.pass({ seconds: 1 });
    await world.precall.stop();
    expect(world.asked).toHaveLength(1);
  });

  it('for other reasons than a refusal is told of after a quarter of an hour', () => {
    const failingAt = beginning;
    const told = (kind: 'unavailable' | 'unknown' | 'rejected', minutes: number) =>
      shouldBeTold({ kind, reason: '' }, { failingAt, now: beginning.add({ minutes }) });
    expect(told('rejected', 0)).toBe(true);
    expect(told('unavailable', 14)).toBe(false);
    expect(told('unknown', 15)).toBe(true);
  });
});

describe('a store that fails while the source is compared', () => {
  it.each(['find', 'save', 'due'])('in %s only puts the look off', async (method) => {
    let isFailing = false;
    const store = (one: Store) =>
      withFaults(one, (call) => (isFailing && call.method === method ? faults.unavailable : null));
    const world = createLossyWorld({ loses: () => true, store, reconcile: { rereads: 1 } });
    await world.start();
    await world.pass({ minutes: 1 });
    const uid = world.book('guest@example.com', inDays(4));
    isFailing = true;
    await world.pass({ minutes: 10 });
    isFailing = false;
    await world.pass({ minutes: 16 });
    expect((await world.booking(uid))?.status).toBe('agreed');
    await world.precall.stop();
  });

  it('at any one call leaves the booking right ten minutes later', async () => {
    for (let failing = 0; failing < 14; failing += 1) {
      let calls = -1;
      const store = (one: Store) =>
        withFaults(one, ({ method, args }) => {
          if (!JSON.stringify(args).includes('meta:reconcile') && !JSON.stringify(args).includes('calcom:'))
            return null;
          if (method !== 'find' && method !== 'save') return null;
          calls += 1;
          return calls === failing ? faults.lost : null;
        });
      const world = createLossyWorld({ loses: () => true, store });
      const uid = world.book('guest@example.com', inDays(4));
      await world.start();
      await world.pass({ minutes: 25 });
      expect((await world.booking(uid))?.status).toBe('agreed');
      await world.precall.stop();
    }
  });
});

describe('reading a booking again before its reminder goes', () => {
  const startAt = beginning.add({ hours: 3 });
  const seldom = { every: Temporal.Duration.from({ hours: 12 }) };

  it('keeps a reminder of a call from going that was called off just before, and whose webhook was lost', async () => {
    for (const rereads of [0, 5]) {
      const world = createLossyWorld({
        loses: ({ trigger }) => trigger === 'BOOKING_CANCELLED',
        reconcile: { ...seldom, rereads },
      });
      const uid = world.book('guest@example.com', startAt);
      await world.start();
      await world.pass({ minutes: 55 });
      world.calcom.cancel(uid);
      await world.pass({ minutes: 10 });
      expect(world.sent()).toHaveLength(rereads === 0 ? 1 : 0);
      await world.precall.stop();
    }
  });

  it('reads each once, no more a minute than it may, and sends what it had no time to read', async () => {
    const world = createLossyWorld({ reconcile: { ...seldom, rereads: 2 } });
    for (let index = 0; index < 9; index += 1) world.book(`p${index}@example.com`, startAt);
    await world.start();
    await world.pass({ minutes: 62 });
    const read = world.asked.filter((path) => !path.includes('?'));
    expect(read).toHaveLength(6);
    expect(new Set(read).size).toBe(6);
    expect(world.sent()).toHaveLength(9);
    await world.precall.stop();
  });

  it('takes no absence for a cancellation, and no failure', async () => {
    for (const fault of [new Response('', { status: 404 }), new Error('no route')]) {
      const world = createLossyWorld({
        reconcile: { ...seldom, rereads: 2 },
        fault: (path) => (path.includes('?') ? null : fault),
      });
      world.book('guest@example.com', startAt);
      await world.start();
      await world.pass({ minutes: 62 });
      expect(world.sent()).toHaveLength(1);
      await world.precall.stop();
    }
  });

  it('counts what is read as changed only when it is', async () => {
    const world = createLossyWorld({
      loses: ({ trigger }) => trigger === 'BOOKING_CANCELLED',
      scheduler: 'none',
      reconcile: { ...seldom, rereads: 5 },
    });
    const uid = world.book('guest@example.com', startAt);
    await world.arrived();
    await world.precall.tick();
    await world.pass({ minutes: 58 });
    world.calcom.cancel(uid);
    await world.precall.tick();
    await world.pass({ minutes: 5 });
    await world.precall.tick();
    expect(world.sent()).toEqual([]);
    expect(world.contact('guest@example.com')).toMatchObject({ 'Booking Status': 'Not Booked' });
  });
});
