// Vitest for the quick judging: core as it is with all mutants planted, one process, the test files in the order asked for.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import mutation from '../../vitest.mutation.config.ts';
import { takeJob } from './job.ts';
import { planted } from './mutants.ts';

const { judges, sources } = takeJob();

const withMutants = {
  name: 'mutants',
  enforce: 'pre' as const,
  load(id: string): string | null {
    const name = /packages\/core\/src\/([\w-]+\.ts)$/.exec(id)?.[1];
    return name === undefined ? null : forgetful(name, readFileSync(`${planted}/${name}`, 'utf8'));
  },
};

/** What was remembered before a mutant is switched on would hide it. */
function forgetful(name: string, text: string): string {
  if (name === 'remembered.ts' && !sources.includes(name)) {
    return 'export function remembered<I, O>(_: number, make: (input: I) => O): (input: I) => O { return make; }';
  }
  return name === 'html.ts' ? text.replace('placesKnown.get(literals)', 'undefined as any') : text;
}

class AsAsked extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number =>
      judges.findIndex(({ path }) => moduleId.endsWith(`/${path}`));
    return [...files].sort((a, b) => place(a) - place(b));
  }
}

const config = mergeConfig(mutation, {
  root: fileURLToPath(new URL('../..', import.meta.url)),
  plugins: [withMutants],
  test: {
    runner: './scripts/mutation/judge.ts',
    pool: 'forks',
    maxWorkers: 1,
    isolate: false,
    sequence: { sequencer: AsAsked },
    reporters: ['dot'],
    coverage: { enabled: false },
    dangerouslyIgnoreUnhandledErrors: true,
  },
});
// Instead of those of the other configuration, not beside them.
config.test.include = judges.map(({ path }) => path);
export default config;
