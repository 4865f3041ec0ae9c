// Files that are there whole or not at all, and stay there after a power failure.
import { randomUUID } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Replaces `path` at once. Throws as `node:fs` does; the old file is then untouched. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await withPartial(path, text, (partial) => rename(partial, path));
  await syncFolder(dirname(path));
}

/** Makes `path` with this text, unless it exists: then `there`, and nothing changes. The name lasts after `syncFolder`. */
export async function createFile(path: string, text: string): Promise<'made' | 'there'> {
  return await withPartial(path, text, async (partial) => {
    try {
      await link(partial, path);
      return 'made';
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return 'there';
      throw cause;
    }
  });
}

/** Makes new names in a folder last; where folders cannot be opened (Windows) the system sees to it. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function withPartial<T>(
  path: string,
  text: string,
  publish: (partial: string) => Promise<T>,
): Promise<T> {
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    const handle = await open(partial, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return await publish(partial);
  } finally {
    await rm(partial, { force: true });
  }
}
