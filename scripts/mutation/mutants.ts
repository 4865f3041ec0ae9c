// The mutants of core: Stryker's, planted all at once, each behind a switch. Where they lie, and how they are named.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';

/** What is judged, and where its copies with all mutants in them are kept. */
export const source = 'packages/core/src';
export const planted = '.stryker/quick/src';
const listed = '.stryker/quick/mutants.json';

export interface Mutant {
  /** The switch that turns it on, counted anew at each planting. */
  readonly id: string;
  /** The same as long as its file stays the same: by this, verdicts are kept. */
  readonly key: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly kind: string;
  readonly original: string;
  readonly replacement: string;
}

/** Plants every mutant in copies of core's files, and lists them. */
export async function plantMutants(): Promise<readonly Mutant[]> {
  const names = readdirSync(source).filter((name) => name.endsWith('.ts'));
  const files = names.map((name) => ({
    name,
    content: readFileSync(join(source, name), 'utf8'),
    mutate: true,
  }));
  const options = { plugins: null, excludedMutations: [], ignorers: [], noHeader: false };
  const planting = await new Instrumenter(silent).instrument(files, options);
  rmSync(planted, { recursive: true, force: true });
  mkdirSync(planted, { recursive: true });
  for (const { name, content } of planting.files) {
    writeFileSync(join(planted, name), content);
  }
  const texts = new Map(files.map(({ name, content }) => [name, content]));
  const counts = new Map<string, number>();
  const mutants = planting.mutants.map(({ id, fileName: file, mutatorName: kind, location, replacement }) => {
    const text = texts.get(file) ?? '';
    const count = counts.get(file) ?? 0;
    counts.set(file, count + 1);
    const original = textBetween(text, location);
    const { line, column } = location.start;
    return {
      id,
      key: `${signed(file, text)}:${count}`,
      file,
      line: line + 1,
      column,
      kind,
      original,
      replacement,
    };
  });
  writeFileSync(listed, JSON.stringify(mutants));
  return mutants;
}

/** What was planted last. */
export function plantedMutants(): readonly Mutant[] {
  return JSON.parse(readFileSync(listed, 'utf8')) as readonly Mutant[];
}

/** A file's name and a digest of its text: another name as soon as it changes. */
export function signed(name: string, text: string): string {
  return `${name}#${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}

interface Place {
  readonly line: number;
  readonly column: number;
}

function textBetween(text: string, { start, end }: { readonly start: Place; readonly end: Place }): string {
  const lines = text.split('\n').slice(start.line, end.line + 1);
  lines.push((lines.pop() ?? '').slice(0, end.column));
  return [(lines[0] ?? '').slice(start.column), ...lines.slice(1)].join('\n');
}

const say = () => {};
const silent = {
  ...{ trace: say, debug: say, info: say, warn: say, error: say, fatal: say },
  ...{
    isTraceEnabled: no,
    isDebugEnabled: no,
    isInfoEnabled: no,
    isWarnEnabled: no,
    isErrorEnabled: no,
    isFatalEnabled: no,
  },
};

function no(): boolean {
  return false;
}
