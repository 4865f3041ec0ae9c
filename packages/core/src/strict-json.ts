// Reads JSON that came from outside: refuses before anything is built what could exhaust, confuse or poison us.
import type { SchemaIssue } from './ports.ts';
import { Err, Ok, type Result } from './result.ts';

/** Each number is the most that is allowed. */
export interface JsonLimits {
  /** Of objects and arrays within each other. */
  readonly depth: number;
  /** In all objects together, repeated ones included. */
  readonly keys: number;
  /** Members, elements and containers together: bounds long arrays, which have no keys. */
  readonly values: number;
  /** Of one string or key, after its escapes are read, in UTF-16 units. */
  readonly stringLength: number;
}

/** The limits of a webhook's body: far above any real one. */
export const jsonLimits: JsonLimits = { depth: 32, keys: 2_000, values: 10_000, stringLength: 32_000 };

/**
 * The value of a JSON text in UTF-8 without byte order mark. Refused, without ever throwing: invalid UTF-8, whatever
 * RFC 8259 does not allow, anything over a limit, a key `__proto__`, `constructor` or `prototype` however it is
 * spelt, a number beyond what a double holds. Of a repeated key the last one counts. Issues repeat nothing of the body.
 */
export function readStrictJson(
  body: Uint8Array,
  limits: JsonLimits = jsonLimits,
): Result<unknown, readonly SchemaIssue[]> {
  const text = decode(body);
  if (text === null) return refused('is not valid UTF-8');
  if (text.startsWith(byteOrderMark)) return refused('starts with a byte order mark');
  const fault = scan(text, limits);
  if (fault !== null) return refused(fault);
  const value = parse(text);
  if (value === undefined) return refused('is not valid JSON');
  return holdsOnlyFinite(value) ? Ok(value) : refused('holds a number that is too large');
}

const byteOrderMark = '\uFEFF';
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);
/** A forbidden key at its longest: eleven characters, each written as `\uXXXX`. */
const longestForbiddenSpelling = 11 * 6;

declare const TextDecoder: new (
  label: string,
  options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(body: Uint8Array): string | null {
  try {
    return utf8.decode(body);
  } catch {
    return null;
  }
}

/** UTF-16 units: comparing characters as strings takes several times as long. */
const code = {
  quote: 0x22,
  backslash: 0x5c,
  u: 0x75,
  colon: 0x3a,
  comma: 0x2c,
  openBrace: 0x7b,
  closeBrace: 0x7d,
  openBracket: 0x5b,
  closeBracket: 0x5d,
} as const;

/** What is over a limit or forbidden, in one pass that builds nothing; null when nothing is. */
function scan(text: string, limits: JsonLimits): string | null {
  // Up to the first fault in its grammar this reads the text as JSON.parse does; there JSON.parse gives up, so that
  // what is misread behind it does not matter.
  let depth = 0;
  let keys = 0;
  let values = 0;
  let lastString = '';
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case code.quote: {
        const { end, length } = stringAt(text, at);
        if (length > limits.stringLength) return `holds a string over ${limits.stringLength} characters`;
        lastString = text.slice(at, end);
        at = end - 1;
        break;
      }
      case code.colon:
        keys += 1;
        if (keys > limits.keys) return `has more than ${limits.keys} keys`;
        if (isForbidden(lastString)) return 'has a key __proto__, constructor or prototype';
        break;
      case code.openBrace:
      case code.openBracket:
        depth += 1;
        values += 1;
        if (depth > limits.depth) return `is nested deeper than ${limits.depth}`;
        break;
      case code.closeBrace:
      case code.closeBracket:
        depth -= 1;
        break;
      case code.comma:
        values += 1;
        break;
    }
    if (values > limits.values) return `holds more than ${limits.values} values`;
  }
  return null;
}

/** Where the string that opens at `start` ends (behind its closing quote), and its length once escapes are read. */
function stringAt(text: string, start: number): { readonly end: number; readonly length: number } {
  // Most strings have no escape, and the engine finds a quote many times faster than a loop does.
  const quote = text.indexOf('"', start + 1);
  if (quote !== -1 && !text.slice(start, quote).includes('\\'))
    return { end: quote + 1, length: quote - start - 1 };
  let length = 0;
  let at = start + 1;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (unit === code.quote) break;
    if (unit === code.backslash) at += text.charCodeAt(at + 1) === code.u ? 6 : 2;
    else at += 1;
    length += 1;
  }
  return { end: at + 1, length };
}

function isForbidden(spelling: string): boolean {
  if (spelling.length > longestForbiddenSpelling + 2) return false;
  const key = spelling.includes('\\') ? parse(spelling) : spelling.slice(1, -1);
  return typeof key === 'string' && forbiddenKeys.has(key);
}

/** Undefined, which no JSON text stands for, when it is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function holdsOnlyFinite(value: unknown): boolean {
  const unread = [value];
  while (unread.length > 0) {
    const next = unread.pop();
    if (typeof next === 'number' && !Number.isFinite(next)) return false;
    if (typeof next === 'object' && next !== null)
      for (const inner of Object.values(next)) unread.push(inner);
  }
  return true;
}

function refused(message: string): Result<never, readonly SchemaIssue[]> {
  return Err([{ path: '', message }]);
}
