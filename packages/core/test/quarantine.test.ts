// What is authentic and not understood is kept for a week, found again byte for byte, and gone with whom it speaks of.
import { createMemoryStore } from '@precall/adapter-memory';
import type { Store, Stored, WebhookDelivery } from '@precall/core';
import { faults, withFaults } from '@precall/testing';
import { describe, expect, it } from 'vitest';
import { deliveryRecord } from '../src/ids.ts';
import { createQuarantine } from '../src/quarantine.ts';
import { at } from './agreed-call.ts';
import { bareShell } from './bare-shell.ts';

const noon = at('2026-11-23T12:00:00Z');
const page = { limit: 10, cursor: null };
const reason = 'startTime: a moment was expected';

function delivery(text: string, headers: WebhookDelivery['headers'] = {}): WebhookDelivery {
  return { headers, body: new TextEncoder().encode(text) };
}

function quarantined(store: Store = createMemoryStore()) {
  const { shell, troubles } = bareShell({ store });
  return { ...createQuarantine(shell), store, troubles };
}

/** Fails a method of the store from its so many-th call on. */
function failing(method: string, from = 1): Store {
  return withFaults(createMemoryStore(), (call) =>
    call.method === method && call.count >= from ? faults.unavailable : null,
  );
}

describe('what is kept', () => {
  it('is due nowhere, found by no key, and forgotten after a week', async () => {
    const { keep, store, troubles } = quarantined();
    const id = (await keep(delivery('{}'), noon, reason)).unwrap();
    const [stored] = (await store.find([deliveryRecord(id)])).unwrap();
    expect(stored).toMatchObject({ kind: 'delivery', version: 1, revision: 1, keys: [] });
    expect(stored?.lanes).toEqual({ mail: null, crm: null, forget: at('2026-11-30T12:00:00Z') });
    expect(troubles).toEqual([
      { kind: 'quarantined', booking: null, sentence: `A webhook was not understood: ${reason}` },
    ]);
  });

  it('is listed with when it came and why it is kept, and found byte for byte', async () => {
    const { keep, list, find } = quarantined();
    const body = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const known = { 'content-type': ['application/json'], 'content-encoding': ['gzip'] };
    const id = (await keep({ headers: { ...known, cookie: ['a=b'] }, body }, noon, reason)).unwrap();
    expect((await list(page)).unwrap().items).toEqual([{ id, receivedAt: noon, reason }]);
    expect((await find(id)).unwrap()).toEqual({ delivery: { headers: known, body }, receivedAt: noon });
    expect((await find('another')).unwrap()).toBeNull();
  });

  it('has no headers where it came without', async () => {
    const { keep, find } = quarantined();
    const id = (await keep(delivery('{}'), noon, reason)).unwrap();
    expect((await find(id)).unwrap()?.delivery.headers).toEqual({
      'content-type': [],
      'content-encoding': [],
    });
  });

  it('is one where the same bytes come again', async () => {
    const { keep, list } = quarantined();
    const [first, again, other] = [
      (await keep(delivery('{}'), noon, reason)).unwrap(),
      (await keep(delivery('{}'), noon.add({ seconds: 1 }), reason)).unwrap(),
      (await keep(delivery('[]'), noon, reason)).unwrap(),
    ];
    expect(again).toBe(first);
    expect(
      (await list(page))
        .unwrap()
        .items.map(({ id }) => id)
        .sort(),
    ).toEqual([first, other].sort());
  });

  it.each(['list', 'save'])(
    'is not, and nobody is told, while the store does not answer: %s',
    async (method) => {
      const { keep, troubles } = quarantined(failing(method));
      expect((await keep(delivery('{}'), noon, reason)).isErr()).toBe(true);
      expect(troubles).toEqual([]);
    },
  );
});

