// A machine's check that core asks the world for nothing: no clock, no timer, no randomness, no output, no adapter.
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const allowedPackages = ['zod', 'ts-results', 'temporal-polyfill'];
const forbidden =
  /^(Math\.random|Date\.now|Temporal\.Now\b.*|console\..*|process\..*|globalThis\..*|performance\..*)$/;
const forbiddenCalls = /^(setTimeout|setInterval|setImmediate|queueMicrotask|fetch|require)$/;

function faultsIn(source: string): readonly string[] {
  const file = ts.createSourceFile('core.ts', source, ts.ScriptTarget.ES2022, true);
  const faults: string[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      const from = node.moduleSpecifier.getText(file).slice(1, -1);
      if (!/^\.\/[^/]+$/.test(from) && !allowedPackages.includes(from)) faults.push(`import ${from}`);
    }
    if (ts.isPropertyAccessExpression(node) && forbidden.test(node.getText(file)))
      faults.push(node.getText(file));
    if (ts.isCallExpression(node) && forbiddenCalls.test(node.expression.getText(file))) {
      faults.push(node.expression.getText(file));
    }
    if (ts.isNewExpression(node)) {
      const made = node.expression.getText(file);
      if (made === 'Date') faults.push('new Date');
      const options = node.arguments?.[1]?.getText(file) ?? '';
      if (made === 'Intl.DateTimeFormat' && !options.includes('timeZone') && !/^\w+$/.test(options)) {
        faults.push('Intl.DateTimeFormat without timeZone');
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return faults;
}

describe('core', () => {
  const folder = new URL('../src/', import.meta.url);

  it.each(readdirSync(folder))('%s asks the world for nothing', (name) => {
    expect(faultsIn(readFileSync(new URL(name, folder), 'utf8'))).toEqual([]);
  });

  it.each([
    "import { x } from 'node:fs';",
    "import { x } from '@precall/node';",
    "import { x } from '../../adapter-memory/src/index.ts';",
    'const x = Math.random();',
    'const x = Date.now();',
    'const x = new Date();',
    'const x = Temporal.Now.instant();',
    'setTimeout(() => 1, 1);',
    "console.log('x');",
    "const x = new Intl.DateTimeFormat('en');",
  ])('would be found asking: %s', (planted) => {
    expect(faultsIn(planted).length).toBeGreaterThan(0);
  });
});
