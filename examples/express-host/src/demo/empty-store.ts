// Each demonstration starts with nothing known: an earlier one's call, still under way, would confuse the contact.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type EmbeddedStore, openEmbeddedStore } from '@precall/adapter-embedded';
import { Err, type Result } from '@precall/core';

/** What a demonstration leaves in its folder; nothing else there is touched. */
const leftovers = ['precall.db', 'precall.db-wal', 'precall.db-shm', 'address-book.json', 'mailbox'];

/** An error is a sentence. */
export async function openEmptyStore(folder: string): Promise<Result<EmbeddedStore, string>> {
  // Opened first for its lock: another demonstration may be running on this folder.
  const earlier = openEmbeddedStore({ folder });
  if (earlier.isErr()) {
    if (earlier.error.kind !== 'unreadable') return Err(earlier.error.sentence);
  } else await earlier.value.close();
  for (const name of leftovers) await rm(join(folder, name), { recursive: true, force: true });
  return openEmbeddedStore({ folder }).mapErr(({ sentence }) => sentence);
}
