// The feed of upcoming calls: who may read it, and what is in it.
import { type BookingId, Err, type Store } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { bookingRecord } from '../src/ids.ts';
import { createWorld } from './world.ts';

const baseUrl = 'https://calls.example.com/';
const links = { baseUrl, secret: 'a-secret-of-the-links' };

type Options = NonNullable<Parameters<typeof createWorld>[0]>;

async function feedWorld(options: Options = {}) {
  const world = createWorld({ scheduler: 'none', links, ...options });
  const url = (await world.precall.desk.health()).unwrap().feedUrl;
  const token = /^https:\/\/calls\.example\.com\/calendar\/([^/]+)\.ics$/.exec(url ?? '')?.[1] ?? '';
  const read = async () => (await world.precall.calendarFeed(token)).unwrap();
  return {
    world,
    url,
    token,
    read,
    starts: async () => (await read())?.events.map((one) => `${one.startAt}`),
  };
}

const soon = { uid: 'u1', start: '2026-12-03T15:00:00Z' };
const sooner = { uid: 'u2', start: '2026-11-25T15:00:00Z' };

describe('the feed', () => {
  it('has the calls that are agreed and not over, the soonest first, each at its present time', async () => {
    const { world, starts } = await feedWorld();
    expect(await starts()).toEqual([]);
    await world.change('BOOKING_CREATED', soon);
    await world.change('BOOKING_CREATED', sooner);
    await world.change('BOOKING_REQUESTED', { uid: 'u3' });
    expect(await starts()).toEqual([sooner.start, soon.start]);
    const moved = { uid: 'u4', start: '2026-12-04T15:00:00Z', payload: { rescheduleUid: 'u1' } };
    await world.change('BOOKING_RESCHEDULED', moved);
    expect(await starts()).toEqual([sooner.start, moved.start]);
    await world.change('BOOKING_CANCELLED', { ...moved, payload: {} });
    expect(await starts()).toEqual([sooner.start]);
    await world.at('2026-11-25T15:30:00Z');
    expect(await starts()).toEqual([]);
  });

  it('names nobody unless the policy lets people be named, and says when it was made', async () => {
    const silent = await feedWorld();
    await silent.world.change('BOOKING_CREATED', soon);
    const made = await silent.read();
    expect(JSON.stringify(made)).not.toMatch(/Guest|guest|u1/);
    expect(made?.now).toEqual(silent.world.clock.now());
    const telling = await feedWorld({ policy: { namesInCalendar: true } });
    await telling.world.change('BOOKING_CREATED', soon);
    expect((await telling.read())?.events[0]?.names).toContain('Guest User');
  });

  it('is read by its own token alone, which changes with the secret and is none of those in mails', async () => {
    const { world, token } = await feedWorld();
    const other = await feedWorld({ links: { baseUrl, secret: 'another-secret-of-the-links' } });
    await world.change('BOOKING_CREATED', soon);
    await world.tickAt('2026-11-30T15:00:00Z');
    const stop = /\/link\/(s\.\S+)/.exec(world.mailer.sent[0]?.message.text ?? '')?.[1] ?? '';
    expect(stop).not.toBe('');
    for (const wrong of [other.token, stop, `${token}0`, token.replace('calls', 'other'), ''])
      expect((await world.precall.calendarFeed(wrong)).unwrap(), wrong).toBeNull();
    expect((await world.precall.lookAtLink(token)).unwrap()).toEqual({ kind: 'unknown' });
    expect((await world.precall.useLink(token)).unwrap()).toEqual({ kind: 'unknown' });
  });

  it('is none without a secret that can be changed, and has no address while the host has none', async () => {
    const { world, url } = await feedWorld({ links: { baseUrl } });
    expect(url).toBeNull();
    const { token } = await feedWorld();
    expect((await world.precall.calendarFeed(token)).unwrap()).toBeNull();
    expect((await feedWorld({ links: { ...links, baseUrl: () => null } })).url).toBeNull();
  });

  it('leaves out what cannot be read, and answers why where the store is away', async () => {
    let isAway = false;
    const broken = bookingRecord('calcom:u1' as BookingId);
    const store = (one: Store): Store => ({
      ...one,
      async findByKey(key, page) {
        if (isAway) return Err({ kind: 'unavailable', reason: 'away' });
        const found = await one.findByKey(key, page);
        return found.map(({ items, next }) => ({
          items: items.map((stored) => (stored.id === broken ? { ...stored, body: '{' } : stored)),
          next,
        }));
      },
    });
    const { world, starts, token } = await feedWorld({ store });
    await world.change('BOOKING_CREATED', soon);
    await world.change('BOOKING_CREATED', sooner);
    expect(await starts()).toEqual([sooner.start]);
    isAway = true;
    const answer = await world.precall.calendarFeed(token);
    expect(answer.isErr() && answer.error.kind).toBe('unavailable');
  });

  it('reads no more than 5,000 calls, and has no more than 500', async () => {
    let pages = 0;
    const store = (one: Store): Store => ({
      ...one,
      async findByKey(key, page) {
        pages += 1;
        const found = await one.findByKey(key, { ...page, cursor: null });
        return found.map(({ items }) => ({
          items: Array.from({ length: page.limit }, () => items).flat(),
          next: 'further',
        }));
      },
    });
    const { world, read } = await feedWorld({ store });
    await world.change('BOOKING_CREATED', soon);
    pages = 0;
    expect((await read())?.events).toHaveLength(500);
    expect(pages).toBe(25);
  });
});
