// Which parts a host is made of, read from its environment: what INTERFACE.md section 1 says of each variable.
import { defaultPolicy, defaultProjection, type Projection } from '@precall/core';
import {
  type CalcomApiSettings,
  type CalcomSettings,
  readCalcomApiSettings,
  readCalcomSettings,
} from './calcom-settings.ts';
import {
  type GoogleCalendarSettings,
  googleVariables,
  readGoogleCalendarSettings,
} from './google-settings.ts';
import { isAddress, type MailSettings, readMailSettings } from './mail-settings.ts';
import { type NotionSettings, readNotionSettings } from './notion-settings.ts';
import { readTextsSettings, type TextsSettings } from './texts-settings.ts';
import { readTwilioSettings, type TwilioSettings, twilioVariables } from './twilio-settings.ts';
import {
  readingOf,
  shown,
  shownAddress,
  type TellFault,
  type VariableReading,
  type Variables,
  webAddress,
} from './variable-reading.ts';

/** Null: a part that is not configured, for which a local one stands in. */
export interface PartSettings {
  readonly calcom: CalcomSettings;
  readonly calcomApi: CalcomApiSettings | null;
  readonly notion: NotionSettings | null;
  readonly mail: MailSettings | null;
  /** Null: nobody is texted. */
  readonly twilio: TwilioSettings | null;
  /** Null: no calendar is kept. */
  readonly googleCalendar: GoogleCalendarSettings | null;
  readonly texts: TextsSettings | null;
  readonly mongodbUri: string | null;
  /** IANA zone; null: the organizer's, else UTC. */
  readonly businessTimeZone: string | null;
  /** The address under which people and vendors reach the host; null: it is not said. */
  readonly publicUrl: string | null;
  /** Null: the policy's own. */
  readonly campaign: string | null;
  /** Address that is mailed when a person should look; null: nobody is. */
  readonly ownerEmail: string | null;
}

/** Every variable that `readPartSettings` looks at. */
export const partVariables: readonly string[] = [
  'CALCOM_WEBHOOK_SECRET',
  'CALCOM_UNSIGNED',
  'CALCOM_API_KEY',
  'CALCOM_BASE_URL',
  'NOTION_TOKEN',
  'NOTION_BUSINESSX_DB_ID',
  'NOTION_EMAIL_SEQUENCE_DB_ID',
  'NOTION_SENT_PROPERTIES',
  'NOTION_CONFIRMED_PROPERTY',
  'NOTION_EMAIL_TEMPLATES_DB_ID',
  'NOTION_BASE_URL',
  'SENDGRID_API_KEY',
  'SENDGRID_FROM',
  'SENDGRID_EVENTS_PUBLIC_KEY',
  'SENDGRID_BASE_URL',
  'SMTP_URL',
  'MAIL_FROM',
  ...twilioVariables,
  ...googleVariables,
  'MAIL_TEMPLATES_DIR',
  'MONGODB_URI',
  'BUSINESS_TIME_ZONE',
  'PUBLIC_URL',
  'CAMPAIGN',
  'OWNER_EMAIL',
];

const defaultRules =
  typeof defaultPolicy.rules === 'function' ? [] : defaultPolicy.rules.map(({ name }) => name);

/**
 * Calls `fault` with one sentence for everything that is wrong or half-made; what is returned may be used only when it
 * was not called. No sentence repeats a secret. `rules`: the names of the policy's rules, the default policy's unless given.
 */
export function readPartSettings(
  variables: Variables,
  { fault, rules = defaultRules }: { readonly fault: TellFault; readonly rules?: readonly string[] },
): PartSettings {
  const reading = readingOf(variables, fault);
  return {
    calcom: readCalcomSettings(reading),
    calcomApi: readCalcomApiSettings(reading),
    notion: readNotionSettings(reading, rules),
    mail: readMailSettings(reading),
    twilio: readTwilioSettings(reading),
    googleCalendar: readGoogleCalendarSettings(reading),
    texts: readTextsSettings(reading),
    mongodbUri: readMongodbUri(reading),
    businessTimeZone: readZone(reading),
    publicUrl: readPublicUrl(reading),
    campaign: reading.value('CAMPAIGN'),
    ownerEmail: readOwnerEmail(reading),
  };
}

/** The CRM's fields as the settings want them; everything else as by default. */
export function projectionOf({
  campaign,
  businessTimeZone,
  notion,
  twilio,
}: Pick<PartSettings, 'campaign' | 'businessTimeZone' | 'notion' | 'twilio'>): Projection {
  const { properties, values } = defaultProjection;
  return {
    ...defaultProjection,
    ...(campaign && { campaign }),
    timeZone: businessTimeZone,
    properties: {
      ...properties,
      confirmed: notion?.confirmed?.property ?? null,
      smsConsent: twilio?.consentProperty ?? null,
    },
    values: { ...values, confirmed: notion?.confirmed?.choice ?? null },
  };
}

/** It may hold a password: it is never repeated. */
function readMongodbUri({ value, fault }: VariableReading): string | null {
  const uri = value('MONGODB_URI');
  if (uri !== null && !/^mongodb(\+srv)?:\/\/[^/]/.test(uri)) {
    fault(
      'MONGODB_URI is no address of a MongoDB server: give one such as mongodb://127.0.0.1:27017/precall?replicaSet=rs0.',
    );
  }
  return uri;
}

function readZone({ value, fault }: VariableReading): string | null {
  const name = value('BUSINESS_TIME_ZONE');
  if (name !== null && !isZone(name)) {
    fault(
      `BUSINESS_TIME_ZONE is ${shown(name)}, an unknown zone: give an IANA name such as America/Toronto.`,
    );
  }
  return name;
}

function readPublicUrl({ value, fault }: VariableReading): string | null {
  const text = value('PUBLIC_URL');
  const address = text && webAddress(text);
  if (text !== null && !address) {
    fault(
      `PUBLIC_URL is ${shownAddress(text)}: give the http or https address under which people reach this host, such as https://precall.example.com.`,
    );
  }
  return address;
}

function readOwnerEmail({ value, fault }: VariableReading): string | null {
  const text = value('OWNER_EMAIL');
  if (text !== null && !isAddress(text)) {
    fault(
      `OWNER_EMAIL is ${shown(text)}, which is no address: give one such as owner@example.com, or leave it out.`,
    );
  }
  return text;
}

/** Some runtimes take an offset for a zone; it says nothing about summer time. */
function isZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
