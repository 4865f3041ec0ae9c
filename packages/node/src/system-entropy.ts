// Randomness and keyed hashes from the operating system and OpenSSL.
import { createHmac, randomBytes } from 'node:crypto';
import type { Entropy } from '@precall/core';

/** Ids of 128 random bits, and HMAC-SHA-256 in hex. */
export function createSystemEntropy(): Entropy {
  return {
    id: () => randomBytes(16).toString('base64url'),
    keyedHash: (key, text) => createHmac('sha256', key).update(text, 'utf8').digest('hex'),
  };
}
