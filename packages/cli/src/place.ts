// Where the state lies that a command is about: MongoDB, a folder with the embedded store, or a host that has it open.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedStore, openEmbeddedStore } from '@precall/adapter-embedded';
import type { Store } from '@precall/core';
import { readEnvironment, readingOf, type Variables, webAddress } from '@precall/node';
import { wentWrong, wrongUse } from './command-fault.ts';
import { credentialsOf } from './credentials.ts';
import { downloadBackup, type HostAccess } from './host-access.ts';
import { vendorPart } from './vendor-part.ts';

export type Place =
  | { readonly kind: 'mongodb'; readonly uri: string }
  | { readonly kind: 'embedded'; readonly folder: string };

export interface PlaceOptions {
  readonly dataDir?: string | undefined;
  readonly url?: string | undefined;
  /** Each `Name: value`, for the host at `url`. */
  readonly header?: readonly string[] | undefined;
}

export const storeFileName = 'precall.db';

/** The process's variables, with those of `.env`. */
export function variablesOfProcess(): Variables {
  const variables = readEnvironment(process.env, process.cwd());
  if (variables.isErr()) throw wrongUse(variables.error);
  return variables.value;
}

/** As the host chooses: MongoDB where MONGODB_URI is set. `--data-dir` is always the embedded store. */
export function placeOf({ dataDir }: PlaceOptions, variables: Variables): Place {
  const { value } = readingOf(variables, () => undefined);
  const uri = value('MONGODB_URI');
  if (dataDir === undefined && uri !== null) return { kind: 'mongodb', uri };
  return { kind: 'embedded', folder: dataDir ?? value('DATA_DIR') ?? '.precall' };
}

/** Null: no `--url`. */
export function hostOf({ url, header }: PlaceOptions, variables: Variables): HostAccess | null {
  if (url === undefined) return null;
  const base = webAddress(url);
  if (base === null)
    throw wrongUse(`--url is no http or https address: give the host's, such as http://127.0.0.1:3000.`);
  return { base, credentials: credentialsOf(header, variables) };
}

/** The embedded store of a folder, which must be there and in nobody's use. It is closed afterwards. */
export async function withEmbedded<T>(folder: string, use: (store: EmbeddedStore) => Promise<T>): Promise<T> {
  if (!existsSync(join(folder, storeFileName)))
    throw wrongUse(
      `There is no store at ${join(folder, storeFileName)}: give its folder with --data-dir or DATA_DIR.`,
    );
  const opened = openEmbeddedStore({ folder });
  if (opened.isErr()) {
    const { kind, sentence } = opened.error;
    if (kind === 'in_use') throw wrongUse(heldSentence(folder));
    throw wentWrong(sentence);
  }
  try {
    return await use(opened.value);
  } finally {
    await opened.value.close();
  }
}

const heldSentence = (folder: string): string =>
  `${join(folder, storeFileName)} is held by a running host: give --url with the host's address, and OPERATOR_PASSWORD, or stop the host.`;

export async function withMongo<T>(uri: string, use: (store: Store) => Promise<T>): Promise<T> {
  const { openMongoStore } = await vendorPart(
    '@precall/adapter-mongodb',
    () => import('@precall/adapter-mongodb'),
  );
  const opened = await openMongoStore({ uri });
  if (opened.isErr())
    throw wentWrong(
      `MONGODB_URI cannot be used (${opened.error.reason}): start that server, or mend the address.`,
    );
  try {
    return await use(opened.value);
  } finally {
    await opened.value.close();
  }
}

/** A store that nobody changes meanwhile, but for MongoDB; of a host that runs it is a copy. */
export async function withReading<T>(
  { place, host }: { readonly place: Place; readonly host: HostAccess | null },
  use: (store: Store, from: string) => Promise<T>,
): Promise<T> {
  if (host) {
    return await withTemporaryFolder(tmpdir(), async (folder) => {
      await downloadBackup(host, join(folder, storeFileName));
      return await withEmbedded(folder, (store) => use(store, `the host at ${host.base}`));
    });
  }
  if (place.kind === 'mongodb') return await withMongo(place.uri, (store) => use(store, 'MongoDB'));
  return await withEmbedded(place.folder, (store) => use(store, join(place.folder, storeFileName)));
}

export async function withTemporaryFolder<T>(
  parent: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(parent, 'precall-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
