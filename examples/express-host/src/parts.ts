// Which parts this host is made of: what is configured, and a local one for what is not. A vendor's code is loaded only
// when its part is used.
import {
  createAddressBook,
  createMailbox,
  type EmbeddedStore,
  type Mailbox,
  openEmbeddedStore,
} from '@precall/adapter-embedded';
import type { SharedNotion } from '@precall/adapter-notion';
import {
  type BookingSource,
  type Calendar,
  type Clock,
  type Crm,
  Err,
  type Mailer,
  Ok,
  type Policy,
  type Result,
  type Scheduler,
  type Store,
  type Texter,
} from '@precall/core';
import { createInProcessScheduler } from '@precall/node';
import { createCalcomApi, createCalcomSource } from '@precall/source-calcom';
import type { HostConfiguration } from './configuration.ts';

export interface Parts {
  readonly source: BookingSource;
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly crm: Crm;
  readonly mailer: Mailer;
  /** Null: nobody is texted. */
  readonly texter: Texter | null;
  /** Null: no calendar is kept. */
  readonly calendar: Calendar | null;
  /** Null: no Notion. */
  readonly notion: SharedNotion | null;
  /** The local one, where mail goes nowhere else. */
  readonly mailbox: Mailbox | null;
  /** The embedded store, which can be copied while it is in use. */
  readonly backup: Pick<EmbeddedStore, 'backup'> | null;
  /** For the line that says what is in use. */
  readonly names: string;
  close(): Promise<void>;
}

/** `wrong`: starting it again would not help; `away`: it may. */
export interface PartFault {
  readonly kind: 'wrong' | 'away';
  readonly sentence: string;
}

interface Opened<T> {
  readonly part: T;
  readonly name: string;
  /** Where there are connections to close. */
  readonly close?: () => Promise<void>;
}
type Opening<T> = Promise<Result<Opened<T>, PartFault>>;

export async function openParts(
  settings: HostConfiguration,
  { clock, policy }: { readonly clock: Clock; readonly policy: Policy },
): Promise<Result<Parts, PartFault>> {
  const source = openSource(settings, clock);
  if (source.isErr()) return source;
  const mail = await openMail(settings, clock);
  if (mail.isErr()) return mail;
  const texter = await openTexter(settings, clock);
  if (texter.isErr()) return texter;
  const calendar = await openCalendar(settings, clock);
  if (calendar.isErr()) return calendar;
  const notion = await connectNotion(settings, clock);
  if (notion.isErr()) return notion;
  const crm = await openCrm(settings, { clock, policy, notion: notion.value.part });
  if (crm.isErr()) return crm;
  const base = await openBase(settings, clock);
  return base.map(({ part, name, close }) => ({
    ...part,
    source: source.value.part,
    crm: crm.value.part,
    notion: notion.value.part,
    mailer: mail.value.part,
    texter: texter.value.part,
    calendar: calendar.value.part,
    mailbox: 'list' in mail.value.part ? mail.value.part : null,
    names: `${name}, CRM: ${crm.value.name}, mail: ${mail.value.name}${texter.value.name}${calendar.value.name}`,
    async close() {
      await mail.value.close?.();
      await texter.value.close?.();
      await close?.();
    },
  }));
}

function openSource(
  { calcom, calcomApi, twilio, askWhoCame }: HostConfiguration,
  clock: Clock,
): Result<Opened<BookingSource>, PartFault> {
  return made('CALCOM_API_KEY', () => {
    const hostAddress = askWhoCame ? 'keep' : 'drop';
    const api = calcomApi && createCalcomApi({ ...calcomApi, clock, hostAddress });
    const consentField = twilio?.consentField ?? null;
    return { name: 'Cal.com', part: createCalcomSource({ ...calcom, api, consentField, hostAddress }) };
  });
}

