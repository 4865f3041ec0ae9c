// A mail as SendGrid took it.
import { randomBytes } from 'node:crypto';
import type { CalendarFile } from '@precall/core';

/** One message to one recipient, as SendGrid took it. */
export interface SendgridMail {
  readonly messageId: string;
  readonly from: string;
  readonly fromName: string | null;
  readonly to: string;
  readonly toName: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Of type `text/calendar` with a method, where one is attached. */
  readonly calendar?: CalendarFile;
  readonly customArgs: { readonly [name: string]: string };
  readonly categories: readonly string[];
  /** The whole request, as it came. */
  readonly body: { readonly [name: string]: unknown };
}

/** One for each recipient. What it reads has been checked by `errorsInMail`. */
export function messagesIn(mail: { readonly [name: string]: unknown }): readonly SendgridMail[] {
  const { from, subject, content, attachments, custom_args, categories, personalizations } =
    mail as unknown as CheckedMail;
  const part = (type: string) => content.find((one) => one.type === type)?.value ?? '';
  const messageId = randomBytes(16).toString('base64url');
  return personalizations.flatMap((one) =>
    [...one.to, ...(one.cc ?? []), ...(one.bcc ?? [])].map((to) => ({
      messageId,
      from: from.email,
      fromName: from.name ?? null,
      to: to.email,
      toName: to.name ?? null,
      subject: one.subject ?? subject,
      text: part('text/plain'),
      html: part('text/html'),
      customArgs: { ...custom_args, ...one.custom_args },
      ...calendarIn(attachments),
      categories: categories ?? [],
      body: mail,
    })),
  );
}

function calendarIn(attachments: CheckedMail['attachments'] = []): Pick<SendgridMail, 'calendar'> {
  const [file] = attachments.flatMap(({ type, filename, content }): CalendarFile[] => {
    const method = /^text\/calendar; method=(REQUEST|CANCEL)$/.exec(type ?? '')?.[1];
    const text = Buffer.from(content, 'base64').toString();
    return method === 'REQUEST' || method === 'CANCEL' ? [{ fileName: filename, method, content: text }] : [];
  });
  return file ? { calendar: file } : {};
}

interface Address {
  readonly email: string;
  readonly name?: string;
}
interface CheckedMail {
  readonly from: Address;
  readonly subject: string;
  readonly content: readonly { readonly type: string; readonly value: string }[];
  readonly attachments?: readonly {
    readonly content: string;
    readonly filename: string;
    readonly type?: string;
  }[];
  readonly custom_args?: { readonly [name: string]: string };
  readonly categories?: readonly string[];
  readonly personalizations: readonly {
    readonly to: readonly Address[];
    readonly cc?: readonly Address[];
    readonly bcc?: readonly Address[];
    readonly subject?: string;
    readonly custom_args?: { readonly [name: string]: string };
  }[];
}
