// Looks for one planted bug in seed after seed.
import { simulate } from '../../src/simulation/simulate.ts';
import type { Canary } from './canaries.ts';
import { spoiltCore } from './spoilt-core.ts';

/** A bug that this many seeds do not find counts as missed. */
const mostSeeds = 200;

/** A seed in which the bug breaks one of its invariants, the known one first; null: none of the first 200 does. */
export async function findCanary({
  breaks,
  edits,
  seed: known,
}: Canary): Promise<{ readonly seed: number; readonly invariant: number } | null> {
  const createPrecall = await spoiltCore(edits);
  for (const seed of [known, ...Array.from({ length: mostSeeds }, (_, index) => index + 1)]) {
    const { violations } = await simulate({ seed, createPrecall });
    const hit = violations.find(({ invariant }) => breaks.includes(invariant));
    if (hit) return { seed, invariant: hit.invariant };
  }
  return null;
}
