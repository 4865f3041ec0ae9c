// `precall import FILE`: an exported state into an empty store, compared afterwards record by record.
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { counted, type Store } from '@precall/core';
import type { Answer } from './answer.ts';
import { CommandFault, wentWrong, wrongUse } from './command-fault.ts';
import {
  type Place,
  type PlaceOptions,
  placeOf,
  storeFileName,
  variablesOfProcess,
  withMongo,
  withTemporaryFolder,
} from './place.ts';
import { createProgress, type Progress } from './progress.ts';
import { secondsSince } from './run-export.ts';
import {
  createTallying,
  readClosing,
  readHeader,
  readRecord,
  type StateRecord,
  type Tally,
} from './state-lines.ts';
import { isEmpty, saveAll, tallyOf } from './state-transfer.ts';
import { emptyEmbedded, isHeld, withNewEmbedded } from './stopped-store.ts';
import { putInPlace } from './store-file.ts';

export interface ImportOptions extends PlaceOptions {
  readonly resume?: true | undefined;
}

const savedAtOnce = 100;

export async function runImport(file: string, options: ImportOptions): Promise<Answer> {
  const place = placeOf(options, variablesOfProcess());
  const progress = createProgress();
  const startMs = performance.now();
  const promised = await checkExport(resolve(file), progress);
  const into = await importInto(place, {
    file: resolve(file),
    promised,
    resume: options.resume ?? false,
    progress,
  });
  progress.done();
  const seconds = secondsSince(startMs);
  return {
    json: { file, into, ...promised, seconds },
    words: `${into} holds the ${counted(promised.count, 'record')} of ${file}, equal by count and checksum, in ${seconds} s.\nchecksum ${promised.checksum}`,
  };
}

interface Import {
  readonly file: string;
  readonly promised: Tally;
  readonly resume: boolean;
  readonly progress: Progress;
}

/** Where it went. */
async function importInto(place: Place, given: Import): Promise<string> {
  if (place.kind === 'mongodb') {
    await withMongo(place.uri, async (store) => {
      if (!given.resume && !(await isEmpty(store)))
        throw wrongUse(
          'The store at MONGODB_URI is not empty: name an empty database, or give --resume if an import of this same file was cut off. No host may run on it.',
        );
      await fill(store, given);
    });
    return 'MongoDB';
  }
  if (given.resume)
    throw wrongUse(
      '--resume is for MongoDB: an import into the embedded store is whole or did not happen. Leave it out.',
    );
  // Beside the store's place until it is whole: a host never starts on half a state.
  await mkdir(place.folder, { recursive: true, mode: 0o700 });
  const to = join(place.folder, storeFileName);
  await emptyEmbedded(place.folder);
  await withTemporaryFolder(place.folder, async (folder) => {
    await withNewEmbedded(folder, (store) => fill(store, given));
    if (await isHeld(place.folder))
      throw wrongUse(`A host was started on ${to} meanwhile: stop it, and import again.`);
    await putInPlace(join(folder, storeFileName), to, new Date());
  });
  return to;
}

async function fill(store: Store, { file, promised, progress }: Import): Promise<void> {
  let batch: StateRecord[] = [];
  let count = 0;
  for await (const line of linesIn(file)) {
    if (line.kind !== 'record') continue;
    batch.push(readRecord(line.text));
    count += 1;
    if (batch.length < savedAtOnce) continue;
    await save(store, batch);
    progress.tell(count, 'records imported');
    batch = [];
  }
  await save(store, batch);
  const held = await tallyOf(store, progress);
  if (held.count === promised.count && held.checksum === promised.checksum) return;
  throw wentWrong(
    `The store holds ${counted(held.count, 'record')} with checksum ${held.checksum}, and the file ${promised.count} with ${promised.checksum}: they are not equal. Start no host on it; empty it, and import again.`,
  );
}

async function save(store: Store, batch: readonly StateRecord[]): Promise<void> {
  const differing = await saveAll(store, batch);
  if (differing.length === 0) return;
  throw wentWrong(
    `The store has ${counted(differing.length, 'record')} otherwise than the file: import into an empty store.`,
  );
}

/** The whole file, before anything of it is saved. */
async function checkExport(file: string, progress: Progress): Promise<Tally> {
  const tallying = createTallying();
  let closing: Tally | null = null;
  try {
    for await (const { kind, text } of linesIn(file)) {
      if (kind === 'closing') {
        closing = readClosing(text);
        continue;
      }
      readRecord(text);
      tallying.add(text);
      progress.tell(tallying.tally().count, 'records checked');
    }
  } catch (cause) {
    if (cause instanceof CommandFault) throw cause;
    const why = cause instanceof Error ? cause.message : 'an unknown fault';
    throw wrongUse(`${file} cannot be imported (${why}): give a file that precall export made.`);
  }
  const { count, checksum } = tallying.tally();
  if (!closing)
    throw wrongUse(`${file} has no closing line, so its end is missing: copy or export it again.`);
  if (closing.count !== count || closing.checksum !== checksum)
    throw wrongUse(
      `${file} does not hold what its closing line says (${count} of ${counted(closing.count, 'record')}): copy or export it again.`,
    );
  return closing;
}

interface Line {
  readonly kind: 'record' | 'closing';
  readonly text: string;
}

/** Without the header, which must be there. */
async function* linesIn(file: string): AsyncGenerator<Line> {
  let isFirst = true;
  let held: string | null = null;
  for await (const text of textLines(file)) {
    if (isFirst) {
      readHeader(text);
      isFirst = false;
      continue;
    }
    if (held !== null) yield { kind: 'record', text: held };
    held = text;
  }
  if (isFirst) throw new Error('it is empty');
  if (held !== null) yield { kind: readClosingOrNull(held) ? 'closing' : 'record', text: held };
}

/** By newline alone: node:readline takes U+2028 for one, which JSON text may hold. */
async function* textLines(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8' })) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function readClosingOrNull(text: string): Tally | null {
  try {
    return readClosing(text);
  } catch {
    return null;
  }
}
