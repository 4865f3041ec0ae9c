import { storeContract } from '@precall/testing';
import { type EmbeddedStore, openEmbeddedStore } from '../src/index.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folders = new Map<unknown, string>();

function open(folder: string): EmbeddedStore {
  const store = openEmbeddedStore({ folder }).unwrap();
  folders.set(store, folder);
  return store;
}

async function close(store: unknown): Promise<string> {
  const folder = folders.get(store) ?? '';
  await (store as EmbeddedStore).close();
  return folder;
}

storeContract({
  create: () => open(temporaryFolder()),
  reopen: async (store) => open(await close(store)),
  close: async (store) => {
    await close(store);
  },
});
