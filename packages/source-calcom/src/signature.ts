// Cal.com's signature: lower-case hex HMAC-SHA256 of the body's bytes, without prefix, moment or number.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Headers } from '@precall/core';

const header = 'x-cal-signature-256';
const hexTag = /^[0-9a-f]{64}$/;

/** What Cal.com puts into `x-cal-signature-256` for this body: for tests and demonstrations. */
export function signCalcom(secret: string, body: Uint8Array | string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

/** One header line, 64 lower-case hex digits, and the tag of the raw bytes under one of the secrets. Never throws. */
export function isSigned(headers: Headers, rawBody: Uint8Array, secrets: readonly string[]): boolean {
  try {
    const lines = Object.hasOwn(headers, header) ? headers[header] : undefined;
    const tag = lines?.length === 1 ? lines[0] : undefined;
    if (typeof tag !== 'string') return false;
    // Every secret is tried, so that the time taken does not tell which one is in use.
    return secrets.map((secret) => hasTag(Buffer.from(secret), rawBody, tag)).includes(true);
  } catch {
    return false;
  }
}

/** Whether `tag` is the whole HMAC-SHA256 of the bytes under the key, compared in constant time. */
export function hasTag(key: Uint8Array, bytes: Uint8Array, tag: string): boolean {
  if (!hexTag.test(tag)) return false;
  return timingSafeEqual(createHmac('sha256', key).update(bytes).digest(), Buffer.from(tag, 'hex'));
}
