// The commands about the whole state: copies of it, moving it, putting it back.
import type { Command } from 'commander';
import { gathered, readMoment } from './argument-readers.ts';
import { headerHelp, policyHelp } from './option-help.ts';
import type { PlaceOptions } from './place.ts';
import { printAnswer } from './print-answer.ts';
import type { ImportOptions } from './run-import.ts';
import type { RestoreOptions } from './run-restore.ts';

interface Asked {
  readonly json?: true;
}

export function addStateCommands(program: Command): void {
  program
    .command('export')
    .argument('<file>', 'where to write it: JSON lines, closed by count and checksum')
    .description('Writes the whole state, to move it to another store. A running host is asked for a copy.')
    .option('--data-dir <folder>', 'the embedded store there (else MONGODB_URI, else DATA_DIR)')
    .option('--url <address>', 'a running host, asked with OPERATOR_PASSWORD')
    .option('--header <header>', headerHelp, gathered)
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', '\nExample: precall export state.jsonl --url http://127.0.0.1:3000')
    .action((file: string, options: Asked & PlaceOptions) =>
      printAnswer(
        options.json,
        import('./run-export.ts').then(({ runExport }) => runExport(file, options)),
      ),
    );
  program
    .command('import')
    .argument('<file>', 'what precall export wrote')
    .description('Reads an exported state into an empty store, and compares them. The host must be stopped.')
    .option('--data-dir <folder>', 'into an embedded store there (else MONGODB_URI, else DATA_DIR)')
    .option('--resume', 'go on with an import into MongoDB that was cut off')
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', '\nExample: MONGODB_URI=mongodb://127.0.0.1/precall precall import state.jsonl')
    .action((file: string, options: Asked & ImportOptions) =>
      printAnswer(
        options.json,
        import('./run-import.ts').then(({ runImport }) => runImport(file, options)),
      ),
    );
  program
    .command('backup')
    .argument('<file>', 'where to write it: it opens as a store')
    .description('Copies the embedded store, whole and consistent, whether its host runs or not.')
    .option('--data-dir <folder>', 'the embedded store there (else DATA_DIR)')
    .option('--url <address>', 'a running host, asked with OPERATOR_PASSWORD')
    .option('--header <header>', headerHelp, gathered)
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', '\nExample: precall backup monday.db --url http://127.0.0.1:3000')
    .action((file: string, options: Asked & PlaceOptions) =>
      printAnswer(
        options.json,
        import('./run-backup.ts').then(({ runBackup }) => runBackup(file, options)),
      ),
    );
  program
    .command('restore')
    .argument('<file>', 'what precall backup wrote')
    .description(
      'Puts a backup in the place of the store. What fell due since is of unknown outcome, and is not sent again. The host must be stopped.',
    )
    .option(
      '--sent-until <moment>',
      'when the lost host stopped: later reminders were surely not sent (default: now)',
      readMoment,
    )
    .option('--policy <file>', policyHelp)
    .option('--data-dir <folder>', 'the embedded store there (else DATA_DIR)')
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', '\nExample: precall restore monday.db --sent-until 2026-12-02T09:30:00Z')
    .action((file: string, options: Asked & RestoreOptions) =>
      printAnswer(
        options.json,
        import('./run-restore.ts').then(({ runRestore }) => runRestore(file, options)),
      ),
    );
}
