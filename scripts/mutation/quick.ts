// Judges mutants of core in one process, many times as fast as Stryker: each test that reaches a mutant is run once more
// with it switched on. What was found out is kept, so that the same command goes on where it ended.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { createVitest } from 'vitest/node';
import { giveJob, hearBeat, type Job } from './job.ts';
import { type Mutant, plantMutants, signed } from './mutants.ts';
import { report } from './report.ts';
import { known, note, pair } from './verdicts.ts';

type Judges = Job['judges'];

export async function judgeQuickly(words: readonly string[]): Promise<void> {
  const { files, by, untilMs } = wanted(words);
  const all = await plantMutants();
  const mutants = files.length === 0 ? all : all.filter(({ file }) => files.includes(file));
  const unknown = files.filter((file) => !mutants.some((mutant) => mutant.file === file));
  if (unknown.length > 0) {
    throw new Error(`no mutants in packages/core/src/${unknown.join(', ')}`);
  }
  await judgeAll(mutants, await testFiles(by, files), untilMs);
  report(mutants, known());
}

interface Wanted {
  readonly files: readonly string[];
  /** Test files by their names; none: all. */
  readonly by: readonly string[];
  readonly untilMs: number;
}

function wanted(words: readonly string[]): Wanted {
  const options = { minutes: { type: 'string' }, by: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
  const minutes = values.minutes === undefined ? Number.POSITIVE_INFINITY : Number(values.minutes);
  if (Number.isNaN(minutes)) {
    throw new Error('--minutes takes a number');
  }
  return {
    files: positionals.map((name) => `${basename(name, '.ts')}.ts`),
    by: values.by?.split(',') ?? [],
    untilMs: Math.min(Date.now() + minutes * 60_000, Number.MAX_SAFE_INTEGER),
  };
}

/** Those that judge for Stryker too, in the same order, but those named after the `files` first: they kill most. */
async function testFiles(by: readonly string[], files: readonly string[]): Promise<Judges> {
  const vitest = await createVitest('test', {
    config: 'vitest.mutation.config.ts',
    watch: false,
    reporters: [],
  });
  const found = await vitest.globTestSpecifications();
  const { sequencer: Sequencer } = vitest.config.sequence;
  const sorted = await new Sequencer(vitest).sort(found);
  await vitest.close();
  const asked = sorted.filter(
    ({ moduleId }) => by.length === 0 || by.includes(basename(moduleId, '.test.ts')),
  );
  const isNamed = (path: string): boolean => files.includes(`${basename(path, '.test.ts')}.ts`);
  const all = asked.map(({ moduleId }) => relative(process.cwd(), moduleId));
  const paths = [...all.filter(isNamed), ...all.filter((path) => !isNamed(path))];
  return paths.map((path) => ({ path, name: signed(path, readFileSync(path, 'utf8')) }));
}

async function judgeAll(mutants: readonly Mutant[], judges: Judges, untilMs: number): Promise<void> {
  const sources = [...new Set(mutants.map(({ file }) => file))];
  const marks = [...new Set(mutants.map(({ key }) => key.replace(/:\d+$/, '')))];
  while (Date.now() < untilMs) {
    const { finished, lines } = known();
    const left = judges.filter(({ name }) => !marks.every((mark) => finished.has(pair(name, mark))));
    if (left.length === 0) {
      return;
    }
    giveJob({ sources, judges: left, untilMs });
    const said = await runTests();
    const after = known();
    const killed = mutants.filter(({ key }) => after.killed.has(key)).length;
    console.log(`${killed} of ${mutants.length} killed; ${left.length} test files were left to ask`);
    if (after.lines === lines && Date.now() < untilMs) {
      throw new Error(`nothing was judged:\n${said.slice(-3000)}`);
    }
  }
}

/** One process of tests, until it ends or is ended: by itself when a test left it unsound, from here when it hangs. */
async function runTests(): Promise<string> {
  const command = ['run', '--config', 'scripts/mutation/judging.config.ts'];
  const child = spawn('node_modules/.bin/vitest', command, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const hear = (words: Buffer): void => {
    said = `${said}${words}`.slice(-10_000);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const watch = setInterval(() => endIfHung(child), 1000);
  await new Promise((resolve) => child.on('close', resolve));
  clearInterval(watch);
  return said;
}

function endIfHung(child: ChildProcess): void {
  const beat = hearBeat();
  if (beat !== null && Date.now() > beat.untilMs && child.pid !== undefined && child.exitCode === null) {
    note({ killed: beat.key, by: beat.by, test: beat.test, how: 'hung' });
    process.kill(-child.pid, 'SIGKILL');
  }
}
