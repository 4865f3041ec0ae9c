import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { createAddressBook } from '../src/index.ts';
import { minute } from './sample-record.ts';
import { temporaryFolder } from './temporary-folder.ts';

const booked: Fields = { 'Booking Status': { type: 'choice', value: 'Booked' } };

/** An address book whose file holds `entries`, if any. */
function open(entries?: unknown) {
  const folder = temporaryFolder();
  const path = join(folder, 'address-book.json');
  const write = (content: unknown) => writeFileSync(path, JSON.stringify(content));
  if (entries) write(entries);
  const content = (): unknown => JSON.parse(readFileSync(path, 'utf8'));
  return { folder, path, write, content, book: createAddressBook({ folder }) };
}

describe('findContact', () => {
  it('adds a booker it does not know, once', async () => {
    const { book, content } = open();
    const found = { kind: 'one', ref: 'ada@example.com' };
    expect((await book.findContact('Ada@Example.com')).unwrap()).toEqual(found);
    expect((await book.findContact('ada@example.COM')).unwrap()).toEqual(found);
    expect(content()).toEqual([{ email: 'Ada@Example.com', fields: {}, campaigns: {} }]);
  });

  it('says many when two entries have the address', async () => {
    const { book } = open([{ email: 'ada@example.com' }, { email: 'ADA@example.com' }]);
    expect((await book.findContact('ada@example.com')).unwrap()).toEqual({ kind: 'many' });
  });

  it('keeps every one of many added at once', async () => {
    const { book, content } = open();
    await Promise.all(Array.from({ length: 20 }, (_, index) => book.findContact(`${index}@example.com`)));
    expect(content()).toHaveLength(20);
  });
});

describe('update', () => {
  it('writes plain values: dates as they are, moments as ISO text, null for a cleared field', async () => {
    const { book, content } = open([{ email: 'ada@example.com', fields: { Phone: '1', Old: 'x' } }]);
    const fields: Fields = {
      ...booked,
      'Diagnostic Call Date': { type: 'date', value: '2026-03-04' },
      At: { type: 'moment', value: minute(0) },
      Old: { type: 'text', value: null },
    };
    (await book.update('ada@example.com', fields)).unwrap();
    expect(content()).toEqual([
      {
        email: 'ada@example.com',
        fields: {
          Phone: '1',
          Old: null,
          'Booking Status': 'Booked',
          'Diagnostic Call Date': '2026-03-04',
          At: '2026-03-02T12:00:00Z',
        },
        campaigns: {},
      },
    ]);
  });

  it('keeps what a person edited in between, and what it does not know', async () => {
    const { book, write, content } = open();
    await book.findContact('ada@example.com');
    write([
      { email: 'ada@example.com', note: 'prefers mornings', fields: { Phone: '1' } },
      { email: 'eve@example.com' },
    ]);
    (await book.update('ada@example.com', booked)).unwrap();
    expect(content()).toEqual([
      {
        email: 'ada@example.com',
        note: 'prefers mornings',
        fields: { Phone: '1', 'Booking Status': 'Booked' },
        campaigns: {},
      },
      { email: 'eve@example.com', fields: {}, campaigns: {} },
    ]);
  });

  it('answers from the file as it is now, not as it was when read last', async () => {
    const { book, write } = open([{ email: 'ada@example.com' }]);
    expect((await book.entries()).unwrap()).toHaveLength(1);
    write([{ email: 'ada@example.com' }, { email: 'eve@example.com' }]);
    expect((await book.entries()).unwrap()).toHaveLength(2);
  });

  it('does not touch the file when nothing changes', async () => {
    const entry = { email: 'ada@example.com', fields: { 'Booking Status': 'Booked' }, campaigns: {} };
    const { book, path } = open([entry]);
    const before = readFileSync(path, 'utf8');
    (await book.update('ada@example.com', booked)).unwrap();
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('is rejected for an entry that is gone', async () => {
    const { book, write } = open();
    const found = (await book.findContact('ada@example.com')).unwrap();
    write([]);
    expect((await book.update(found.kind === 'one' ? found.ref : '', booked)).unwrapErr().kind).toBe(
      'rejected',
    );
  });

  it('leaves nothing but the file in its folder', async () => {
    const { book, folder } = open();
    await book.findContact('ada@example.com');
    (await book.update('ada@example.com', booked)).unwrap();
    expect(readdirSync(folder)).toEqual(['address-book.json']);
  });
});

describe('recordSent', () => {
  const entry = {
    email: 'Ada@example.com',
    fields: {},
    campaigns: { Spring: { sent: { '72h': 'by hand' } } },
  };

  it('marks a step of a member, and leaves a mark that is there alone', async () => {
    const { book, content } = open([entry]);
    const found = (await book.findMembership('ada@example.com', 'Spring')).unwrap();
    if (found.kind !== 'one') throw new Error(found.kind);
    (await book.recordSent(found.ref, '24h', minute(0))).unwrap();
    (await book.recordSent(found.ref, '24h', minute(5))).unwrap();
    (await book.recordSent(found.ref, '72h', minute(5))).unwrap();
    expect(content()).toEqual([
      { ...entry, campaigns: { Spring: { sent: { '72h': 'by hand', '24h': '2026-03-02T12:00:00Z' } } } },
    ]);
  });

  it('knows no member of a campaign that the entry does not name, not even an inherited one', async () => {
    const { book } = open([entry]);
    for (const campaign of ['Autumn', 'constructor', '__proto__'])
      expect((await book.findMembership('ada@example.com', campaign)).unwrap()).toEqual({ kind: 'none' });
  });
});

describe('a file that is not understood', () => {
  it.each([
    ['{"not": "an array"}', 'address-book.json is not an array of entries'],
    ['[{"email": ', 'address-book.json is not valid JSON'],
    [
      '[{"email": "ada@example.com"}, {"mail": "eve@example.com"}]',
      'address-book.json has a fault in entry 2: it takes { email, fields, campaigns: { name: { sent: {} } } }',
    ],
  ])('is told of by its name, waited for and never overwritten: %s', async (text, reason) => {
    const { book, path } = open();
    writeFileSync(path, text);
    const away = { kind: 'unavailable', reason };
    expect((await book.findContact('new@example.com')).unwrapErr()).toMatchObject(away);
    expect((await book.update('ada@example.com', booked)).unwrapErr()).toMatchObject(away);
    expect((await book.describe()).unwrap()).toMatchObject([{ where: 'address-book.json', fault: reason }]);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('is read again once it is mended', async () => {
    const { book, path, write } = open();
    writeFileSync(path, '[');
    expect((await book.findContact('ada@example.com')).isErr()).toBe(true);
    write([{ email: 'ada@example.com' }]);
    expect((await book.entries()).unwrap()).toEqual([
      { email: 'ada@example.com', fields: {}, campaigns: {} },
    ]);
    expect((await book.describe()).unwrap()).toEqual([]);
  });
});
