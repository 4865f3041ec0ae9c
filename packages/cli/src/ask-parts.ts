// The configured parts, each asked about itself. A vendor's code is loaded only when its part is used.
import type { Clock, PortError, PortResult, SchemaFault } from '@precall/core';
import type { MailSettings } from '@precall/node';
import { asked, notAsked, type PartName, type PartReport } from './diagnosis.ts';

export async function askMail(mail: MailSettings | null, clock: Clock): Promise<PartReport> {
  if (!mail) return notAsked('mail', 'the local mailbox');
  if (mail.kind === 'smtp') return notAsked('mail', 'an SMTP server, which this version does not ask');
  return await ask(
    'mail',
    { about: 'SendGrid: what the key may do, and the sender', where: 'SENDGRID_API_KEY' },
    async () => {
      const { createSendgridMailer } = await import('@precall/adapter-sendgrid');
      const { apiKey, baseUrl, eventsPublicKey, from } = mail;
      return createSendgridMailer({ apiKey, baseUrl, eventsPublicKey, from, clock });
    },
  );
}

/** What can describe what is wrong with its set-up, and may have to be closed. */
interface Describable {
  describe(): PortResult<readonly SchemaFault[]>;
  close?(): Promise<void>;
}

/** `open` may throw for options that cannot be right; `where` names the variable that a failure is about. */
async function ask(
  part: PartName,
  { about, where }: { readonly about: string; readonly where: string },
  open: () => Promise<Describable>,
): Promise<PartReport> {
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
