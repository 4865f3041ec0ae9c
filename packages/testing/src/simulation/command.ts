// `simulate`: one seed with its whole trace, or many seeds with a table of what went wrong in them.
import type { createPrecall } from '@precall/core';
import { crashPoints } from './crash-points.ts';
import { type SimulationReport, simulate } from './simulate.ts';
import { addUp, neverHappened, tableOf } from './tally.ts';
import { weatherText } from './weather.ts';

export interface CommandOptions {
  readonly createPrecall?: typeof createPrecall;
  readonly print: (line: string) => void;
}

/** From so many seeds on, every fault and every race must have happened. */
const seedsForAll = 200;

/**
 * `--seed N`: that seed with its trace. `--seeds COUNT --from N`: so many, each violation printed with its seed, and a
 * table of faults and races. `--crash-points STRIDE`: every STRIDEth crash point (1: all). Gives the exit code: 1 for a violation, or for a fault that never happened in a long run.
 */
export async function runSimulateCommand(
  args: readonly string[],
  options: CommandOptions,
): Promise<0 | 1 | 2> {
  const { print } = options;
  const wanted = readArguments(args);
  if (typeof wanted === 'string') {
    print(wanted);
    return 2;
  }
  if ('stride' in wanted) return runCrashPoints(wanted.stride, options);
  if ('seed' in wanted) {
    const report = await simulate({ ...options, seed: wanted.seed, trace: print });
    print(seedText(report));
    return report.violations.length > 0 ? 1 : 0;
  }
  return runMany(wanted, options);
}

async function runCrashPoints(stride: number, options: CommandOptions): Promise<0 | 1> {
  const { print } = options;
  const onScenario = (name: string, runs: number): void => print(`${name.padEnd(60)} ${runs} runs`);
  const { scenarios, runs, findings } = await crashPoints({ ...options, stride, onScenario });
  for (const { scenario, crash, violation } of findings) {
    print(
      `${scenario}, crash ${crash.when} call ${crash.call}: invariant ${violation.invariant}: ${violation.sentence}`,
    );
  }
  print(`${scenarios} scenarios, ${runs} runs, ${findings.length} violations`);
  return findings.length > 0 ? 1 : 0;
}

async function runMany(
  { count, from }: { readonly count: number; readonly from: number },
  options: CommandOptions,
): Promise<0 | 1> {
  const { print } = options;
  print(`seeds ${from} to ${from + count - 1}`);
  const reports: SimulationReport[] = [];
  for (let seed = from; seed < from + count; seed += 1) {
    const report = await simulate({ ...options, seed });
    reports.push(report);
    if (report.violations.length > 0) print(seedText(report));
  }
  const counts = addUp(reports.map((report) => report.counts));
  const never = count >= seedsForAll ? neverHappened(counts) : [];
  const broken = reports.filter(({ violations }) => violations.length > 0);
  print(tableOf(counts));
  print(figuresText(reports));
  for (const thing of never) print(`never happened: ${thing}`);
  print(
    broken.length > 0
      ? `${broken.length} of ${count} seeds break an invariant: ${broken.map(({ seed }) => seed).join(', ')}`
      : `${count} seeds, 0 violations`,
  );
  return broken.length > 0 || never.length > 0 ? 1 : 0;
}

function seedText({ seed, weather, violations }: SimulationReport): string {
  const found = violations.map(
    ({ invariant, sentence, atMs }) =>
      `  invariant ${invariant} at ${new Date(atMs).toISOString()}: ${sentence}`,
  );
  return [`seed ${seed} (${weatherText(weather)})`, ...(found.length > 0 ? found : ['  0 violations'])].join(
    '\n',
  );
}

const yearMs = 365.25 * 86_400_000;

export function figuresText(reports: readonly SimulationReport[]): string {
  const sum = (of: (report: SimulationReport) => number): number =>
    reports.reduce((total, one) => total + of(one), 0);
  return [
    `${(sum(({ virtualMs }) => virtualMs) / yearMs).toFixed(1)} virtual years`,
    `${sum(({ bookings }) => bookings)} bookings`,
    `${sum(({ calls }) => calls)} port calls`,
    `${sum(({ crashes }) => crashes)} crashes`,
    `${sum(({ claims }) => claims)} claims`,
    `${sum(({ sent }) => sent)} messages`,
  ].join(', ');
}

function readArguments(
  args: readonly string[],
):
  | { readonly seed: number }
  | { readonly stride: number }
  | { readonly count: number; readonly from: number }
  | string {
  const usage = 'simulate --seed N | simulate --seeds COUNT [--from N] | simulate --crash-points STRIDE';
  const given = new Map<string, number>();
  for (let index = 0; index < args.length; index += 2) {
    const number = Number(args[index + 1]);
    if (
      !['--seed', '--seeds', '--from', '--crash-points'].includes(args[index] ?? '') ||
      !Number.isInteger(number) ||
      number < 0
    )
      return usage;
    given.set(args[index] ?? '', number);
  }
  const seed = given.get('--seed');
  if (seed !== undefined) return given.size === 1 ? { seed } : usage;
  const stride = given.get('--crash-points');
  if (stride !== undefined) return given.size === 1 && stride > 0 ? { stride } : usage;
  return { count: given.get('--seeds') ?? 100, from: given.get('--from') ?? 1 };
}
