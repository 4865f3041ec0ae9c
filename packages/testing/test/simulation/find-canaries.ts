// npm run canaries: each planted bug, the seed that found it, and the invariant it broke. With words: those bugs only
// whose names hold one of them.

import { canaries } from './canaries.ts';
import { findCanary } from './hunt.ts';

const words = process.argv.slice(2);
const wanted = canaries.filter(({ bug }) => words.length === 0 || words.some((word) => bug.includes(word)));
let missed = 0;
for (const canary of wanted) {
  const found = await findCanary(canary);
  if (!found) missed += 1;
  const where = found ? `seed ${String(found.seed).padStart(3)}  invariant ${found.invariant}` : 'NOT FOUND';
  console.log(`${canary.bug.padEnd(62)} ${where}`);
}
console.log(`${wanted.length - missed} of ${wanted.length} found`);
process.exitCode = missed > 0 ? 1 : 0;
