// What is known of the mutants asked for: a table by file, and the survivors, with where they stand.
import { writeFileSync } from 'node:fs';
import type { Mutant } from './mutants.ts';
import type { Known } from './verdicts.ts';

const listed = '.stryker/quick-survivors.txt';

type Fate = 'killed' | 'in time' | 'survived' | 'not reached' | 'at loading';

/** Prints figures and survivors; what only ran when a module was loaded is not counted, as with Stryker. */
export function report(mutants: readonly Mutant[], known: Known): void {
  const reached = new Set([...known.survived].map((word) => word.slice(0, word.indexOf(' '))));
  const fates = mutants.map((mutant) => ({ mutant, fate: fateOf(mutant, known, reached) }));
  for (const file of [...new Set(mutants.map((mutant) => mutant.file))].sort()) {
    console.log(
      row(
        file,
        fates.filter(({ mutant }) => mutant.file === file).map(({ fate }) => fate),
      ),
    );
  }
  console.log(
    row(
      'together',
      fates.map(({ fate }) => fate),
    ),
  );
  const left = fates.filter(({ fate }) => fate === 'survived' || fate === 'not reached');
  const cut = left.filter(({ mutant }) => known.cut.has(mutant.key)).length;
  console.log(
    `\nSurvivors that needed more time somewhere: ${cut}. Tests that could not judge: ${known.unfit.size}`,
  );
  console.log([...known.unfit].map((test) => `  ${test}`).join('\n'));
  const survivors = left.map(({ mutant, fate }) => described(mutant, fate)).join('\n');
  writeFileSync(listed, `${survivors}\n`);
  console.log(`\nSurvivors (also in ${listed}):\n${survivors}`);
}

function fateOf({ key }: Mutant, known: Known, reached: ReadonlySet<string>): Fate {
  const how = known.killed.get(key);
  if (how !== undefined) {
    return how === 'red' ? 'killed' : 'in time';
  }
  if (reached.has(key)) {
    return 'survived';
  }
  return known.atLoading.has(key) ? 'at loading' : 'not reached';
}

function row(name: string, fates: readonly Fate[]): string {
  const count = (fate: Fate): number => fates.filter((one) => one === fate).length;
  const killed = count('killed') + count('in time');
  const mutants = fates.length - count('at loading');
  const share = mutants === 0 ? 'none' : `${((100 * killed) / mutants).toFixed(1)} %`;
  const parts = `${count('in time')} by time, ${count('survived')} survived, ${count('not reached')} not reached`;
  return `${name.padEnd(24)} ${killed} of ${mutants} killed (${share}): ${parts}; ${count('at loading')} at loading`;
}

function described({ file, line, column, kind, original, replacement }: Mutant, fate: Fate): string {
  const short = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 90);
  const nobody = fate === 'not reached' ? ' (not reached)' : '';
  return `${file}:${line}:${column}${nobody} ${kind}: ${short(original)}  =>  ${short(replacement)}`;
}
