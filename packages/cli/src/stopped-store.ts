// The embedded store of a host that is stopped, for the commands that put another state in its place.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type EmbeddedStore, openEmbeddedStore } from '@precall/adapter-embedded';
import { wentWrong, wrongUse } from './command-fault.ts';
import { storeFileName, withEmbedded } from './place.ts';
import { isEmpty } from './state-transfer.ts';

/** Whether a process has the folder's store open. A damaged one is nobody's: no host starts on it. */
export async function isHeld(folder: string): Promise<boolean> {
  if (!existsSync(join(folder, storeFileName))) return false;
  const opened = openEmbeddedStore({ folder });
  if (opened.isErr()) return opened.error.kind === 'in_use';
  await opened.value.close();
  return false;
}

/** Ends the command unless the folder has no store, or one that holds nothing and is in nobody's use. */
export async function emptyEmbedded(folder: string): Promise<void> {
  const path = join(folder, storeFileName);
  if (!existsSync(path)) return;
  if (await isHeld(folder))
    throw wrongUse(`${path} is held by a running host: stop the host, and import again.`);
  await withEmbedded(folder, async (store) => {
    if (!(await isEmpty(store)))
      throw wrongUse(
        `${path} is not empty: give another folder with --data-dir, or move that file away first.`,
      );
  });
}

/** A folder of one's own, whose store may be made or be there. */
export async function withNewEmbedded<T>(
  folder: string,
  use: (store: EmbeddedStore) => Promise<T>,
): Promise<T> {
  const opened = openEmbeddedStore({ folder });
  if (opened.isErr()) throw wentWrong(opened.error.sentence);
  try {
    return await use(opened.value);
  } finally {
    await opened.value.close();
  }
}
