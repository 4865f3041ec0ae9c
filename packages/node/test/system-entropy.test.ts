import { describe, expect, it } from 'vitest';
import { createSystemEntropy } from '../src/index.ts';

const entropy = createSystemEntropy();

describe('createSystemEntropy', () => {
  it('makes ids of 128 bits in letters, digits, - and _, no two alike', () => {
    const ids = Array.from({ length: 10_000 }, () => entropy.id());
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
  });

  it('hashes as RFC 4231 says', () => {
    expect(entropy.keyedHash('Jefe', 'what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('hashes the UTF-8 of a text', () => {
    expect(entropy.keyedHash('Jefe', 'ü')).not.toBe(entropy.keyedHash('Jefe', 'u\u0308'));
    expect(entropy.keyedHash('Jefe', 'ü')).toMatch(/^[0-9a-f]{64}$/);
  });
});
