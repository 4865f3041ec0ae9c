#!/usr/bin/env node
// The precall command. What a command needs is loaded when it runs.
import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError } from 'commander';

/** 78 is EX_CONFIG of sysexits.h, with which the example host ends as well: asked like this it can never go well. */
const exitCodes = { well: 0, faults: 1, wrong_use: 78 } as const;
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
  .addHelpText('after', 'Ends with 0 when all is well, 1 on faults, 78 on wrong variables or options.')
  .action(async ({ json, url }: { readonly json?: true; readonly url?: string }) => {
    const { runDoctor } = await import('./run-doctor.ts');
    process.exitCode = exitCodes[await runDoctor({ format: json ? 'json' : 'words', url: url ?? null })];
  });

try {
  await program.parseAsync();
} catch (cause) {
  if (!(cause instanceof CommanderError)) throw cause;
  process.exitCode = cause.exitCode === 0 ? exitCodes.well : exitCodes.wrong_use;
}

/** fetch takes no user in an address. */
function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return text;
  throw new InvalidArgumentError(
    'Give the whole http or https address of the webhook, such as https://precall.example.com/webhook/calcom-booking.',
  );
}
