// The commands that look, and change nothing but what they are asked to.
import { type Command, Option } from 'commander';
import { gathered, readAddress, readMoment, readUrl, readZone } from './argument-readers.ts';
import { configHelp, headerHelp, localPolicyHelp, policyHelp } from './option-help.ts';
import type { PlaceOptions } from './place.ts';
import { printAnswer } from './print-answer.ts';
import type { DoctorCommand } from './run-doctor.ts';
import type { OutcomesOptions } from './run-outcomes.ts';
import type { PlanOptions } from './run-plan.ts';
import type { ReplayOptions } from './run-replay.ts';
import { sampleTriggers } from './sample-webhook.ts';
import type { PolicyOptions } from './with-rules.ts';

interface Asked {
  readonly json?: true;
}

export function addLookCommands(program: Command): void {
  program
    .command('doctor')
    .description('Asks every configured part, and says what is wrong with its set-up and how to mend it.')
    .option('--config <file>', configHelp)
    .option('--json', 'print the findings as JSON')
    .option('--url <address>', 'ping the webhook at this whole address as well', readUrl)
    .addHelpText(
      'after',
      '\nExample: precall doctor --url https://precall.example.com/webhook/calcom-booking',
    )
    .addHelpText('after', '         precall doctor --config precall.config.mjs')
    .addHelpText(
      'after',
      'Without a module the parts are those of the variables, of the process and of .env in the working folder.',
    )
    .addHelpText('after', 'Ends with 0 when all is well, 1 on faults, 78 on wrong variables or options.')
    .action((options: Asked & DoctorCommand) =>
      printAnswer(
        options.json,
        import('./run-doctor.ts').then(({ runDoctor }) => runDoctor(options)),
      ),
    );
  program
    .command('plan')
    .argument('[files...]', 'webhooks as they came, in their order')
    .description(
      'Draws the reminders of a call, with changes of clock, and why one is not sent. Nothing is sent or kept.',
    )
    .option('--at <moment>', 'of a call that nobody booked', readMoment)
    .option('--zone <zone>', "the recipient's time zone, with --at (default: UTC)", readZone)
    .option('--agreed <moment>', 'when that call was agreed (default: now)', readMoment)
    .option('--policy <file>', policyHelp)
    .option('--segment <name>', 'as it is for people of this segment in the CRM (default: of none)')
    .option('--json', 'print the plan as JSON')
    .addHelpText('after', '\nExample: precall plan --at 2026-12-03T15:00:00Z --zone Europe/Paris')
    .addHelpText('after', '         precall plan created.json rescheduled.json')
    .action((files: string[], options: Asked & PlanOptions) =>
      printAnswer(
        options.json,
        import('./run-plan.ts').then(({ runPlan }) => runPlan(files, options)),
      ),
    );
  program
    .command('status')
    .description(
      'Says what is due, late, stuck and not in the CRM. Ends with 1 when something is, or is in quarantine.',
    )
    .option('--url <address>', 'a running host, asked with OPERATOR_PASSWORD')
    .option('--header <header>', headerHelp, gathered)
    .option('--data-dir <folder>', 'the embedded store there (else MONGODB_URI, else DATA_DIR)')
    .option('--policy <file>', localPolicyHelp)
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExample: precall status --url http://127.0.0.1:3000')
    .addHelpText(
      'after',
      'The CRM is looked at for calls that are agreed; with seats for the first who takes part.',
    )
    .action((options: Asked & PlaceOptions & PolicyOptions) =>
      printAnswer(
        options.json,
        import('./run-status.ts').then(({ runStatus }) => runStatus(options)),
      ),
    );
  program
    .command('outcomes')
    .description(
      'Counts what became of calls, by rule, text, lead time and segment, and compares two texts of a rule.',
    )
    .option('--url <address>', 'a running host, asked with OPERATOR_PASSWORD')
    .option('--header <header>', headerHelp, gathered)
    .option('--data-dir <folder>', 'the embedded store there (else MONGODB_URI, else DATA_DIR)')
    .option('--policy <file>', localPolicyHelp)
    .option('--csv', 'print it as a table for a spreadsheet')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExample: precall outcomes --url http://127.0.0.1:3000 --csv > outcomes.csv')
    .action((options: Asked & OutcomesOptions) =>
      printAnswer(
        options.json,
        import('./run-outcomes.ts').then(({ runOutcomes }) => runOutcomes(options)),
      ),
    );
  program
    .command('replay')
    .argument('[file]', 'a webhook as it came')
    .description('Sends one webhook, signed with CALCOM_WEBHOOK_SECRET.')
    .requiredOption('--url <address>', 'the whole address of the webhook', readUrl)
    .addOption(new Option('--sample <trigger>', 'a sample in the documented form').choices(sampleTriggers))
    .option('--at <moment>', "a sample's call (default: in four days)", readMoment)
    .option(
      '--uid <uid>',
      "a sample's uid, of BOOKING_RESCHEDULED the one that is moved (default: a new one)",
    )
    .option('--json', 'print the answer as JSON')
    .addHelpText(
      'after',
      '\nExample: precall replay --sample BOOKING_CREATED --url http://127.0.0.1:3000/webhook/calcom-booking',
    )
    .addHelpText('after', 'With --at PT2H1M its last reminder falls due in a minute, by the default policy.')
    .action((file: string | undefined, options: Asked & ReplayOptions) =>
      printAnswer(
        options.json,
        import('./run-replay.ts').then(({ runReplay }) => runReplay(file, options)),
      ),
    );
  program
    .command('erase')
    .argument('<email>', 'whom to forget', readAddress)
    .description('Erases everything about a person, for good: no webhook brings them back.')
    .option('--url <address>', 'a running host, asked with OPERATOR_PASSWORD')
    .option('--header <header>', headerHelp, gathered)
    .option('--data-dir <folder>', 'the embedded store there (else MONGODB_URI, else DATA_DIR)')
    .option('--policy <file>', localPolicyHelp)
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', '\nExample: precall erase ada@example.com --url http://127.0.0.1:3000')
    .action((email: string, options: Asked & PlaceOptions & PolicyOptions) =>
      printAnswer(
        options.json,
        import('./run-erase.ts').then(({ runErase }) => runErase(email, options)),
      ),
    );
}
