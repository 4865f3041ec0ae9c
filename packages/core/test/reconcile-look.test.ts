// One look at the booking source, page by page: what it is asked, how long it is waited for, and whose look it is.
import { type BookingUpdate, Ok, type PortResult, type Slice, type Stored, Temporal } from '@precall/core';
import { createCalcomSource } from '@precall/source-calcom';
import { faults, withFaults } from '@precall/testing';
import { describe, expect, it } from 'vitest';
import { Err } from '../src/result.ts';
import { saying } from './calcom-saying.ts';
import { createWorld, secret } from './world.ts';

const minutes = (count: number) => Temporal.Duration.from({ minutes: count });
const source = createCalcomSource({ secrets: [secret] });
const ago = (count: number) => Temporal.Instant.from('2026-11-23T12:00:00Z').subtract({ minutes: count });
const last: Slice<BookingUpdate> = { items: [], next: null };
const busy = (wait: Temporal.Duration) =>
  Err({ kind: 'unavailable', reason: 'busy', retryAfter: wait } as const);

function told(uid: string): BookingUpdate {
  const parsed = source.parse(
    saying('BOOKING_CREATED', { uid }),
    Temporal.Instant.from('2026-11-23T12:00:00Z'),
  );
  if (parsed.isErr() || 'ignored' in parsed.value) throw new Error('the sample is a booking');
  return { ...parsed.value.updates[0], kind: 'fetched' };
}

/** A world whose source answers each page by `answer`; `asked` shows when, from where and since when it was asked. */
function asking(
  answer: (n: number, world: ReturnType<typeof createWorld>) => PortResult<Slice<BookingUpdate>>,
  options: Parameters<typeof createWorld>[0] = {},
) {
  const asked: string[] = [];
  const world: ReturnType<typeof createWorld> = createWorld({
    scheduler: 'none',
    ...options,
    source: {
      ...source,
      api: {
        fetch: async () => Ok(null),
        changedSince(since, { limit, cursor }) {
          asked.push(`${world.clock.now()} ${cursor} since ${since}, ${limit} a page`);
          return answer(asked.length - 1, world);
        },
      },
    },
  });
  return { world, asked };
}
const times = (asked: readonly string[]) => asked.map((one) => one.slice(0, 20));

