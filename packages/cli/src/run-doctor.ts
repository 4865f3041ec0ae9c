// `precall doctor`: from the parts of a module, or of the process's variables, to findings on standard output.
import { createSystemClock } from '@precall/node';
import type { Answer } from './answer.ts';
import { examineParts } from './ask-host-parts.ts';
import { exitCodes } from './command-fault.ts';
import { type Diagnosis, diagnosisOf, inWords } from './diagnosis.ts';
import { examine } from './doctor.ts';
import { type ConfigOptions, closeParts, partsOfHost } from './host-parts.ts';
import { variablesOfProcess } from './place.ts';
import { readSettings } from './read-settings.ts';

export interface DoctorCommand extends ConfigOptions {
  readonly url?: string | undefined;
}

export async function runDoctor(options: DoctorCommand): Promise<Answer> {
  const url = options.url ?? null;
  const clock = createSystemClock();
  const found = await partsOfHost(options);
  if (found) {
    const diagnosis = await examineParts(found, { url, clock, variables: variablesOfProcess() });
    await closeParts(found.parts);
    return answerOf(diagnosis);
  }
  const settings = readSettings(process.env, process.cwd());
  // No part is asked then.
  if (settings.isErr()) return { ...answerOf(diagnosisOf([settings.error])), exitCode: exitCodes.wrong_use };
  return answerOf(await examine({ settings: settings.value, url, clock }));
}

function answerOf(diagnosis: Diagnosis): Answer {
  const exitCode = diagnosis.isWell ? exitCodes.well : exitCodes.fault;
  return { json: diagnosis, words: inWords(diagnosis), exitCode };
}
