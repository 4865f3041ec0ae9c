// What became of a message, by SendGrid's answer.
import { type Clock, type Duration, Err, Ok, type PortError, type Result, Temporal } from '@precall/core';
import { isRecord, parseJson } from './json.ts';
import type { Answer } from './transport.ts';

/**
 * 202 is accepted; 200 too, but only where the sandbox was asked for. 400, 413 and 415 are about the message, which will
 * never be another; all else may be mended, by waiting or by an operator.
 */
export function outcomeOf(
  answer: Answer,
  { now, sandbox }: { readonly now: Clock['now']; readonly sandbox: boolean },
): Result<{ readonly messageId: string | null }, PortError> {
  const { status, headers } = answer;
  if (status === 202 || (status === 200 && sandbox)) {
    const messageId = headers['x-message-id'];
    return Ok({ messageId: typeof messageId === 'string' ? messageId : null });
  }
  // somebody answered who is not SendGrid, or SendGrid in a way nobody knows
  if (status >= 200 && status < 300) return Err({ kind: 'unknown', reason: `SendGrid answered ${status}.` });
  const reason = reasonOf(answer);
  if (status === 400 || status === 413 || status === 415) return Err({ kind: 'rejected', reason });
  const retryAfter = retryAfterOf(answer, now);
  const refusesUs = isAboutUs(status) && ({ refusesUs: true } as const);
  return Err({ kind: 'unavailable', reason, ...(retryAfter && { retryAfter }), ...refusesUs });
}

/** One sentence for operators: never a word that could be the recipient's. */
export function reasonOf({ status, body }: Answer): string {
  const errors = errorsIn(body);
  const said = errors
    .map(({ message, field }) => (isAboutUs(status) ? withoutAddresses(message) : field))
    .filter((one) => one !== '');
  const words = said.slice(0, 3).join('; ');
  return words === '' ? `SendGrid answered ${status}.` : `SendGrid answered ${status}: ${words}`;
}

/** About our account and our sender, such as "Maximum credits exceeded". */
function isAboutUs(status: number): boolean {
  return status === 401 || status === 403;
}

/** Its errors, as far as they have the documented form; on a 5xx the body may be anything. */
function errorsIn(body: string): readonly { readonly message: string; readonly field: string }[] {
  const json = parseJson(body);
  const errors = isRecord(json) && Array.isArray(json.errors) ? json.errors : [];
  return errors.filter(isRecord).map(({ message, field }) => ({
    message: typeof message === 'string' ? message : '',
    field: typeof field === 'string' && /^[\w.[\]-]{1,80}$/.test(field) ? field : '',
  }));
}

function withoutAddresses(text: string): string {
  return text
    .replace(/\S*@\S*/g, '(address)')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .slice(0, 200)
    .trim();
}

/** Retry-After, in seconds or as a date; on a 429 also the moment at which SendGrid's count begins anew. */
function retryAfterOf({ status, headers }: Answer, now: Clock['now']): Duration | null {
  const nowMs = now().epochMilliseconds;
  const after = headers['retry-after'];
  if (after !== undefined)
    return positive(/^\d{1,7}$/.test(after) ? Number(after) * 1000 : Date.parse(after) - nowMs);
  const reset = headers['x-ratelimit-reset'];
  if (status !== 429 || typeof reset !== 'string' || !/^\d{10}$/.test(reset)) return null;
  return positive(Number(reset) * 1000 - nowMs);
}

function positive(milliseconds: number): Duration | null {
  return milliseconds > 0 ? Temporal.Duration.from({ milliseconds: Math.ceil(milliseconds) }) : null;
}
