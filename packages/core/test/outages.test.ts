// One outage at a time, at every call of the store: whatever fails, before its effect or after it, the end is right.
import { describe, expect, it } from 'vitest';
import type { IntakeAnswer } from '../src/answer.ts';
import { bookingWrite, readBooking } from '../src/booking-record.ts';
import type { BookingId } from '../src/ids.ts';
import { defaultPolicy } from '../src/policy.ts';
import type { PortError, Store } from '../src/ports.ts';
import { Err } from '../src/result.ts';
import { Temporal } from '../src/temporal.ts';
import { createWorld, guest } from './world.ts';

const minutes = (count: number) => Temporal.Duration.from({ minutes: count });
const policy = {
  rules: [
    { name: 'first', when: { before: minutes(10) } },
    { name: 'second', when: { before: minutes(5) } },
  ],
  minimumLead: minutes(0),
};
const unavailable: PortError = { kind: 'unavailable', reason: 'an outage' };
const unknown: PortError = { kind: 'unknown', reason: 'an outage' };

/** How a store's call fails: nothing happens; it happens and nobody hears; or somebody else was faster. */
type Fault = 'before' | 'after' | 'overtaken';
type World = ReturnType<typeof createWorld>;

/** The store with its `at`th call (counted from 0) failing; `calls` tells how many there were. */
function failingAt(at: number, fault: Fault) {
  const counted = { calls: 0, failed: false, open: true };
  const wrap = (store: Store): Store => {
    const fails =
      <A extends readonly unknown[], T>(call: (...args: A) => Promise<T>) =>
      async (...args: A): Promise<T> => {
        const mine = counted.calls;
        if (!counted.open) return call(...args);
        counted.calls += 1;
        if (mine !== at) return call(...args);
        counted.failed = true;
        if (fault === 'before') return Err(unavailable) as T;
        const done = await call(...args);
        return fault === 'after' ? (Err(unknown) as T) : done;
      };
    return {
      ...store,
      find: fails(store.find),
      findByKey: fails(store.findByKey),
      due: fails(store.due),
      nextDueAt: fails(store.nextDueAt),
      list: fails(store.list),
      history: fails(store.history),
      save: fails(async (writes) => {
        if (fault === 'overtaken' && counted.calls - 1 === at && counted.open) await touch(store, writes);
        return store.save(writes);
      }),
    };
  };
  return { counted, wrap };
}

/** Another process saves the same records first, without changing what they say. */
async function touch(store: Store, writes: Parameters<Store['save']>[0]): Promise<void> {
  for (const write of writes) {
    if (!('put' in write)) continue;
    const [known] = (await store.find([write.put.id])).unwrap();
    if (!known) continue;
    const revision = known.revision + 1;
    await store.save([{ put: { ...known, revision }, expected: known.revision, history: [] }]);
  }
}

/** As Cal.com with retries: says it again until it is taken. */
async function insist(say: () => Promise<IntakeAnswer | null>): Promise<IntakeAnswer | null> {
  for (let tries = 0; tries < 5; tries += 1) {
    const answer = await say();
    if (answer?.kind !== 'away') return answer;
  }
  throw new Error('away for good');
}

async function day(world: World): Promise<void> {
  if ((await world.precall.start()).isErr()) (await world.precall.start()).unwrap();
  await insist(() => world.say('BOOKING_CREATED', { start: '2026-11-23T12:30:00Z' }));
  await insist(() =>
    world.say('BOOKING_CREATED', { uid: 'u9', start: '2026-11-23T12:30:00Z', attendees: ['b@x.org'] }),
  );
  await world.at('2026-11-23T12:01:00Z');
  const move = { uid: 'u2', start: '2026-11-23T12:20:00Z', said: '2026-11-23T12:01:00Z' };
  await insist(() => world.say('BOOKING_RESCHEDULED', { ...move, payload: { rescheduleUid: 'u1' } }));
  await insist(() => world.post('{"not":"understood"}'));
  await world.at('2026-11-23T12:26:00Z');
  await world.at('2026-11-23T12:35:00Z');
}

async function endsRight(world: World): Promise<void> {
  const mails = world.mailer.sent.map(({ message, at }) => `${message.to} ${at.toString().slice(11, 16)}`);
  expect([...mails].sort((a, b) => a.localeCompare(b))).toEqual([
    'b@x.org 12:20',
    'b@x.org 12:25',
    `${guest} 12:10`,
    `${guest} 12:15`,
  ]);
  expect((await world.booking('u1'))?.status).toBe('superseded');
  expect((await world.booking('u9'))?.reminders.map(({ state }) => state)).toEqual(['sent', 'sent']);
  expect(world.fields()[guest]).toMatchObject({
    'Booking Status': 'Booked',
    'Diagnostic Call Date': '2026-11-23',
  });
  expect((await world.booking('u2'))?.crm?.contact).toMatchObject({ state: 'written', lastError: null });
}

