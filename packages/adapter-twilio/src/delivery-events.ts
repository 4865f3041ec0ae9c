// What Twilio posts: what became of our attempts, and what whoever has a number wants.
import {
  type AddressEvent,
  type AttemptId,
  attemptId,
  type DeliveryEvent,
  type DeliveryEvents,
  type Headers,
  Ok,
} from '@precall/core';
import { type Form, fieldOf, readForm } from './form.ts';
import { optedOut } from './outcome.ts';
import { isSigned } from './signature.ts';

/** `url`: the public address that Twilio posts to, without a query. */
export function createDeliveryEvents({
  accountSid,
  authToken,
  url,
}: {
  readonly accountSid: string;
  readonly authToken: string;
  readonly url: string;
}): DeliveryEvents {
  return {
    verify(headers: Headers, rawBody: Uint8Array, query: string) {
      const form = readForm(rawBody);
      const address = query === '' ? url : `${url}?${query}`;
      return form.isOk() && isSigned(headers, form.value, { authToken, url: address })
        ? 'authentic'
        : 'forged';
    },
    read: readForm,
    parse(posted, { query, at }) {
      const form = posted as Form;
      if (fieldOf(form, 'AccountSid') !== accountSid) return Ok([]);
      const attempt = attemptIn(query);
      const said = attempt && saidBy(form);
      const wish = wishIn(form);
      const found: (DeliveryEvent | AddressEvent)[] = [];
      if (attempt && said) found.push({ attempt, said, at });
      if (wish) found.push({ ...wish, at });
      return Ok(found);
    },
  };
}

function attemptIn(query: string): AttemptId | null {
  const id = new URLSearchParams(query).get('attempt') ?? '';
  return /^[\w-]{1,200}$/.test(id) ? attemptId(id) : null;
}

/** Codes that say of the number that it takes no texts: unknown, a landline, not a mobile. */
const badNumber: ReadonlySet<string> = new Set(['30005', '30006', '21211', '21614']);

/** twilio.com/docs/messaging/api/message-resource, the values of status. */
function saidBy(form: Form): DeliveryEvent['said'] | null {
  const code = fieldOf(form, 'ErrorCode');
  switch (fieldOf(form, 'MessageStatus')) {
    case 'accepted':
    case 'queued':
    case 'sending':
    case 'sent':
      return 'accepted';
    case 'delivered':
    case 'read':
      return 'delivered';
    case 'undelivered':
    case 'failed':
      if (code === `${optedOut}`) return 'unsubscribed';
      return code !== null && badNumber.has(code) ? 'dropped' : 'blocked';
    default:
      return null;
  }
}

/** Those that Twilio itself heeds (help.twilio.com, "Support for English Keyword Opt-Outs"). */
const stops: ReadonlySet<string> = new Set([
  'STOP',
  'STOPALL',
  'UNSUBSCRIBE',
  'CANCEL',
  'END',
  'QUIT',
  'REVOKE',
  'OPTOUT',
]);
const starts: ReadonlySet<string> = new Set(['START', 'YES', 'UNSTOP']);

/** Of a message that came in. Where Twilio has recognised a wish, in whatever language, it says so itself. */
function wishIn(form: Form): Omit<AddressEvent, 'at'> | null {
  const from = fieldOf(form, 'From') ?? '';
  if (fieldOf(form, 'SmsStatus') !== 'received' || !/^\+[1-9]\d{6,14}$/.test(from)) return null;
  const recognised = fieldOf(form, 'OptOutType')?.toUpperCase();
  const word = recognised ?? (fieldOf(form, 'Body') ?? '').toUpperCase().replace(/[^A-Z]/g, '');
  if (stops.has(word)) return { address: from, said: 'stop' };
  return starts.has(word) ? { address: from, said: 'start' } : null;
}
