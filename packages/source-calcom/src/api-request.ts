// One question to Cal.com's API: counted, bounded in time and size, and answered with a port's words. To ask changes
// nothing over there, so whatever goes wrong on the way is `unavailable`.
import {
  type Clock,
  type Duration,
  Err,
  Ok,
  type PortError,
  type PortResult,
  retryAfterIn,
  Temporal,
} from '@precall/core';
import { createRequestRate } from './request-rate.ts';

export interface Question {
  /** With a leading slash, below the base URL. */
  readonly path: string;
  readonly version: string;
}
/** `json` null: there is no such thing (404). */
export type Ask = (question: Question) => PortResult<{ readonly json: unknown } | null>;

const timeout = Temporal.Duration.from({ seconds: 10 });
const bodyLimitBytes = 8 * 1024 * 1024;

export function createAsk({
  apiKey,
  baseUrl,
  clock,
  fetch,
}: {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
}): Ask {
  const rate = createRequestRate(clock);

  return async ({ path, version }) => {
    const wait = rate.take();
    if (wait) return away('Cal.com may not be asked so often.', wait);
    const gone = new AbortController();
    const cancel = clock.at(clock.now().add(timeout), () => gone.abort());
    try {
      const response = await fetch(`${baseUrl}${path}`, {
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${apiKey}`,
          'cal-api-version': version,
          'user-agent': 'precall',
        },
        redirect: 'error',
        signal: gone.signal,
      });
      const body = await textOf(response);
      if (response.status === 200) return answerOf(body);
      if (response.status === 404) return Ok(null);
      const error = errorOf(response, clock);
      if (error.kind === 'unavailable' && error.retryAfter) rate.pause(error.retryAfter);
      return Err(error);
    } catch {
      return away(gone.signal.aborted ? 'Cal.com did not answer in time.' : 'Cal.com could not be reached.');
    } finally {
      cancel();
    }
  };
}

function answerOf(body: string | null): Awaited<ReturnType<Ask>> {
  const json = body === null ? undefined : parsed(body);
  if (json !== undefined) return Ok({ json });
  return Err({ kind: 'rejected', reason: 'Cal.com answered with what is no JSON, or too long.' });
}

function errorOf({ status, headers }: Response, clock: Clock): PortError {
  if (status === 401 || status === 403) {
    return { kind: 'rejected', reason: `Cal.com refuses the API key (${status}).` };
  }
  const reason = `Cal.com answered ${status}.`;
  if (status !== 408 && status !== 429 && status < 500) return { kind: 'rejected', reason };
  const retryAfter =
    retryAfterIn(headers.get('retry-after'), clock.now()) ?? (status === 429 ? minute : null);
  return { kind: 'unavailable', reason, ...(retryAfter && { retryAfter }) };
}

const minute = Temporal.Duration.from({ minutes: 1 });

function away(reason: string, retryAfter?: Duration): Err<PortError> {
  return Err({ kind: 'unavailable', reason, ...(retryAfter && { retryAfter }) });
}

/** Null when it is longer than the limit. */
async function textOf({ body }: Response): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > bodyLimitBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
