import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest, in that order: those that mostly wait among those that compute. */
const longest = [
  'simulation/simulation.test.ts',
  'express-host/test/accessibility.test.ts',
  'express-host/test/failures-mongodb.test.ts',
  'express-host/test/demo-process.test.ts',
  'cli/test/look.test.ts',
  'adapter-agenda/test/contract.test.ts',
  'cli/test/doctor.test.ts',
  'express-host/test/metrics.test.ts',
  'express-host/test/failures-crowd.test.ts',
  'adapter-mongodb/test/lost-server.test.ts',
  'express-host/test/demo-browser.test.ts',
  'express-host/test/host.test.ts',
  'cli/test/state.test.ts',
  'core/test/outages.test.ts',
  'core/test/punctual.test.ts',
  'core/test/merge-laws.test.ts',
];

/** Begun last, one of them would go on alone, and leave a processor idle. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = longest.findIndex((name) => moduleId.endsWith(name));
      return place < 0 ? longest.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  resolve: { conditions: ['@precall/source'] },
  ssr: { resolve: { conditions: ['@precall/source'] } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts'],
    isolate: false,
    // Many of the slow files wait for processes of their own, and leave the processor to others.
    maxWorkers: Math.max(3, availableParallelism()),
    sequence: { sequencer: LongestFirst },
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    testTimeout: 30_000,
    coverage: {
      provider: 'v8',
      include: ['packages/core/src/**'],
      reporter: ['text-summary', 'html'],
      thresholds: { branches: 100, functions: 100, lines: 100, statements: 100 },
    },
  },
});
