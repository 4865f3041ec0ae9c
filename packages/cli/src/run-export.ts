// `precall export FILE`: the whole state as JSON lines.
import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { counted, type Store } from '@precall/core';
import { createSystemClock } from '@precall/node';
import type { Answer } from './answer.ts';
import { wentWrong } from './command-fault.ts';
import { hostOf, type PlaceOptions, placeOf, variablesOfProcess, withReading } from './place.ts';
import { createProgress, type Progress } from './progress.ts';
import { closingLine, createTallying, headerLine, type Tally } from './state-lines.ts';
import { linesOf, tallyOf } from './state-transfer.ts';
import { writeWhole } from './store-file.ts';

export async function runExport(file: string, options: PlaceOptions): Promise<Answer> {
  const variables = variablesOfProcess();
  const target = { place: placeOf(options, variables), host: hostOf(options, variables) };
  const progress = createProgress();
  const startMs = performance.now();
  return await withReading(target, async (store, from) => {
    const tally = await exportState(store, resolve(file), progress);
    if (target.place.kind === 'mongodb' && !target.host) await compareAgain(store, tally, progress);
    progress.done();
    const seconds = secondsSince(startMs);
    return {
      json: { file, from, ...tally, seconds },
      words: `${file} holds the ${counted(tally.count, 'record')} of ${from}, in ${seconds} s.\nchecksum ${tally.checksum}\nIt holds names and addresses: keep it as you keep the store.${target.host ? goesOn : ''}`,
    };
  });
}

const goesOn =
  '\nThe host goes on, and what it takes in and sends from now on is not in the file: to move, stop it first and export without --url.';

/** `file` is there whole or not at all. */
export async function exportState(store: Store, file: string, progress: Progress): Promise<Tally> {
  const tallying = createTallying();
  async function* text(): AsyncGenerator<string> {
    yield `${headerLine(createSystemClock().now())}\n`;
    for await (const lines of linesOf(store)) {
      for (const line of lines) tallying.add(line);
      progress.tell(tallying.tally().count, 'records exported');
      if (lines.length > 0) yield `${lines.join('\n')}\n`;
    }
    yield `${closingLine(tallying.tally())}\n`;
  }
  await writeWhole(file, (partial) =>
    pipeline(Readable.from(text()), createWriteStream(partial, { mode: 0o600, flush: true })),
  );
  return tallying.tally();
}

/** Pages of a store that others write to may miss what changes meanwhile; a second reading tells. */
async function compareAgain(store: Store, tally: Tally, progress: Progress): Promise<void> {
  const again = await tallyOf(store, progress);
  if (again.count === tally.count && again.checksum === tally.checksum) return;
  throw wentWrong(
    'The state changed while it was exported, so the file may lack something: stop the hosts, and export again.',
  );
}

export function secondsSince(startMs: number): number {
  return Number(((performance.now() - startMs) / 1_000).toFixed(1));
}
