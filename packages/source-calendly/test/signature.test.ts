import { createHmac } from 'node:crypto';
import { type Headers, Temporal } from '@precall/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCalendlySource, signCalendly } from '../src/index.ts';
import { receivedAt as now, secret } from './samples.ts';

const header = 'calendly-webhook-signature';
const body = Buffer.from(JSON.stringify({ event: 'invitee.created', name: 'Zoë' }));
const minutes = (count: number) => Temporal.Duration.from({ milliseconds: Math.round(count * 60_000) });
const source = createCalendlySource({ secrets: [secret], clock: { now: () => now } });
const line = signCalendly(secret, body, now);
const [t = '', v1 = ''] = line.split(',');
const tag = v1.slice('v1='.length);
const seconds = t.slice('t='.length);
const verify = (headers: Headers, raw: Uint8Array = body) => source.verify(headers, raw);
/** Signed over whatever stands before the point. */
const signedAs = (words: string, key = secret) =>
  `t=${words},v1=${createHmac('sha256', key).update(`${words}.`).update(body).digest('hex')}`;

describe('verify', () => {
  it('takes the tag of moment and raw bytes, as Calendly writes it', () => {
    expect(line).toBe(signedAs(String(now.epochMilliseconds / 1000)));
    expect(verify({ [header]: [line], 'content-type': ['application/json'] })).toBe('authentic');
  });

  it('takes a tag under any of several secrets, and under no other', () => {
    const rotating = createCalendlySource({
      secrets: [secret, 'another key, newer one'],
      clock: { now: () => now },
    });
    const signedWith = (key: string) => rotating.verify({ [header]: [signCalendly(key, body, now)] }, body);
    expect(signedWith(secret)).toBe('authentic');
    expect(signedWith('another key, newer one')).toBe('authentic');
    expect(signedWith('another key, older one')).toBe('forged');
  });

  it.each([
    [-3, 'authentic'],
    [3, 'authentic'],
    [-3.02, 'forged'],
    [3.02, 'forged'],
    [365 * 24 * 60, 'forged'],
    [-365 * 24 * 60, 'forged'],
  ] as const)('judges what was signed %s minutes from now: %s', (away, verdict) => {
    expect(verify({ [header]: [signCalendly(secret, body, now.add(minutes(away)))] })).toBe(verdict);
  });

  it('goes by the tolerance it was given, and by the clock as it is then', () => {
    let at = now;
    const patient = createCalendlySource({
      secrets: [secret],
      clock: { now: () => at },
      tolerance: minutes(24 * 60),
    });
    expect(patient.verify({ [header]: [line] }, body)).toBe('authentic');
    at = now.add(minutes(24 * 60));
    expect(patient.verify({ [header]: [line] }, body)).toBe('authentic');
    at = at.add(minutes(0.02));
    expect(patient.verify({ [header]: [line] }, body)).toBe('forged');
  });

  it.each<[string, Headers]>([
    ['no header', {}],
    ['no line', { [header]: [] }],
    ['an empty line', { [header]: [''] }],
    ['two lines, both right', { [header]: [line, line] }],
    ['a tag without its moment', { [header]: [v1] }],
    ['a moment without its tag', { [header]: [t] }],
    ['another moment than was signed', { [header]: [`t=${Number(seconds) + 1},${v1}`] }],
    ['two moments, the right one last', { [header]: [`t=0000000001,${line}`] }],
    ['two moments, the right one first', { [header]: [`${line},t=${seconds}`] }],
    ['two tags', { [header]: [`${line},${v1}`] }],
    ['the parts the other way round', { [header]: [`${v1},${t}`] }],
    ['a blank between', { [header]: [`${t}, ${v1}`] }],
    ['a moment with letters behind, signed so', { [header]: [signedAs(`${seconds}junk`)] }],
    ['a moment with a fraction, signed so', { [header]: [signedAs(`${seconds}.5`)] }],
    ['a moment in milliseconds, signed so', { [header]: [signedAs(`${now.epochMilliseconds}`)] }],
    ['a moment with a sign, signed so', { [header]: [signedAs(`+${seconds}`)] }],
    ['no moment, signed so', { [header]: [signedAs('')] }],
    ['a boundary moved into the body', { [header]: [`t=${seconds}.${body.subarray(0, 1)},${v1}`] }],
    [
      'the tag of the body alone',
      { [header]: [`${t},v1=${createHmac('sha256', secret).update(body).digest('hex')}`] },
    ],
    ['a tag of another version', { [header]: [`${t},v0=${tag}`] }],
    ['the tag under an empty secret', { [header]: [signedAs(seconds, '')] }],
    ['upper-case hex', { [header]: [`${t},v1=${tag.toUpperCase()}`] }],
    ['a line break behind', { [header]: [`${line}\n`] }],
    ['hex pairs among other letters', { [header]: [`${t},v1=zz${tag}`] }],
    ['one digit less', { [header]: [line.slice(0, -1)] }],
    ['one digit more', { [header]: [`${line}0`] }],
    [
      'full-width digits',
      {
        [header]: [signedAs(seconds.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))))],
      },
    ],
    ['a header of another name', { 'x-calendly-signature': [line] }],
    ['an inherited header', Object.create({ [header]: [line] })],
    ['a line that only turns into text', { [header]: [Object(line)] }],
    ['a text for the lines', JSON.parse(`{"${header}":"${line}"}`)],
    ['no headers at all', JSON.parse('null')],
  ])('refuses %s', (_case, headers) => {
    expect(verify(headers)).toBe('forged');
  });

  it('refuses other bytes that decode to the same text', () => {
    const other = signCalendly(secret, Buffer.from([0xff]), now);
    expect(verify({ [header]: [other] }, Buffer.from([0xfe]))).toBe('forged');
  });

  it('calls a body that was parsed already forged, instead of throwing', () => {
    expect(verify({ [header]: [line] }, JSON.parse('{"event":"invitee.created"}'))).toBe('forged');
  });

  it('always takes what signCalendly signed, and never with one bit changed', () => {
    const flipped = (bytes: Uint8Array, bit: number) =>
      bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(), (bytes, any) => {
        const right = signCalendly(secret, bytes, now);
        const [moment, hex = ''] = right.split(',v1=');
        const wrong = Buffer.from(flipped(Buffer.from(hex, 'hex'), any % 256)).toString('hex');
        expect(verify({ [header]: [right] }, bytes)).toBe('authentic');
        expect(verify({ [header]: [right] }, flipped(bytes, any % (bytes.length * 8)))).toBe('forged');
        expect(verify({ [header]: [`${moment},v1=${wrong}`] }, bytes)).toBe('forged');
      }),
    );
  });
});

