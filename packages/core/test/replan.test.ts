// At a start the plans of upcoming calls are derived again: what a new policy moves is written, and nothing else.

import { createMemoryStore } from '@precall/adapter-memory';
import type { Policy, Store } from '@precall/core';
import { faults, withFaults } from '@precall/testing';
import { describe, expect, it } from 'vitest';
import { bookingWrite } from '../src/booking-record.ts';
import { bookingId } from '../src/ids.ts';
import { replan } from '../src/replan.ts';
import { agreedCall, ana, at, hours } from './agreed-call.ts';
import { bareShell } from './bare-shell.ts';

const planned = (count: number): Partial<Policy> => ({
  rules: [{ name: 'once', when: { before: hours(count) } }],
});
const page = { limit: 200, cursor: null };
const never = () => false;

/** Calls on the days after 23 November at 15:00, planned a day ahead. */
async function booked(count: number, store: Store = createMemoryStore()) {
  const { shell } = bareShell({ policy: planned(24) });
  const writes = Array.from({ length: count }, (_, day) => {
    const startAt = at('2026-11-26T15:00:00Z').add({ hours: 24 * day });
    const facts = agreedCall({ startAt, agreedAt: at('2026-11-20T12:00:00Z'), people: { [ana]: {} } });
    const record = { id: bookingId('calcom', `u${day}`), facts, ledger: {} };
    const options = { over: null, policy: shell.policy, now: shell.clock.now(), history: [] };
    return bookingWrite(record, { ...options, crm: 'now' });
  });
  for (let first = 0; first < count; first += 50) await store.save(writes.slice(first, first + 50));
  const records = async () => {
    const all = (await store.due('crm', at('2030-01-01T00:00:00Z'), page)).unwrap().items;
    return Object.fromEntries(
      all.map(({ id, revision, lanes }) => [id.slice('booking:calcom:'.length), { revision, ...lanes }]),
    );
  };
  return { store, records };
}

describe('deriving plans again', () => {
  it('writes the moments of a new policy, and leaves the CRM its own', async () => {
    const { store, records } = await booked(2);
    const old = await records();
    const { shell } = bareShell({ store, policy: planned(48) });
    expect(await replan(shell, never)).toBe(true);
    const now = await records();
    expect([`${now.u0?.mail}`, `${now.u1?.mail}`]).toEqual(['2026-11-24T15:00:00Z', '2026-11-25T15:00:00Z']);
    expect(now.u0?.crm).toEqual(old.u0?.crm);
    const [stored] = (await store.find(['booking:calcom:u0' as never])).unwrap();
    const told = (await store.history(stored?.id as never, { limit: 5, cursor: null })).unwrap();
    expect(told.items).toEqual([]);
  });

  it('writes nothing where nothing moves, and says so', async () => {
    const { store, records } = await booked(2);
    let saves = 0;
    const watched = withFaults(store, ({ method }) => {
      if (method === 'save') saves += 1;
      return null;
    });
    const { shell } = bareShell({ store: watched, policy: planned(24) });
    expect(await replan(shell, never)).toBe(false);
    expect(saves).toBe(0);
    expect((await records()).u0?.revision).toBe(1);
  });

  it('leaves alone what is no booking, and what cannot be read or planned', async () => {
    const { store, records } = await booked(2);
    const [stored] = (await store.find(['booking:calcom:u0' as never])).unwrap();
    if (!stored) throw new Error('it was booked');
    const damaged = { ...stored, revision: 2, body: '{"facts":' };
    const person = { ...stored, id: 'person:calcom:u1' as never, kind: 'person' as const, revision: 1 };
    await store.save([
      { put: damaged, expected: 1, history: [] },
      { put: person, expected: 0, history: [] },
    ]);
    const { shell, troubles } = bareShell({ store, policy: planned(48) });
    expect(await replan(shell, never)).toBe(true);
    expect((await records()).u0?.revision).toBe(2);
    expect((await records()).u1?.revision).toBe(2);
    const [kept] = (await store.find([person.id])).unwrap();
    expect(kept?.revision).toBe(1);
    // Their lanes come upon them, and tell.
    expect(troubles).toEqual([]);
  });

  it('does not seek out a call that has ended: nobody is written to by a rule that did not exist then', async () => {
    const { store, records } = await booked(2);
    const followUp: Partial<Policy> = { rules: [{ name: 'after', when: { after: hours(24) } }] };
    const { shell, clock } = bareShell({ store, policy: followUp });
    await clock.advanceTo(at('2026-11-26T16:00:00Z'));
    expect(await replan(shell, never)).toBe(true);
    expect((await records()).u0?.revision).toBe(1);
    expect(`${(await records()).u1?.mail}`).toBe('2026-11-28T15:30:00Z');
  });

  it('goes through as many pages as there are', async () => {
    const { store, records } = await booked(120);
    const { shell } = bareShell({ store, policy: planned(48) });
    expect(await replan(shell, never)).toBe(true);
    expect(Object.values(await records()).filter(({ revision }) => revision === 2)).toHaveLength(120);
  });

  it('stops between two pages', async () => {
    const { store, records } = await booked(120);
    const { shell } = bareShell({ store, policy: planned(48) });
    expect(await replan(shell, () => true)).toBe(true);
    expect(Object.values(await records()).filter(({ revision }) => revision === 2)).toHaveLength(50);
  });

  it.each([
    ['due', 1, false],
    ['due', 2, true],
    ['save', 1, false],
    ['save', 2, true],
  ])(
    'gives up where the store does not answer, and says whether anything was written: %s, call %i',
    async (method, count, written) => {
      const { store } = await booked(120);
      const asked: string[] = [];
      const failing = withFaults(store, (call) => {
        asked.push(call.method);
        return call.method === method && call.count === count ? faults.unavailable : null;
      });
      const { shell } = bareShell({ store: failing, policy: planned(48) });
      expect(await replan(shell, never)).toBe(written);
      expect(asked.filter((one) => one === method)).toHaveLength(count);
      expect(asked.at(-1)).toBe(method);
    },
  );
});