describe('a look', () => {
  it('asks for page after page, and takes in what stands on each', async () => {
    const pages = [
      { items: [told('u1')], next: 'two' },
      { items: [], next: 'three' },
      { items: [told('u2'), told('u3')], next: null },
    ];
    const { world, asked } = asking(async (n) => Ok(pages[n] ?? last));
    await world.tickAt('2026-11-23T12:00:00Z');
    expect(asked).toEqual(
      [null, 'two', 'three'].map(
        (cursor) => `2026-11-23T12:00:00Z ${cursor} since 2025-10-19T12:00:00Z, 100 a page`,
      ),
    );
    for (const uid of ['u1', 'u2', 'u3']) expect((await world.booking(uid))?.status).toBe('agreed');
    await world.tickAt('2026-11-23T12:05:00Z');
    expect(asked.slice(3)).toEqual(['2026-11-23T12:05:00Z null since 2026-11-23T11:50:00Z, 100 a page']);
  });

  it('asks for the same page again where up to two minutes of patience are asked for', async () => {
    const { world, asked } = asking(async (n) =>
      n === 0 ? Ok({ items: [], next: 'two' }) : n < 3 ? busy(minutes(n)) : Ok(last),
    );
    await world.tickAt('2026-11-23T12:00:00Z');
    expect(asked.map((one) => one.slice(11, 25))).toEqual([
      '12:00:00Z null',
      '12:00:00Z two ',
      '12:01:00Z two ',
      '12:03:00Z two ',
    ]);
    expect((await world.precall.desk.health()).unwrap().comparedUntil?.toString()).toBe(
      '2026-11-23T12:00:00Z',
    );
  });

  it('that is asked for more patience ends, and is made again then; after a minute where it is not asked for any', async () => {
    const { world, asked } = asking(async (n) =>
      n === 0 ? busy(minutes(4)) : n === 1 ? Err({ kind: 'unknown', reason: 'late' }) : Ok(last),
    );
    for (let minute = 0; minute < 10; minute += 1) await world.tickAt(`2026-11-23T12:0${minute}:00Z`);
    expect(times(asked)).toEqual(['2026-11-23T12:00:00Z', '2026-11-23T12:04:00Z', '2026-11-23T12:05:00Z']);
    expect(asked.every((one) => one.includes('since 2025-10-19T12:0'))).toBe(true);
  });

  it('that has no end is left after ten minutes, and is its own all the while', async () => {
    const { world, asked } = asking(async (_, { clock, memory }) => {
      await new Promise<void>((resolve) => clock.at(clock.now().add({ seconds: 29 }), resolve));
      const another = asking(async () => Ok(last), { now: `${clock.now()}`, store: () => memory });
      await another.world.precall.tick();
      expect(another.asked).toEqual([]);
      return Ok({ items: [], next: 'more' });
    });
    await world.tickAt('2026-11-23T12:00:00Z');
    expect(asked).toHaveLength(21);
    expect(times(asked).at(-1)).toBe('2026-11-23T12:09:40Z');
    expect((await world.precall.desk.health()).unwrap().comparedUntil).toBeNull();
  });

  it('is told of a source that was away for a quarter of an hour once, and again after it was back', async () => {
    let isAway = true;
    const { world } = asking(async () => (isAway ? Err({ kind: 'unavailable', reason: 'away' }) : Ok(last)));
    const pass = async (from: number, to: number) => {
      for (let minute = from; minute < to; minute += 1)
        await world.tickAt(`2026-11-23T12:${`${minute}`.padStart(2, '0')}:00Z`);
      return world.troubles.map(({ kind, sentence }) => `${kind} ${sentence}`);
    };
    const sentence =
      'source_away Bookings cannot be compared with their source, so lost webhooks are not made up for: away';
    expect(await pass(0, 15)).toEqual([]);
    expect(await pass(15, 30)).toEqual([sentence]);
    isAway = false;
    await pass(30, 32);
    isAway = true;
    expect(await pass(32, 50)).toEqual([sentence]);
    expect(await pass(50, 59)).toEqual([sentence, sentence]);
  });

  it('leaves alone at first what is over, and later takes in whatever it is told', async () => {
    const over = { ...told('over'), time: { startAt: ago(60), endAt: ago(0) } };
    const untimed = { ...told('untimed'), time: null };
    const { world } = asking(async () => Ok({ items: [over, untimed], next: null }));
    await world.tickAt('2026-11-23T12:00:00Z');
    expect([await world.booking('over'), (await world.booking('untimed'))?.status]).toEqual([
      null,
      'unknown',
    ]);
    await world.tickAt('2026-11-23T12:05:00Z');
    expect((await world.booking('over'))?.status).toBe('ended');
  });

  it('goes on after what could not be taken in, and tells of it', async () => {
    const { world } = asking(async () => Ok({ items: [told('u1'), told('u2')], next: null }), {
      policy: {
        rules: ({ about }) => {
          if (about) throw 'not an error';
          return [];
        },
      },
    });
    await world.tickAt('2026-11-23T12:00:00Z');
    const sentence =
      'What the booking source tells of a booking could not be taken in: something that is not an error was thrown';
    expect(world.troubles).toEqual([
      { kind: 'record_failed', booking: null, sentence },
      { kind: 'record_failed', booking: null, sentence },
    ]);
    expect((await world.precall.desk.health()).unwrap().comparedUntil?.toString()).toBe(
      '2026-11-23T12:00:00Z',
    );
  });

  it('waits five minutes for the next one also where another process made the last', async () => {
    const first = asking(async () => Ok(last));
    await first.world.tickAt('2026-11-23T12:00:00Z');
    const second = asking(async () => Ok(last), { store: () => first.world.memory });
    for (const minute of [0, 1, 2]) await second.world.tickAt(`2026-11-23T12:0${minute}:00Z`);
    // A process looks once as it starts.
    expect(times(second.asked)).toEqual(['2026-11-23T12:00:00Z']);
    await first.world.tickAt('2026-11-23T12:05:00Z');
    for (const minute of [5, 6, 9]) await second.world.tickAt(`2026-11-23T12:0${minute}:00Z`);
    expect(second.asked).toHaveLength(1);
    await second.world.tickAt('2026-11-23T12:10:00Z');
    expect(second.asked).toHaveLength(2);
  });

  it('that is stopped while it waits ends at once, and leaves the next to whoever comes', async () => {
    const { world, asked } = asking(async (n) => (n === 0 ? Ok(last) : busy(minutes(2))));
    await world.tickAt('2026-11-23T12:00:00Z');
    await world.clock.advance(minutes(5));
    const ticking = world.precall.tick();
    await world.clock.advance(minutes(1));
    expect(asked).toHaveLength(2);
    await world.precall.stop();
    await ticking;
    expect(asked).toHaveLength(2);
    const next = asking(async () => Ok(last), { now: '2026-11-23T12:06:00Z', store: () => world.memory });
    await next.world.precall.tick();
    expect(next.asked).toEqual(['2026-11-23T12:06:00Z null since 2026-11-23T11:50:00Z, 100 a page']);
  });

  it('is told of at once where no later request can succeed', async () => {
    const { world } = asking(async () => Err({ kind: 'rejected', reason: 'a wrong key' }));
    await world.tickAt('2026-11-23T12:00:00Z');
    expect(world.troubles.map(({ kind }) => kind)).toEqual(['source_away']);
  });

  it('of a source that never answers says who it was', async () => {
    const { world } = asking(() => new Promise(() => undefined));
    for (let minute = 0; minute < 20; minute += 1)
      await world.tickAt(`2026-11-23T12:${`${minute}`.padStart(2, '0')}:00Z`);
    expect(world.troubles[0]?.sentence).toMatch(/: the booking source did not answer in time$/);
  });
});

