// What an operator sees of the parts: what the store says is next and waits, beside what no store knows.
import { createMemoryStore } from '@precall/adapter-memory';
import { bookingId, bookingRecord, type Instant, type Store } from '@precall/core';
import { faults, withFaults } from '@precall/testing';
import { describe, expect, it } from 'vitest';
import { createHealth } from '../src/health.ts';
import { at } from './agreed-call.ts';
import { bareShell } from './bare-shell.ts';

const now = at('2026-11-23T12:00:00Z');
const inHand = {
  ...{ started: true, sending: 3, unsaved: 2, mailerPausedUntil: null, comparedUntil: null },
  ...{ feedUrl: null, troubles: [] },
};

async function due(lanes: readonly (readonly [mail: Instant | null, crm: Instant | null])[]): Promise<Store> {
  const store = createMemoryStore();
  const writes = lanes.map(([mail, crm], n) => ({
    put: {
      ...{ id: bookingRecord(bookingId('calcom', `u${n}`)), kind: 'booking' as const, version: 1 },
      ...{ revision: 1, changedAt: now, lanes: { mail, crm, forget: null }, keys: [], body: '{}' },
    },
    expected: 0,
    history: [],
  }));
  for (let from = 0; from < writes.length; from += 50) await store.save(writes.slice(from, from + 50));
  return store;
}

describe('health', () => {
  it('says when the next mail and the next word to the CRM are due, and how much of that waits by now', async () => {
    const soon = now.add({ hours: 1 });
    const store = await due([
      [soon, now],
      [soon.add({ hours: 1 }), now.subtract({ hours: 1 })],
      [null, soon],
    ]);
    const health = (await createHealth(bareShell({ store }).shell, () => inHand)()).unwrap();
    expect({ ...health, nextMailAt: `${health.nextMailAt}`, nextCrmAt: `${health.nextCrmAt}` }).toEqual({
      ...inHand,
      nextMailAt: `${soon}`,
      nextCrmAt: '2026-11-23T11:00:00Z',
      crmWaiting: 2,
    });
  });

  it('counts as far as two hundred', async () => {
    const store = await due(Array.from({ length: 210 }, () => [null, now] as const));
    const health = (await createHealth(bareShell({ store }).shell, () => inHand)()).unwrap();
    expect([health.nextMailAt, health.crmWaiting]).toEqual([null, 200]);
  });

  it.each([
    ['nextDueAt', 1],
    ['nextDueAt', 2],
    ['due', 1],
  ])('is not known while the store does not answer: %s, call %i', async (method, count) => {
    const store = withFaults(await due([]), (one) =>
      one.method === method && one.count === count ? faults.unavailable : null,
    );
    expect((await createHealth(bareShell({ store }).shell, () => inHand)()).isErr()).toBe(true);
  });
});
