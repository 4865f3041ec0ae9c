// Folders of the embedded store, made for one run and gone after it.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedStore, openEmbeddedStore } from '@precall/adapter-embedded';

/** `run` gets an empty folder, or one with a copy of the store in `like`. */
export async function inFolder<T>(run: (folder: string) => Promise<T>, like?: string): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'precall-bench-'));
  try {
    if (like !== undefined) copyFileSync(join(like, 'precall.db'), join(folder, 'precall.db'));
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Closed when `run` has ended. */
export async function withStore<T>(folder: string, run: (store: EmbeddedStore) => Promise<T>): Promise<T> {
  const store = openEmbeddedStore({ folder }).expect('a new folder opens');
  try {
    return await run(store);
  } finally {
    await store.close();
  }
}
