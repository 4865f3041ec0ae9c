// Looks for one planted bug in seed after seed.
import { simulate } from '../../src/simulation/simulate.ts';
import type { Canary } from './canaries.ts';
import { spoiltCore } from './spoilt-core.ts';

/** A bug that this many seeds do not find counts as missed. */
const mostSeeds = 200;

/** The first seed in which the bug breaks one of its invariants; null: none does. */
export async function findCanary(
  { breaks, edits }: Canary,
  { from = 1, seeds = mostSeeds }: { readonly from?: number; readonly seeds?: number } = {},
): Promise<{ readonly seed: number; readonly invariant: number } | null> {
  const createPrecall = await spoiltCore(edits);
  for (let seed = from; seed < from + seeds; seed += 1) {
    const { violations } = await simulate({ seed, createPrecall });
    const hit = violations.find(({ invariant }) => breaks.includes(invariant));
    if (hit) return { seed, invariant: hit.invariant };
  }
  return null;
}
