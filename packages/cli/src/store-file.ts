// The embedded store's file, looked at from outside: is it one, and how it gets into its place.
import { link, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** 'PREC', where SQLite keeps the application's id: at byte 68 (sqlite.org/fileformat2.html, 1.3). */
const magic = Buffer.from('SQLite format 3\0');
const applicationId = Buffer.from('PREC');
const [pageSizeAt, idAt, pagesAt, headerBytes] = [16, 68, 28, 100];

/** Throws an Error with a few words on a file that is not a whole store of Precall. It is opened for reading only. */
export async function checkStoreFile(path: string): Promise<void> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
    if (bytesRead < headerBytes || !buffer.subarray(0, magic.length).equals(magic))
      throw new Error('it is no store');
    if (!buffer.subarray(idAt, idAt + 4).equals(applicationId))
      throw new Error('it is not a store of Precall');
    const { size } = await handle.stat();
    if (size < buffer.readUInt16BE(pageSizeAt) * buffer.readUInt32BE(pagesAt))
      throw new Error('its end is missing');
  } finally {
    await handle.close();
  }
}

/**
 * `from` becomes `to`, at once, so that at no moment there is no store. What was there stays beside it under the name that
 * is answered; null: nothing was. The name `from` is gone.
 */
export async function putInPlace(from: string, to: string, at: Date): Promise<string | null> {
  const aside = `${to}.before-${at.toISOString().replaceAll(/[:.]/g, '-')}`;
  const isThere = await stat(to).then(
    () => true,
    () => false,
  );
  if (isThere) await link(to, aside);
  // The log of a store that its host left without closing would be taken for the new one's.
  for (const suffix of ['-wal', '-shm', '-journal']) await moveIfThere(to + suffix, aside + suffix);
  await rename(from, to);
  await syncFolder(dirname(to));
  return isThere ? aside : null;
}

async function moveIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
  }
}

/** Makes new names last; where folders cannot be opened (Windows) the system sees to it. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder);
  await handle.sync().finally(() => handle.close());
}

/** `to` is replaced only by what `write` made whole. */
export async function writeWhole(to: string, write: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${to}.partial`;
  try {
    await write(partial);
    await rename(partial, to);
    await syncFolder(dirname(to));
  } finally {
    await rm(partial, { force: true });
  }
}
