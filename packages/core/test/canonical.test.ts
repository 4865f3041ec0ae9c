import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../src/canonical.ts';
import { at } from './agreed-call.ts';

describe('canonicalText', () => {
  it('sorts keys at every depth and leaves lists in their order', () => {
    expect(canonicalText({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
    expect(canonicalText([2, 1])).toBe('[2,1]');
  });

  it('writes a moment as its ISO text, and what JSON does not know as null', () => {
    expect(canonicalText({ at: at('2026-12-03T15:00:00Z') })).toBe('{"at":"2026-12-03T15:00:00Z"}');
    expect(canonicalText(undefined)).toBe('null');
  });

  it('is the same text for equal values however they were built, and the value can be read from it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalText(rebuilt(value))).toBe(canonicalText(value));
        expect(JSON.parse(canonicalText(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

/** The same value, its keys put in the other way round. */
function rebuilt(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rebuilt);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, rebuilt(inner)]),
  );
}
