import { isAddress, isToken, knownZone, nothingSaid, plainText, Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { contribution } from '../src/contribution.ts';
import { nothingKnown } from '../src/facts.ts';

describe('nothingSaid', () => {
  it('adds to what is known of a booking that it is there, and nothing else', () => {
    const receivedAt = Temporal.Instant.from('2026-11-23T12:00:00Z');
    const names = { booking: (uid: string) => `b:${uid}` } as never;
    const added = contribution({ ...nothingSaid, kind: 'no_show', uid: 'u1', receivedAt }, names);
    expect([...added]).toEqual([['b:u1', nothingKnown]]);
  });
});

describe('isToken', () => {
  it.each(['SG.xxxx.yyyy', 'ntn_1', '!'])('is %j', (text) => {
    expect(isToken(text)).toBe(true);
  });

  it.each(['', 'two words', 'a\nb', 'ä', undefined, null, 7])('is not %j', (given) => {
    expect(isToken(given)).toBe(false);
  });
});

describe('plainText', () => {
  it.each([
    [' Ada \r\n Lovelace ', 'Ada    Lovelace'],
    ['\u2028\u0000', null],
    ['', null],
    [null, null],
    ['a\uD83D', 'a\uFFFD'],
    ['twelve chars', 'twelve cha'],
    ['123456789😀', '123456789'],
  ])('of %j is %j', (written, kept) => {
    expect(plainText(written, 10)).toBe(kept === 'Ada    Lovelace' ? 'Ada    Lov' : kept);
  });
});

describe('isAddress', () => {
  it.each([
    ["o'brien+tag@sub.example.com", true],
    ['a@b', true],
    ['a@b@c', false],
    ['a@', false],
    ['@b', false],
    ['a b@c', false],
    ['a@b\r\nBcc: c@d', false],
    [`${'a'.repeat(250)}@b.com`, false],
  ])('of %j is %j', (written, is) => {
    expect(isAddress(written)).toBe(is);
  });
});

describe('knownZone', () => {
  it.each([
    ['Europe/Paris', 'Europe/Paris'],
    ['Etc/GMT+5', 'Etc/GMT+5'],
    ['Mars/Olympus', null],
    ['+02:00', null],
    ['', null],
    [undefined, null],
  ])('of %j is %j', (written, zone) => {
    expect(knownZone(written)).toBe(zone);
  });
});
