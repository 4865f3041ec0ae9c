// What every web server can be reduced to: a plain request, a plain response, and the two bodies we answer with.
import type { Readable } from 'node:stream';
import { type Headers, milliseconds, type PortError } from '@precall/core';

/** A request, as any web server can give it. */
export interface PlainRequest {
  readonly method: string;
  /** As it came, still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** Reads the raw body, at most `limitBytes` of it. Asked for at most once; never rejects. */
  body(limitBytes: number): Promise<PlainBody>;
}

/**
 * `too_large`: over the limit; the rest need not be read. `consumed`: somebody else has read it, and the raw bytes
 * are gone. `aborted`: the sender went away.
 */
export type PlainBody = Uint8Array | 'too_large' | 'consumed' | 'aborted';

/** A response, as any web server can send it. */
export interface PlainResponse {
  readonly status: number;
  /** Names in lower case; `content-length` is the server's business. */
  readonly headers: Readonly<Record<string, string>>;
  /** The same for HEAD as for GET; the server leaves it out. */
  readonly body: string;
  /** In place of the body: the server sends it to its end, or destroys it. */
  readonly file?: { readonly bytes: number; readonly content: Readable };
}

export type Route = (request: PlainRequest) => Promise<PlainResponse>;

/** RFC 9457. `detail` is for whoever made the request: no internals, and nothing about a person. */
export interface Problem {
  readonly status: keyof typeof titles;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the body. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export function json(status: number, body: unknown): PlainResponse {
  return {
    status,
    headers: { ...always, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

/** Words for machines that are not JSON. */
export function textual(contentType: string, body: string): PlainResponse {
  return { status: 200, headers: { ...always, 'content-type': contentType }, body };
}

export function problem({ status, detail, headers, more }: Problem): PlainResponse {
  return {
    status,
    headers: { ...always, ...headers, 'content-type': 'application/problem+json' },
    body: JSON.stringify({ type: 'about:blank', title: titles[status], status, detail, ...more }),
  };
}

/** What can never succeed was asked for wrongly (a cursor nobody gave out, say); the rest may succeed later. */
export function portProblem(error: PortError): PlainResponse {
  if (error.kind === 'rejected')
    return problem({ status: 400, detail: `This cannot be read: ${error.reason}` });
  const wait = error.kind === 'unavailable' && error.retryAfter ? milliseconds(error.retryAfter) / 1_000 : 5;
  return problem({
    status: 503,
    detail: 'The store does not answer at the moment.',
    headers: { 'retry-after': String(Math.max(1, Math.ceil(wait))) },
  });
}

export const reading = ['GET', 'HEAD'] as const;
export const changing = ['POST'] as const;

/** Null when the request's method is among `methods`, else the 405. */
export function wrongMethod(request: PlainRequest, methods: readonly string[]): PlainResponse | null {
  if (methods.includes(request.method)) return null;
  const allow = methods.join(', ');
  return problem({ status: 405, detail: `This takes ${allow} only.`, headers: { allow } });
}

export const nothingHere = (): PlainResponse => problem({ status: 404, detail: 'There is nothing here.' });

const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** The phrases of RFC 9110, as RFC 9457 section 4.2.1 asks of `about:blank`. */
const titles = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;
