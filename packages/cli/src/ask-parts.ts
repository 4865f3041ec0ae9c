// The configured parts, each asked about itself. A vendor's code is loaded only when its part is used.
import type { Clock, PortError, PortResult, SchemaFault } from '@precall/core';
import type { MailSettings } from '@precall/node';
import { asked, notAsked, type PartName, type PartReport } from './diagnosis.ts';

export async function askMail(mail: MailSettings | null, clock: Clock): Promise<PartReport> {
  switch (mail?.kind) {
    case undefined:
      return notAsked('mail', 'the local mailbox');
    case 'sendgrid':
      return await ask(
        { part: 'mail', about: 'SendGrid: what the key may do, and the sender', where: 'SENDGRID_API_KEY' },
        async () => {
          const { createSendgridMailer } = await import('@precall/adapter-sendgrid');
          const { apiKey, baseUrl, eventsPublicKey, from } = mail;
          return createSendgridMailer({ apiKey, baseUrl, eventsPublicKey, from, clock });
        },
      );
    case 'smtp':
      return await ask(
        { part: 'mail', about: 'the SMTP server: a secure login', where: 'SMTP_URL' },
        async () => {
          const { createSmtpMailer } = await import('@precall/adapter-smtp');
          return createSmtpMailer({ url: mail.url, from: mail.from, clock });
        },
      );
  }
}

interface Question {
  readonly part: PartName;
  readonly about: string;
  /** The variable that a failure is about. */
  readonly where: string;
}
/** What can tell what is wrong with its set-up, and may have to be closed. */
interface Describable {
  describe(): PortResult<readonly SchemaFault[]>;
  close?(): Promise<void>;
}

/** `open` may throw for options that cannot be right. */
async function ask({ part, about, where }: Question, open: () => Promise<Describable>): Promise<PartReport> {
  try {
    const opened = await open();
    const described = await opened.describe();
    await opened.close?.();
    return asked(part, about, described.isOk() ? described.value : [failure(where, described.error)]);
  } catch (cause) {
    const fault = cause instanceof Error ? cause.message : 'it cannot be used';
    return asked(part, about, [{ where, fault, cure: 'mend what this sentence names' }]);
  }
}

function failure(where: string, { kind, reason }: PortError): SchemaFault {
  const cure =
    kind === 'rejected'
      ? `look whether ${where} is right`
      : 'look whether this machine reaches it (name, port, firewall, proxy), and ask again';
  return { where, fault: reason, cure };
}