describe('what processes know of each other', () => {
  const id = 'meta:reconcile' as Stored['id'];
  const about = (args: readonly unknown[]) => JSON.stringify(args).includes(id);

  it('is a record that is due nowhere', async () => {
    const { world } = asking(async () => Ok(last));
    await world.tickAt('2026-11-23T12:00:00Z');
    const [stored] = (await world.memory.find([id])).unwrap();
    expect(stored).toMatchObject({ kind: 'meta', keys: [], lanes: { mail: null, crm: null, forget: null } });
  });

  it.each(['find', 'save'])('not being there leaves the look for a minute later: %s', async (method) => {
    let isAway = true;
    const { world, asked } = asking(async () => Ok(last), {
      store: (store) =>
        withFaults(store, (call) =>
          isAway && call.method === method && about(call.args) ? faults.unavailable : null,
        ),
    });
    await world.tickAt('2026-11-23T12:00:00Z');
    isAway = false;
    await world.tickAt('2026-11-23T12:00:59Z');
    expect(asked).toEqual([]);
    await world.tickAt('2026-11-23T12:01:00Z');
    expect(asked).toHaveLength(1);
  });

  it('is told anew where the record cannot be read, and a look is due', async () => {
    const { world, asked } = asking(async () => Ok(last));
    await world.tickAt('2026-11-23T12:00:00Z');
    const [stored] = (await world.memory.find([id])).unwrap();
    if (!stored) throw new Error('a look is written down');
    const { revision } = stored;
    await world.memory.save([
      { put: { ...stored, revision: revision + 1, version: 9 }, expected: revision, history: [] },
    ]);
    await world.tickAt('2026-11-23T12:20:00Z');
    await world.tickAt('2026-11-23T12:21:00Z');
    expect(times(asked)).toEqual(['2026-11-23T12:00:00Z', '2026-11-23T12:20:00Z']);
  });

  it('lets one of two look that begin at the same moment', async () => {
    const first = asking(async () => Ok(last));
    await first.world.precall.tick();
    const { memory } = first.world;
    let hasRaced = false;
    const second = asking(async () => Ok(last), {
      now: '2026-11-23T12:05:00Z',
      store: () => ({
        ...memory,
        save: async (writes) => {
          if (!hasRaced && about(writes)) {
            hasRaced = true;
            await first.world.tickAt('2026-11-23T12:05:00Z');
          }
          return memory.save(writes);
        },
      }),
    });
    await second.world.precall.tick();
    expect([first.asked.length, second.asked.length]).toEqual([2, 0]);
  });

  it('ends the look of one that could not say in time that it is still at it', async () => {
    const { world, asked } = asking(async (n, { clock, memory }) => {
      await new Promise<void>((resolve) => clock.at(clock.now().add({ seconds: 20 }), resolve));
      if (n === 1) {
        const [stored] = (await memory.find([id])).unwrap();
        if (!stored) throw new Error('a look is going on');
        const { revision } = stored;
        await memory.save([{ put: { ...stored, revision: revision + 1 }, expected: revision, history: [] }]);
      }
      return Ok({ items: [], next: 'more' });
    });
    await world.tickAt('2026-11-23T12:00:00Z');
    // It says so each time that less than two of its three minutes are left.
    expect(times(asked).at(-1)).toBe('2026-11-23T12:01:00Z');
  });
});

it('what cannot be kept of a look is looked for once more a minute later, however soon the store may be back', async () => {
  let isAway = true;
  const retryAfter = Temporal.Duration.from({ seconds: 10 });
  const error = { kind: 'unavailable', reason: 'away', retryAfter } as const;
  const { world, asked } = asking(async () => Ok({ items: [told('u1')], next: null }), {
    store: (store) =>
      withFaults(store, ({ method, args }) =>
        isAway && method === 'save' && JSON.stringify(args).includes('booking:')
          ? { effect: 'lost', error }
          : null,
      ),
  });
  await world.tickAt('2026-11-23T12:00:00Z');
  isAway = false;
  expect((await world.precall.desk.health()).unwrap().comparedUntil).toBeNull();
  await world.tickAt('2026-11-23T12:00:30Z');
  expect(asked).toHaveLength(1);
  await world.tickAt('2026-11-23T12:01:00Z');
  expect(asked).toHaveLength(2);
  expect((await world.booking('u1'))?.status).toBe('agreed');
  // It is worked on in the same tick.
  expect(world.fields()).not.toEqual({});
});
