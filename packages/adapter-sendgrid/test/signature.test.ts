import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { Headers } from '@precall/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasSignature, isSigned, readPublicKey } from '../src/signature.ts';
import signed from './fixtures/signed-samples.json' with { type: 'json' };
import wycheproof from './vectors/ecdsa_secp256r1_sha256_test.json' with { type: 'json' };

const signatureHeader = 'x-twilio-email-event-webhook-signature';
const timestampHeader = 'x-twilio-email-event-webhook-timestamp';
const sampleOf = (index: number) => {
  const sample = signed.samples[index];
  if (!sample) throw new Error(`there is no sample ${index}`);
  const headers: Headers = { [signatureHeader]: [sample.signature], [timestampHeader]: [sample.timestamp] };
  return { ...sample, key: readPublicKey(sample.publicKey), body: Buffer.from(sample.rawBody), headers };
};
const { key, body, headers, signature, timestamp, publicKey } = sampleOf(0);

describe('isSigned', () => {
  it.each([0, 1])('takes the really signed sample %i', (index) => {
    const sample = sampleOf(index);
    expect(isSigned(sample.headers, sample.body, sample.key)).toBe(true);
  });

  it.each([0, 1])(
    'refuses sample %i when its JSON was written anew, or its last line break is gone',
    (index) => {
      const sample = sampleOf(index);
      const rewritten = JSON.stringify(JSON.parse(sample.rawBody));
      for (const other of [rewritten, `${rewritten}\r\n`, sample.rawBody.trimEnd()]) {
        expect(isSigned(sample.headers, Buffer.from(other), sample.key)).toBe(
          // the first sample is compact already: with its line break it is the same bytes
          other === sample.rawBody,
        );
      }
    },
  );

  it('refuses a sample under the key of another', () => {
    expect(isSigned(headers, body, sampleOf(1).key)).toBe(false);
  });

  it.each<[string, Headers]>([
    ['no headers', {}],
    ['no signature', { [timestampHeader]: [timestamp] }],
    ['no timestamp', { [signatureHeader]: [signature] }],
    ['no line', { ...headers, [signatureHeader]: [] }],
    ['an empty signature', { ...headers, [signatureHeader]: [''] }],
    ['two signatures, both right', { ...headers, [signatureHeader]: [signature, signature] }],
    ['two timestamps, both right', { ...headers, [timestampHeader]: [timestamp, timestamp] }],
    ['two in one line', { ...headers, [signatureHeader]: [`${signature}, ${signature}`] }],
    ['a timestamp with letters behind', { ...headers, [timestampHeader]: [`${timestamp}junk`] }],
    ['a timestamp with a blank', { ...headers, [timestampHeader]: [` ${timestamp}`] }],
    ['a timestamp with a line break', { ...headers, [timestampHeader]: [`${timestamp}\n`] }],
    ['another timestamp', { ...headers, [timestampHeader]: ['1600112503'] }],
    ['a timestamp a year on', { ...headers, [timestampHeader]: ['1631648502'] }],
    [
      'base64 of URLs',
      { ...headers, [signatureHeader]: [signature.replace(/\+/g, '-').replace(/\//g, '_')] },
    ],
    ['base64 without padding', { ...headers, [signatureHeader]: [signature.replace(/=+$/, '')] }],
    ['base64 with a line break', { ...headers, [signatureHeader]: [`${signature}\n`] }],
    ['base64 with a sign that is skipped', { ...headers, [signatureHeader]: [`*${signature}`] }],
    ['hex', { ...headers, [signatureHeader]: [Buffer.from(signature, 'base64').toString('hex')] }],
    [
      'bytes after the signature',
      {
        ...headers,
        [signatureHeader]: [
          Buffer.concat([Buffer.from(signature, 'base64'), Buffer.of(0)]).toString('base64'),
        ],
      },
    ],
    ['inherited headers', Object.create(headers)],
    [
      'a line that is no text',
      JSON.parse(`{"${signatureHeader}":[["${signature}"]],"${timestampHeader}":["${timestamp}"]}`),
    ],
    [
      'a text for the lines',
      JSON.parse(`{"${signatureHeader}":"${signature}","${timestampHeader}":"${timestamp}"}`),
    ],
    ['no headers at all', JSON.parse('null')],
  ])('refuses %s', (_case, other) => {
    expect(isSigned(other, body, key)).toBe(false);
  });

  it('refuses a digit moved from the body to the timestamp: the boundary is fixed', () => {
    const moved = { ...headers, [timestampHeader]: [`${timestamp}[`] };
    expect(isSigned(moved, body.subarray(1), key)).toBe(false);
    const back = { ...headers, [timestampHeader]: [timestamp.slice(0, -1)] };
    expect(isSigned(back, Buffer.concat([Buffer.from(timestamp.slice(-1)), body]), key)).toBe(false);
  });

  it('calls a body that was parsed already unsigned, instead of throwing', () => {
    expect(isSigned(headers, JSON.parse('[{}]'), key)).toBe(false);
  });

  it('never takes a body with one bit changed, so also none that decodes to the same text', () => {
    fc.assert(
      fc.property(fc.nat({ max: body.length * 8 - 1 }), (bit) => {
        const changed = body.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
        expect(isSigned(headers, changed, key)).toBe(false);
      }),
    );
  });
});

describe('hasSignature on Wycheproof', () => {
  const cases = wycheproof.testGroups.flatMap(({ tests, publicKeyDer }) =>
    tests.map((test) => ({ ...test, publicKeyDer })),
  );

  it('knows all 484 cases', () => {
    expect(cases).toHaveLength(484);
  });

  it.each(cases)('case $tcId: $comment, $result', ({ publicKeyDer, msg, sig, result }) => {
    const der = Buffer.from(publicKeyDer, 'hex');
    const caseKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
    const base64 = Buffer.from(sig, 'hex').toString('base64');
    expect(verdict(() => hasSignature(caseKey, Buffer.from(msg, 'hex'), base64))).toBe(result === 'valid');
  });
});

describe('readPublicKey', () => {
  it('reads the key with blanks around it', () => {
    expect(readPublicKey(` ${publicKey}\n`).equals(key)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['no key', 'bm8ga2V5'],
    ['a key on another curve', spki('P-384')],
    ['a key on a curve as long', spki('secp256k1')],
    ['half a key', publicKey.slice(0, 60)],
  ])('throws for %s, naming the option and its cure', (_case, text) => {
    expect(() => readPublicKey(text)).toThrow(/^eventsPublicKey is no .*; give the verification key/);
  });
});

/** What cannot even be read is no signature: `isSigned` catches that. */
function verdict(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}

function spki(namedCurve: string): string {
  const pair = generateKeyPairSync('ec', { namedCurve });
  return pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
}
