// SendGrid's signature on delivery events: ECDSA on P-256 with SHA-256 (DER, in base64) over the moment of signing and
// the raw bytes.
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Headers } from '@precall/core';

const signatureHeader = 'x-twilio-email-event-webhook-signature';
const timestampHeader = 'x-twilio-email-event-webhook-timestamp';
/** Seconds. Of one length, so that no digit can move between the moment and the body. */
const timestampForm = /^\d{10}$/;

/** The key as SendGrid shows it: base64 of an SPKI structure. Throws for any other. */
export function readPublicKey(text: string): KeyObject {
  const key = parsedKey(text.trim());
  if (key?.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error(
      "eventsPublicKey is no public key on P-256 in base64; give the verification key of SendGrid's signed event webhook.",
    );
  }
  return key;
}

function parsedKey(text: string): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}

/**
 * One line of each header, and the signature of the raw bytes under the key. Never throws. The age of the moment is not
 * looked at: SendGrid posts again for 24 hours, and the same event twice changes nothing.
 */
export function isSigned(headers: Headers, rawBody: Uint8Array, key: KeyObject): boolean {
  try {
    const timestamp = onlyLine(headers, timestampHeader);
    const signature = onlyLine(headers, signatureHeader);
    if (timestamp === null || signature === null || !timestampForm.test(timestamp)) return false;
    return hasSignature(key, Buffer.concat([Buffer.from(timestamp), rawBody]), signature);
  } catch {
    return false;
  }
}

/** Whether `signature` is strict base64 of a DER signature of the bytes. */
export function hasSignature(key: KeyObject, bytes: Uint8Array, signature: string): boolean {
  const der = Buffer.from(signature, 'base64');
  // Buffer.from skips what is no base64; only the one true spelling comes back the same.
  if (der.toString('base64') !== signature) return false;
  return verify('sha256', bytes, key, der);
}

function onlyLine(headers: Headers, name: string): string | null {
  const lines = Object.hasOwn(headers, name) ? headers[name] : undefined;
  const line = lines?.length === 1 ? lines[0] : undefined;
  return typeof line === 'string' ? line : null;
}