describe('createCalendlySource', () => {
  const clock = { now: () => now };

  it('names itself calendly', () => {
    expect(source.name).toBe('calendly');
  });

  it.each([
    ['no secret', { secrets: [] }, /`secrets` is empty; give/],
    [
      'a short secret',
      { secrets: [secret, 'fifteen letters'] },
      /`secrets\[1\]` is shorter than 16 .* give it here/,
    ],
    ['a variable that is not set', { secrets: [undefined as never] }, /`secrets\[0\]` is shorter/],
    ['a secret alone', { secrets: secret as never }, /`secrets` is empty; give/],
    ['a secret of blanks', { secrets: [' '.repeat(20)] }, /`secrets\[0\]` is shorter/],
    [
      'no tolerance at all',
      { secrets: [secret], tolerance: minutes(0) },
      /`tolerance` is out of range; give/,
    ],
    ['a tolerance backwards', { secrets: [secret], tolerance: minutes(-3) }, /`tolerance` is out of range/],
    ['a tolerance without end', { secrets: [secret], tolerance: minutes(8 * 24 * 60) }, /`tolerance` is out/],
  ] as const)('throws for %s, naming the option and its cure', (_case, options, message) => {
    expect(() => createCalendlySource({ clock, ...options })).toThrow(message);
  });

  it('never puts a secret into its message', () => {
    expect(() => createCalendlySource({ clock, secrets: ['hunter2'] })).toThrow(/^(?!.*hunter2)/s);
  });
});