describe('what comes in masses', () => {
  /** So many deliveries, each a second after the one before. */
  async function crowded(count: number) {
    const store = createMemoryStore();
    const put = (n: number): Stored => ({
      ...{ id: deliveryRecord(`${n}`), kind: 'delivery', version: 1, revision: 1, keys: [], body: '{}' },
      ...{ changedAt: noon.add({ seconds: n }), lanes: { mail: null, crm: null, forget: null } },
    });
    for (let n = 0; n < count; n += 50) {
      const writes = Array.from({ length: 50 }, (_, one) => put(n + one));
      await store.save(writes.map((one) => ({ put: one, expected: 0, history: [] })));
    }
    const left = async (id: string) => (await store.find([deliveryRecord(id)])).unwrap().length;
    return { ...quarantined(store), left };
  }

  it('is removed down to the newest 950 at the first delivery', async () => {
    const { keep, left } = await crowded(1000);
    await keep(delivery('{}'), noon, reason);
    expect([await left('49'), await left('50'), await left('999')]).toEqual([0, 1, 1]);
  });

  it('is not looked through again until fifty more came', async () => {
    let lists = 0;
    const { keep } = quarantined(
      withFaults(createMemoryStore(), ({ method }) => {
        if (method === 'list') lists += 1;
        return null;
      }),
    );
    for (let n = 0; n < 50; n += 1) await keep(delivery(`${n}`), noon, reason);
    expect(lists).toBe(1);
    await keep(delivery('50'), noon, reason);
    expect(lists).toBe(2);
  });
});

describe('what is let go', () => {
  it('is gone, and so may be what is not there', async () => {
    const { keep, find, release } = quarantined();
    const id = (await keep(delivery('{}'), noon, reason)).unwrap();
    expect((await release('another')).isOk()).toBe(true);
    expect((await find(id)).unwrap()).not.toBeNull();
    expect((await release(id)).isOk()).toBe(true);
    expect((await find(id)).unwrap()).toBeNull();
  });

  it.each(['find', 'save'])('is not while the store does not answer: %s', async (method) => {
    const { keep, release } = quarantined(failing(method, method === 'save' ? 2 : 1));
    const id = (await keep(delivery('{}'), noon, reason)).unwrap();
    expect((await release(id)).isErr()).toBe(true);
  });
});

describe('what speaks of an address', () => {
  const email = "Ana.O'Neil&Co@example.com";

  it.each([
    ['as it is', `{"email":"${email}"}`],
    ['in another case', `{"email":"${email.toUpperCase()}"}`],
    ['as JSON may write it', '{"email":"ana.o\\u0027neil\\u0026co\\u0040EXAMPLE.com"}'],
    ['as a template of Cal.com writes it', 'email=Ana.O&#x27;Neil&amp;Co@example.com'],
  ])('is let go: %s', async (_, text) => {
    const { keep, list, releaseAbout } = quarantined();
    await keep(delivery(text), noon, reason);
    await keep(delivery('{"email":"ben@example.com"}'), noon, reason);
    await releaseAbout(email);
    expect((await list(page)).unwrap().items).toHaveLength(1);
  });

  it('is found on whatever page it stands', async () => {
    const { keep, list, releaseAbout } = quarantined();
    for (let n = 0; n < 55; n += 1) await keep(delivery(`${n} ${n === 0 ? email : ''}`), noon, reason);
    await releaseAbout(email);
    expect((await list({ ...page, limit: 100 })).unwrap().items).toHaveLength(54);
  });

  it.each(['list', 'save'])(
    'is kept, and that is said, while the store does not answer: %s',
    async (method) => {
      const { keep, releaseAbout } = quarantined(failing(method, 2));
      await keep(delivery(email), noon, reason);
      expect((await releaseAbout(email)).isErr()).toBe(true);
    },
  );

  it('is nothing that is written over where nothing speaks of it', async () => {
    let saves = 0;
    const { keep, releaseAbout } = quarantined(
      withFaults(createMemoryStore(), ({ method }) => {
        if (method === 'save') saves += 1;
        return null;
      }),
    );
    await keep(delivery('{}'), noon, reason);
    expect((await releaseAbout(email)).isOk()).toBe(true);
    expect(saves).toBe(1);
  });
});
