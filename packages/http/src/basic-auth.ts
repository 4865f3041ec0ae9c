// HTTP basic authentication (RFC 7617) for the operator's routes.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Headers } from '@precall/core';
import { type PlainResponse, problem } from './plain.ts';

/**
 * `yes`, with `user` who it is (a name for the histories, no address), or what to answer in `www-authenticate`. A
 * plain `yes` is an operator without a name.
 */
export type Authorization = 'yes' | { readonly user: string } | { readonly challenge: string };
/**
 * Decides by the headers who an operator is. It is asked before every route under `/operator`; whatever is
 * no yes is a 401.
 */
export type Authorize = (headers: Headers) => Authorization | Promise<Authorization>;

/** Who it is, or the 401. Whatever else a hook in plain JavaScript may answer is no yes. */
export function admitted(authorization: Authorization): { readonly by: string } | PlainResponse {
  if (authorization === 'yes') return { by: 'operator' };
  const said: Partial<Record<'user' | 'challenge', unknown>> = Object(authorization);
  if (typeof said.user === 'string') return { by: said.user };
  return problem({
    status: 401,
    detail: 'This is for the operator.',
    headers: { 'www-authenticate': typeof said.challenge === 'string' ? said.challenge : challenge },
  });
}

/** Compares in constant time. Throws when made with nothing to compare to. */
export function basicAuth({
  user,
  password,
}: {
  readonly user: string;
  readonly password: string;
}): Authorize {
  if (user === '' || user.includes(':')) {
    throw new Error('basicAuth: `user` is empty or has a colon in it; give a name without one.');
  }
  if (password === '') throw new Error('basicAuth: `password` is empty; give one of at least 12 characters.');
  const expected = digest(Buffer.from(`${user}:${password}`));

  return (headers) => {
    const given = credentials(headers.authorization ?? []);
    return given !== null && timingSafeEqual(digest(given), expected) ? 'yes' : { challenge };
  };
}

const challenge = 'Basic realm="Precall", charset="UTF-8"';

function credentials(lines: readonly string[]): Uint8Array | null {
  const [line] = lines;
  if (line === undefined || lines.length > 1) return null;
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(line)?.[1];
  return encoded === undefined ? null : Buffer.from(encoded, 'base64');
}

/** Of one length whatever is given, as timingSafeEqual needs it. */
function digest(given: Uint8Array): Buffer {
  return createHash('sha256').update(given).digest();
}
