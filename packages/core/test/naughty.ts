// Words that tend to break things, and what a parser makes of a page that holds them.
import { type DefaultTreeAdapterMap, parse } from 'parse5';
import naughtyList from './vectors/blns.json' with { type: 'json' };

export const naughty: readonly string[] = [
  ...naughtyList,
  '</title><script>alert(1)</script>',
  '" onmouseover="alert(1)',
  "' onmouseover='alert(1)",
  '--><img src=x>',
  '{{7*7}} {{{x}}} {{#each}} #{x} <%= x %>',
  'javascript:alert(1)',
  'java\tscript:alert(1)',
  'data:text/html,<b>',
  '//evil.com',
  'https://evil.com/" onclick="x',
  'Ana\r\nBcc: all@example.com',
  '\u202egnp.exe',
  '\ud800 lone \udfff',
  '\0',
];

type Node = DefaultTreeAdapterMap['node'];

/** Elements and their attributes' names, without any words. */
export function shape(page: string): string {
  return shapeOf(parse(page));
}

function shapeOf(node: Node): string {
  const children = 'childNodes' in node ? node.childNodes.map(shapeOf).join('') : '';
  if (!('tagName' in node)) return node.nodeName === '#text' ? '' : `(${node.nodeName}${children})`;
  return `(${node.tagName} ${node.attrs.map(({ name }) => name).join(' ')}${children})`;
}

/** All words of a page, and all values of the attribute `name`. */
export function wordsOf(page: string): string {
  return textOf(parse(page));
}

function textOf(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

export function attributesOf(page: string, name: string): readonly string[] {
  return valuesOf(parse(page), name);
}

function valuesOf(node: Node, name: string): readonly string[] {
  const own = 'attrs' in node ? node.attrs.filter((one) => one.name === name).map(({ value }) => value) : [];
  return [...own, ...('childNodes' in node ? node.childNodes.flatMap((child) => valuesOf(child, name)) : [])];
}
