// Who may use the operator's routes: whatever a hook says, and HTTP basic authentication (RFC 7617) as such a hook.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Headers } from '@precall/core';
import { type OwnAnswer, ownAnswer } from './own-answer.ts';
import { type PlainRequest, type PlainResponse, problem, reading } from './plain.ts';

/**
 * `yes`, with `user` who it is (a name for the histories, no address), or no: with what to answer in
 * `www-authenticate`, or with what to answer `instead`. A plain `yes` is an operator without a name.
 */
export type Authorization =
  | 'yes'
  | { readonly user: string }
  | { readonly challenge: string }
  | { readonly instead: OwnAnswer };
/** What is asked for: the method, and the path and query below the mount, as they came. */
export type AskedRoute = Pick<PlainRequest, 'method' | 'path' | 'query'>;
/**
 * Decides by the headers who an operator is. It is asked before every route under `/operator`; whatever is
 * no yes is a 401, a 403 or the hook's own answer. Whoever leads back from a login to where `asked` tells checks that it
 * is a path of their own server: it is written by whoever asks.
 */
export type Authorize = (headers: Headers, asked: AskedRoute) => Authorization | Promise<Authorization>;

/**
 * Asks the hook: who it is, or what is answered. What the hook answers `instead` is for people who look at `pages`; changes
 * and programs get 403, without a challenge, at which a browser would ask for a password that nobody has.
 */
export async function admitted(
  authorize: Authorize,
  request: PlainRequest,
  { to }: { readonly to: 'pages' | 'api' },
): Promise<{ readonly by: string } | PlainResponse> {
  const { method, path, query, headers } = request;
  const authorization = await authorize(headers, { method, path, query });
  if (authorization === 'yes') return { by: 'operator' };
  // Whatever else a hook in plain JavaScript may answer is no yes.
  const said: Partial<Record<'user' | 'challenge' | 'instead', unknown>> = Object(authorization);
  if (typeof said.user === 'string') return { by: said.user };
  const own = ownAnswer(said.instead);
  if (own && to === 'pages' && reading.some((one) => one === method)) return own;
  if (own) return problem({ status: 403, detail: 'This is for the operator: log in first.' });
  return problem({
    status: 401,
    detail: 'This is for the operator.',
    headers: { 'www-authenticate': typeof said.challenge === 'string' ? said.challenge : challenge },
  });
}

/**
 * Compares in constant time. Throws a sentence for a user that is none, and for a password under 12 characters or none at all,
 * such as that of a variable that is not set.
 */
export function basicAuth({
  user,
  password,
}: {
  readonly user: string;
  readonly password: string;
}): (headers: Headers) => Authorization {
  if (typeof user !== 'string' || user === '' || user.includes(':')) {
    throw new Error('basicAuth: `user` is empty or has a colon in it; give a name without one.');
  }
  if (typeof password !== 'string' || password.length < shortestPassword) {
    throw new Error(
      `basicAuth: \`password\` is missing or shorter than ${shortestPassword} characters; give a longer one.`,
    );
  }
  const expected = digest(Buffer.from(`${user}:${password}`));

  return (headers) => {
    const given = credentials(headers.authorization ?? []);
    return given !== null && timingSafeEqual(digest(given), expected) ? 'yes' : { challenge };
  };
}

const shortestPassword = 12;
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
