// A claim is saved before its send begins, and what is saved, read and asked for it is no more than it needs.
import { describe, expect, it } from 'vitest';
import { Ok } from '../src/result.ts';
import { Temporal } from '../src/temporal.ts';
import { createConflicts } from './conflicting.ts';
import { createWorld, guest } from './world.ts';

const quiet = { scheduler: 'none' } as const;
const due72 = '2026-11-30T15:00:00Z';

async function booked(options: Parameters<typeof createWorld>[0] = {}) {
  const world = createWorld({ ...quiet, ...options });
  await world.change('BOOKING_CREATED');
  return { world };
}

describe('a look at what is due', () => {
  it('begins no send whose claim somebody else’s writing kept from being saved (invariant 9)', async () => {
    const conflicts = createConflicts();
    const { world } = await booked({ store: conflicts.inStore });
    conflicts.next(1);
    await world.tickAt(due72);
    expect([conflicts.left(), world.mailer.calls.length]).toEqual([0, 0]);
    await world.tickAt('2026-11-30T15:00:01Z');
    expect(world.sent()).toEqual([`${guest} 2026-11-30T15:00:01Z`]);
  });

  it('leaves the records of people alone to whom nothing is sent, and the store where nothing is due', async () => {
    const saves: number[] = [];
    const { world } = await booked({
      crm: 'none',
      store: (store) => ({
        ...store,
        save: (writes) => {
          saves.push(writes.length);
          return store.save(writes);
        },
      }),
    });
    await world.precall.desk.suppress(guest, { by: 'operator' });
    await world.precall.tick();
    saves.length = 0;
    await world.precall.tick();
    expect(saves).toEqual([]);
    await world.tickAt(due72);
    expect(saves).toEqual([1]);
    expect(world.mailer.calls).toEqual([]);
  });

  it('asks the mailer about a send whose process died, and about none that is due for the first time', async () => {
    const { world: died } = await booked({
      mailer: (mailer) => ({ ...mailer, send: () => new Promise(() => undefined) }),
    });
    await died.at(due72);
    void died.precall.tick();
    await died.clock.advance(Temporal.Duration.from({ seconds: 1 }));
    const asked: string[] = [];
    const next = createWorld({
      ...quiet,
      store: () => died.store,
      now: '2026-11-30T15:00:19Z',
      mailer: (mailer) => ({
        ...mailer,
        find: async (onceKey) => {
          asked.push(onceKey);
          return Ok(null);
        },
      }),
    });
    await next.change('BOOKING_CREATED', { uid: 'u2', start: '2026-12-03T15:00:20Z' });
    await next.tickAt('2026-11-30T15:00:20Z');
    const keys = next.mailer.calls.map(({ onceKey }) => onceKey);
    expect(keys).toHaveLength(2);
    expect(asked).toHaveLength(1);
    expect(keys).toContain(asked[0]);
  });

  it('ends nothing that only waits: who wants mails again by the time the link is known gets theirs', async () => {
    const world = createWorld(quiet);
    const pending = { metadata: {}, videoCallData: undefined, location: 'integrations:daily' };
    await world.change('BOOKING_CREATED', { payload: pending });
    await world.precall.desk.suppress(guest, { by: 'operator' });
    await world.tickAt(due72);
    await world.precall.desk.lift(guest, { by: 'operator' });
    await world.at('2026-11-30T16:00:00Z');
    const payload = { location: 'https://app.cal.com/video/u1' };
    await world.change('BOOKING_LOCATION_UPDATED', { payload, said: '2026-11-30T16:00:00Z' });
    await world.precall.tick();
    expect(world.sent()).toEqual([`${guest} 2026-11-30T16:00:00Z`]);
  });
});
