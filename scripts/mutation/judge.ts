// Runs test files as Vitest does, and after each one again those of its tests that reach a mutant, with it switched on.
import { relative } from 'node:path';
import type { RunnerTask, RunnerTestCase, RunnerTestFile } from 'vitest';
import { VitestTestRunner } from 'vitest/runners';
import { getFn } from 'vitest/suite';
import { sayBeat, takeJob } from './job.ts';
import { type Mutant, plantedMutants } from './mutants.ts';
import { type How, known, note, pair } from './verdicts.ts';

/** What one mutant may take in one test file, and what one run of a test has at least before it is late. */
const patienceMs = 4000;
const lateMs = 5000;

interface Switches {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
}

/** A test that is green twice: how often it passes each mutant, and how long it takes. */
interface Sound {
  readonly test: RunnerTestCase;
  readonly hits: Readonly<Record<string, number>>;
  readonly tookMs: number;
}

const world = globalThis as unknown as { __stryker__?: Switches };
world.__stryker__ ??= { mutantCoverage: { static: {}, perTest: {} } };
const switches = world.__stryker__;
const job = takeJob();
const before = known();
const mutants = plantedMutants().filter(({ file }) => job.sources.includes(file));
const alive = new Map(
  mutants.filter(({ key }) => !before.killed.has(key)).map((mutant) => [mutant.id, mutant]),
);
const lengths = new Map<string, number>();

export default class Judge extends VitestTestRunner {
  override onBeforeTryTask(test: RunnerTask): void {
    super.onBeforeTryTask(test as RunnerTestCase);
    switches.currentTestId = test.id;
    lengths.set(test.id, performance.now());
  }

  override onAfterTryTask(test: RunnerTask): void {
    super.onAfterTryTask(test as RunnerTestCase);
    switches.currentTestId = undefined;
    lengths.set(test.id, performance.now() - (lengths.get(test.id) ?? 0));
  }

  override async onAfterRunFiles(files: RunnerTestFile[] = []): Promise<void> {
    super.onAfterRunFiles();
    for (const file of files) {
      const path = relative(process.cwd(), file.filepath);
      const judge = job.judges.find((one) => one.path === path);
      if (judge) {
        await judgeBy(judge.name, file);
      }
    }
  }
}

async function judgeBy(by: string, file: RunnerTestFile): Promise<void> {
  const sound = await soundTests(by, file);
  for (const mutant of alive.values()) {
    const asked = sound.filter(({ hits }) => hits[mutant.id] !== undefined);
    if (asked.length === 0 || before.survived.has(pair(mutant.key, by))) {
      continue;
    }
    if (Date.now() > job.untilMs) {
      end();
    }
    await judgeOne(mutant, by, asked);
  }
  const atLoading = mutants
    .filter(({ id }) => switches.mutantCoverage.static[id] !== undefined)
    .map(({ key }) => key);
  note({
    finished: by,
    sources: [...new Set(mutants.map(({ key }) => key.replace(/:\d+$/, '')))],
    atLoading,
  });
}

async function soundTests(by: string, file: RunnerTestFile): Promise<readonly Sound[]> {
  const found: Sound[] = [];
  for (const test of testsIn(file)) {
    const hits = switches.mutantCoverage.perTest[test.id] ?? {};
    if (test.result?.state === 'fail') {
      note({ unfit: test.name, by });
    } else if (test.result?.state === 'pass' && Object.keys(hits).some((id) => alive.has(id))) {
      if (await calm(test)) {
        found.push({ test, hits, tookMs: lengths.get(test.id) ?? 0 });
      } else {
        note({ unfit: test.name, by });
      }
    }
  }
  return found.sort((a, b) => a.tookMs - b.tookMs);
}

async function judgeOne(mutant: Mutant, by: string, asked: readonly Sound[]): Promise<void> {
  const { key, id } = mutant;
  const begunAt = performance.now();
  for (const { test, hits, tookMs } of asked) {
    if (performance.now() - begunAt > patienceMs) {
      note({ survived: key, by, cut: true });
      return;
    }
    const ms = Math.max(lateMs, 20 * tookMs);
    sayBeat({ key, by, test: test.name, untilMs: Date.now() + ms + 20_000 });
    const how = await outcome(test, ms, { id, hits: (hits[id] ?? 0) * 100 + 1000 });
    sayBeat(null);
    if (how) {
      await condemn(mutant, { by, test, how });
      return;
    }
  }
  note({ survived: key, by });
}

/** A test that stays red without the mutant says nothing of it here; in a new process it is asked once more. */
async function condemn(
  { key, id }: Mutant,
  { by, test, how }: { readonly by: string; readonly test: RunnerTestCase; readonly how: How },
): Promise<void> {
  const soundStill = await calm(test);
  if (!soundStill && !before.doubted.has(key)) {
    note({ doubted: key, by });
    end();
  }
  alive.delete(id);
  note({ killed: key, by, test: test.name, how });
  if (!soundStill) {
    end();
  }
}

async function calm(test: RunnerTestCase): Promise<boolean> {
  return (await outcome(test, 60_000)) === null;
}

async function outcome(
  test: RunnerTestCase,
  ms: number,
  mutant?: { readonly id: string; readonly hits: number },
): Promise<How | null> {
  Object.assign(switches, { currentTestId: 'judging', activeMutant: mutant?.id, hitLimit: mutant?.hits });
  switches.hitCount = mutant && 0;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<How>((resolve) => {
    timer = setTimeout(resolve, ms, 'late');
  });
  try {
    return await Promise.race([late, Promise.resolve(getFn(test)()).then(() => null)]);
  } catch (error) {
    return error instanceof Error && error.message.startsWith('Stryker: Hit') ? 'loop' : 'red';
  } finally {
    clearTimeout(timer);
    Object.assign(switches, { currentTestId: undefined, activeMutant: undefined, hitCount: undefined });
  }
}

function testsIn(task: RunnerTask): readonly RunnerTestCase[] {
  return task.type === 'test' ? [task] : task.tasks.flatMap(testsIn);
}

/** Vitest lets no test exit its process; what a test left behind, or the time, asks for just that. */
function end(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('this process is at its end');
}
