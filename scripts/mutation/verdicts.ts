// What is known of mutants: one line of JSON each, added as it is found out, so that a run that ends anywhere can go on.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';

const path = '.stryker/quick.jsonl';

/** Mutants by their keys, judges (test files) by their names with the digest of their texts. */
export type Line =
  | { readonly killed: string; readonly by: string; readonly test: string; readonly how: How }
  /** No test of this file turned red; or none within the time that one mutant has, which `cut` says. */
  | { readonly survived: string; readonly by: string; readonly cut?: true }
  /** Red, and red without the mutant too: to be asked again in a new process. */
  | { readonly doubted: string; readonly by: string }
  /** All that this file can say of these source files is said. `atLoading` ran when a module was loaded. */
  | { readonly finished: string; readonly sources: readonly string[]; readonly atLoading: readonly string[] }
  /** A test that is not green without mutants, or not a second time, judges nothing. */
  | { readonly unfit: string; readonly by: string };

/** A red test; a loop that went on a hundred times as long; a test that ended too late; a process that had to be ended. */
export type How = 'red' | 'loop' | 'late' | 'hung';

export interface Known {
  readonly killed: ReadonlyMap<string, How>;
  /** Mutant and judge, in one word. */
  readonly survived: ReadonlySet<string>;
  readonly cut: ReadonlySet<string>;
  readonly doubted: ReadonlySet<string>;
  /** Judge and source file, in one word. */
  readonly finished: ReadonlySet<string>;
  readonly atLoading: ReadonlySet<string>;
  readonly unfit: ReadonlySet<string>;
  readonly lines: number;
}

export function note(line: Line): void {
  mkdirSync('.stryker', { recursive: true });
  appendFileSync(path, `${JSON.stringify(line)}\n`);
}

export function pair(one: string, other: string): string {
  return `${one} ${other}`;
}

export function known(): Known {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
  const killed = new Map<string, How>();
  const sets = { survived: new Set<string>(), cut: new Set<string>(), doubted: new Set<string>() };
  const more = { finished: new Set<string>(), atLoading: new Set<string>(), unfit: new Set<string>() };
  for (const line of lines.map((text) => JSON.parse(text) as Line)) {
    if ('killed' in line) {
      killed.set(line.killed, line.how);
    } else if ('survived' in line) {
      sets.survived.add(pair(line.survived, line.by));
      if (line.cut) {
        sets.cut.add(line.survived);
      }
    } else if ('doubted' in line) {
      sets.doubted.add(line.doubted);
    } else if ('unfit' in line) {
      more.unfit.add(`${line.by}: ${line.unfit}`);
    } else {
      for (const source of line.sources) {
        more.finished.add(pair(line.finished, source));
      }
      for (const key of line.atLoading) {
        more.atLoading.add(key);
      }
    }
  }
  return { killed, ...sets, ...more, lines: lines.length };
}