/** Store and scheduler go together: several processes on one MongoDB wake each other through it. */
async function openBase(
  { mongodbUri, dataDir }: HostConfiguration,
  clock: Clock,
): Opening<Pick<Parts, 'store' | 'scheduler' | 'backup'>> {
  if (mongodbUri === null) {
    const store = openEmbeddedStore({ folder: dataDir });
    if (store.isErr()) return wrong(`DATA_DIR cannot be used: ${store.error.sentence}`);
    return Ok({
      part: { store: store.value, scheduler: createInProcessScheduler({ clock }), backup: store.value },
      name: `store: embedded (${dataDir}), scheduler: in-process`,
      close: () => store.value.close(),
    });
  }
  const { connectMongo } = await import('./mongo.ts');
  const mongo = await connectMongo(mongodbUri, clock);
  return mongo
    .map(({ store, scheduler, close }) => ({
      part: { store, scheduler, backup: null },
      name: 'store: MongoDB, scheduler: Agenda',
      close,
    }))
    .mapErr(({ kind, reason }): PartFault => {
      if (kind === 'rejected')
        return {
          kind: 'wrong',
          sentence: `MONGODB_URI cannot be used (${reason}): check its user, password and rights.`,
        };
      return {
        kind: 'away',
        sentence: `MONGODB_URI names a server that does not answer (${reason}): start it, or mend the address.`,
      };
    });
}

async function openMail({ mail, dataDir }: HostConfiguration, clock: Clock): Opening<Mailer | Mailbox> {
  if (mail === null) return Ok({ part: createMailbox({ folder: dataDir, clock }), name: 'local mailbox' });
  if (mail.kind === 'sendgrid') {
    const { createSendgridMailer } = await import('@precall/adapter-sendgrid');
    const { kind, ...options } = mail;
    return made('SENDGRID_API_KEY', () => closing('SendGrid', createSendgridMailer({ ...options, clock })));
  }
  const { createSmtpMailer } = await import('@precall/adapter-smtp');
  return made('SMTP_URL', () => closing('SMTP', createSmtpMailer({ url: mail.url, from: mail.from, clock })));
}

async function openTexter({ twilio, publicUrl }: HostConfiguration, clock: Clock): Opening<Texter | null> {
  if (twilio === null) return Ok({ part: null, name: '' });
  const { createTwilioTexter } = await import('@precall/adapter-twilio');
  const { consentField, consentProperty, ...account } = twilio;
  const callbackUrl = publicUrl && `${publicUrl}/webhook/twilio`;
  return made('TWILIO_ACCOUNT_SID', () =>
    closing(', texts: Twilio', createTwilioTexter({ ...account, callbackUrl, clock })),
  );
}

async function openCalendar({ googleCalendar }: HostConfiguration, clock: Clock): Opening<Calendar | null> {
  if (googleCalendar === null) return Ok({ part: null, name: '' });
  const { createGoogleCalendar } = await import('@precall/adapter-google-calendar');
  const { names, ...options } = googleCalendar;
  return made('GOOGLE_SERVICE_ACCOUNT_FILE', () => ({
    part: createGoogleCalendar({ ...options, clock }),
    name: ', calendar: Google',
  }));
}

function closing<T extends { close(): Promise<void> }>(name: string, part: T): Opened<T> {
  return { part, name, close: () => part.close() };
}

/** One connection for the CRM and the texts, which Notion allows one pace together. */
async function connectNotion({ notion }: HostConfiguration, clock: Clock): Opening<SharedNotion | null> {
  if (notion === null) return Ok({ part: null, name: 'none' });
  const { shareNotion } = await import('@precall/adapter-notion');
  const { token, baseUrl } = notion;
  return made('NOTION_TOKEN', () => ({ name: 'Notion', part: shareNotion({ token, baseUrl, clock }) }));
}

async function openCrm(
  { notion: settings, dataDir }: HostConfiguration,
  {
    clock,
    policy,
    notion: shared,
  }: { readonly clock: Clock; readonly policy: Policy; readonly notion: SharedNotion | null },
): Opening<Crm> {
  if (settings === null || shared === null)
    return Ok({ part: createAddressBook({ folder: dataDir }), name: 'local address book' });
  const { createNotionCrm } = await import('@precall/adapter-notion');
  const { contactsDatabase, sequenceDatabase, sentProperties } = settings;
  return made('NOTION_TOKEN', () => ({
    name: 'Notion',
    part: createNotionCrm({
      shared,
      clock,
      contacts: { database: contactsDatabase },
      sequence: sequenceDatabase === null ? null : { database: sequenceDatabase, sentProperties },
      projection: policy.projection,
    }),
  }));
}

/** What an adapter does not take of its configuration it throws, as a sentence that names its option. */
function made<T>(variables: string, make: () => Opened<T>): Result<Opened<T>, PartFault> {
  try {
    return Ok(make());
  } catch (cause) {
    return wrong(
      `${variables} cannot be used: ${cause instanceof Error ? cause.message : 'an unknown fault'}`,
    );
  }
}

function wrong(sentence: string): Err<PartFault> {
  return Err({ kind: 'wrong', sentence });
}