describe('an outage of the store', () => {
  it.each(['before', 'after', 'overtaken'] as const)(
    'at any one call (%s its effect) loses nothing and doubles nothing (invariants 1, 9, 12, 17)',
    async (fault) => {
      const whole = failingAt(-1, fault);
      await day(createWorld({ policy, store: whole.wrap }));
      expect(whole.counted.calls).toBeGreaterThan(60);
      for (let at = 0; at < whole.counted.calls; at += 1) {
        const { counted, wrap } = failingAt(at, fault);
        const world = createWorld({ policy, store: wrap });
        await day(world);
        counted.open = false;
        expect(counted.failed || counted.calls <= at).toBe(true);
        await endsRight(world).catch((cause: unknown) => {
          throw new Error(`with a fault at call ${at}`, { cause });
        });
      }
    },
    120_000,
  );

  it('while a person is erased leaves nothing half done once it is asked again (invariant 24)', async () => {
    for (const fault of ['before', 'after', 'overtaken'] as const) {
      for (let at = 0; ; at += 1) {
        const world = createWorld({ scheduler: 'none' });
        await world.change('BOOKING_CREATED');
        await world.post(`{"about":"${guest}"}`);
        await world.precall.tick();
        const { counted, wrap } = failingAt(at, fault);
        const second = createWorld({ scheduler: 'none', store: () => wrap(world.store) });
        const first = await second.precall.erase(guest);
        if (first.isErr()) (await second.precall.erase(guest)).unwrap();
        counted.open = false;
        const kinds = ['booking', 'person', 'delivery'] as const;
        const lists = await Promise.all(
          kinds.map((kind) => world.memory.list(kind, { limit: 10, cursor: null })),
        );
        const bodies = lists.flatMap((list) => list.unwrap().items.map(({ body }) => body));
        expect(bodies.filter((body) => body.includes(`"${guest}`))).toEqual([]);
        if (!counted.failed) break;
      }
    }
  });

  it('is told to whoever reads', async () => {
    const world = createWorld({ scheduler: 'none' });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    const page = { limit: 10, cursor: null };
    const reads = [
      (to: World) => to.precall.bookings({ page }),
      (to: World) => to.precall.booking('calcom:u1' as BookingId),
      (to: World) => to.precall.upcoming(page),
      (to: World) => to.precall.quarantine(page),
    ];
    for (const read of reads) {
      for (let at = 0; ; at += 1) {
        const { counted, wrap } = failingAt(at, 'before');
        const answer = await read(createWorld({ scheduler: 'none', store: () => wrap(world.store) }));
        expect(answer.isErr()).toBe(counted.failed);
        if (!counted.failed) break;
      }
    }
  });

  it('makes a replay come again later', async () => {
    const world = createWorld({ scheduler: 'none' });
    const kept = await world.post('{"not":"understood"}');
    if (kept.kind !== 'not_understood') throw new Error('expected a refusal');
    for (let at = 0; at < 3; at += 1) {
      const { wrap } = failingAt(at, 'before');
      const second = createWorld({ scheduler: 'none', store: () => wrap(world.store) });
      expect(await insist(() => second.precall.replay(kept.quarantineId))).toMatchObject({
        kind: 'not_understood',
      });
    }
  });

  it('ends the derivation of plans at a start, which the next start does again', async () => {
    for (const fault of ['before', 'after', 'overtaken'] as const) {
      for (let at = 0; at < 12; at += 1) {
        const world = createWorld({ policy });
        await world.change('BOOKING_CREATED', { start: '2026-11-23T12:30:00Z' });
        const { wrap } = failingAt(at, fault);
        const rules = [{ name: 'third', when: { before: minutes(25) } }];
        const changed = { ...defaultPolicy, ...policy, rules };
        const second = createWorld({ policy: changed, store: () => wrap(world.store) });
        await second.precall.start();
        await second.precall.stop();
        const third = createWorld({ policy: changed, store: () => world.store });
        await third.start();
        await third.at('2026-11-23T12:06:00Z');
        expect([...second.sent(), ...third.sent()]).toEqual([`${guest} 2026-11-23T12:05:00Z`]);
        await third.precall.stop();
      }
    }
  });

  it('before the first start is told to whoever starts, and makes it not ready', async () => {
    const { wrap } = failingAt(0, 'before');
    const world = createWorld({ store: wrap });
    expect((await world.precall.start()).isErr()).toBe(true);
    expect(await world.precall.ready()).toBe(false);
    expect((await world.precall.start()).isOk()).toBe(true);
    expect(await world.precall.ready()).toBe(true);
    await world.precall.stop();
    expect(await world.precall.ready()).toBe(false);
    expect(await world.say('BOOKING_CREATED')).toMatchObject({ kind: 'away' });
    expect(await world.precall.replay('x')).toMatchObject({ kind: 'away' });
  });
});

describe('a record', () => {
  it('is written back as it was read', async () => {
    const world = createWorld({ scheduler: 'none' });
    await world.change('BOOKING_CREATED');
    const [stored] = (await world.memory.list('booking', { limit: 1, cursor: null })).unwrap().items;
    if (!stored) throw new Error('nothing stored');
    const options = {
      over: stored,
      policy: defaultPolicy,
      now: stored.changedAt,
      crm: 'keep' as const,
      history: [],
    };
    const { put } = bookingWrite(readBooking(stored).value, options);
    expect(put).toEqual({ ...stored, revision: stored.revision + 1 });
  });
});
