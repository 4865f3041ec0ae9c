// What an auth hook answers in the place of a page: the way to the server's own login, or the login itself.
import type { PlainResponse } from './plain.ts';

/** A whole response of the server around Precall, such as `{ status: 303, headers: { location: '/login' } }`. */
export interface OwnAnswer {
  /** From 200 to 599, of those that may have a body. */
  readonly status: number;
  /** Unless `cache-control` is among them, nobody may keep the answer. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Null where plain JavaScript gave what cannot be sent. */
export function ownAnswer(given: unknown): PlainResponse | null {
  const { status, headers = {}, body = '' }: Partial<Record<keyof OwnAnswer, unknown>> = Object(given);
  if (!isStatus(status) || typeof body !== 'string') return null;
  const lines = Object.entries(Object(headers)).map(([name, line]) => [name.toLowerCase(), line] as const);
  if (!lines.every((line): line is readonly [string, string] => typeof line[1] === 'string')) return null;
  // The length is what the server finds it to be.
  const kept = Object.fromEntries(lines.filter(([name]) => name !== 'content-length'));
  return { status, headers: { 'cache-control': 'no-store', ...kept }, body };
}

/** Some have no body (RFC 9110 sections 15.3.5, 15.3.6 and 15.4.5), and the Fetch types refuse to give them one. */
function isStatus(status: unknown): status is number {
  const isWhole = typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599;
  return isWhole && ![204, 205, 304].includes(status);
}
