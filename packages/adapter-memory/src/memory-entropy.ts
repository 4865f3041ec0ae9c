// Ids that come in the same order for the same seed, for tests and simulations. Never for real data: they can be guessed.
import { createHmac } from 'node:crypto';
import type { Entropy } from '@precall/core';

/** The same seed gives the same ids in the same order. Never for real data: they can be guessed. */
export function createMemoryEntropy(seed: string | number): Entropy {
  let made = 0;
  const keyedHash: Entropy['keyedHash'] = (key, text) =>
    createHmac('sha256', key).update(text, 'utf8').digest('hex');
  return {
    // 32 hex digits are 128 bits
    id: () => keyedHash(`seed ${seed}`, `id ${++made}`).slice(0, 32),
    keyedHash,
  };
}
