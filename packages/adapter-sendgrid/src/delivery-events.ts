// SendGrid's event webhook: who sent it, and what it says about our attempts.
import {
  type AttemptId,
  attemptId,
  type DeliveryEvent,
  type DeliveryEvents,
  Err,
  type Headers,
  type Instant,
  Ok,
  type Result,
  type SchemaIssue,
  Temporal,
} from '@precall/core';
import { type Fields, isRecord } from './json.ts';
import { isSigned, readPublicKey } from './signature.ts';

/** It needs to know neither the address posted to nor when the post came. */
export interface SendgridEvents extends DeliveryEvents {
  verify(headers: Headers, rawBody: Uint8Array): 'authentic' | 'forged';
  parse(json: unknown): Result<readonly DeliveryEvent[], readonly SchemaIssue[]>;
}

/** `publicKey`: base64 of SPKI, as SendGrid shows it. Throws when it is no such key. */
export function createDeliveryEvents(publicKey: string): SendgridEvents {
  const key = readPublicKey(publicKey);
  return {
    verify: (headers, rawBody) => (isSigned(headers, rawBody, key) ? 'authentic' : 'forged'),
    parse: parseEvents,
  };
}

/**
 * An event that is not about an attempt of ours, or not understood, is left out: SendGrid posts hundreds together, and
 * one odd one must not cost the others.
 */
function parseEvents(json: unknown): Result<readonly DeliveryEvent[], readonly SchemaIssue[]> {
  if (!Array.isArray(json)) return Err([{ path: '', message: 'is no list of events' }]);
  return Ok(json.flatMap((one: unknown) => (isRecord(one) ? (parseEvent(one) ?? []) : [])));
}

function parseEvent(event: Fields): DeliveryEvent | null {
  const attempt = attemptOf(event);
  const said = saidBy(event);
  const at = momentOf(event);
  return attempt !== null && said !== null && at !== null ? { attempt, said, at } : null;
}

/**
 * Custom arguments stand among SendGrid's own fields, and it has an `attempt` too: how often it tried so far, on
 * deferred events. Such a number is no id of ours.
 */
function attemptOf({ attempt }: Fields): AttemptId | null {
  const isOurs = typeof attempt === 'string' && /^[\w-]{1,200}$/.test(attempt) && !/^\d{1,9}$/.test(attempt);
  return isOurs ? attemptId(attempt) : null;
}

function saidBy({ event, type, reason }: Fields): DeliveryEvent['said'] | null {
  switch (event) {
    case 'processed':
    case 'deferred':
      return 'accepted';
    case 'delivered':
      return 'delivered';
    case 'bounce':
      return type === 'blocked' ? 'blocked' : 'bounced';
    case 'dropped':
      return typeof reason === 'string' && aboutTheAddress.test(reason) ? 'dropped' : 'blocked';
    case 'spamreport':
      return 'complained';
    case 'unsubscribe':
    case 'group_unsubscribe':
      return 'unsubscribed';
    default:
      return null; // open, click, resubscribe and whatever is to come
  }
}

/**
 * The reasons that SendGrid documents and that say something of the address. The others (spam content, a list over the
 * package's quota, an invalid header) are about the message or our account.
 */
const aboutTheAddress = /^(?:bounced address|unsubscribed address|spam reporting address|invalid)$/i;

/** Seconds since 1970. */
function momentOf({ timestamp }: Fields): Instant | null {
  const isMoment = typeof timestamp === 'number' && timestamp > 0 && timestamp < 100_000_000_000;
  return isMoment ? Temporal.Instant.fromEpochMilliseconds(Math.floor(timestamp) * 1000) : null;
}
