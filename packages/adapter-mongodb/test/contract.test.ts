import type { Store } from '@precall/core';
import { storeContract } from '@precall/testing';
import { describe } from 'vitest';
import { type MongoStore, openMongoStore } from '../src/index.ts';
import { noServer, serverUri, useDatabases } from './test-server.ts';

const opened = new Map<Store, { readonly store: MongoStore; readonly database: string }>();

async function open(database: string): Promise<MongoStore> {
  const store = (await openMongoStore({ uri: serverUri, database })).unwrap();
  opened.set(store, { store, database });
  return store;
}

async function close(store: Store): Promise<string> {
  const known = opened.get(store);
  await known?.store.close();
  return known?.database ?? '';
}

const title = `on MongoDB${noServer ? ` (skipped: ${noServer})` : ''}`;
// Each promise has a database of its own.
describe.skipIf(noServer !== null)(title, { concurrent: true }, () => {
  const newDatabase = useDatabases();

  storeContract({
    create: () => open(newDatabase()),
    reopen: async (store) => open(await close(store)),
    close: async (store) => {
      await close(store);
    },
  });
});
