// One look at the booking source, page by page: what it is asked, how long it is waited for, and whose look it is.
import { type BookingUpdate, Ok, type PortResult, type Slice, Temporal } from '@precall/core';
import { createCalcomSource } from '@precall/source-calcom';
import { describe, expect, it } from 'vitest';
import { Err } from '../src/result.ts';
import { saying } from './calcom-saying.ts';
import { createWorld, secret } from './world.ts';

const minutes = (count: number) => Temporal.Duration.from({ minutes: count });
const source = createCalcomSource({ secrets: [secret] });
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
});
