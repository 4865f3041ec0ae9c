import type { Headers } from '@precall/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCalcomSource, signCalcom } from '../src/index.ts';
import { hasTag, isSigned } from '../src/signature.ts';
import { secret } from './samples.ts';
import wycheproof from './vectors/hmac_sha256_test.json' with { type: 'json' };

const header = 'x-cal-signature-256';
const body = Buffer.from(JSON.stringify({ triggerEvent: 'PING', name: 'Zoë' }));
const tag = signCalcom(secret, body);
const source = createCalcomSource({ secrets: [secret] });
const verify = (headers: Headers, raw: Uint8Array = body) => source.verify(headers, raw);

describe('signCalcom', () => {
  it('signs as GitHub documents plain HMAC-SHA256 in hex', () => {
    expect(signCalcom("It's a Secret to Everybody", 'Hello, World!')).toBe(
      '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    );
  });
});

describe('hasTag on Wycheproof', () => {
  const cases = wycheproof.testGroups.flatMap(({ tests, tagSize }) =>
    tests.map((test) => ({ ...test, tagSize })),
  );
  const bytes = (hex: string) => Buffer.from(hex, 'hex');

  it('knows all 174 cases', () => {
    expect(cases).toHaveLength(174);
  });

  it.each(cases)('case $tcId: $comment, $tagSize bits, $result', ({ key, msg, tag, tagSize, result }) => {
    expect(hasTag(bytes(key), bytes(msg), tag)).toBe(result === 'valid' && tagSize === 256);
  });
});

describe('verify', () => {
  it('takes the tag of the raw bytes in one header line', () => {
    expect(verify({ [header]: [tag], 'content-type': ['application/json'] })).toBe('authentic');
  });

  it('takes a tag under any of several secrets, and under no other', () => {
    const rotating = createCalcomSource({ secrets: [secret, 'another secret, newer'] });
    const signedWith = (key: string) => rotating.verify({ [header]: [signCalcom(key, body)] }, body);
    expect(signedWith(secret)).toBe('authentic');
    expect(signedWith('another secret, newer')).toBe('authentic');
    expect(signedWith('another secret, older')).toBe('forged');
  });

  it.each<[string, Headers]>([
    ['no header', {}],
    ['no line', { [header]: [] }],
    ['an empty line', { [header]: [''] }],
    ['two lines, both right', { [header]: [tag, tag] }],
    ['two lines, one right', { [header]: [tag, 'no-secret-provided'] }],
    ['two tags in one line', { [header]: [`${tag}, ${tag}`] }],
    ['no-secret-provided', { [header]: ['no-secret-provided'] }],
    ['the tag under no-secret-provided', { [header]: [signCalcom('no-secret-provided', body)] }],
    ['the tag under an empty secret', { [header]: [signCalcom('', body)] }],
    ['upper-case hex', { [header]: [tag.toUpperCase()] }],
    ['a blank before', { [header]: [` ${tag}`] }],
    ['a line break behind', { [header]: [`${tag}\n`] }],
    ['a prefix', { [header]: [`sha256=${tag}`] }],
    ['hex pairs among other letters', { [header]: [`zz${tag}`] }],
    ['one digit less', { [header]: [tag.slice(1)] }],
    ['one digit more', { [header]: [`${tag}0`] }],
    ['half of the tag', { [header]: [tag.slice(0, 32)] }],
    ['base64', { [header]: [Buffer.from(tag, 'hex').toString('base64')] }],
    [
      'full-width digits',
      { [header]: [tag.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)))] },
    ],
    ['a header of another name', { 'x-cal-signature': [tag] }],
    ['an inherited header', Object.create({ [header]: [tag] })],
    ['a line that only turns into text', { [header]: [Object(tag)] }],
    ['a line that is no text', JSON.parse(`{"${header}":[["${tag}"]]}`)],
    ['a text for the lines', JSON.parse(`{"${header}":"${tag}"}`)],
    ['no headers at all', JSON.parse('null')],
  ])('refuses %s', (_case, headers) => {
    expect(verify(headers)).toBe('forged');
  });

  it('refuses other bytes that decode to the same text', () => {
    expect(verify({ [header]: [signCalcom(secret, Buffer.from([0xff]))] }, Buffer.from([0xfe]))).toBe(
      'forged',
    );
  });

  it('refuses the same JSON written with other blanks', () => {
    expect(
      verify({ [header]: [tag] }, Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 1))),
    ).toBe('forged');
  });

  it('calls a body that was parsed already forged, instead of throwing', () => {
    const parsed = JSON.parse('{"triggerEvent":"PING"}');
    expect(verify({ [header]: [tag] }, parsed)).toBe('forged');
    expect(isSigned({ [header]: [tag] }, parsed, [secret])).toBe(false);
  });

  it('always takes what signCalcom signed, and never with one bit changed', () => {
    const flipped = (bytes: Uint8Array, bit: number) =>
      bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(), (bytes, any) => {
        const right = signCalcom(secret, bytes);
        const wrong = Buffer.from(flipped(Buffer.from(right, 'hex'), any % 256)).toString('hex');
        expect(verify({ [header]: [right] }, bytes)).toBe('authentic');
        expect(verify({ [header]: [right] }, flipped(bytes, any % (bytes.length * 8)))).toBe('forged');
        expect(verify({ [header]: [wrong] }, bytes)).toBe('forged');
      }),
    );
  });
});

describe('createCalcomSource', () => {
  it('names itself calcom', () => {
    expect(source.name).toBe('calcom');
  });

  it('takes unsigned and badly signed webhooks alike only when told to', () => {
    const open = createCalcomSource({ unsigned: 'allow' });
    expect(open.verify({}, body)).toBe('authentic');
    expect(open.verify({ [header]: ['no-secret-provided'] }, body)).toBe('authentic');
  });

  it.each([
    ['neither option', {}, /`secrets` is empty; give .*unsigned: 'allow'/],
    ['no secret', { secrets: [] }, /`secrets` is empty; give/],
    ['a variable that is not set', { secrets: [undefined as never] }, /`secrets\[0\]` is blank; give/],
    ['a secret alone', { secrets: secret as never }, /`secrets` is empty; give/],
    ['a blank secret', { secrets: [secret, '   '] }, /`secrets\[1\]` is blank; give/],
    [
      'a short secret',
      { secrets: ['fifteen letters'] },
      /`secrets\[0\]` is shorter than 16 characters; set a longer/,
    ],
    ['a short secret among blanks', { secrets: ['   fifteen letters   '] }, /shorter than 16 characters/],
    [
      "Cal.com's word for none",
      { secrets: ['no-secret-provided'] },
      /`secrets\[0\]` is what .*; set one there/,
    ],
    [
      'both options',
      { secrets: [secret], unsigned: 'allow' },
      /`secrets` and `unsigned` exclude each other; leave out/,
    ],
    ['another word', JSON.parse('{"unsigned":"yes"}'), /`unsigned` can only be 'allow'; leave it out/],
  ] as const)('throws for %s, naming the option and its cure', (_case, options, message) => {
    expect(() => createCalcomSource(options)).toThrow(message);
  });

  it('never puts a secret into its message', () => {
    expect(() => createCalcomSource({ secrets: ['hunter2'] })).toThrow(/^(?!.*hunter2)/s);
  });
});
