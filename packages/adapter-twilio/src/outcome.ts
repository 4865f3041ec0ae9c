// What an answer of Twilio's means for a message.
import { Err, Ok, type PortError, type Result, Temporal } from '@precall/core';

/** The recipient has said STOP (twilio.com/docs/api/errors/21610). */
export const optedOut = 21610;

/**
 * Codes that come with a 400 and say something of our account or service, which somebody may mend: those messages can be
 * sent later. https://www.twilio.com/docs/api/errors
 */
const aboutUs: ReadonlySet<number> = new Set([21603, 21606, 21608, 21611, 21703, 21704, 21705, 21712]);

/** `body` is whatever came with the status. */
export function outcomeOf(
  status: number,
  body: string,
  headers: { get(name: string): string | null },
): Result<{ readonly messageId: string | null }, PortError> {
  const said = fieldsOf(body);
  if (status === 200 || status === 201) {
    return Ok({ messageId: typeof said.sid === 'string' ? said.sid : null });
  }
  const code = typeof said.code === 'number' ? said.code : null;
  const reason = `Twilio answered ${status}${code === null ? '' : `, error ${code}`}.`;
  if (code === optedOut) return Err({ kind: 'rejected', reason, optedOut: true });
  const isAboutUs = status === 400 ? code !== null && aboutUs.has(code) : status === 401 || status === 403;
  if ((status === 400 && !isAboutUs) || status === 413) return Err({ kind: 'rejected', reason });
  const retryAfter = secondsIn(headers.get('retry-after'));
  const refusesUs = isAboutUs && ({ refusesUs: true } as const);
  return Err({ kind: 'unavailable', reason, ...(retryAfter && { retryAfter }), ...refusesUs });
}

function fieldsOf(body: string): { readonly sid?: unknown; readonly code?: unknown } {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === 'object' && json !== null ? json : {};
  } catch {
    return {};
  }
}

function secondsIn(text: string | null): Temporal.Duration | null {
  return text !== null && /^[1-9]\d{0,5}$/.test(text)
    ? Temporal.Duration.from({ seconds: Number(text) })
    : null;
}

const notSent: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** No answer: unknown, unless no connection was ever made. Nothing of the error's own words, which may hold an address. */
export function withoutAnswer(cause: unknown): PortError {
  const code = codeOf(cause) ?? (cause instanceof Error ? codeOf(cause.cause) : null);
  if (code !== null && notSent.has(code)) {
    return { kind: 'unavailable', reason: `Twilio could not be reached (${code}).` };
  }
  return { kind: 'unknown', reason: `Twilio gave no answer${code === null ? '' : ` (${code})`}.` };
}

function codeOf(cause: unknown): string | null {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : null;
  return typeof code === 'string' && /^[A-Z_]+$/.test(code) ? code : null;
}
