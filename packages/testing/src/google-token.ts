// Who gives tokens at Google's: for a word that a service account's key signed, read as strictly as RFC 7523 asks.
import { type KeyObject, randomUUID, verify } from 'node:crypto';

/** A status and a body. */
export interface GoogleReply {
  readonly status: number;
  readonly body: object | null;
}

/** Whom it gives tokens to, and what it has to know of the present. */
export interface GoogleTokensOptions {
  readonly email: string;
  readonly publicKey: KeyObject;
  /** Of the endpoint itself: the only audience that it takes. */
  readonly address: () => string;
  readonly nowMs: () => number;
}

export interface GoogleTokens {
  /** What a form is answered. */
  give(contentType: string, form: string): GoogleReply;
  /** Whether that header opens the calendar now. */
  opens(authorization: string): boolean;
  /** None of those that were given opens anything any more. */
  revoke(): void;
}

const lastsS = 3_599;
const longestWordS = 3_600;
/** How far a clock may be ahead. */
const skewS = 300;
const scopes = [
  'https://www.googleapis.com/auth/calendar',
  'https://www.googleapis.com/auth/calendar.events',
];

export function createGoogleTokens({ email, publicKey, address, nowMs }: GoogleTokensOptions): GoogleTokens {
  const given = new Map<string, number>();

  function whyNot(assertion: string): string | null {
    const [header = '', claims = '', signature = '', ...more] = assertion.split('.');
    const { alg } = jsonIn(header);
    const { iss, aud, scope, iat, exp } = jsonIn(claims);
    if (more.length > 0 || alg !== 'RS256') return 'invalid_request';
    const isSigned = verify(
      'RSA-SHA256',
      Buffer.from(`${header}.${claims}`),
      publicKey,
      Buffer.from(signature, 'base64url'),
    );
    if (!isSigned || iss !== email || aud !== address()) return 'invalid_grant';
    if (!scopes.includes(`${scope}`)) return 'invalid_scope';
    const nowS = nowMs() / 1_000;
    const isTimely =
      typeof iat === 'number' &&
      typeof exp === 'number' &&
      iat <= nowS + skewS &&
      exp > nowS &&
      exp - iat <= longestWordS;
    return isTimely ? null : 'invalid_grant';
  }

  return {
    give(contentType, form) {
      const fields = new URLSearchParams(form);
      const isForm = contentType.split(';')[0] === 'application/x-www-form-urlencoded';
      if (!isForm || fields.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
        return { status: 400, body: { error: 'unsupported_grant_type' } };
      const error = whyNot(fields.get('assertion') ?? '');
      if (error !== null) return { status: 400, body: { error, error_description: 'Invalid JWT.' } };
      const token = `ya29.${randomUUID()}`;
      given.set(token, nowMs() + lastsS * 1_000);
      return { status: 200, body: { access_token: token, expires_in: lastsS, token_type: 'Bearer' } };
    },
    opens(authorization) {
      const untilMs = given.get(/^Bearer (.+)$/.exec(authorization)?.[1] ?? '');
      return untilMs !== undefined && nowMs() < untilMs;
    },
    revoke: () => given.clear(),
  };
}

function jsonIn(part: string): { readonly [claim: string]: unknown } {
  try {
    return Object(JSON.parse(Buffer.from(part, 'base64url').toString()));
  } catch {
    return {};
  }
}
