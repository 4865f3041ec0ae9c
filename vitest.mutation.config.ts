// The tests that judge mutants of core: those of the core and of what it is told by, the quick ones first.
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import base from './vitest.config.ts';

const packages = fileURLToPath(new URL('packages', import.meta.url));

/** A mutant is dead at its first red test: decisions alone are asked first, then whole worlds, then what takes seconds. */
const decisions =
  'ledger standing signature policy canonical codec temporal names content spoken-time zone-offsets html person place triggers plan merge-sequences strict-json wall-clock merge-laws';
const long = 'reads reminder-mail reconcile corners receive parse-always';

class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return [...files].sort((a, b) => place(a) - place(b) || a.moduleId.localeCompare(b.moduleId));
  }
}

function place({ moduleId }: TestSpecification): number {
  const name = basename(moduleId, '.test.ts');
  const order = decisions.split(' ').indexOf(name);
  if (order !== -1) return order - 100;
  return long.split(' ').indexOf(name) + 1;
}

export default mergeConfig(
  { ...base, test: { ...base.test, include: ['packages/{core,source-calcom}/test/**/*.test.ts'] } },
  defineConfig({
    resolve: {
      // The packages link to each other past the copy that is mutated: led back into it.
      alias: [
        { find: /^@precall\/([a-z-]+)$/, replacement: `${packages}/$1/src/index.ts` },
        { find: /^@precall\/testing\/([a-z-]+)$/, replacement: `${packages}/testing/src/$1.ts` },
      ],
    },
    test: {
      exclude: [
        '**/{outages,reconcile-lost,hostile,purity,readme}.test.ts',
        '**/test/dry-run/**',
        '**/security/{fuzz,slow-words,supply-chain,operators}.test.ts',
      ],
      // On a busy machine a test that is late would be taken for one that is red; Stryker has a limit of its own.
      testTimeout: 600_000,
      setupFiles: ['packages/core/test/mutation/judging.ts'],
      sequence: { sequencer: QuickFirst },
    },
  }),
);
