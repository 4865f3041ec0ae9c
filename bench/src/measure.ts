// How everything here is measured: our way and its baseline by turns, and what is said of it is the ratio.

/** What is asked of a ratio, or of a figure that has no baseline. */
export type Target = { readonly atLeast: number } | { readonly atMost: number };

export interface Row {
  /** The benchmark's name, as `--only` takes it. */
  readonly name: string;
  /** What was done, and to what. */
  readonly what: string;
  readonly unit: string;
  /** The median of the rounds. */
  readonly figure: number;
  readonly baseline: { readonly name: string; readonly figure: number } | null;
  /** The median of figure / baseline over the rounds: each round measures both, one after the other. */
  readonly ratio: number | null;
  /** The least and the greatest of what the target is about: the ratio, or the figure where there is no baseline. */
  readonly spread: readonly [least: number, greatest: number];
  readonly rounds: number;
  /** CPU time of this process, ours / the baseline's for the same work: what a busy machine changes least. */
  readonly cpuRatio: number | null;
  readonly target: Target | null;
  readonly remark?: string;
}

/** What a subject found: the figure in the row's unit, and the CPU time that it took. */
export interface Measured {
  readonly figure: number;
  readonly cpuSeconds: number | null;
}

/** Sets up, works, cleans up, and measures the work alone. */
export type Subject = () => Promise<Measured>;

interface About {
  readonly name: string;
  readonly what: string;
  readonly unit: string;
  readonly target?: Target;
  readonly remark?: string;
  /** At least five. */
  readonly rounds?: number;
  /** Runs of either that do not count: until the engine has compiled what runs in a server that is up. One unless said. */
  readonly warmUps?: number;
}

const leastRounds = 5;

/** Both by turns, the one that goes first changing too: whatever else the machine does meets both alike. */
export async function compare(
  { rounds = leastRounds, warmUps = 1, target = undefined, ...about }: About,
  {
    ours,
    baseline,
  }: { readonly ours: Subject; readonly baseline: { readonly name: string; readonly run: Subject } },
): Promise<Row> {
  for (let n = 0; n < warmUps; n += 1) {
    await ours();
    await baseline.run();
  }
  const pairs: { readonly mine: Measured; readonly theirs: Measured }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const first = round % 2 === 0 ? await ours() : await baseline.run();
    const second = round % 2 === 0 ? await baseline.run() : await ours();
    pairs.push(round % 2 === 0 ? { mine: first, theirs: second } : { mine: second, theirs: first });
  }
  const ratios = pairs.map(({ mine, theirs }) => mine.figure / theirs.figure);
  const cpuRatios = pairs.flatMap(({ mine, theirs }) =>
    mine.cpuSeconds !== null && theirs.cpuSeconds !== null ? [mine.cpuSeconds / theirs.cpuSeconds] : [],
  );
  return {
    ...about,
    figure: median(pairs.map(({ mine }) => mine.figure)),
    baseline: { name: baseline.name, figure: median(pairs.map(({ theirs }) => theirs.figure)) },
    ratio: median(ratios),
    spread: spreadOf(ratios),
    rounds,
    cpuRatio: cpuRatios.length > 0 ? median(cpuRatios) : null,
    target: target ?? null,
  };
}

/** A figure that stands for itself. */
export function figureOf(
  { target, ...about }: Omit<About, 'rounds' | 'warmUps'>,
  figures: readonly number[],
): Row {
  return {
    ...about,
    figure: median(figures),
    baseline: null,
    ratio: null,
    cpuRatio: null,
    spread: spreadOf(figures),
    rounds: figures.length,
    target: target ?? null,
  };
}

export function isMet({ target, ratio, figure }: Row): boolean | null {
  if (!target) return null;
  const measured = ratio ?? figure;
  return 'atLeast' in target ? measured >= target.atLeast : measured <= target.atMost;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value at that share of the sorted ones; between two, their mean weighted by nearness. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}

function spreadOf(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

export interface Took {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** What `work` took on the wall's clock, and of all this process's threads together. */
export async function timeOf(work: () => Promise<void>): Promise<Took> {
  const cpu = process.cpuUsage();
  const begun = process.hrtime.bigint();
  await work();
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, cpuSeconds: (user + system) / 1e6 };
}

/** So many in the time, as a rate. */
export function perSecond(count: number, { seconds, cpuSeconds }: Took): Measured {
  return { figure: count / seconds, cpuSeconds };
}
