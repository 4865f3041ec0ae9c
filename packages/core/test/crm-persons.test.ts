// One person's turn in the CRM: what is said of it, and of whom it warns.
import { createMemoryCrm } from '@precall/adapter-memory';
import type { Observation } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { Err } from '../src/result.ts';
import { createWorld } from './world.ts';

const quiet = { scheduler: 'none' } as const;
const away = { kind: 'unavailable', reason: 'away' } as const;
const refused = { kind: 'rejected', reason: 'no such option' } as const;

async function history(world: ReturnType<typeof createWorld>) {
  const entries = (await world.booking('u1'))?.history ?? [];
  return entries.filter(({ what }) => what.startsWith('crm_')).map(({ what, detail }) => [what, detail]);
}

describe('a person in the CRM', () => {
  it('has in the history which fields were written, and nothing where none was', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    const first = await history(world);
    const elsewhere = { location: 'Market Street 1', metadata: {}, videoCallData: undefined };
    expect(first).toMatchObject([
      ['crm_written', { written: expect.arrayContaining(['Booking Status', 'Diagnostic Call Date']) }],
    ]);
    await world.change('BOOKING_CREATED', { said: '2026-11-23T12:00:01Z', payload: elsewhere });
    await world.precall.tick();
    expect(await history(world)).toEqual(first);
  });

  it('has in the history what the CRM refused, in its words, and a sentence for whoever looks', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    world.crm.answerNext(refused);
    await world.precall.tick();
    expect(await history(world)).toEqual([['crm_refused', { reason: 'no such option' }]]);
    expect(world.troubles).toMatchObject([
      { kind: 'crm_refused', booking: null, sentence: 'The CRM refused a write: no such option' },
    ]);
  });

  it('is told to whoever counts, with the kind of the error', async () => {
    const seen: Observation[] = [];
    const world = createWorld({
      ...quiet,
      observe: (one) => {
        if (one.kind === 'crm_write') seen.push(one);
      },
    });
    await world.change('BOOKING_CREATED');
    world.crm.answerNext(away);
    await world.precall.tick();
    await world.tickAt('2026-11-23T12:05:00Z');
    expect(seen).toMatchObject([
      { kind: 'crm_write', error: 'unavailable' },
      { kind: 'crm_write', error: null },
    ]);
  });

  it('waits for the store to say what they have booked', async () => {
    let isAway = false;
    const crm = createMemoryCrm({ unknown: 'add' });
    const world = createWorld({
      ...quiet,
      crm,
      store: (store) => ({
        ...store,
        findByKey: async (key, page) => (isAway ? Err(away) : store.findByKey(key, page)),
      }),
    });
    await world.change('BOOKING_CREATED');
    isAway = true;
    await world.precall.tick();
    expect([crm.contacts(), world.troubles]).toEqual([[], []]);
    isAway = false;
    await world.tickAt('2026-11-23T12:10:00Z');
    expect(crm.contacts()).toHaveLength(1);
  });
});

describe('a warning of two calls of one kind', () => {
  const later = { uid: 'u2', start: '2026-12-10T15:00:00Z' } as const;

  it('names both by their short names, and says what may have happened', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    await world.change('BOOKING_CREATED', later);
    await world.precall.tick();
    expect(world.troubles).toEqual([
      {
        kind: 'possible_duplicate',
        booking: expect.stringMatching(/^[0-9a-f]{12}$/),
        other: expect.stringMatching(/^[0-9a-f]{12}$/),
        sentence:
          'A person has two upcoming calls of the same kind; one may have been moved without our being told.',
      },
    ]);
  });

  it.each([
    ['another kind', { payload: { type: 'second-call', eventTypeId: 8 } }],
    ['another person', { attendees: ['other@example.com'] }],
    ['no kind that is known', { payload: { type: undefined, eventTypeId: undefined } }],
  ])('is not for a call of %s', async (_, said) => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED', 'payload' in said && said.payload.type === undefined ? said : {});
    await world.change('BOOKING_CREATED', { ...later, ...said });
    await world.precall.tick();
    expect(world.troubles).toEqual([]);
  });

  it('is not for one that was cancelled, or is over', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    await world.change('BOOKING_CANCELLED');
    await world.change('BOOKING_CREATED', { uid: 'u0', start: '2026-11-23T12:30:00Z' });
    await world.tickAt('2026-11-23T18:00:00Z');
    await world.change('BOOKING_CREATED', { ...later, said: '2026-11-23T18:00:00Z' });
    await world.precall.tick();
    expect(world.troubles.filter(({ kind }) => kind === 'possible_duplicate')).toEqual([]);
  });
});
