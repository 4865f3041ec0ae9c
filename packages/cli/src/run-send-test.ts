// `precall send-test EMAIL`: one mail of each kind, by the mailer that the host would use.
import { randomUUID } from 'node:crypto';
import { attemptId, type Clock, counted, type Mailer, type Policy, type SchemaFault } from '@precall/core';
import { createSystemClock, type MailSettings, readingOf, type Variables } from '@precall/node';
import type { Answer } from './answer.ts';
import { exitCodes, wrongUse } from './command-fault.ts';
import { closeParts, partsOfHost } from './host-parts.ts';
import { variablesOfProcess } from './place.ts';
import { readSettings } from './read-settings.ts';
import { sampleMessages } from './sample-messages.ts';
import { inLines, inOwnTexts } from './texts-of.ts';
import { vendorPart } from './vendor-part.ts';
import { type PolicyOptions, type Rules, withRules } from './with-rules.ts';

export interface SendTestOptions extends PolicyOptions {
  readonly zone: string;
  readonly language: string;
}

interface Opened {
  readonly mailer: Mailer;
  readonly name: string;
  close(): Promise<void>;
}
/** A mailer with the words that go by it. */
interface Worded extends Opened {
  readonly policy: Policy;
  /** What is wrong with texts of one's own. */
  readonly faults: readonly SchemaFault[];
}

export async function runSendTest(email: string, options: SendTestOptions): Promise<Answer> {
  const variables = variablesOfProcess();
  return await withRules(options, variables, (rules) => sendBy(rules, email, { options, variables }));
}

async function sendBy(
  { policy: given, line }: Rules,
  email: string,
  { options, variables }: { readonly options: SendTestOptions; readonly variables: Variables },
): Promise<Answer> {
  const clock = createSystemClock();
  const { mailer, name, close, policy, faults } =
    (await ofHostParts(options, given)) ?? (await ofVariables(given, { variables, clock }));
  const now = clock.now();
  const messages = await sampleMessages(policy, {
    now,
    startAt: now.add({ hours: 24 * 5 }),
    timeZone: options.zone,
    locale: options.language,
    email,
  });
  const told = [];
  for (const { rule, mail: message } of messages) {
    if (!message) continue;
    const subject = `[Test] ${message.subject}`;
    const call = {
      attemptId: attemptId(`test-${randomUUID()}`),
      onceKey: `test-${randomUUID()}`,
      deadline: clock.now().add({ seconds: 10 }),
    };
    const sent = await mailer.send({ ...message, subject }, call);
    told.push({ rule, subject, fault: sent.isOk() ? null : sent.error.reason });
  }
  await close();
  const failed = told.filter(({ fault }) => fault !== null);
  return {
    json: { by: name, sent: told, faults },
    words: told
      .map(
        ({ rule, subject, fault }) =>
          `${fault === null ? 'sent  ' : 'FAULT '} ${rule.padEnd(8)} ${fault ?? subject}`,
      )
      .concat(
        failed.length > 0
          ? `${counted(failed.length, 'mail was', 'mails were')} not taken by ${name}: precall doctor looks at its set-up.`
          : `by ${name}`,
      )
      .join('\n')
      .concat(inLines(faults), `\n${line}`),
    exitCode: failed.length > 0 ? exitCodes.fault : exitCodes.well,
  };
}

/** Null: there is no module with parts. */
async function ofHostParts(options: SendTestOptions, policy: Policy): Promise<Worded | null> {
  const found = await partsOfHost(options);
  if (!found) return null;
  const { file, parts } = found;
  return {
    mailer: parts.mailer,
    name: `the mailer of ${file}`,
    // Where its rules are used too, it is closed with them.
    close: async () => (options.policy === undefined ? undefined : await closeParts(parts)),
    policy,
    faults: [],
  };
}

async function ofVariables(
  policy: Policy,
  { variables, clock }: { readonly variables: Variables; readonly clock: Clock },
): Promise<Worded> {
  const settings = readSettings(process.env, process.cwd());
  if (settings.isErr()) {
    const faults = settings.error.faults.map(({ fault, cure }) => `${fault} ${cure}`);
    throw wrongUse(faults.join('\n'));
  }
  const folder = readingOf(variables, () => undefined).value('DATA_DIR') ?? '.precall';
  const opened = await openMailer(settings.value.mail, folder, clock);
  const texts = await inOwnTexts(policy, settings.value, clock);
  return { ...opened, ...texts };
}

/** As the host: SendGrid, SMTP, or the mailbox in the data folder. */
async function openMailer(mail: MailSettings | null, folder: string, clock: Clock): Promise<Opened> {
  try {
    return await opened(mail, folder, clock);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'an unknown fault';
    throw wrongUse(`The mailer cannot be used (${why}): precall doctor looks at its set-up.`);
  }
}

async function opened(mail: MailSettings | null, folder: string, clock: Clock): Promise<Opened> {
  if (mail === null) {
    const { createMailbox } = await import('@precall/adapter-embedded');
    const mailer = createMailbox({ folder, clock });
    return { mailer, name: `the local mailbox in ${folder}`, close: async () => undefined };
  }
  if (mail.kind === 'sendgrid') {
    const { createSendgridMailer } = await vendorPart(
      '@precall/adapter-sendgrid',
      () => import('@precall/adapter-sendgrid'),
    );
    const { kind, ...options } = mail;
    const mailer = createSendgridMailer({ ...options, clock });
    return { mailer, name: 'SendGrid', close: () => mailer.close() };
  }
  const { createSmtpMailer } = await vendorPart(
    '@precall/adapter-smtp',
    () => import('@precall/adapter-smtp'),
  );
  const mailer = createSmtpMailer({ url: mail.url, from: mail.from, clock });
  return { mailer, name: 'SMTP', close: () => mailer.close() };
}
