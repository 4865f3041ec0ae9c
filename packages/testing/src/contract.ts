// What a contract is: promises as data. A test file runs all of them on one port; a test of the contract runs one
// of them on a port that breaks it.
import { describe, it } from 'vitest';

/** One sentence of a port's page, and what shows that a port keeps it: `run` throws when it does not. */
export interface Promised<Subject> {
  readonly promise: string;
  /** Why this subject never gave the promise; null: it did. */
  readonly notGivenBy?: (subject: Subject) => string | null;
  readonly run: (subject: Subject) => Promise<void>;
}

/** Makes a new subject, hands it over, and clears it away. */
export type Use<Subject> = (run: (subject: Subject) => Promise<void>) => Promise<void>;

/** What every contract may be told. */
export interface ContractOptions {
  /** By promise: why it cannot be shown here. The test is then skipped, and its name says why. */
  readonly skipped?: { readonly [promise: string]: string };
}

/** Registers one vitest test for each promise. */
export function registerContract<Subject>(
  port: string,
  promises: readonly Promised<Subject>[],
  use: Use<Subject>,
  { skipped = {} }: ContractOptions = {},
): void {
  const unknown = Object.keys(skipped).find((name) => !promises.some(({ promise }) => promise === name));
  if (unknown) throw new Error(`skipped names no promise of the ${port} contract: ${unknown}`);
  describe(`${port} contract`, () => {
    for (const { promise, notGivenBy, run } of promises) {
      const why = skipped[promise];
      it(why ? `${promise} (skipped: ${why})` : promise, async ({ skip }) => {
        if (why) skip(why);
        await use(async (subject) => {
          const notGiven = notGivenBy?.(subject);
          if (notGiven) skip(notGiven);
          await run(subject);
        });
      });
    }
  });
}

/** The promises that a port breaks. Those it never gave are not among them. */
export async function brokenPromises<Subject>(
  promises: readonly Promised<Subject>[],
  use: Use<Subject>,
): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const { promise, notGivenBy, run } of promises) {
    try {
      await use(async (subject) => {
        if (!notGivenBy?.(subject)) await run(subject);
      });
    } catch {
      broken.push(promise);
    }
  }
  return broken;
}
