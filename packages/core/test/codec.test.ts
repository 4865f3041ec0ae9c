import { instants } from '@precall/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../src/canonical.ts';
import { decode, encode } from '../src/codec.ts';
import { at } from './agreed-call.ts';

const read = <T = unknown>(body: string, version = 1) => decode<T>({ body, version }, []);

describe('encode and decode', () => {
  it('keep moments as milliseconds and tell them by their names', () => {
    const moment = at('2026-12-03T15:00:00.5Z');
    const body = {
      at: moment,
      dueAt: moment,
      startBy: moment,
      leaseUntil: moment,
      list: [{ at: moment }, 7],
    };
    expect(JSON.parse(encode(body))).toEqual({
      at: 1796310000500,
      dueAt: 1796310000500,
      startBy: 1796310000500,
      leaseUntil: 1796310000500,
      list: [{ at: 1796310000500 }, 7],
    });
    expect(read(encode(body))).toEqual(body);
  });

  it('leave numbers, words and nothing alone whatever they are called', () => {
    const body = { tries: 3, by: 'host', wanted: 4, erasedAt: null, format: 5, standby: 6, sentAt: [8] };
    expect(read(encode(body))).toEqual(body);
  });

  it('keep a member named __proto__ as one like any other', () => {
    const text = '{"__proto__":{"a":1},"b":{"__proto__":null}}';
    expect(encode(JSON.parse(text))).toBe(text);
  });

  it('read back what was written, for every body that keeps to the naming of moments', () => {
    const names = fc.constantFrom('at', 'endAt', 'startBy', 'leaseUntil');
    const others = fc.string().filter((name) => !/^at$|(At|By|Until)$/.test(name));
    const { body } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        tie('list'),
        tie('body'),
      ),
      list: fc.array(tie('value'), { maxLength: 3 }),
      body: fc
        .tuple(
          fc.dictionary(others, tie('value'), { maxKeys: 3 }),
          fc.dictionary(names, instants(), { maxKeys: 2 }),
        )
        .map(([plain, moments]) => ({ ...plain, ...moments })),
    }));
    fc.assert(
      fc.property(body, (one) => {
        const back = read<object>(encode(one as object));
        expect(canonicalText(back)).toBe(canonicalText(one));
        expect(encode(back)).toBe(encode(one as object));
      }),
    );
  });
});

describe('decode', () => {
  const upgrades = [
    (body: object) => ({ ...body, second: true }),
    (body: object) => ({ ...body, third: Object.keys(body).length }),
  ];

  it('brings an older body to the present version, step by step', () => {
    const from = (version: number) => decode({ body: '{"first":true}', version }, upgrades);
    expect(from(1)).toEqual({ first: true, second: true, third: 2 });
    expect(from(2)).toEqual({ first: true, third: 1 });
    expect(from(3)).toEqual({ first: true });
  });

  it('refuses a body of a newer version', () => {
    expect(() => decode({ body: '{}', version: 4 }, upgrades)).toThrow('not of a newer version (4)');
    expect(() => read('{}', 2)).toThrow('not of a newer version (2)');
  });
});
