// Core with a bug planted in it: a copy of its sources with a few words replaced, stripped of types, and loaded from a
// folder of its own. The published code is not touched.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { createPrecall } from '@precall/core';
import ts from 'typescript';

export interface Edit {
  /** Within core's sources, such as `gate.ts`. */
  readonly file: string;
  /** Must be found there exactly once. */
  readonly find: string;
  readonly replace: string;
}

const sources = fileURLToPath(new URL('../../../core/src/', import.meta.url));
/** Inside core's folder, so that its dependencies are found; among what git and npm leave out. */
const copies = fileURLToPath(new URL('../../../core/node_modules/.spoilt/', import.meta.url));
let copiesMade = 0;
/** Without types, by file: all but the edited ones are the same in every copy. */
const sound = new Map<string, string>();

/** Gives the `createPrecall` of a core with these edits. */
export async function spoiltCore(edits: readonly Edit[]): Promise<typeof createPrecall> {
  copiesMade += 1;
  const folder = `${copies}${process.pid}-${copiesMade}/`;
  mkdirSync(folder, { recursive: true });
  try {
    for (const file of readdirSync(sources)) {
      const isEdited = edits.some((edit) => edit.file === file);
      const text = isEdited ? withoutTypes(spoiltText(file, edits)) : soundText(file);
      writeFileSync(folder + file.replace(/\.ts$/, '.mjs'), text);
    }
    const loaded: { createPrecall: typeof createPrecall } = await import(
      pathToFileURL(`${folder}precall.mjs`).href
    );
    return loaded.createPrecall;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One of core's sources with those edits that are about it. Throws when the words of one are not there just once. */
export function spoiltText(file: string, edits: readonly Edit[]): string {
  return edits.filter((edit) => edit.file === file).reduce(edited, readFileSync(sources + file, 'utf8'));
}

function edited(text: string, { file, find, replace }: Edit): string {
  const pieces = text.split(find);
  if (pieces.length !== 2) throw new Error(`${file} holds ${pieces.length - 1} times, not once: ${find}`);
  return pieces.join(replace);
}

function soundText(file: string): string {
  const text = sound.get(file) ?? withoutTypes(spoiltText(file, []));
  sound.set(file, text);
  return text;
}

function withoutTypes(text: string): string {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      verbatimModuleSyntax: true,
    },
  });
  return outputText.replace(/(from\s+'\.\/[\w-]+)\.ts'/g, "$1.mjs'");
}
