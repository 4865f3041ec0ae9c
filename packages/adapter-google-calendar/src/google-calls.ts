// Every request to Google's calendar: with a token, within its time, and repeated only where the token was not taken.
import { type Clock, Err, Ok, unanswered } from '@precall/core';
import type { AccessTokens } from './access-token.ts';
import { type GoogleResult, toGoogleError } from './google-error.ts';
import { request } from './request.ts';

export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the API's address, with a leading slash. */
  readonly path: string;
  readonly body?: object;
}
/** What a GET answers is read; of the others only that it was done. */
export type Ask = (question: Question) => GoogleResult<unknown>;

/**
 * All that one call of the port asks for ends within this. Shorter than the 20 s after which the calendar's lane gives a call
 * up: an old write may not begin when a newer one may be under way.
 */
const callTimeoutMs = 18_000;
const requestTimeoutMs = 10_000;

/** Each call of the port begins with the returned function. */
export function createGoogleCalls({
  baseUrl,
  tokens,
  clock,
}: {
  readonly baseUrl: string;
  readonly tokens: AccessTokens;
  readonly clock: Clock;
}): () => Ask {
  const nowMs = () => clock.now().epochMilliseconds;

  async function ask(question: Question, byMs: number): GoogleResult<unknown> {
    const token = await tokens.get();
    if (token.isErr()) return token;
    const answer = await once(question, { token: token.value, byMs });
    if (answer.isOk() || answer.error.status !== 401) return answer;
    // It may have been taken back before its time.
    tokens.drop(token.value);
    const another = await tokens.get();
    return another.isErr() ? another : once(question, { token: another.value, byMs });
  }

  async function once(
    { method, path, body }: Question,
    { token, byMs }: { readonly token: string; readonly byMs: number },
  ): GoogleResult<unknown> {
    const isWrite = method !== 'GET';
    if (nowMs() >= byMs) return Err({ kind: 'unavailable', reason: 'Google took too long', of: 'calendar' });
    const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) };
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    try {
      const endMs = Math.min(byMs, nowMs() + requestTimeoutMs);
      const answer = await request(`${baseUrl}${path}`, init, { clock, byMs: endMs });
      if (answer.status < 200 || answer.status > 299)
        return Err(toGoogleError(answer, { isWrite, now: clock.now() }));
      return Ok(isWrite ? null : JSON.parse(answer.body));
    } catch (cause) {
      return Err({ ...unanswered('Google', cause, isWrite), of: 'calendar' });
    }
  }

  return () => {
    const byMs = nowMs() + callTimeoutMs;
    return (question) => ask(question, byMs);
  };
}
