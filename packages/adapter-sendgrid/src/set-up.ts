// Whether the account lets us send: what the key may do, and who may be the sender.
import { Err, Ok, type PortResult, type SchemaFault } from '@precall/core';
import { type Fields, isRecord, parseJson } from './json.ts';
import { type Sender, senderName } from './mail.ts';
import { reasonOf } from './outcome.ts';
import type { Answer } from './transport.ts';

type Get = (path: string) => Promise<Answer>;

/** Rejects as `get` does. */
export async function findFaults(from: Sender, get: Get): PortResult<readonly SchemaFault[]> {
  const answer = await get('/v3/scopes');
  if (answer.status === 401 || answer.status === 403) {
    return Ok([keyFault(`SendGrid does not take the key. ${reasonOf(answer)}`)]);
  }
  const scopes = listIn(answer, 'scopes');
  if (!scopes) return Err({ kind: 'unavailable', reason: reasonOf(answer) });
  if (!scopes.includes('mail.send')) return Ok([keyFault('The key may not send mail.'), ...nameFaults(from)]);
  return Ok([...nameFaults(from), ...(await senderFaults(from.email, get))]);
}

function keyFault(fault: string): SchemaFault {
  const cure = "In SendGrid, under Settings > API Keys, make a key with 'Mail Send', and give that one.";
  return { where: 'SENDGRID_API_KEY', fault, cure };
}

function nameFaults({ name }: Sender): readonly SchemaFault[] {
  const sent = senderName(name ?? '');
  if (sent === (name ?? '')) return [];
  const fault =
    sent === ''
      ? "SendGrid takes ASCII only in the sender's name, so mails carry none."
      : `SendGrid takes ASCII only in the sender's name, so mails carry "${sent}".`;
  return [
    { where: 'SENDGRID_FROM', fault, cure: 'Give a name in plain Latin letters if that is not right.' },
  ];
}

/** Longer lists are not read to their end: then nothing is said about the sender. */
const listLimit = 200;

/** Silent where the key may not see the senders, which mail can be sent without. */
async function senderFaults(email: string, get: Get): Promise<readonly SchemaFault[]> {
  const [senders, domains] = await Promise.all([
    get(`/v3/verified_senders?limit=${listLimit}`).then((answer) => listIn(answer, 'results')),
    get(`/v3/whitelabel/domains?limit=${listLimit}`).then((answer) => listIn(answer, null)),
  ]);
  const address = email.toLowerCase();
  const itsSenders = (senders ?? [])
    .filter(isRecord)
    .filter(hasText('from_email', (text) => text === address));
  const itsDomains = (domains ?? [])
    .filter(isRecord)
    .filter(hasText('domain', (text) => covers(text, address)));
  if (itsSenders.some(({ verified }) => verified === true)) return [];
  if (itsDomains.some(({ valid }) => valid === true)) return [];
  const sawAll = [senders, domains].every((list) => list !== null && list.length < listLimit);
  if (!sawAll) return [];
  const cure =
    'In SendGrid, under Settings > Sender Authentication, authenticate its domain or verify it as a single sender.';
  return [{ where: 'SENDGRID_FROM', fault: whyNot(itsSenders.length, itsDomains.length), cure }];
}

function whyNot(senders: number, domains: number): string {
  if (domains > 0)
    return "The sender's domain is known to SendGrid, but its DNS records have not been found valid.";
  if (senders > 0)
    return 'The sender is known to SendGrid, but has not been confirmed by the mail that it was sent.';
  return 'The sender is neither verified in SendGrid nor of an authenticated domain, so mails would be refused.';
}

function covers(domain: string, address: string): boolean {
  const own = address.slice(address.lastIndexOf('@') + 1);
  return own === domain || own.endsWith(`.${domain}`);
}

function hasText(name: string, holds: (lowerCase: string) => boolean): (fields: Fields) => boolean {
  return ({ [name]: value }) => typeof value === 'string' && holds(value.toLowerCase());
}

/** The list under `name`, or the whole body; null when there is none to see. */
function listIn({ status, body }: Answer, name: string | null): readonly unknown[] | null {
  const json = status === 200 ? parseJson(body) : null;
  const list = name !== null && isRecord(json) ? json[name] : json;
  return Array.isArray(list) ? list : null;
}
