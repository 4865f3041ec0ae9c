// A message as nodemailer wants it.
import { createHash } from 'node:crypto';
import type { Instant, Message, SendCall } from '@precall/core';
import type { SendMailOptions } from 'nodemailer';

/** Who a mail is from. */
export interface Sender {
  readonly email: string;
  readonly name?: string | null;
}

/** One plain address: nothing that a header or a command could read as two, or as a name with an address. */
export function isPlainAddress(text: string): boolean {
  return /^[^\s@<>()[\]\\,;:"\p{C}]+@[^\s@<>()[\]\\,;:"\p{C}]+$/u.test(text);
}

/**
 * Addresses go as data, and the envelope is made of them, too: a text would be taken apart at its commas. The message id
 * is made of the once-key, so that a message that had to be sent again can be recognised as the same.
 */
export function mailData(
  { to, toName, subject, text, html, unsubscribe, calendar }: Message,
  {
    attemptId,
    onceKey,
    from,
    at,
  }: Omit<SendCall, 'deadline'> & { readonly from: Sender; readonly at: Instant },
): SendMailOptions {
  return {
    from: { address: from.email, name: oneLine(from.name ?? '') },
    to: { address: to, name: oneLine(toName ?? '') },
    subject,
    text,
    html,
    messageId: messageIdOf(onceKey, from),
    date: new Date(at.epochMilliseconds),
    ...(calendar && {
      icalEvent: { method: calendar.method, filename: calendar.fileName, content: calendar.content },
    }),
    headers: { 'X-Precall-Attempt': attemptId, ...(unsubscribe && oneClick(unsubscribe)) },
  };
}

/** RFC 8058: mail programs show a way out of their own, and it takes one request. */
function oneClick(url: string): { readonly [name: string]: string } {
  return { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

function messageIdOf(onceKey: string, { email }: Sender): string {
  const name = createHash('sha256').update(onceKey).digest('hex').slice(0, 32);
  return `<${name}@${email.slice(email.lastIndexOf('@') + 1)}>`;
}

/** Controls and separators of lines would end a header. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}
