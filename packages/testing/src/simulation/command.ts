// `simulate`: one seed with its whole trace, or many seeds and all crash points with a table of what went wrong in them.
import type { createPrecall } from '@precall/core';
import { type CrashPointReport, together } from './crash-points.ts';
import { figuresText, findingText, seedText } from './figures.ts';
import { inTurn, type Job, type Spread } from './jobs.ts';
import { scenarios } from './scenarios.ts';
import { type SimulationReport, simulate } from './simulate.ts';
import { addUp, neverHappened, tableOf } from './tally.ts';

/** Which core is simulated, where lines go, and who does the work. */
export interface CommandOptions {
  readonly createPrecall?: typeof createPrecall;
  readonly print: (line: string) => void;
  /** Who does the work of a long run; left out: this process, one piece after the other. */
  readonly spread?: Spread;
}

/** From so many seeds on, every fault and every race must have happened. */
const seedsForAll = 200;

/**
 * `--seed N`: that seed with its trace. `--seeds COUNT --from N`: so many, each violation printed with its seed, and a
 * table of faults and races. `--crash-points all`, or with a number every so manyth: with seeds or alone. Gives the exit
 * code: 1 for a violation, or for a fault that never happened in a long run; 2 when the arguments are not understood.
 */
export async function runSimulateCommand(
  args: readonly string[],
  options: CommandOptions,
): Promise<0 | 1 | 2> {
  const { print } = options;
  const wanted = readArguments(args);
  if (wanted === null) {
    print('simulate --seed N | simulate [--seeds COUNT [--from N]] [--crash-points all|STRIDE]');
    return 2;
  }
  if ('seed' in wanted) {
    const report = await simulate({ ...options, seed: wanted.seed, trace: print });
    print(seedText(report));
    return report.violations.length > 0 ? 1 : 0;
  }
  return runMany(wanted, options);
}

interface Many {
  readonly count: number;
  readonly from: number;
  /** Null: no crash points. */
  readonly stride: number | null;
}

async function runMany({ count, from, stride }: Many, options: CommandOptions): Promise<0 | 1> {
  const { print } = options;
  const spread: Spread = options.spread ?? inTurn(options);
  const seeds = Array.from({ length: count }, (_, index): Job => ({ seed: from + index }));
  const stories = stride === null ? [] : scenarios.map(({ name }): Job => ({ scenario: name, stride }));
  if (count > 0) print(`seeds ${from} to ${from + count - 1}`);
  const reports: SimulationReport[] = [];
  const told: CrashPointReport[] = [];
  const begunMs = performance.now();
  // The stories first: they are the larger pieces.
  await spread([...stories, ...seeds], (done) => {
    if ('report' in done) {
      told.push(done.report);
      print(`${done.scenario.padEnd(60)} ${String(done.report.crashes).padStart(5)} crashes`);
      for (const finding of done.report.findings) print(findingText(finding));
    } else {
      reports.push(done.seed);
      if (done.seed.violations.length > 0) print(seedText(done.seed));
    }
  });
  const seconds = (performance.now() - begunMs) / 1_000;
  const counts = addUp(reports.map((report) => report.counts));
  const never = count >= seedsForAll ? neverHappened(counts) : [];
  const broken = reports.filter(({ violations }) => violations.length > 0).map(({ seed }) => seed);
  const all = told.length > 0 ? together(told) : null;
  if (count > 0) print(tableOf(counts));
  print(figuresText(reports, all, seconds));
  for (const thing of never) print(`never happened: ${thing}`);
  if (all) print(`${told.length} scenarios, ${all.runs} runs, ${all.findings.length} violations`);
  if (broken.length > 0) {
    print(
      `${broken.length} of ${count} seeds break an invariant: ${broken.sort((a, b) => a - b).join(', ')}`,
    );
  } else if (count > 0) {
    print(`${count} seeds, 0 violations`);
  }
  const isClean = broken.length === 0 && never.length === 0 && (all?.findings.length ?? 0) === 0;
  return isClean ? 0 : 1;
}

const known: ReadonlySet<string> = new Set(['--seed', '--seeds', '--from', '--crash-points']);

/** Null: not understood. */
function readArguments(args: readonly string[]): { readonly seed: number } | Many | null {
  const given = new Map<string, number>();
  for (let index = 0; index < args.length; index += 2) {
    const [name = '', text = ''] = args.slice(index, index + 2);
    const number = name === '--crash-points' && text === 'all' ? 1 : Number(text || Number.NaN);
    if (!known.has(name) || !Number.isInteger(number) || number < 0) return null;
    given.set(name, number);
  }
  const seed = given.get('--seed');
  if (seed !== undefined) return given.size === 1 ? { seed } : null;
  const stride = given.get('--crash-points') ?? null;
  if (stride === 0) return null;
  const count = given.get('--seeds') ?? (stride === null ? 100 : 0);
  return { count, from: given.get('--from') ?? 1, stride };
}
