// What a webhook says is joined with what is known and kept: once, in turn, within bounds, and without waking whom it does not concern.
import { createCalcomSource } from '@precall/source-calcom';
import { describe, expect, it } from 'vitest';
import { createInTurn } from '../src/in-turn.ts';
import type { BookingUpdate, Parsed } from '../src/index.ts';
import { createQuarantine } from '../src/quarantine.ts';
import { createReceive } from '../src/receive.ts';
import { Err, Ok } from '../src/result.ts';
import { bareShell } from './bare-shell.ts';
import { saying } from './calcom-saying.ts';
import { createWorld, secret } from './world.ts';

const quiet = { scheduler: 'none' } as const;
const u1 = 'booking:calcom:u1' as never;
const page = { limit: 9, cursor: null };

async function kept(world: ReturnType<typeof createWorld>) {
  const [stored] = (await world.memory.find([u1])).unwrap();
  if (!stored) throw new Error('the booking is kept');
  return stored;
}

describe('what is told twice', () => {
  it('leaves the record as it was', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    const before = await kept(world);
    await world.at('2026-11-23T12:05:00Z');
    await world.say('BOOKING_CREATED');
    expect(await kept(world)).toEqual(before);
  });

  it('and only a little later is learnt, and makes the CRM look no sooner and no later than it would', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED', { said: '2026-11-23T12:00:00.000Z' });
    const copy = { said: '2026-11-23T12:00:00.007Z' };
    await world.at('2026-11-23T12:01:00Z');
    expect(await world.say('BOOKING_CREATED', copy)).toMatchObject({ reason: 'already_known' });
    expect(await kept(world)).toMatchObject({ revision: 2 });
    expect(`${(await kept(world)).lanes.crm}`).toBe('2026-11-23T12:00:00Z');
    await world.precall.tick();
    expect(`${(await kept(world)).lanes.crm}`).toBe('2026-12-03T15:30:00Z');
    await world.say('BOOKING_CREATED', { said: '2026-11-23T12:00:00.014Z' });
    expect(`${(await kept(world)).lanes.crm}`).toBe('2026-12-03T15:30:00Z');
  });
});

describe('several at once', () => {
  it('of one booking are taken in turn, so that none is turned away', async () => {
    const world = createWorld(quiet);
    const seats = Array.from({ length: 12 }, (_, n) => [`seat${n}@example.com`]);
    const taken = await Promise.all(
      seats.map((attendees) =>
        world.say('BOOKING_CREATED', { attendees, payload: { seatsPerTimeSlot: 60 } }),
      ),
    );
    expect(taken.map(({ kind }) => kind)).toEqual(seats.map(() => 'taken'));
  });

  it('in one delivery are taken while one of them is not too old, or is news', async () => {
    const calcom = createCalcomSource({ secrets: [secret] });
    const world = createWorld({
      ...quiet,
      source: {
        ...calcom,
        parse: (json, receivedAt) => {
          const each = (json as readonly unknown[]).map((one) => calcom.parse(one, receivedAt).unwrap());
          const updates = each.flatMap((one): readonly BookingUpdate[] =>
            'updates' in one ? one.updates : [],
          );
          return Ok({ updates } as unknown as Parsed);
        },
      },
    });
    const old = saying('BOOKING_CREATED', {
      uid: 'old',
      start: '2025-01-01T15:00:00Z',
      said: '2025-01-01T12:00:00Z',
    });
    expect(await world.post([old])).toEqual({ kind: 'ignored', reason: 'too_old' });
    expect(await world.post([saying('BOOKING_CREATED'), old])).toMatchObject({
      kind: 'taken',
      booking: 'calcom:u1',
    });
    expect(await world.booking('old')).not.toBeNull();
    const [known, news] = [saying('BOOKING_CREATED'), saying('BOOKING_CREATED', { uid: 'u2' })];
    expect(await world.post([known, news])).toMatchObject({ kind: 'taken', booking: 'calcom:u1' });
  });
});

