import { createMemoryEntropy } from '@precall/adapter-memory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookingId } from '../src/ids.ts';
import { createNames } from '../src/names.ts';
import { at } from './agreed-call.ts';

const entropy = createMemoryEntropy('names');
const key = 'one key';
const startAt = at('2026-12-03T15:00:00Z');

const made = () => createNames('calcom', entropy, key);

describe('a recipient', () => {
  it('is 32 hex digits, the same for one address in any case and any composition of its letters', () => {
    const names = made();
    const one = names.recipient('zoë@example.com');
    expect(one).toMatch(/^[0-9a-f]{32}$/);
    for (const same of ['ZOË@EXAMPLE.COM', 'Zoe\u0308@example.com', 'ZOE\u0308@Example.com'])
      expect(names.recipient(same)).toBe(one);
    expect(names.recipient('zoe@example.com')).not.toBe(one);
  });

  it('is the same where only the small letter has a composed form', () => {
    const names = made();
    expect(names.recipient('J\u030C@example.com')).toBe(names.recipient('\u01F0@example.com'));
  });

  it('is the same for every address as for its lower-cased, composed or decomposed form', () => {
    const names = made();
    const address = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(address, (email) => {
        const one = names.recipient(email);
        for (const same of [
          email.toLowerCase(),
          email.normalize('NFC'),
          email.normalize('NFD'),
          email.toLowerCase().normalize('NFC'),
        ])
          expect(names.recipient(same)).toBe(one);
      }),
      { numRuns: 500 },
    );
  });

  it('is another under another key', () => {
    const names = made();
    expect(createNames('calcom', entropy, 'two').recipient('a@example.com')).not.toBe(
      names.recipient('a@example.com'),
    );
  });
});

describe('a booking', () => {
  it('is its uid with the source before it', () => {
    const names = made();
    expect(names.booking('8f1c')).toBe('calcom:8f1c');
  });

  it('without a uid is named by its start and address, and tells neither', () => {
    const names = made();
    const one = names.bookingWithoutUid(startAt, 'Ana@example.com');
    expect(one).toMatch(/^calcom:at-[0-9a-f]{32}$/);
    expect(names.bookingWithoutUid(startAt, 'ana@EXAMPLE.com')).toBe(one);
    expect(names.bookingWithoutUid(startAt.add({ milliseconds: 1 }), 'ana@example.com')).not.toBe(one);
    expect(names.bookingWithoutUid(startAt, 'ben@example.com')).not.toBe(one);
  });
});

it('names of different things never meet, though they are made of the same words', () => {
  const names = made();
  const word = 'calcom:8f1c';
  const booking = bookingId('calcom', '8f1c');
  const event = names.event(booking);
  expect(event).toMatch(/^precall[0-9a-f]{32}$/);
  const all = [
    names.recipient(word),
    names.delivery(word),
    names.onceKey(word),
    names.link(word),
    names.digest(word),
    event.slice('precall'.length),
  ];
  expect(new Set(all).size).toBe(6);
  for (const name of all) expect(name).toMatch(/^[0-9a-f]{32}$/);
  const short = names.short(booking);
  expect(short).toMatch(/^[0-9a-f]{12}$/);
  expect(all.some((name) => name.startsWith(short))).toBe(false);
});

it('names stay what they are: records stand in stores under them, and links with them in mails', () => {
  const names = made();
  const booking = bookingId('calcom', '8f1c');
  const hash = (purpose: string, text: string) => entropy.keyedHash(key, `${purpose}\n${text}`);
  const ana = hash('recipient', 'ana@example.com');
  expect(names.recipient('Ana@Example.com')).toBe(ana.slice(0, 32));
  const untold = hash('booking', `${startAt.epochMilliseconds} ${ana}`).slice(0, 32);
  expect(names.bookingWithoutUid(startAt, 'ana@example.com')).toBe(`calcom:at-${untold}`);
  expect(names.delivery('body')).toBe(hash('delivery', 'body').slice(0, 32));
  expect(names.onceKey('reminder')).toBe(hash('once', 'reminder').slice(0, 32));
  expect(names.link('words')).toBe(hash('link', 'words').slice(0, 32));
  expect(names.event(booking)).toBe(`precall${hash('event', booking).slice(0, 32)}`);
  expect(names.digest('text')).toBe(hash('digest', 'text').slice(0, 32));
  expect(names.short(booking)).toBe(hash('short', booking).slice(0, 12));
});
