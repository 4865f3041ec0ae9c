// S2: Cal.com signs neither a moment nor a number, so the same body may come again at any time.
import { describe, expect, it } from 'vitest';
import { saying } from '../calcom-saying.ts';
import { createWorld } from '../world.ts';
import { isLong } from './fuzzing.ts';

const body = JSON.stringify(saying('BOOKING_CREATED'));
/** A thousand by command. */
const times = isLong ? 1_000 : 200;
const due72 = '2026-11-30T15:00:00Z';

describe('the same webhook again (S2)', () => {
  it('many times at once is one booking, saved once, told once', async () => {
    const world = createWorld({ scheduler: 'none' });
    const answers = await Promise.all(Array.from({ length: times }, () => world.post(body)));
    expect(answers.filter(({ kind }) => kind === 'taken')).toHaveLength(1);
    expect(answers.filter((one) => one.kind === 'ignored' && one.reason === 'already_known')).toHaveLength(
      times - 1,
    );
    const { items } = (await world.memory.list('booking', { limit: 10, cursor: null })).unwrap();
    expect(items).toMatchObject([{ revision: 1 }]);
    await world.tickAt(due72);
    expect(world.sent()).toHaveLength(1);
  });

  it('after a restart and after its reminder went changes nothing and sends nothing', async () => {
    const world = createWorld({ scheduler: 'none' });
    await world.post(body);
    await world.tickAt(due72);
    await world.restart();
    expect(await world.post(body)).toEqual({ kind: 'ignored', reason: 'already_known' });
    await world.tickAt('2026-11-30T16:00:00Z');
    expect(world.sent()).toHaveLength(1);
  });

  it('does not bring back what was cancelled', async () => {
    const world = createWorld({ scheduler: 'none' });
    await world.post(body);
    await world.change('BOOKING_CANCELLED', { said: '2026-11-23T12:05:00.000Z' });
    expect(await world.post(body)).toMatchObject({ kind: 'ignored' });
    await world.tickAt(due72);
    expect(world.sent()).toEqual([]);
  });

  it('over 400 days later is too old, and stores nothing', async () => {
    const world = createWorld({ scheduler: 'none' });
    await world.at('2028-01-20T00:00:00Z');
    expect(await world.post(body)).toEqual({ kind: 'ignored', reason: 'too_old' });
    expect((await world.memory.list('booking', { limit: 10, cursor: null })).unwrap().items).toEqual([]);
  });
});
