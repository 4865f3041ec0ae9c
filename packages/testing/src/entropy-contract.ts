// The contract of the Entropy port.
import type { Entropy } from '@precall/core';
import { expect } from 'vitest';
import { type ContractOptions, type Promised, registerContract, type Use } from './contract.ts';

/** An Entropy to run the contract on. */
export interface EntropyContractOptions extends ContractOptions {
  create(): Entropy;
}

/** Registers the Entropy contract's tests in a test file of Vitest. */
export function entropyContract(options: EntropyContractOptions): void {
  registerContract('Entropy', entropyPromises, useEntropy(options), options);
}

/** Makes an Entropy for one promise. */
export function useEntropy({ create }: EntropyContractOptions): Use<Entropy> {
  return (run) => run(create());
}

/** What every Entropy promises, each as a test. */
export const entropyPromises: readonly Promised<Entropy>[] = [
  {
    promise: 'id: never the same twice',
    async run(entropy) {
      expect(new Set(Array.from({ length: 10_000 }, () => entropy.id())).size).toBe(10_000);
    },
  },
  {
    promise: 'id: room for 128 bits, in letters, digits, - and _',
    async run(entropy) {
      for (let count = 0; count < 1_000; count++) {
        const id = entropy.id();
        expect(id).toMatch(/^[A-Za-z0-9_-]{22,128}$/);
        // in hex digits alone a character holds 4 bits, not 6
        expect(/^[0-9a-f]+$/.test(id) ? id.length * 4 : id.length * 6).toBeGreaterThanOrEqual(128);
      }
    },
  },
  {
    promise: 'keyedHash: HMAC-SHA-256 in lower-case hex (RFC 4231, case 2)',
    async run(entropy) {
      expect(entropy.keyedHash('Jefe', 'what do ya want for nothing?')).toBe(
        '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
      );
    },
  },
  {
    promise: 'keyedHash: of the UTF-8 of the text',
    async run(entropy) {
      // printf 'Grüße 👋' | openssl dgst -sha256 -hmac 'Schlüssel'
      expect(entropy.keyedHash('Schlüssel', 'Grüße 👋')).toBe(
        'ea2553b2a352e163cd3f8831a02eccb41b15d845e9625267497e8d400c117cb9',
      );
    },
  },
];
