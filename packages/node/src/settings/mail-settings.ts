// SendGrid or an SMTP server as mailer, by environment.
import { createPublicKey } from 'node:crypto';
import { readBaseUrl, refuseWithout, shown, type VariableReading } from './variable-reading.ts';

/** Who mails are from. */
export interface MailSender {
  readonly email: string;
  readonly name: string | null;
}

/** SendGrid or an SMTP server, as the environment names it. */
export type MailSettings =
  | {
      readonly kind: 'sendgrid';
      readonly apiKey: string;
      readonly from: MailSender;
      /** Base64 of an SPKI public key on P-256; null: no delivery events are taken. */
      readonly eventsPublicKey: string | null;
      /** Null: SendGrid's own. */
      readonly baseUrl: string | null;
    }
  | { readonly kind: 'smtp'; readonly url: string; readonly from: MailSender };

const senderForm = 'the sender as address@example.com or Name <address@example.com>';
const noSender: MailSender = { email: '', name: null };

export function readMailSettings(reading: VariableReading): MailSettings | null {
  const { value, fault } = reading;
  const apiKey = value('SENDGRID_API_KEY');
  const smtpUrl = value('SMTP_URL');
  if (apiKey !== null && smtpUrl !== null) {
    fault('SENDGRID_API_KEY and SMTP_URL are both set, and there can be one mailer only: leave out one.');
    return null;
  }
  if (apiKey === null) {
    refuseWithout(reading, { name: 'SENDGRID_API_KEY', meaning: "the key of SendGrid's API" }, [
      'SENDGRID_FROM',
      'SENDGRID_EVENTS_PUBLIC_KEY',
      'SENDGRID_BASE_URL',
    ]);
  }
  if (smtpUrl === null) {
    const main = { name: 'SMTP_URL', meaning: "the server's address, such as smtps://user:password@host" };
    refuseWithout(reading, main, ['MAIL_FROM']);
  }
  if (apiKey !== null) {
    return {
      kind: 'sendgrid',
      apiKey,
      from: readSender('SENDGRID_FROM', 'SENDGRID_API_KEY', reading),
      eventsPublicKey: readPublicKey(reading),
      baseUrl: readBaseUrl(reading, 'SENDGRID_BASE_URL'),
    };
  }
  if (smtpUrl === null) return null;
  return {
    kind: 'smtp',
    url: readSmtpUrl(smtpUrl, reading),
    from: readSender('MAIL_FROM', 'SMTP_URL', reading),
  };
}

/** The address itself is not judged beyond its form: the mail server knows which it lets us send from. */
function readSender(name: string, main: string, { value, fault }: VariableReading): MailSender {
  const text = value(name);
  if (text === null) {
    fault(`${name} is not set, but ${main} is: give ${senderForm}.`);
    return noSender;
  }
  const named = /^(.*?)\s*<([^<>]*)>$/.exec(text);
  const email = (named?.[2] ?? text).trim();
  const label = (named?.[1] ?? '').trim().replace(/^"(.*)"$/, '$1');
  if (!isAddress(email) || /\p{Cc}/u.test(text)) {
    fault(`${name} is ${shown(text)}, which is no sender: give ${senderForm}.`);
  }
  return { email, name: label === '' ? null : label };
}

/** One address and nothing around it. */
export function isAddress(text: string): boolean {
  return /^[^\s\p{Cc}@<>,;"]+@[^\s\p{Cc}@<>,;"]+$/u.test(text);
}

function readPublicKey({ value, fault }: VariableReading): string | null {
  const text = value('SENDGRID_EVENTS_PUBLIC_KEY');
  if (text !== null && !isP256Key(text)) {
    fault(
      "SENDGRID_EVENTS_PUBLIC_KEY is no such key: give the verification key of SendGrid's signed event webhook, a line of base64.",
    );
  }
  return text;
}

function isP256Key(text: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}

/** It may hold a password: it is never repeated. */
function readSmtpUrl(text: string, { fault }: VariableReading): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    fault(
      'SMTP_URL is no address of an SMTP server: give one such as smtps://user:password@mail.example.com, special characters percent-encoded.',
    );
  }
  return text;
}
