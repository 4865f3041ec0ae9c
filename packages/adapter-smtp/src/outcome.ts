// What became of a message, by what nodemailer says of the conversation with the server.
import type { PortError } from '@precall/core';

/** Of nodemailer's errors; none of their words, which repeat addresses and what the server wrote. */
export interface Trouble {
  /** Such as ECONNREFUSED, ECONNECTION, ETLS, EAUTH. */
  readonly code: string;
  /** What was being said to the server; CONN while nothing was. */
  readonly command: string;
  /** 4xx or 5xx; null: the server did not answer. */
  readonly reply: number | null;
  /** RFC 3463, such as 5.7.8; empty: none. */
  readonly enhanced: string;
}

export function troubleIn(cause: unknown): Trouble {
  const fields: { readonly [name: string]: unknown } =
    typeof cause === 'object' && cause !== null ? { ...cause } : {};
  const { code, originalCode, command, responseCode, response } = fields;
  const isReply = typeof responseCode === 'number' && responseCode >= 400 && responseCode < 600;
  const enhanced = isReply ? /^\d{3}[ -]([45]\.\d{1,3}\.\d{1,3})\b/.exec(text(response)) : null;
  return {
    code: text(originalCode) || text(code) || 'an unknown error',
    command: text(command) || 'CONN',
    reply: isReply ? responseCode : null,
    enhanced: enhanced?.[1] ?? '',
  };
}

/**
 * `wasHandedOver`: the message was sent to its end, the final dot with it or about to be. Until the dot a server has
 * accepted nothing (RFC 5321, 4.1.1.4); after it, only its reply tells.
 */
export function toPortError(
  cause: unknown,
  { wasHandedOver }: { readonly wasHandedOver: boolean },
): PortError {
  const trouble = troubleIn(cause);
  const { code, command, reply } = trouble;
  if (reply !== null) {
    const reason = saidBy(trouble);
    if (isForGood(command, reply)) return { kind: 'rejected', reason };
    const refusesUs = reply >= 500 && reply !== badSequence && ({ refusesUs: true } as const);
    return { kind: 'unavailable', reason, ...refusesUs };
  }
  const why = code === 'EABORT' ? 'no answer by the deadline' : code;
  if (wasHandedOver) return { kind: 'unknown', reason: `The mail server did not answer: ${why}.` };
  return { kind: 'unavailable', reason: `Talking to the mail server failed: ${why}.` };
}

export function saidBy({ reply, enhanced, command }: Trouble): string {
  const to = /^[A-Z][A-Z0-9 -]{1,20}$/.test(command) && command !== 'CONN' ? ` to ${command}` : '';
  return `The mail server answered ${reply}${enhanced === '' ? '' : ` ${enhanced}`}${to}.`;
}

/**
 * Final is a 5xx about the recipient or the message. One about us (the greeting, the login, the sender) is for an
 * operator to mend, and the message may go afterwards.
 */
function isForGood(command: string, reply: number): boolean {
  if (reply < 500 || aboutUs.has(reply)) return false;
  return command === 'RCPT TO' || command === 'DATA' || reply === tooLarge;
}

/** A new connection may do. */
const badSequence = 503;
/** Besides, the replies of RFC 4954 to who has not logged in as is wished. */
const aboutUs = new Set([badSequence, 530, 534, 535, 538]);
/** Exceeded storage allocation: to MAIL FROM that is the size of the message (RFC 1870). */
const tooLarge = 552;

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
