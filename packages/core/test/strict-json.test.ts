import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLimits, readStrictJson } from '../src/strict-json.ts';
import suite from './vectors/json-test-suite.json' with { type: 'json' };

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const read = (text: string) => readStrictJson(bytes(text));
const value = (text: string) => read(text).unwrap();
const fault = (text: string | Uint8Array) =>
  readStrictJson(typeof text === 'string' ? bytes(text) : text).unwrapErr()[0]?.message;
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const withKeys = (count: number) => `{${Array.from({ length: count }, (_, n) => `"k${n}":0`).join()}}`;

type Vector = { readonly base64: string } | { readonly repeat: readonly (string | number)[] };
const vectors = Object.entries<Vector>(suite).map(([name, vector]) => {
  if ('base64' in vector) return { name, body: new Uint8Array(Buffer.from(vector.base64, 'base64')) };
  const [unit, times] = vector.repeat;
  return { name, body: bytes(String(unit).repeat(Number(times))) };
});

describe('readStrictJson on JSONTestSuite', () => {
  const expected = (prefix: string) => vectors.filter(({ name }) => name.startsWith(prefix));

  it('knows all 318 files', () => {
    expect([expected('y_'), expected('n_'), expected('i_')].map((files) => files.length)).toEqual([
      95, 188, 35,
    ]);
  });

  // No file that must be accepted is over a limit, so nothing is left out here.
  it.each(expected('y_'))('accepts $name, as JSON.parse does', ({ body }) => {
    expect(readStrictJson(body).unwrap()).toEqual(JSON.parse(new TextDecoder().decode(body)));
  });

  it.each(expected('n_'))('refuses $name', ({ body }) => {
    expect(readStrictJson(body).isErr()).toBe(true);
  });

  it('accepts of the undecided ones numbers that fit or lose digits, and lone surrogates in escapes', () => {
    const accepted = expected('i_').filter(({ body }) => readStrictJson(body).isOk());
    expect(accepted.map(({ name }) => name.slice(2, -5)).sort()).toEqual([
      'number_double_huge_neg_exp',
      'number_real_underflow',
      'number_too_big_neg_int',
      'number_too_big_pos_int',
      'number_very_big_negative_int',
      'object_key_lone_2nd_surrogate',
      'string_1st_surrogate_but_2nd_missing',
      'string_1st_valid_surrogate_2nd_invalid',
      'string_incomplete_surrogate_and_escape_valid',
      'string_incomplete_surrogate_pair',
      'string_incomplete_surrogates_escape_valid',
      'string_invalid_lonely_surrogate',
      'string_invalid_surrogate',
      'string_inverted_surrogates_U+1D11E',
      'string_lone_second_surrogate',
    ]);
  });
});

