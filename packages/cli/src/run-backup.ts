// `precall backup FILE`: a copy of the embedded store, consistent although its host goes on.
import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Answer } from './answer.ts';
import { wentWrong, wrongUse } from './command-fault.ts';
import { downloadBackup } from './host-access.ts';
import { hostOf, type PlaceOptions, placeOf, variablesOfProcess, withEmbedded } from './place.ts';
import { writeWhole } from './store-file.ts';

export async function runBackup(file: string, options: PlaceOptions): Promise<Answer> {
  const variables = variablesOfProcess();
  const place = placeOf(options, variables);
  const host = hostOf(options, variables);
  const to = resolve(file);
  if (host) await writeWhole(to, (partial) => downloadBackup(host, partial));
  else if (place.kind === 'mongodb')
    throw wrongUse(
      'MONGODB_URI names the store, and MongoDB has backups of its own: use mongodump, or precall export. For an embedded store give --data-dir.',
    );
  else
    await withEmbedded(place.folder, async (store) => {
      const made = await store.backup(to);
      if (made.isErr())
        throw wentWrong(
          `${file} could not be written (${made.error.reason}): give a folder with room, outside of the store's.`,
        );
    });
  await keepFromOthers(to);
  const { size } = await stat(to);
  const from = host ? `the host at ${host.base}` : place.kind === 'embedded' ? place.folder : '';
  return {
    json: { file, from, bytes: size },
    words: `The store of ${from} is in ${file} (${size.toLocaleString('en')} bytes). To put it back: precall restore ${file}`,
  };
}

/** It holds names and addresses. */
async function keepFromOthers(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.chmod(0o600).finally(() => handle.close());
}
