#!/usr/bin/env node
// The precall command. What a command needs is loaded when it runs.
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { exitCodes } from './command-fault.ts';
import { addLookCommands } from './look-commands.ts';
import { addMailCommands } from './mail-commands.ts';
import { printFault } from './print-answer.ts';
import { addStateCommands } from './state-commands.ts';

const { version }: { version: string } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);

const program = new Command('precall')
  .description('Looks after a Precall installation.')
  .version(version)
  .exitOverride()
  .showHelpAfterError('(--help after the command shows its options, with an example)')
  .addHelpText('after', '\nVariables come from the process and from .env in the working folder.')
  .addHelpText('after', 'Every command takes --json, and shows an example with --help.')
  .addHelpText('after', 'Ends with 0 when it went well, 1 when not, 78 when asked wrongly.');
addLookCommands(program);
addMailCommands(program);
addStateCommands(program);

try {
  await program.parseAsync();
} catch (cause) {
  if (!(cause instanceof CommanderError)) throw cause;
  const isWrong = cause.exitCode !== 0;
  if (isWrong && process.argv.includes('--json')) printFault(cause.message.replace(/^error: /, ''));
  process.exitCode = isWrong ? exitCodes.wrong_use : exitCodes.well;
}
