// Calendly's signature: `t=<Unix seconds>,v1=<lower-case hex HMAC-SHA256 of "t.body">`
// (https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures).
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Duration, type Headers, type Instant, milliseconds } from '@precall/core';

const header = 'calendly-webhook-signature';
/** Both parts once, in this order, and nothing else: what could be read in two ways is not read. */
const form = /^t=(\d{10}),v1=([0-9a-f]{64})$/;

/** What Calendly puts into `Calendly-Webhook-Signature` for this body at that moment: for tests and demonstrations. */
export function signCalendly(secret: string, body: Uint8Array | string, at: Instant): string {
  const seconds = String(Math.floor(at.epochMilliseconds / 1000));
  return `t=${seconds},v1=${tagOf(secret, seconds, body).toString('hex')}`;
}

/** One header line, of an age within the tolerance both ways, with the tag of the raw bytes under one secret. Never throws. */
export function isSigned(
  { headers, rawBody }: { readonly headers: Headers; readonly rawBody: Uint8Array },
  against: { readonly secrets: readonly string[]; readonly now: Instant; readonly tolerance: Duration },
): boolean {
  try {
    const lines = Object.hasOwn(headers, header) ? headers[header] : undefined;
    const line = lines?.length === 1 ? lines[0] : undefined;
    const [, seconds, hex] = (typeof line === 'string' && form.exec(line)) || [];
    if (seconds === undefined || hex === undefined) return false;
    const ageMs = against.now.epochMilliseconds - Number(seconds) * 1000;
    if (Math.abs(ageMs) > milliseconds(against.tolerance)) return false;
    const tag = Buffer.from(hex, 'hex');
    // Every secret is tried, so that the time taken does not tell which one is in use.
    return against.secrets
      .map((secret) => timingSafeEqual(tagOf(secret, seconds, rawBody), tag))
      .includes(true);
  } catch {
    return false;
  }
}

function tagOf(secret: string, seconds: string, body: Uint8Array | string): Buffer {
  return createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();
}
