// Every request to Notion: at its pace, within a deadline, tried again where that is safe, its faults as PortErrors.
import { Client, isHTTPResponseError } from '@notionhq/client';
import { type Clock, type Duration, Err, Ok, type PortError, type PortResult, Temporal } from '@precall/core';
import { createPace, type PaceLimits } from './pace.ts';

export interface NotionCalls {
  /** One request; `what` says what it would do, for the reason of a fault. */
  call<T>(kind: 'read' | 'write', run: (client: Client) => Promise<T>): PortResult<T>;
}

/** `notFound`: the id is of nothing that the integration may see. */
export type NotionError = PortError & { readonly notFound?: true };

export interface ClientOptions {
  readonly token: string;
  readonly baseUrl: string | null;
  readonly clock: Clock;
}

/** Shorter than the 20 s after which a call of the CRM lane is given up. */
const requestTimeout = Temporal.Duration.from({ seconds: 10 });
/** Waits before a request that met a concurrent edit is made again. */
const conflictWaits = [500, 1_000, 2_000].map((milliseconds) => Temporal.Duration.from({ milliseconds }));
/** When Notion is overloaded and does not say for how long. */
const defaultPause = Temporal.Duration.from({ seconds: 5 });

/**
 * The SDK with its retries off (it caps Retry-After at a minute), a logger that says nothing (its own prints API messages,
 * which may name people), and requests that end at a deadline, their bodies included (its own time-out aborts nothing).
 */
export function createClient({ token, baseUrl, clock }: ClientOptions): Client {
  return new Client({
    auth: token,
    retry: false,
    logger: () => undefined,
    ...(baseUrl !== null && { baseUrl }),
    async fetch(url, init = {}) {
      const abort = new AbortController();
      const cancel = clock.at(clock.now().add(requestTimeout), () => abort.abort());
      try {
        const { method, headers, body } = init;
        const response = await fetch(url, {
          ...(method && { method }),
          ...(headers && { headers }),
          ...(typeof body === 'string' && { body }),
          redirect: 'error',
          signal: abort.signal,
        });
        const text = await response.text();
        return {
          ok: response.ok,
          status: response.status,
          headers: response.headers,
          text: async () => text,
        };
      } finally {
        cancel();
      }
    },
  });
}

export function createNotionCalls(
  client: Client,
  { clock, limits }: { readonly clock: Clock; readonly limits: PaceLimits },
): NotionCalls {
  const pace = createPace(clock, limits);

  return {
    async call(kind, run) {
      for (const wait of [...conflictWaits, null]) {
        const turn = await pace.turn();
        if (turn.isErr()) return turn;
        try {
          return Ok(await run(client));
        } catch (cause) {
          if (statusOf(cause) === 409 && wait) {
            await pass(wait);
            continue;
          }
          const error = toPortError(cause, kind, clock);
          if (error.kind === 'unavailable' && error.retryAfter) pace.pause(error.retryAfter);
          return Err(error);
        }
      }
      return Err({ kind: 'unavailable', reason: 'Notion kept answering 409' });
    },
  };

  function pass(length: Duration): Promise<void> {
    return new Promise((resolve) => clock.at(clock.now().add(length), resolve));
  }
}

/** By status alone: Notion answers with codes that its SDK does not know. */
function toPortError(cause: unknown, kind: 'read' | 'write', clock: Clock): NotionError {
  const status = statusOf(cause);
  if (status === null) return noAnswer(cause, kind);
  const reason = `Notion answered ${status}${wordsOf(cause)}`;
  if (status === 429 || status === 529)
    return { kind: 'unavailable', reason, retryAfter: retryAfterOf(cause, clock) ?? defaultPause };
  if (status === 404) return { kind: 'rejected', reason, notFound: true };
  // A token that is not taken now may be mended: nothing is lost until then.
  if (status === 401 || status === 403 || status === 409 || status === 503)
    return { kind: 'unavailable', reason };
  if (status >= 500) return { kind: kind === 'write' ? 'unknown' : 'unavailable', reason };
  return { kind: 'rejected', reason };
}

function noAnswer(cause: unknown, kind: 'read' | 'write'): PortError {
  const code = codeOf(cause);
  const neverConnected = code !== null && connecting.has(code);
  const isKnown = kind === 'read' || neverConnected;
  return {
    kind: isKnown ? 'unavailable' : 'unknown',
    reason: `Notion did not answer (${code ?? 'time-out'})`,
  };
}

const connecting: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function codeOf(cause: unknown): string | null {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return inner instanceof Error && 'code' in inner && typeof inner.code === 'string' ? inner.code : null;
}

function statusOf(cause: unknown): number | null {
  return isHTTPResponseError(cause) ? cause.status : null;
}

/** Notion's own words, with whatever looks like an address taken out. */
function wordsOf(cause: unknown): string {
  if (!isHTTPResponseError(cause) || cause.status < 400 || cause.status >= 500) return '';
  const words = cause.message.replace(/\S+@\S+/g, '(an address)').replace(/\s+/g, ' ');
  return `: ${words.slice(0, 300)}`;
}

/** Literally as Notion says, in seconds or as a date (RFC 9110, 10.2.3). */
function retryAfterOf(cause: unknown, clock: Clock): Duration | null {
  const headers = isHTTPResponseError(cause) ? cause.headers : null;
  const text = headers instanceof Headers ? headers.get('retry-after') : null;
  if (text === null) return null;
  if (/^\d+(\.\d+)?$/.test(text)) {
    return Temporal.Duration.from({ milliseconds: Math.ceil(Number(text) * 1_000) });
  }
  const dateMs = Date.parse(text);
  if (Number.isNaN(dateMs)) return null;
  return Temporal.Duration.from({ milliseconds: Math.max(0, dateMs - clock.now().epochMilliseconds) });
}