describe('readStrictJson', () => {
  it('takes the last of a repeated key', () => {
    expect(value('{"a":1,"a":2}')).toEqual({ a: 2 });
  });

  it.each([
    ['invalid UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'is not valid UTF-8'],
    ['a surrogate in UTF-8', new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]), 'is not valid UTF-8'],
    ['a byte order mark', '\uFEFF{}', 'starts with a byte order mark'],
    ['an empty body', '', 'is not valid JSON'],
    ['a number beyond a double', '{"a":[1,{"b":-1e400}]}', 'holds a number that is too large'],
    ['Infinity by its name', '[Infinity]', 'is not valid JSON'],
    ['a string that never ends', '["abc', 'is not valid JSON'],
    ['an escape that never ends', '["abc\\', 'is not valid JSON'],
  ])('refuses %s', (_case, body, message) => {
    expect(fault(body)).toBe(message);
  });

  it.each([
    '{"__proto__":1}',
    '{"a":[{"constructor":1}]}',
    '{"prototype" \n :1}',
    '{"\\u005f_proto__":1}',
    '{"\\u005F\\u005f\\u0070\\u0072\\u006f\\u0074\\u006F\\u005f\\u005f":1}',
    '{"\\u0063\\u006f\\u006e\\u0073\\u0074\\u0072\\u0075\\u0063\\u0074\\u006f\\u0072":1}',
    '{"a":{"__proto__":1},"a":2}',
    '{"__proto__":1,"__proto__":2}',
  ])('refuses the forbidden key in %s', (text) => {
    expect(fault(text)).toBe('has a key __proto__, constructor or prototype');
  });

  it.each([
    '["__proto__"]',
    '{"a":"constructor"}',
    '{"__proto":1}',
    '{"\\\\u005f_proto__":1}',
    '{"Prototype":1}',
    `{"${'constructor'.repeat(7)}":1}`,
  ])('lets %s pass: nothing in it is a forbidden key', (text) => {
    expect(value(text)).toEqual(JSON.parse(text));
  });

  it('says what is wrong of the whole body, once', () => {
    expect(read('[').unwrapErr()).toEqual([{ path: '', message: 'is not valid JSON' }]);
  });

  it('does not count the missing end of a string as one of its characters', () => {
    expect(fault(`"${'a'.repeat(32_000)}`)).toBe('is not valid JSON');
    expect(fault(`"${'a'.repeat(32_001)}`)).toBe('holds a string over 32000 characters');
  });

  it('refuses a key whose escape is broken', () => {
    expect(fault('{"\\u00zz":1}')).toBe('is not valid JSON');
  });

  it('accepts each limit exactly and refuses one more', () => {
    expect(read(nested(32)).isOk()).toBe(true);
    expect(fault(nested(33))).toBe('is nested deeper than 32');
    expect(fault('{"a":'.repeat(33))).toBe('is nested deeper than 32');
    expect(read(`[${nested(31)},${nested(31)}]`).isOk()).toBe(true);
    expect(read(withKeys(2_000)).isOk()).toBe(true);
    expect(fault(withKeys(2_001))).toBe('has more than 2000 keys');
    expect(fault(`{${'"a":0,'.repeat(2_000)}"a":0}`)).toBe('has more than 2000 keys');
    expect(read(`[${'0,'.repeat(9_999)}0]`).isOk()).toBe(true);
    expect(fault(`[${'0,'.repeat(10_000)}0]`)).toBe('holds more than 10000 values');
    expect(fault(`[${'[],'.repeat(5_000)}0]`)).toBe('holds more than 10000 values');
  });

  it.each(['a', 'ü', '\\n', '\\u0041', '\\"', '\\\\'])('counts %s as one character of a string', (unit) => {
    expect(read(`"${unit.repeat(32_000)}"`).isOk()).toBe(true);
    expect(fault(`"${unit.repeat(32_001)}"`)).toBe('holds a string over 32000 characters');
    expect(fault(`{"${unit.repeat(32_001)}":0}`)).toBe('holds a string over 32000 characters');
  });

  it('does not count what stands inside strings', () => {
    const text = JSON.stringify({ a: '{[:,"\\'.repeat(4_000) });
    expect(value(text)).toEqual(JSON.parse(text));
  });

  it('takes other limits', () => {
    expect(readStrictJson(bytes('[[]]'), { ...jsonLimits, depth: 1 }).isErr()).toBe(true);
    expect(readStrictJson(bytes('[[],[]]'), { ...jsonLimits, values: 4 }).isOk()).toBe(true);
    expect(readStrictJson(bytes('[[],[]]'), { ...jsonLimits, values: 3 }).isErr()).toBe(true);
  });

  it('reads a nesting bomb, a key bomb and a backslash bomb of a mebibyte each in well under a second of CPU time', () => {
    const before = process.cpuUsage();
    for (const unit of ['[', '{"a":', '\\', '"\\', ',', ':']) {
      expect(read(unit.repeat(2 ** 20 / unit.length)).isErr()).toBe(true);
    }
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });

  it('repeats nothing of the body in what it says', () => {
    for (const text of ['{"canary@example.com":', '"canary@example.com\n"', 'canary@example.com']) {
      expect(JSON.stringify(read(text).unwrapErr())).not.toContain('canary');
    }
  });
});

describe('readStrictJson, always', () => {
  const harmless = fc.jsonValue({ maxDepth: 8 }).map((any) => JSON.stringify(any));
  const forbidden = /"(?:__proto__|constructor|prototype)":/;

  it('reads what JSON.stringify wrote, however it is spaced', () => {
    fc.assert(
      fc.property(harmless, fc.constantFrom(undefined, 1, '\t'), (text, space) => {
        fc.pre(!forbidden.test(text));
        expect(value(JSON.stringify(JSON.parse(text), null, space))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('accepts nothing that JSON.parse refuses, and never throws', () => {
    const noise = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '\\',
        'u',
        '0',
        '1e999',
        '"a"',
        'null',
        ' ',
        '\u0000',
        '-',
      ),
      { maxLength: 24 },
    );
    fc.assert(
      fc.property(noise, (pieces) => {
        const text = pieces.join('');
        const result = read(text);
        if (result.isOk()) expect(result.value).toEqual(JSON.parse(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('never throws on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (body) => {
        expect(typeof readStrictJson(body).isOk()).toBe('boolean');
      }),
    );
  });

  it('finds a forbidden key at any depth within the limits, however it is spelt', () => {
    const spelling = fc
      .constantFrom('__proto__', 'constructor', 'prototype')
      .chain((key) =>
        fc
          .array(fc.boolean(), { minLength: key.length, maxLength: key.length })
          .map((escaped) =>
            [...key]
              .map((c, n) => (escaped[n] ? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}` : c))
              .join(''),
          ),
      );
    fc.assert(
      fc.property(spelling, fc.integer({ min: 0, max: 30 }), (key, depth) => {
        const text = `${'[0,'.repeat(depth)}{"${key}":0}${']'.repeat(depth)}`;
        expect(fault(text)).toBe('has a key __proto__, constructor or prototype');
      }),
    );
  });
});
