// From variables and arguments to a configuration, or to every fault in them at once, a sentence each.
import { Err, Ok, type Result } from '@precall/core';
import {
  type PartSettings,
  partVariables,
  readingOf,
  readPartSettings,
  shown,
  type VariableReading,
  type Variables,
} from '@precall/node';

export interface HostConfiguration extends PartSettings {
  readonly kind: 'host';
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Null: the store's own key signs the links. */
  readonly linkSecret: string | null;
  readonly dataDir: string;
  readonly testingMode: boolean;
  /** Whether the host of a call is mailed after it and asked who came. */
  readonly askWhoCame: boolean;
  /** Whether reminders carry the call's calendar file. */
  readonly calendarFiles: boolean;
  /** Null: nothing under `/operator`. */
  readonly operatorPassword: string | null;
  readonly logLevel: LogLevel;
}

export interface DemonstrationConfiguration {
  readonly kind: 'demonstration';
  /** Null: not said. */
  readonly port: number | null;
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  readonly once: boolean;
}

export type LogLevel = (typeof logLevels)[number];

/** Nothing that makes a host of it is set, and this is not production: then it is the demonstration. */
export function readConfiguration(
  variables: Variables,
  args: readonly string[],
): Result<HostConfiguration | DemonstrationConfiguration, readonly string[]> {
  const faults: string[] = [];
  const reading = readingOf(variables, (sentence) => faults.push(sentence));
  const { value, fault } = reading;
  const reason = whyNoDemonstration(reading);
  const once = readArguments(args, reason, reading);
  const port = readPort(reading);
  const shared = {
    dataDir: value('DATA_DIR') ?? '.precall',
    logLevel: readChoice('LOG_LEVEL', reading, { choices: logLevels, unset: 'info' }),
  } as const;

  if (reason === null) {
    return faults.length > 0 ? Err(faults) : Ok({ kind: 'demonstration', port, once, ...shared });
  }
  const configuration: HostConfiguration = {
    kind: 'host',
    host: readHost(reading),
    port: port ?? 3000,
    linkSecret: readLinkSecret(reading),
    testingMode: readSwitch('TESTING_MODE', reading),
    askWhoCame: readSwitch('ASK_WHO_CAME', reading),
    calendarFiles: readSwitch('CALENDAR_FILES', reading),
    operatorPassword: readPassword(reading),
    ...readPartSettings(variables, { fault }),
    ...shared,
  };
  return faults.length > 0 ? Err(faults) : Ok(configuration);
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const shortestPassword = 12;
const shortestSecret = 16;

/** Each of them makes a host of what would be the demonstration. */
export const hostVariables: readonly string[] = [
  'HOST',
  'TESTING_MODE',
  'ASK_WHO_CAME',
  'CALENDAR_FILES',
  'OPERATOR_PASSWORD',
  'LINK_SECRET',
  ...partVariables,
];

/** An empty secret counts as said: somebody meant to give one. */
function whyNoDemonstration({ value, raw }: VariableReading): string | null {
  if (value('NODE_ENV') === 'production') return 'NODE_ENV is production';
  const name = hostVariables.find(
    (one) => value(one) !== null || (one === 'CALCOM_WEBHOOK_SECRET' && raw(one) !== undefined),
  );
  return name ? `${name} is set` : null;
}

function readArguments(args: readonly string[], whyNot: string | null, { fault }: VariableReading): boolean {
  // Some starters pass on the `--` that ended their own arguments.
  const given = args.filter((argument) => argument !== '--');
  for (const argument of given.filter((one) => one !== '--once')) {
    fault(`The argument ${shown(argument)} is unknown: leave it out; there is only --once.`);
  }
  const once = given.includes('--once');
  if (once && whyNot !== null) {
    fault(`The argument --once belongs to the demonstration, and this is none (${whyNot}): leave it out.`);
  }
  return once;
}

function readPort({ value, fault }: VariableReading): number | null {
  const text = value('PORT');
  if (text === null) return null;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  fault(`PORT is ${shown(text)}, which is no port: give a number from 0 (any free port) to 65535.`);
  return null;
}

function readHost({ value, fault }: VariableReading): string {
  const text = value('HOST');
  if (text === null || /^[\w.:%-]+$/.test(text)) return text ?? '127.0.0.1';
  fault(`HOST is ${shown(text)}, which is no address to listen on: give one such as 127.0.0.1 or 0.0.0.0.`);
  return text;
}

function readLinkSecret({ value, fault }: VariableReading): string | null {
  const secret = value('LINK_SECRET');
  if (secret !== null && secret.length < shortestSecret) {
    fault(
      `LINK_SECRET is shorter than ${shortestSecret} characters: give a longer one, or leave it out to have one made and kept in the store.`,
    );
  }
  return secret;
}

/** Blanks around it belong to it. */
function readPassword({ value, raw, fault }: VariableReading): string | null {
  const password = value('OPERATOR_PASSWORD') && raw('OPERATOR_PASSWORD');
  if (!password) return null;
  if (password.length < shortestPassword) {
    fault(
      `OPERATOR_PASSWORD is shorter than ${shortestPassword} characters: give a longer one, or leave it out to have no operator's pages.`,
    );
  }
  return password;
}

function readSwitch(name: string, reading: VariableReading): boolean {
  return readChoice(name, reading, { choices: ['true', 'false'], unset: 'false' }) === 'true';
}

function readChoice<const Choice extends string>(
  name: string,
  { value, fault }: VariableReading,
  { choices, unset }: { readonly choices: readonly Choice[]; readonly unset: NoInfer<Choice> },
): Choice {
  const text = value(name);
  const chosen = choices.find((choice) => choice === text);
  if (text !== null && chosen === undefined) {
    fault(`${name} is ${shown(text)}: give one of ${choices.join(', ')}, or leave it out for ${unset}.`);
  }
  return chosen ?? unset;
}
