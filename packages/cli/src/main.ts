#!/usr/bin/env node
// The precall command.
import { readFileSync } from 'node:fs';
import { createSystemClock, webAddress } from '@precall/node';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { diagnosisOf, inWords } from './diagnosis.ts';
import { examine } from './doctor.ts';
import { readSettings } from './read-settings.ts';

/** EX_CONFIG of sysexits.h, as the example host ends when it is configured wrongly. */
const wrongUse = 78;
const { version }: { version: string } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);

const program = new Command('precall')
  .description('Looks after a Precall installation.')
  .version(version)
  .exitOverride();
program
  .command('doctor')
  .description('Asks every configured part, and says what is wrong with its set-up and how to mend it.')
  .option('--json', 'print the findings as JSON')
  .option('--url <address>', 'ping the webhook at this whole address as well', readUrl)
  .addHelpText('after', '\nVariables come from the process and from .env in the working folder.')
  .addHelpText('after', 'Ends with 0 when all is well, 1 on faults, 78 when it cannot be asked this way.')
  .action(async ({ json, url }: { readonly json?: true; readonly url?: string }) => {
    process.exitCode = await runDoctor({ format: json ? 'json' : 'words', url: url ?? null });
  });

try {
  await program.parseAsync();
} catch (cause) {
  if (!(cause instanceof CommanderError)) throw cause;
  process.exitCode = cause.exitCode === 0 ? 0 : wrongUse;
}

async function runDoctor(asked: {
  readonly format: 'json' | 'words';
  readonly url: string | null;
}): Promise<number> {
  const settings = readSettings(process.env, process.cwd());
  const diagnosis = settings.isOk()
    ? await examine({ settings: settings.value, url: asked.url, clock: createSystemClock() })
    : diagnosisOf([settings.error]);
  process.stdout.write(
    asked.format === 'json' ? `${JSON.stringify(diagnosis, null, 2)}\n` : inWords(diagnosis),
  );
  if (settings.isErr()) return wrongUse;
  return diagnosis.isWell ? 0 : 1;
}

function readUrl(text: string): string {
  const url = webAddress(text);
  if (url === null) {
    throw new InvalidArgumentError(
      'Give the whole http or https address of the webhook, such as https://precall.example.com/webhook/calcom-booking.',
    );
  }
  return url;
}
