// The commands that look, and change nothing but what they are asked to.
import type { Command } from 'commander';
import { readUrl } from './argument-readers.ts';
import { exitCodes } from './command-fault.ts';

interface Asked {
  readonly json?: true;
}

export function addLookCommands(program: Command): void {
  program
    .command('doctor')
    .description('Asks every configured part, and says what is wrong with its set-up and how to mend it.')
    .option('--json', 'print the findings as JSON')
    .option('--url <address>', 'ping the webhook at this whole address as well', readUrl)
    .addHelpText(
      'after',
      '\nExample: precall doctor --url https://precall.example.com/webhook/calcom-booking',
    )
    .addHelpText('after', 'Variables come from the process and from .env in the working folder.')
    .addHelpText('after', 'Ends with 0 when all is well, 1 on faults, 78 on wrong variables or options.')
    .action(async ({ json, url }: Asked & { readonly url?: string }) => {
      const { runDoctor } = await import('./run-doctor.ts');
      process.exitCode = {
        well: exitCodes.well,
        faults: exitCodes.fault,
        wrong_use: exitCodes.wrong_use,
      }[await runDoctor({ format: json ? 'json' : 'words', url: url ?? null })];
    });
}
