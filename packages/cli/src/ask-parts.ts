// The configured parts, each asked about itself. A vendor's code is loaded only when its part is used.
import { type Clock, Ok, type PortError, type PortResult, type SchemaFault } from '@precall/core';
import { type MailSettings, type PartSettings, projectionOf } from '@precall/node';
import { createCalcomApi } from '@precall/source-calcom';
import { asked, notAsked, type PartName, type PartReport } from './diagnosis.ts';
import { vendorPart } from './vendor-part.ts';
import { writtenFields } from './written-fields.ts';

/** What is not covered without a key is said: nothing else would tell. */
export async function askCalcom(api: PartSettings['calcomApi'], clock: Clock): Promise<PartReport> {
  if (!api) {
    return notAsked('Cal.com API', 'no CALCOM_API_KEY: a webhook that is lost stays lost');
  }
  const about = 'what changed since an hour ago';
  const anHourAgo = clock.now().subtract({ hours: 1 });
  try {
    const answer = await createCalcomApi({ ...api, clock }).changedSince(anHourAgo, {
      limit: 1,
      cursor: null,
    });
    return asked('Cal.com API', about, answer.isErr() ? [calcomFault(answer.error.reason)] : []);
  } catch (cause) {
    return asked('Cal.com API', about, [
      calcomFault(cause instanceof Error ? cause.message : 'an unknown fault'),
    ]);
  }
}

function calcomFault(fault: string): SchemaFault {
  const cure = "Copy the key once more from Cal.com's settings, and check CALCOM_BASE_URL if it is set.";
  return { where: 'CALCOM_API_KEY', fault, cure };
}

export async function askCrm(
  settings: Pick<PartSettings, 'notion' | 'twilio' | 'campaign' | 'businessTimeZone'>,
  clock: Clock,
): Promise<PartReport> {
  const { notion } = settings;
  if (!notion) return notAsked('crm', 'the local address book');
  const { token, baseUrl, contactsDatabase, sequenceDatabase, sentProperties } = notion;
  const projection = projectionOf(settings);
  const about = `Notion: the databases' properties, types and choices${writtenFields(projection)}`;
  return await ask({ part: 'crm', about, where: 'NOTION_TOKEN' }, async () => {
    const { createNotionCrm } = await vendorPart(
      '@precall/adapter-notion',
      () => import('@precall/adapter-notion'),
    );
    return Ok(
      createNotionCrm({
        token,
        baseUrl,
        clock,
        contacts: { database: contactsDatabase },
        sequence: sequenceDatabase === null ? null : { database: sequenceDatabase, sentProperties },
        projection,
      }),
    );
  });
}

export async function askMail(mail: MailSettings | null, clock: Clock): Promise<PartReport> {
  if (!mail) return notAsked('mail', 'the local mailbox');
  const { from } = mail;
  if (mail.kind === 'sendgrid') {
    const { apiKey, baseUrl, eventsPublicKey } = mail;
    const about = 'SendGrid: what the key may do, and the sender';
    return await ask({ part: 'mail', about, where: 'SENDGRID_API_KEY' }, async () => {
      const { createSendgridMailer } = await vendorPart(
        '@precall/adapter-sendgrid',
        () => import('@precall/adapter-sendgrid'),
      );
      return Ok(createSendgridMailer({ apiKey, baseUrl, eventsPublicKey, from, clock }));
    });
  }
  const about = 'the SMTP server: a secure login';
  return await ask({ part: 'mail', about, where: 'SMTP_URL' }, async () => {
    const { createSmtpMailer } = await vendorPart(
      '@precall/adapter-smtp',
      () => import('@precall/adapter-smtp'),
    );
    return Ok(createSmtpMailer({ url: mail.url, from, clock }));
  });
}

