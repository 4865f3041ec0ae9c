// From variables and arguments to a configuration, or to every fault in them at once, a sentence each.
import { Err, Ok, type Result } from '@precall/core';
import type { CalcomSourceOptions } from '@precall/source-calcom';
import { isNothing, type Variables } from './environment.ts';

export interface HostConfiguration {
  readonly kind: 'host';
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Base of links in mails and pages; null: where the host listens. */
  readonly publicUrl: string | null;
  readonly dataDir: string;
  readonly testingMode: boolean;
  /** IANA zone; null: the organizer's, else UTC. */
  readonly businessTimeZone: string | null;
  /** Null: the policy's own. */
  readonly campaign: string | null;
  readonly calcom: CalcomSourceOptions;
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
type Fault = (sentence: string) => void;
type Read = (name: string) => string | null;

/** Nothing that makes a host of it is set, and this is not production: then it is the demonstration. */
export function readConfiguration(
  variables: Variables,
  args: readonly string[],
): Result<HostConfiguration | DemonstrationConfiguration, readonly string[]> {
  const faults: string[] = [];
  const fault: Fault = (sentence) => faults.push(sentence);
  const read: Read = (name) => (isNothing(variables[name]) ? null : (variables[name]?.trim() ?? null));
  const reason = whyNoDemonstration(variables, read);
  const once = readArguments(args, reason, fault);
  const port = readPort(read('PORT'), fault);
  const shared = {
    dataDir: read('DATA_DIR') ?? '.precall',
    logLevel: readChoice('LOG_LEVEL', read, { choices: logLevels, unset: 'info' }, fault),
  } as const;

  if (reason === null) {
    return faults.length > 0 ? Err(faults) : Ok({ kind: 'demonstration', port, once, ...shared });
  }
  refusePartsToCome(read, fault);
  const configuration: HostConfiguration = {
    kind: 'host',
    host: readHost(read('HOST'), fault),
    port: port ?? 3000,
    publicUrl: readPublicUrl(read('PUBLIC_URL'), fault),
    testingMode:
      readChoice('TESTING_MODE', read, { choices: ['true', 'false'], unset: 'false' }, fault) === 'true',
    businessTimeZone: readZone(read('BUSINESS_TIME_ZONE'), fault),
    campaign: read('CAMPAIGN'),
    calcom: readCalcom(variables.CALCOM_WEBHOOK_SECRET, read('CALCOM_UNSIGNED'), fault),
    operatorPassword: readPassword(variables.OPERATOR_PASSWORD, fault),
    ...shared,
  };
  return faults.length > 0 ? Err(faults) : Ok(configuration);
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const shortestSecret = 16;
const shortestPassword = 12;

/** Variables of parts that this version does not have; to ignore them would be to run without what was asked for. */
const partsToCome: readonly { readonly part: string; readonly variables: readonly string[] }[] = [
  { part: 'reconciling with Cal.com', variables: ['CALCOM_API_KEY', 'CALCOM_BASE_URL'] },
  {
    part: 'Notion as CRM',
    variables: [
      'NOTION_TOKEN',
      'NOTION_BUSINESSX_DB_ID',
      'NOTION_EMAIL_SEQUENCE_DB_ID',
      'NOTION_SENT_PROPERTIES',
      'NOTION_BASE_URL',
    ],
  },
  {
    part: 'SendGrid as mailer',
    variables: ['SENDGRID_API_KEY', 'SENDGRID_FROM', 'SENDGRID_EVENTS_PUBLIC_KEY', 'SENDGRID_BASE_URL'],
  },
  { part: 'SMTP as mailer', variables: ['SMTP_URL', 'MAIL_FROM'] },
  { part: 'MongoDB as store', variables: ['MONGODB_URI'] },
  { part: 'signed links in mails', variables: ['LINK_SECRET'] },
];

const hostVariables = [
  'HOST',
  'PUBLIC_URL',
  'TESTING_MODE',
  'BUSINESS_TIME_ZONE',
  'CAMPAIGN',
  'CALCOM_WEBHOOK_SECRET',
  'CALCOM_UNSIGNED',
  'OPERATOR_PASSWORD',
  ...partsToCome.flatMap(({ variables }) => variables),
];

/** An empty secret counts as said: somebody meant to give one. */
function whyNoDemonstration(variables: Variables, read: Read): string | null {
  if (read('NODE_ENV') === 'production') return 'NODE_ENV is production';
  const name = hostVariables.find(
    (one) => read(one) !== null || (one === 'CALCOM_WEBHOOK_SECRET' && variables[one] !== undefined),
  );
  return name ? `${name} is set` : null;
}

function readArguments(args: readonly string[], whyNot: string | null, fault: Fault): boolean {
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

function readPort(text: string | null, fault: Fault): number | null {
  if (text === null) return null;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  fault(`PORT is ${shown(text)}, which is no port: give a number from 0 (any free port) to 65535.`);
  return null;
}

function readHost(text: string | null, fault: Fault): string {
  if (text === null || /^[\w.:%-]+$/.test(text)) return text ?? '127.0.0.1';
  fault(`HOST is ${shown(text)}, which is no address to listen on: give one such as 127.0.0.1 or 0.0.0.0.`);
  return text;
}

function readPublicUrl(text: string | null, fault: Fault): string | null {
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username && !url.password) {
    return text.replace(/\/+$/, '');
  }
  fault(
    `PUBLIC_URL is ${shown(text)}: give the http or https address under which people reach this host, such as https://precall.example.com.`,
  );
  return null;
}

function readZone(name: string | null, fault: Fault): string | null {
  if (name === null || isZone(name)) return name;
  fault(`BUSINESS_TIME_ZONE is ${shown(name)}, an unknown zone: give an IANA name such as America/Toronto.`);
  return null;
}

/** Some runtimes take an offset for a zone; it says nothing about summer time. */
function isZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

function readCalcom(written: string | undefined, unsigned: string | null, fault: Fault): CalcomSourceOptions {
  if (unsigned !== null && unsigned !== 'allow') {
    fault(`CALCOM_UNSIGNED is ${shown(unsigned)}: give allow to take unsigned webhooks, or leave it out.`);
  }
  if (written === undefined) {
    if (unsigned === null) {
      fault(
        "CALCOM_WEBHOOK_SECRET is not set: give the secret of the webhook in Cal.com's settings (or CALCOM_UNSIGNED=allow on a private network).",
      );
    }
    return { unsigned: 'allow' };
  }
  if (unsigned === 'allow') {
    fault(
      'CALCOM_UNSIGNED is allow although CALCOM_WEBHOOK_SECRET is set, and signatures would not be looked at: leave out one of the two.',
    );
  }
  return { secrets: readSecrets(written, fault) };
}

function readSecrets(written: string, fault: Fault): readonly string[] {
  const cure = `give the secret of the webhook in Cal.com's settings, at least ${shortestSecret} characters`;
  const pieces = written.split(',').map((piece) => piece.trim());
  for (const [index, piece] of pieces.entries()) {
    const which = pieces.length > 1 ? ` in piece ${index + 1}` : '';
    if (piece === '') fault(`CALCOM_WEBHOOK_SECRET is empty${which}: ${cure}.`);
    else if (piece === 'no-secret-provided')
      fault(
        `CALCOM_WEBHOOK_SECRET is${which} what Cal.com sends for a webhook without a secret: set one there, and ${cure}.`,
      );
    else if (piece.length < shortestSecret)
      fault(`CALCOM_WEBHOOK_SECRET is too short${which}: set a longer one in Cal.com, and ${cure}.`);
  }
  return pieces;
}

/** Blanks around it belong to it. */
function readPassword(password: string | undefined, fault: Fault): string | null {
  if (password === undefined || isNothing(password)) return null;
  if (password.length < shortestPassword) {
    fault(
      `OPERATOR_PASSWORD is shorter than ${shortestPassword} characters: give a longer one, or leave it out to have no operator's pages.`,
    );
  }
  return password;
}

function refusePartsToCome(read: Read, fault: Fault): void {
  if (read('SENDGRID_API_KEY') !== null && read('SMTP_URL') !== null) {
    fault('SENDGRID_API_KEY and SMTP_URL are both set, and there can be one mailer only: leave out one.');
  }
  for (const { part, variables } of partsToCome) {
    for (const name of variables.filter((one) => read(one) !== null)) {
      fault(`${name} is set, but ${part} comes with a later version of Precall: leave it out.`);
    }
  }
}

function readChoice<const Choice extends string>(
  name: string,
  read: Read,
  { choices, unset }: { readonly choices: readonly Choice[]; readonly unset: NoInfer<Choice> },
  fault: Fault,
): Choice {
  const text = read(name);
  const chosen = choices.find((choice) => choice === text);
  if (text !== null && chosen === undefined) {
    fault(`${name} is ${shown(text)}: give one of ${choices.join(', ')}, or leave it out for ${unset}.`);
  }
  return chosen ?? unset;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}
