// What a request that failed means. Google's sentences may repeat what was asked, so none is passed on: of its body only the
// words by which it names a reason (https://developers.google.com/workspace/calendar/api/guides/errors).
import { type Instant, type PortError, type Result, retryAfterIn, Temporal } from '@precall/core';
import type { Answer } from './request.ts';

/** `of`: who was asked. `status` and `words`: of the answer, where there was one. */
export type GoogleError = PortError & {
  readonly of: 'token' | 'calendar';
  readonly status?: number;
  readonly words?: readonly string[];
};
export type GoogleResult<T> = Promise<Result<T, GoogleError>>;

export function toGoogleError(
  answer: Answer,
  { isWrite, now }: { readonly isWrite: boolean; readonly now: Instant },
): GoogleError {
  const { status, retryAfter: said } = answer;
  const words = wordsOf(answer.body);
  const about = { reason: reasonOf('Google', status, words), of: 'calendar', status, words } as const;
  // It may have been done before that.
  if (status >= 500) return { kind: isWrite ? 'unknown' : 'unavailable', ...about };
  if (status === 400 || status === 413) return { kind: 'rejected', ...about };
  // All else can be mended by somebody or passes, and then the event is wanted.
  const retryAfter = retryAfterIn(said, now) ?? usualPause(status, words);
  return { kind: 'unavailable', ...about, ...(retryAfter && { retryAfter }) };
}

/** Nothing was done in any case. */
export function tokenError(answer: Answer, now: Instant): GoogleError {
  const { status, retryAfter: said } = answer;
  const words = wordsOf(answer.body);
  const retryAfter = retryAfterIn(said, now) ?? usualPause(status, words);
  const reason = reasonOf('Google gave no token:', status, words);
  return { kind: 'unavailable', reason, of: 'token', status, words, ...(retryAfter && { retryAfter }) };
}

function reasonOf(who: string, status: number, words: readonly string[]): string {
  const answered = who === 'Google' ? `${who} answered ${status}` : `${who} ${status}`;
  return words.length > 0 ? `${answered} (${words.join(', ')})` : answered;
}

/** The calendar says `{ error: { errors: [{ reason }], details: [{ reason }] } }`, who gives tokens `{ error }`. */
function wordsOf(body: string): readonly string[] {
  const said = errorIn(body);
  if (typeof said === 'string') return [said].filter(isWord);
  const { errors, details } = Object(said);
  const reasons = [errors, details]
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .map((one) => Object(one).reason);
  return [...new Set(reasons.filter(isWord))];
}

function errorIn(body: string): unknown {
  try {
    return Object(JSON.parse(body)).error;
  } catch {
    return null;
  }
}

const isWord = (word: unknown): word is string => typeof word === 'string' && /^[A-Za-z_]{1,40}$/.test(word);

/** Over a limit, Google asks for growing pauses and names no length. */
function usualPause(status: number, words: readonly string[]): Temporal.Duration | null {
  const isOver = (limits: readonly string[]) => words.some((word) => limits.includes(word));
  if (isOver(['dailyLimitExceeded', 'quotaExceeded'])) return Temporal.Duration.from({ hours: 1 });
  const isOften = status === 429 || isOver(['rateLimitExceeded', 'userRateLimitExceeded']);
  return isOften ? Temporal.Duration.from({ seconds: 20 }) : null;
}
