// The commands about the mails themselves.
import { type Command, InvalidArgumentError } from 'commander';
import { readAddress, readZone } from './argument-readers.ts';
import { configHelp, policyHelp } from './option-help.ts';
import { printAnswer } from './print-answer.ts';
import type { PreviewOptions } from './run-preview.ts';
import type { SendTestOptions } from './run-send-test.ts';

interface Asked {
  readonly json?: true;
}

export function addMailCommands(program: Command): void {
  program
    .command('send-test')
    .argument('<email>', 'who gets them', readAddress)
    .description('Sends one mail of each kind, about a call that nobody booked, by the mailer in use.')
    .option('--zone <zone>', "the recipient's time zone", readZone, 'America/Toronto')
    .option('--language <tag>', "the recipient's language", 'en')
    .option('--config <file>', configHelp)
    .option('--policy <file>', policyHelp)
    .option('--json', 'print what was sent as JSON')
    .addHelpText('after', '\nExample: precall send-test ada@example.com --zone Europe/Paris --language fr')
    .action((email: string, options: Asked & SendTestOptions) =>
      printAnswer(
        options.json,
        import('./run-send-test.ts').then(({ runSendTest }) => runSendTest(email, options)),
      ),
    );
  program
    .command('preview')
    .argument('<file>', 'the HTML page to write')
    .description('Writes every message, in several zones and languages, on one page. Nothing is sent.')
    .option('--zones <zones>', 'time zones, comma-separated', readZones, ['America/Toronto', 'Europe/Paris'])
    .option('--languages <tags>', 'languages, comma-separated', readList, ['en', 'fr', 'de', 'es'])
    .option('--policy <file>', policyHelp)
    .option('--segment <name>', 'as it is for people of this segment in the CRM (default: of none)')
    .option('--json', 'print what was written as JSON')
    .addHelpText(
      'after',
      '\nExample: precall preview mails.html --zones America/Toronto,Asia/Tokyo --languages en,fr',
    )
    .action((file: string, options: Asked & PreviewOptions) =>
      printAnswer(
        options.json,
        import('./run-preview.ts').then(({ runPreview }) => runPreview(file, options)),
      ),
    );
}

function readList(text: string): readonly string[] {
  const list = text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  if (list.length > 0) return list;
  throw new InvalidArgumentError('Give at least one, or leave it out.');
}

function readZones(text: string): readonly string[] {
  return readList(text).map(readZone);
}
