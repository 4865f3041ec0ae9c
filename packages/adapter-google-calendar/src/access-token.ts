// What opens the calendar for an hour, got for a word that the account's key signed (RFC 7523, 2.1).
import { sign } from 'node:crypto';
import { type Clock, Err, Ok, unanswered } from '@precall/core';
import { type GoogleResult, tokenError } from './google-error.ts';
import { request } from './request.ts';
import type { ServiceAccount } from './service-account.ts';

export interface AccessTokens {
  /** One that is good for a while; asked for at Google's when there is none. */
  get(): GoogleResult<string>;
  /** Google does not take it any more. */
  drop(token: string): void;
}

/** It may write events in calendars that are shared with the account, and no more. */
const scope = 'https://www.googleapis.com/auth/calendar.events';
/** The longest that Google takes. */
const wordLastsS = 3_600;
const requestTimeoutMs = 10_000;
/** A token that ends while it is on its way is no use. */
const spareMs = 60_000;

export function createAccessTokens(
  account: ServiceAccount,
  { address, clock }: { readonly address: string; readonly clock: Clock },
): AccessTokens {
  let held: { readonly token: string; readonly untilMs: number } | null = null;
  let asking: GoogleResult<string> | null = null;
  const nowMs = () => clock.now().epochMilliseconds;

  async function ask(): GoogleResult<string> {
    const askedAtMs = nowMs();
    try {
      const form = new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: signedWord(account, { address, atS: Math.floor(askedAtMs / 1_000) }),
      });
      const answer = await request(
        address,
        { method: 'POST', body: form },
        { clock, byMs: askedAtMs + requestTimeoutMs },
      );
      if (answer.status !== 200) return Err(tokenError(answer, clock.now()));
      const { access_token: token, expires_in: seconds } = Object(JSON.parse(answer.body));
      if (typeof token !== 'string' || typeof seconds !== 'number')
        return Err({
          kind: 'unavailable',
          reason: 'Google gave a token in another shape than it documents',
          of: 'token',
        });
      held = { token, untilMs: askedAtMs + seconds * 1_000 - spareMs };
      return Ok(token);
    } catch (cause) {
      return Err({ ...unanswered('Google', cause, false), of: 'token' });
    }
  }

  return {
    get() {
      if (held && nowMs() < held.untilMs) return Promise.resolve(Ok(held.token));
      // However many want one at once, it is asked for once.
      asking ??= ask().finally(() => {
        asking = null;
      });
      return asking;
    },
    drop(token) {
      if (held?.token === token) held = null;
    },
  };
}

function signedWord(
  { email, privateKey, keyId }: ServiceAccount,
  { address, atS }: { readonly address: string; readonly atS: number },
): string {
  const header = { alg: 'RS256', typ: 'JWT', ...(keyId !== null && { kid: keyId }) };
  const claims = { iss: email, scope, aud: address, iat: atS, exp: atS + wordLastsS };
  const words = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const signature = sign('RSA-SHA256', Buffer.from(words.join('.')), privateKey);
  return [...words, signature.toString('base64url')].join('.');
}
