// `precall doctor`: from the process's variables to findings on standard output.
import { createSystemClock } from '@precall/node';
import { diagnosisOf, inWords } from './diagnosis.ts';
import { examine } from './doctor.ts';
import { readSettings } from './read-settings.ts';

/** `wrong_use`: the variables are wrong, and no part was asked. */
export async function runDoctor(asked: {
  readonly format: 'json' | 'words';
  readonly url: string | null;
}): Promise<'well' | 'faults' | 'wrong_use'> {
  const settings = readSettings(process.env, process.cwd());
  const diagnosis = settings.isOk()
    ? await examine({ settings: settings.value, url: asked.url, clock: createSystemClock() })
    : diagnosisOf([settings.error]);
  process.stdout.write(
    asked.format === 'json' ? `${JSON.stringify(diagnosis, null, 2)}\n` : inWords(diagnosis),
  );
  if (settings.isErr()) return 'wrong_use';
  return diagnosis.isWell ? 'well' : 'faults';
}
