// npm run canaries: each planted bug, the seed that found it, and the invariant it broke.

import { canaries } from './canaries.ts';
import { findCanary } from './hunt.ts';

let missed = 0;
for (const canary of canaries) {
  const found = await findCanary(canary);
  if (!found) missed += 1;
  const where = found ? `seed ${String(found.seed).padStart(3)}  invariant ${found.invariant}` : 'NOT FOUND';
  console.log(`${canary.bug.padEnd(62)} ${where}`);
}
console.log(`${canaries.length - missed} of ${canaries.length} found`);
process.exitCode = missed > 0 ? 1 : 0;
