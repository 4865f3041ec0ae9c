// When the scheduler is asked to ring: for the earliest moment of a lane, once, and never for what cannot be done then.
import { createMemoryClock, createMemoryStore } from '@precall/adapter-memory';
import { type Instant, Ok, type Scheduler, type Store, Temporal } from '@precall/core';
import { faults, withFaults } from '@precall/testing';
import { describe, expect, it } from 'vitest';
import { createRinging } from '../src/ringing.ts';
import { at } from './agreed-call.ts';

const noon = at('2026-11-23T12:00:00Z');
const later = (seconds: number): Instant => noon.add({ seconds });

function bell(options: { readonly store?: Store; readonly scheduler?: 'none' } = {}) {
  const clock = createMemoryClock(noon);
  const memory = createMemoryStore();
  const asked: string[] = [];
  const mailNext: (readonly [string, string | null])[] = [];
  const state = { isStopping: false, idleUntil: null as Instant | null };
  const scheduler: Scheduler = {
    start: async () => Ok(undefined),
    async ring(moments) {
      asked.push(...moments.map((moment) => `${moment}`));
      return Ok(undefined);
    },
    stop: async () => Ok(undefined),
  };
  const ringing = createRinging({
    scheduler: options.scheduler === 'none' ? undefined : scheduler,
    store: options.store ?? memory,
    clock,
    isStopping: () => state.isStopping,
    idleUntil: () => state.idleUntil,
    onMailNext: (now, nextAt) => mailNext.push([`${now}`, nextAt && `${nextAt}`]),
  });
  /** Something that is due in both lanes. */
  const due = (lanes: { readonly mail: Instant | null; readonly crm: Instant | null }) =>
    memory.save([
      {
        put: {
          ...{ id: 'booking:calcom:u1' as never, kind: 'booking', version: 1, revision: 1 },
          ...{ changedAt: noon, lanes: { ...lanes, forget: null }, keys: [], body: '{}' },
        },
        expected: 0,
        history: [],
      },
    ]);
  return { clock, ringing, asked, mailNext, state, due };
}

describe('what is next in a lane', () => {
  it('is when the scheduler is asked to ring, each lane for itself', async () => {
    const { ringing, asked, due } = bell();
    await due({ mail: later(60), crm: later(30) });
    await ringing.next('mail', noon);
    await ringing.next('crm', noon);
    expect(asked).toEqual([`${later(60)}`, `${later(30)}`]);
  });

  it('is told where it is mail, also that nothing is', async () => {
    const { ringing, asked, mailNext, due } = bell();
    await ringing.next('mail', noon);
    await ringing.next('crm', noon);
    expect(mailNext).toEqual([[`${noon}`, null]]);
    expect(asked).toEqual([]);
    await due({ mail: later(60), crm: null });
    await ringing.next('mail', noon);
    expect(mailNext[1]).toEqual([`${noon}`, `${later(60)}`]);
  });

  it('is asked for at once where it fell due while somebody looked', async () => {
    const { ringing, asked, clock, due } = bell();
    await due({ mail: later(1), crm: null });
    await clock.advance(Temporal.Duration.from({ seconds: 3 }));
    await ringing.next('mail', noon);
    expect(asked).toEqual([`${later(3)}`]);
  });

  it.each([
    ['was due before', -1],
    ['was due at that very moment', 0],
  ])('is asked for in a second where it %s and could not be done', async (_, seconds) => {
    const { ringing, asked, due } = bell();
    await due({ mail: later(seconds), crm: null });
    await ringing.next('mail', noon);
    expect(asked).toEqual([`${later(1)}`]);
  });

  it('waits for a mailer that asked for patience, the CRM does not', async () => {
    const { ringing, asked, state, due } = bell();
    state.idleUntil = later(90);
    await due({ mail: later(40), crm: later(30) });
    await ringing.next('mail', noon);
    await ringing.next('crm', noon);
    expect(asked).toEqual([`${later(90)}`, `${later(30)}`]);
  });

  it('is not put forward to the end of that patience where it comes after', async () => {
    const { ringing, asked, state, due } = bell();
    state.idleUntil = later(90);
    await due({ mail: later(100), crm: null });
    await ringing.next('mail', noon);
    expect(asked).toEqual([`${later(100)}`]);
  });

  it('is left to the ring of each minute while the store does not say', async () => {
    const { ringing, asked, mailNext } = bell({
      store: withFaults(createMemoryStore(), () => faults.unavailable),
    });
    await ringing.next('mail', noon);
    expect([asked, mailNext]).toEqual([[], []]);
  });

  it('is not looked for by a process that stops, nor without a scheduler', async () => {
    let looks = 0;
    const store = withFaults(createMemoryStore(), () => {
      looks += 1;
      return null;
    });
    const stopping = bell({ store });
    stopping.state.isStopping = true;
    await stopping.ringing.next('mail', noon);
    const alone = bell({ store, scheduler: 'none' });
    await alone.ringing.next('mail', noon);
    await alone.ringing.at(later(60));
    expect([looks, stopping.asked, alone.asked]).toEqual([0, [], []]);
  });
});

describe('a ring that was asked for', () => {
  it('is not asked for again, nor a later one, until it rang', async () => {
    const { ringing, asked } = bell();
    for (const seconds of [60, 60, 61]) await ringing.at(later(seconds));
    expect(asked).toEqual([`${later(60)}`]);
    ringing.rang();
    await ringing.at(later(61));
    expect(asked).toEqual([`${later(60)}`, `${later(61)}`]);
  });

  it('does not stand in the way of an earlier one', async () => {
    const { ringing, asked } = bell();
    await ringing.at(later(60));
    await ringing.at(later(59));
    expect(asked).toEqual([`${later(60)}`, `${later(59)}`]);
  });

  it('and did not come is asked for again once its moment has passed', async () => {
    const { ringing, asked, clock } = bell();
    await ringing.at(later(60));
    await clock.advanceTo(later(60));
    await ringing.at(later(70));
    expect(asked).toEqual([`${later(60)}`, `${later(70)}`]);
  });
});
