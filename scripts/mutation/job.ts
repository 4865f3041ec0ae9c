// What the program that judges hands to the process that runs the tests, and hears back from it while it runs.
import { readFileSync, writeFileSync } from 'node:fs';

const asked = '.stryker/quick/job.json';
const heard = '.stryker/quick/beat.json';

export interface Job {
  /** Source files by name, such as `plan.ts`. */
  readonly sources: readonly string[];
  /** Test files still to be asked, in order: their paths, and their names with the digests of their texts. */
  readonly judges: readonly { readonly path: string; readonly name: string }[];
  /** When to stop, in milliseconds of the epoch. */
  readonly untilMs: number;
}

/** Which mutant is on, and when at the latest something else must be heard. */
export interface Beat {
  readonly key: string;
  readonly by: string;
  readonly test: string;
  readonly untilMs: number;
}

export function giveJob(job: Job): void {
  writeFileSync(heard, 'null');
  writeFileSync(asked, JSON.stringify(job));
}

export function takeJob(): Job {
  return JSON.parse(readFileSync(asked, 'utf8')) as Job;
}

export function sayBeat(beat: Beat | null): void {
  writeFileSync(heard, JSON.stringify(beat));
}

export function hearBeat(): Beat | null {
  try {
    return JSON.parse(readFileSync(heard, 'utf8')) as Beat | null;
  } catch {
    return null; // Read while it was being written.
  }
}
