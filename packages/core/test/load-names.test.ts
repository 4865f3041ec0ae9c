// The key behind every name: made once for all processes of a store.
import { createMemoryEntropy, createMemoryStore } from '@precall/adapter-memory';
import type { Store, Stored } from '@precall/core';
import { faults, withFaults } from '@precall/testing';
import { expect, it } from 'vitest';
import { loadNames } from '../src/load-names.ts';
import { bareShell } from './bare-shell.ts';

const id = 'meta:names' as Stored['id'];

const { keyedHash } = createMemoryEntropy('hashes');

/** A process of its own randomness; `seed` says which. */
function loading(store: Store, seed: string) {
  const entropy = { id: createMemoryEntropy(seed).id, keyedHash };
  return loadNames({ source: { name: 'calcom' } as never, store, clock: bareShell().clock, entropy });
}

it('is made once: whoever comes later finds it', async () => {
  const store = createMemoryStore();
  const first = (await loading(store, 'one')).unwrap();
  const second = (await loading(store, 'two')).unwrap();
  const elsewhere = (await loading(createMemoryStore(), 'two')).unwrap();
  expect(first.booking('u1')).toBe('calcom:u1');
  expect(second.digest('text')).toBe(first.digest('text'));
  expect(elsewhere.digest('text')).not.toBe(first.digest('text'));
  expect((await store.find([id])).unwrap()).toMatchObject([
    { kind: 'meta', version: 1, revision: 1, lanes: { mail: null, crm: null, forget: null }, keys: [] },
  ]);
});

it('is the one that was saved first, where two make it at once', async () => {
  const store = createMemoryStore();
  const racing: Store = {
    ...store,
    find: async (ids) => {
      const found = await store.find(ids);
      if (found.unwrap().length === 0) await loading(store, 'first');
      return found;
    },
  };
  const second = (await loading(racing, 'second')).unwrap();
  const first = (await loading(store, 'third')).unwrap();
  expect(second.digest('text')).toBe(first.digest('text'));
});

it.each(['find', 'save'])('is not known while the store does not answer: %s', async (method) => {
  const store = withFaults(createMemoryStore(), (call) =>
    call.method === method ? faults.unavailable : null,
  );
  expect((await loading(store, 'one')).unwrapErr()).toEqual(faults.unavailable.error);
});
