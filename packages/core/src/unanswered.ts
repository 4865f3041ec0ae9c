// What adapters that ask over HTTP read alike of a request without an answer. None of its words are passed on: they may repeat
// what was asked.
import type { PortError } from './ports.ts';

/** Why a request was given up: its time was over. */
export class NoAnswerInTime extends Error {}

/** By these nothing was sent. */
const neverConnected: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * The error of a request to `who` without an answer: a write may have been done, unless no connection was ever made. `fetch`
 * hides the code in its error's cause.
 */
export function unanswered(who: string, cause: unknown, isWrite: boolean): PortError {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code =
    inner instanceof Error && 'code' in inner && typeof inner.code === 'string' ? inner.code : null;
  const isUndone = !isWrite || (code !== null && neverConnected.has(code));
  const kind = isUndone ? 'unavailable' : 'unknown';
  return { kind, reason: `${who} did not answer${whyOf(cause)}${code === null ? '' : ` (${code})`}` };
}

function whyOf(cause: unknown): string {
  if (cause instanceof NoAnswerInTime) return ' in time';
  return cause instanceof SyntaxError ? ' in JSON' : '';
}