/** Without an address for Twilio's posts the host starts all the same, and hears of nothing. */
export async function askTexting(
  { twilio, publicUrl }: Pick<PartSettings, 'twilio' | 'publicUrl'>,
  clock: Clock,
): Promise<PartReport> {
  if (!twilio) return notAsked('texting', 'no TWILIO_ACCOUNT_SID: nobody is texted');
  const { consentField, consentProperty, ...account } = twilio;
  const said = [consentField, consentProperty && `the contact's ${consentProperty}`].filter(Boolean);
  const about = `Twilio: the account; may be texted who said yes to ${said.join(' or ')}`;
  const report = await ask({ part: 'texting', about, where: 'TWILIO_ACCOUNT_SID' }, async () => {
    const { createTwilioTexter } = await vendorPart(
      '@precall/adapter-twilio',
      () => import('@precall/adapter-twilio'),
    );
    return Ok(createTwilioTexter({ ...account, clock }));
  });
  return publicUrl === null ? asked('texting', about, [...report.faults, unreachable]) : report;
}

const unreachable: SchemaFault = {
  where: 'PUBLIC_URL',
  fault:
    'It is not set, so that no status callback of Twilio arrives: what became of a text stays unknown, and STOP unheard.',
  cure: 'Give the https address of this host, such as https://calls.example.com, and set it with /webhook/twilio in the messaging service, under Integration.',
};

export async function askCalendar(
  settings: PartSettings['googleCalendar'],
  clock: Clock,
): Promise<PartReport> {
  if (!settings) return notAsked('calendar', 'no GOOGLE_CALENDAR_ID: no calendar is kept');
  const about = 'Google: the key, and what it may do in the calendar';
  return await ask({ part: 'calendar', about, where: 'GOOGLE_CALENDAR_ID' }, async () => {
    const { createGoogleCalendar } = await vendorPart(
      '@precall/adapter-google-calendar',
      () => import('@precall/adapter-google-calendar'),
    );
    const { names, ...options } = settings;
    return Ok(createGoogleCalendar({ ...options, clock }));
  });
}

/** Like a host's start it makes the indexes that are missing. */
export async function askStore(uri: string | null): Promise<PartReport> {
  if (uri === null) return notAsked('store', 'the embedded one, which only its host may open');
  const about = 'MongoDB: version, clock, indexes, durable writes';
  const refused =
    "Give a user (percent-encoded) who may read, write and make indexes; drop an index of Precall's name that is not Precall's.";
  return await ask({ part: 'store', about, where: 'MONGODB_URI', refused }, async () => {
    const { openMongoStore } = await vendorPart(
      '@precall/adapter-mongodb',
      () => import('@precall/adapter-mongodb'),
    );
    return await openMongoStore({ uri });
  });
}

interface Question {
  readonly part: PartName;
  readonly about: string;
  /** The variable that a failure is about. */
  readonly where: string;
  /** What to do when it refuses us for good, where that can be said. */
  readonly refused?: string;
}
/** What can tell what is wrong with its set-up, and may have to be closed. */
interface Describable {
  describe(): PortResult<readonly SchemaFault[]>;
  close?(): Promise<void>;
}

/** `open` may throw for options that cannot be right. */
export async function ask(question: Question, open: () => PortResult<Describable>): Promise<PartReport> {
  const { part, about, where } = question;
  try {
    const opened = await open();
    if (opened.isErr()) return asked(part, about, [failure(question, opened.error)]);
    const described = await opened.value.describe();
    await opened.value.close?.();
    return asked(part, about, described.isOk() ? described.value : [failure(question, described.error)]);
  } catch (cause) {
    const fault = cause instanceof Error ? cause.message : 'It cannot be used.';
    return asked(part, about, [{ where, fault, cure: 'Mend what this sentence names.' }]);
  }
}

function failure({ where, refused = 'Look whether it is right.' }: Question, error: PortError): SchemaFault {
  if (error.kind === 'rejected') return { where, fault: error.reason, cure: refused };
  const isOurs = error.kind === 'unavailable' && error.refusesUs;
  return { where, fault: error.reason, cure: isOurs ? notTaken : away };
}

const notTaken =
  'It answered, and does not take the key or the account: look whether they are right, and may do this.';
const away =
  'Ask again; if nothing answers, look whether this machine reaches it (name, port, firewall, proxy).';
