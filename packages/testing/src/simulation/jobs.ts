// The work of a long run in pieces that another process can do: each follows from its few words alone.
import type { createPrecall } from '@precall/core';
import { type CrashPointReport, crashPointsOf } from './crash-points.ts';
import { type SimulationReport, simulate } from './simulate.ts';

/** One piece of a long run, in words that another process can take. */
export type Job = { readonly seed: number } | { readonly scenario: string; readonly stride: number };
/** What came of one piece of a long run. */
export type Done =
  | { readonly seed: SimulationReport }
  | { readonly scenario: string; readonly report: CrashPointReport };

/** Does all of them, in any order, and tells of each when it is done. */
export type Spread = (jobs: readonly Job[], onDone: (done: Done) => void) => Promise<void>;

export async function doJob(
  job: Job,
  options: { readonly createPrecall?: typeof createPrecall } = {},
): Promise<Done> {
  if ('seed' in job) return { seed: await simulate({ ...options, seed: job.seed }) };
  const { scenario, stride } = job;
  return { scenario, report: await crashPointsOf(scenario, { ...options, stride }) };
}

/** One after the other, in this process. */
export function inTurn(options: { readonly createPrecall?: typeof createPrecall }): Spread {
  return async (jobs, onDone) => {
    for (const job of jobs) onDone(await doJob(job, options));
  };
}
