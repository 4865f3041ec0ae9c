// Whatever a package exports says what it is, where an editor and the API reference show it.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const packages = fileURLToPath(new URL('../../../packages/', import.meta.url));

/** One for each path that can be imported. */
function entriesOf(folder: string): readonly string[] {
  const { exports } = JSON.parse(readFileSync(`${packages}${folder}/package.json`, 'utf8'));
  return Object.values<{ readonly '@precall/source'?: string }>(exports).flatMap((one) =>
    one['@precall/source'] ? [`${packages}${folder}/${one['@precall/source'].slice(2)}`] : [],
  );
}

/** What is exported and was written here without a word: `file: name`. What is only passed on from elsewhere has its own. */
function withoutWords(entries: readonly string[], options: ts.CompilerOptions): readonly string[] {
  const program = ts.createProgram(entries, options);
  const checker = program.getTypeChecker();
  const found = entries.flatMap((entry) => {
    const file = program.getSourceFile(entry);
    const symbol = file && checker.getSymbolAtLocation(file);
    if (!symbol) throw new Error(`${entry} exports nothing`);
    return checker.getExportsOfModule(symbol).flatMap((named) => {
      const one = named.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(named) : named;
      const [declared] = one.declarations ?? [];
      const path = declared?.getSourceFile().fileName ?? '';
      const isOurs = path.startsWith(packages) && !path.includes('/node_modules/');
      const words = ts.displayPartsToString(one.getDocumentationComment(checker)).trim();
      return isOurs && words === '' ? [`${path.slice(packages.length)}: ${named.name}`] : [];
    });
  });
  return [...new Set(found)];
}

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  customConditions: ['@precall/source'],
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
  types: ['node'],
};

describe('the API reference', () => {
  it('is written for everything that can be imported', () => {
    const root = new URL('../', pathToFileURL(packages));
    const { entryPoints } = JSON.parse(readFileSync(new URL('typedoc.json', root), 'utf8'));
    const more = readdirSync(packages)
      .flatMap(entriesOf)
      .map((path) => path.slice(fileURLToPath(root).length))
      .filter((path) => !/\/src\/(index|main)\.ts$/.test(path)); // a main is run, not imported
    expect(entryPoints).toEqual(['packages/*/src/index.ts', ...more]);
  });
});

describe('every public export', () => {
  it('has a docstring', () => {
    const entries = readdirSync(packages).flatMap(entriesOf);
    expect(entries.length).toBeGreaterThan(10);
    expect(withoutWords(entries, options)).toEqual([]);
  }, 120_000);
});
