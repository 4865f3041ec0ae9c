// What a request that failed means: by HTTP status alone, since Notion answers with codes that its SDK does not know.
import { APIErrorCode, ClientErrorCode, isHTTPResponseError, isNotionClientError } from '@notionhq/client';
import { type Instant, type PortError, type Result, retryAfterIn, Temporal, unanswered } from '@precall/core';

/** `status`: of Notion's answer, where there was one. */
export type NotionError = PortError & { readonly status?: number };
export type NotionResult<T> = Promise<Result<T, NotionError>>;

/** When Notion is overloaded and does not say for how long. */
const usualPause = Temporal.Duration.from({ seconds: 5 });

export function toNotionError(cause: unknown, kind: 'read' | 'write', now: Instant): NotionError {
  if (!isHTTPResponseError(cause)) return noAnswer(cause, kind);
  const { status } = cause;
  const reason = `Notion answered ${status}${wordsOf(cause)}`;
  if (status === 429 || status === 529) {
    const retryAfter = retryAfterIn(headerIn(cause.headers, 'retry-after'), now) ?? usualPause;
    return { kind: 'unavailable', reason, status, retryAfter };
  }
  // 503 is also its answer to what took longer than a minute, and may have been done.
  if (status >= 500) return { kind: kind === 'write' ? 'unknown' : 'unavailable', reason, status };
  // A token that is not taken can be mended, and the write is wanted then.
  const isForNow = status === 401 || status === 403 || status === 408 || status === 409;
  return { kind: isForNow ? 'unavailable' : 'rejected', reason, status };
}

function noAnswer(cause: unknown, kind: 'read' | 'write'): NotionError {
  if (isNotionClientError(cause) && cause.code === ClientErrorCode.InvalidPathParameter)
    return { kind: 'rejected', reason: 'this is no id of Notion' };
  return unanswered('Notion', cause, kind === 'write');
}

/** Notion's own words about a bad request, without the values that it repeats. */
function wordsOf({ code, message }: { readonly code: string; readonly message: string }): string {
  if (code !== APIErrorCode.ValidationError) return '';
  const words = message
    .replace(/`[^`]*`/g, '...')
    .replace(/\S+@\S+/g, '...')
    .replace(/\s+/g, ' ');
  return `: ${words.slice(0, 300)}`;
}

/** A client of the caller's own may have a fetch with headers of another class. */
function headerIn(headers: unknown, name: string): string {
  if (typeof headers !== 'object' || !headers || !('get' in headers)) return '';
  return typeof headers.get === 'function' ? String(headers.get(name) ?? '') : '';
}
