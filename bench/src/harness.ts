// What every benchmark shares: runs of ours and of the baseline in turn, their medians, and the shape of a result.
import { cpus, totalmem } from 'node:os';

/** One line of the table. */
export interface Row {
  readonly what: string;
  /** Ours, in `unit`; a median where there were several runs. */
  readonly figure: number;
  readonly unit: string;
  readonly baseline: { readonly name: string; readonly figure: number } | null;
  /** Ours through the baseline's, pair by pair: the median, the least and the most. Null: nothing to compare with. */
  readonly ratio: Spread | null;
  /** Of the ratio; of the figure where `of` says so. Null: printed only. */
  readonly target: Target | null;
  readonly remark?: string;
}
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}
export interface Target {
  readonly of: 'ratio' | 'figure';
  readonly is: 'at least' | 'at most';
  readonly value: number;
}

export interface Benchmark {
  readonly name: string;
  /** Why it cannot run here; null: it can. */
  readonly skipped?: () => string | null;
  readonly run: () => Promise<readonly Row[]>;
}

/** Seconds of work turned into a figure by each side, in turn, so that a noisy machine disturbs both alike. */
export async function inTurn(
  runs: number,
  sides: { readonly ours: () => Promise<number>; readonly baseline: () => Promise<number> },
): Promise<{ readonly ours: readonly number[]; readonly baseline: readonly number[] }> {
  const ours: number[] = [];
  const baseline: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    // Who goes first changes, so that neither always finds the caches warm.
    if (run % 2 === 0) ours.push(await sides.ours());
    baseline.push(await sides.baseline());
    if (run % 2 === 1) ours.push(await sides.ours());
  }
  return { ours, baseline };
}

export function compared(
  { ours, baseline }: { readonly ours: readonly number[]; readonly baseline: readonly number[] },
  row: Pick<Row, 'what' | 'unit' | 'target' | 'remark'> & { readonly against: string },
): Row {
  const { against, ...rest } = row;
  return {
    ...rest,
    figure: median(ours),
    baseline: { name: against, figure: median(baseline) },
    ratio: spreadOf(ours.map((figure, run) => figure / (baseline[run] ?? Number.NaN))),
  };
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Seconds that `work` takes. */
export async function secondsOf(work: () => Promise<void> | void): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

export function isMet({ target, ratio, figure }: Row): boolean | null {
  if (!target) return null;
  const value = target.of === 'ratio' ? ratio?.median : figure;
  if (value === undefined) return null;
  return target.is === 'at least' ? value >= target.value : value <= target.value;
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly system: string;
}

export function machine(): Machine {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.version,
    system: `${process.platform} ${process.arch}`,
  };
}