describe('a move', () => {
  it('told after the new booking is known is news of the old one alone', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    await world.change('BOOKING_CREATED', { uid: 'u2', start: '2026-12-10T15:00:00Z' });
    const move = { uid: 'u2', start: '2026-12-10T15:00:00Z', payload: { rescheduleUid: 'u1' } };
    const answer = await world.change('BOOKING_RESCHEDULED', move);
    expect(answer.booking).toBe('calcom:u2');
    expect(answer.dropped.map(({ reason }) => reason)).toEqual(Array(3).fill('superseded'));
    expect((await world.booking('u1'))?.status).toBe('superseded');
  });

  it('names somebody who was erased in the booking they are in, and not in the one it took the place of', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED', { attendees: ['ana@example.com'] });
    await world.precall.erase('ben@example.com');
    await world.change('BOOKING_RESCHEDULED', {
      uid: 'u2',
      said: '2026-11-23T12:01:00.000Z',
      attendees: ['ben@example.com'],
      payload: { rescheduleUid: 'u1' },
    });
    const named = async (uid: string) => {
      const [stored] = (await world.memory.find([`booking:calcom:${uid}` as never])).unwrap();
      return stored?.keys.filter((key) => key.startsWith('recipient:')) ?? [];
    };
    const [old, moved] = [await named('u1'), await named('u2')];
    expect([old.length, moved.length]).toEqual([1, 1]);
    expect(old).not.toEqual(moved);
  });

  it('of more bookings into one than are kept is set aside, whole', async () => {
    const world = createWorld(quiet);
    const from = (n: number) => ({
      uid: 'u1',
      said: `2026-11-23T12:00:${n + 10}.000Z`,
      payload: { rescheduleUid: `old${n}` },
    });
    for (let n = 0; n < 16; n += 1)
      expect((await world.say('BOOKING_RESCHEDULED', from(n))).kind).not.toBe('not_understood');
    const before = await kept(world);
    const message = 'The booking would have more people, starts or links than can be kept.';
    expect(await world.say('BOOKING_RESCHEDULED', from(16))).toMatchObject({
      kind: 'not_understood',
      issues: [{ path: 'payload', message }],
    });
    expect(await kept(world)).toEqual(before);
    expect(await world.booking('old16')).toBeNull();
    const [aside] = (await world.precall.quarantine(page)).unwrap().items;
    expect(aside?.reason).toBe(`payload: ${message}`);
  });
});

describe('a delivery', () => {
  it('is to come again when the store did not answer once, and is not set aside', async () => {
    let away = false;
    const world = createWorld({
      ...quiet,
      store: (store) => ({
        ...store,
        find: async (ids) => {
          if (!away) return store.find(ids);
          away = false;
          return Err({ kind: 'unavailable', reason: 'away' });
        },
      }),
    });
    await world.change('BOOKING_CREATED');
    away = true;
    expect(await world.say('BOOKING_CANCELLED')).toMatchObject({ kind: 'away' });
    expect(away).toBe(false);
    expect((await world.precall.quarantine(page)).unwrap().items).toEqual([]);
    expect((await world.say('BOOKING_CANCELLED')).kind).toBe('taken');
  });

  it.each([[['text/plain']], [[]], [['application/json', 'application/json']]])(
    'with the content type %j is set aside, with the reason',
    async (types) => {
      const source = { ...createCalcomSource({ secrets: [secret] }), verify: () => 'authentic' as const };
      const world = createWorld({ ...quiet, source });
      const headers = types.length === 0 ? {} : { 'content-type': types };
      const body = new TextEncoder().encode(JSON.stringify(saying('BOOKING_CREATED')));
      expect(await world.precall.receive({ headers, body })).toMatchObject({ kind: 'wrong_type' });
      const [aside] = (await world.precall.quarantine(page)).unwrap().items;
      expect(aside?.reason).toBe('wrong content type or encoding');
    },
  );

  it.each([
    ['an error', new Error('a broken rule'), 'a broken rule'],
    ['a word', 'no error', 'something that is not an error was thrown'],
  ])(
    'that a policy throws %s at is set aside in words that are the operator’s alone',
    async (_, thrown, words) => {
      const rules = () => {
        throw thrown;
      };
      const world = createWorld({ ...quiet, policy: { rules } });
      expect(await world.say('BOOKING_CREATED')).toMatchObject({
        kind: 'not_understood',
        issues: [{ path: '', message: 'The body was read, and could not be taken in.' }],
      });
      const [aside] = (await world.precall.quarantine(page)).unwrap().items;
      expect(aside?.reason).toBe(`it failed while it was taken in: ${words}`);
    },
  );
});

describe('what the source was asked for', () => {
  const calcom = createCalcomSource({ secrets: [secret] });

  function fetching() {
    const { shell } = bareShell();
    const parts = { source: calcom, quarantine: createQuarantine(shell), inTurn: createInTurn() };
    const intake = createReceive(shell, parts);
    const fetched = async (said: Parameters<typeof saying>[1]) => {
      const parsed = calcom.parse(saying('BOOKING_CREATED', said), shell.clock.now()).unwrap();
      if (!('updates' in parsed)) throw new Error('it says something');
      return (await intake.takeFetched(parsed.updates[0])).unwrap();
    };
    return { shell, fetched };
  }

  it('changes something once, and nothing where it is older than is kept', async () => {
    const { shell, fetched } = fetching();
    expect(await fetched({})).toBe('changed');
    expect(await fetched({})).toBe('unchanged');
    expect(await fetched({ uid: 'old', start: '2025-01-01T15:00:00Z' })).toBe('unchanged');
    const { items } = (await shell.store.list('booking', page)).unwrap();
    expect(items.map(({ id }) => id)).toEqual([u1]);
  });
});
