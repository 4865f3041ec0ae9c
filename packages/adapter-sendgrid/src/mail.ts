// A message as SendGrid wants it. Its own package makes the body; who carries it is ours.
import type { CalendarFile, Message, SendCall } from '@precall/core';
import { type MailDataRequired, MailService } from '@sendgrid/mail';
import type { Answer } from './transport.ts';

type Attachment = NonNullable<MailDataRequired['attachments']>[number];

/** Who a mail is from. */
export interface Sender {
  readonly email: string;
  readonly name?: string | null;
}

/**
 * An address goes as a field of its own, never as a text that could be taken apart as `Name <address>`. Links are left
 * as they are (click tracking would put SendGrid's in place of the join link), and nobody's opening is watched.
 */
export function mailData(
  { to, toName, subject, text, html, unsubscribe, calendar }: Message,
  {
    attemptId,
    from,
    sandbox,
  }: Pick<SendCall, 'attemptId'> & { readonly from: Sender; readonly sandbox: boolean },
): MailDataRequired {
  const fromName = senderName(from.name ?? '');
  const recipient = recipientName(toName ?? '');
  return {
    from: fromName === '' ? { email: from.email } : { email: from.email, name: fromName },
    to: recipient === '' ? { email: to } : { email: to, name: recipient },
    subject,
    // an empty part would be refused
    ...(html === '' ? { text } : text === '' ? { html } : { text, html }),
    customArgs: { attempt: attemptId },
    ...(unsubscribe && { headers: oneClick(unsubscribe) }),
    ...(calendar && { attachments: [attachment(calendar)] }),
    trackingSettings: {
      clickTracking: { enable: false, enableText: false },
      openTracking: { enable: false },
    },
    ...(sandbox && { mailSettings: { sandboxMode: { enable: true } } }),
  };
}

/** Its type may say the method and nothing more: with a charset SendGrid answers 400 (sendgrid-nodejs#1313). */
function attachment({ fileName, method, content }: CalendarFile): Attachment {
  return {
    content: Buffer.from(content).toString('base64'),
    filename: fileName,
    type: `text/calendar; method=${method}`,
    disposition: 'attachment',
  };
}

/** RFC 8058: mail programs show a way out of their own, and it takes one request. */
function oneClick(url: string): { readonly [name: string]: string } {
  return { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

/** `to.name` may hold no comma and no semicolon (SendGrid, "Mail send limitations"). */
export function recipientName(name: string): string {
  return oneLine(name.replace(/[,;]/g, ' '));
}

/**
 * The name of a sender may hold ASCII only ("Unicode encoding is not supported for the from field", the same page): marks
 * are taken off letters, and what has no such letter is left out.
 */
export function senderName(name: string): string {
  const plain = name.replace(/[^\p{ASCII}]/gu, (letter) => asciiOf[letter] ?? letter).normalize('NFKD');
  return oneLine(plain.replace(/[^\p{ASCII}]/gu, ''));
}

/** Letters that do not come apart into one of ASCII and a mark. */
const asciiOf: { readonly [letter: string]: string } = {
  ß: 'ss',
  Æ: 'AE',
  æ: 'ae',
  Œ: 'OE',
  œ: 'oe',
  Ø: 'O',
  ø: 'o',
  Đ: 'D',
  đ: 'd',
  Ł: 'L',
  ł: 'l',
  ı: 'i',
  '–': '-',
  '’': "'",
};

/** Controls and separators of lines would end a header. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

/**
 * What `post` was answered. The package's own client is never asked: it has no time-out, its errors hold the API key and
 * the whole message, and the name of the working folder, if it holds an odd bracket, makes its error handling throw
 * where nobody can catch it (8.1.6: client.js, response-error.js). Importing the package does none of that, and the
 * client that each MailService makes for itself is replaced before it is used and never given a key. Rejects as `post`
 * does, or when the package refuses the data.
 */
export function sendMail(
  data: MailDataRequired,
  post: (path: string, body: string) => Promise<Answer>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const service = new MailService();
    service.setClient({
      ...unused,
      async request({ url, body }) {
        const answer = await post(url, JSON.stringify(body));
        resolve(answer);
        return [{ statusCode: answer.status, headers: answer.headers, body: {} }, {}];
      },
    });
    service.send(data).catch(reject);
  });
}

/** The rest of a client, none of which is called for a message. */
const unused = {
  setApiKey: refuse,
  setTwilioEmailAuth: refuse,
  setImpersonateSubuser: refuse,
  setDefaultHeader: refuse,
  setDefaultRequest: refuse,
  setDataResidency: refuse,
  createHeaders: refuse,
  createRequest: refuse,
};

function refuse(): never {
  throw new Error('Only `request` of this client is for use.');
}
