import { type FieldValue, Temporal } from '@precall/core';
import type { NotionProperty, NotionValue } from '@precall/testing/stand-ins';
import { describe, expect, it } from 'vitest';
import { createWorld } from '../../core/test/world.ts';
import {
  adasMember,
  adasRef,
  type Bench,
  callDate,
  choice,
  date,
  errorOf,
  noon,
  onBench,
  refOf,
  status,
} from './asking.ts';

const sentAt = Temporal.Instant.from('2026-03-02T12:00:00Z');
const moment: FieldValue = { type: 'moment', value: sentAt };
const text = (value: string | null): FieldValue => ({ type: 'text', value });
const patches = ({ notion }: Bench) => notion.requests.filter(({ kind }) => kind === 'patch');

describe('update', () => {
  it('is one PATCH, of the fields given and no other', async () => {
    await onBench({}, async (bench) => {
      const ref = await adasRef(bench.crm);
      await bench.crm.update(ref, { [status]: choice('Booked'), [callDate]: date('2026-03-05') });
      expect(patches(bench)).toHaveLength(1);
      expect(Object.keys(JSON.parse(patches(bench)[0]?.body ?? '').properties)).toHaveLength(2);
      expect(bench.row(0).values).toMatchObject({ [status]: 'Booked', [callDate]: '2026-03-05' });
    });
  });

  it('of nothing asks Notion nothing', async () => {
    await onBench({}, async ({ crm, notion }) => {
      expect((await crm.update('whatever', {})).isOk()).toBe(true);
      expect(notion.requests).toEqual([]);
    });
  });

  it.each<[NotionProperty, FieldValue, NotionValue, NotionValue]>([
    [{ type: 'status', options: ['Lead', 'Booked'] }, choice('Booked'), 'Booked', null],
    [{ type: 'select', options: ['Lead', 'Booked'] }, choice('Booked'), 'Booked', null],
    [{ type: 'date' }, date('2026-12-03'), '2026-12-03', null],
    [{ type: 'date' }, moment, '2026-03-02T12:00:00Z', null],
    [{ type: 'rich_text' }, text('By phone'), 'By phone', null],
    [{ type: 'rich_text' }, choice('Booked'), 'Booked', null],
    [{ type: 'title' }, text('Ada'), 'Ada', null],
    [{ type: 'email' }, { type: 'email', value: 'ada@example.com' }, 'ada@example.com', null],
    [{ type: 'url' }, { type: 'url', value: 'https://example.com/' }, 'https://example.com/', null],
    [{ type: 'number' }, { type: 'number', value: 0 }, 0, null],
    [{ type: 'checkbox' }, { type: 'flag', value: true }, true, false],
    [{ type: 'checkbox' }, moment, true, false],
  ])('A3: writes into %j the value %j, and null clears it', async (property, field, held, cleared) => {
    const contacts = { properties: { email: { type: 'email' }, Field: property }, rows: [{}] } as const;
    await onBench({ contacts }, async ({ crm, row }) => {
      const { id } = row(0);
      expect((await crm.update(id, { Field: field })).isOk()).toBe(true);
      expect(row(0).values.Field).toBe(held);
      expect((await crm.update(id, { Field: { ...field, value: null } })).isOk()).toBe(true);
      expect(row(0).values.Field).toBe(cleared);
    });
  });

  it('A3: refuses a value that the property cannot take, naming both types, and writes nothing', async () => {
    await onBench({}, async (bench) => {
      const ref = await adasRef(bench.crm);
      for (const [name, field, types] of [
        [callDate, text('soon'), ['date', 'text']],
        ['Assessment Score', choice('high'), ['number', 'choice']],
        ['email', choice('nobody'), ['email', 'choice']],
      ] as const) {
        const error = await errorOf(bench.crm.update(ref, { [name]: field, [status]: choice('Booked') }));
        expect(error.kind).toBe('rejected');
        for (const word of [name, ...types]) expect(error.reason).toContain(word);
      }
      expect(patches(bench)).toEqual([]);
    });
  });

  it('A3: refuses a value that would make an option by a typo, naming property, value and the nearest option', async () => {
    await onBench({}, async (bench) => {
      const { crm, notion, contacts } = bench;
      const error = await errorOf(crm.update(await adasRef(crm), { [status]: choice('booked ') }));
      expect(error).toEqual({
        kind: 'rejected',
        reason: '"Booking Status" has no option "booked "; the nearest is "Booked"',
      });
      expect(patches(bench)).toEqual([]);
      expect(notion.options(contacts.id, status)).not.toContain('booked ');
    });
  });

  it('A3: makes an option where configuration lets it, of a select only', async () => {
    const properties = {
      email: { type: 'email' },
      Select: { type: 'select', options: [] },
      Status: { type: 'status', options: ['Lead'] },
    } as const;
    await onBench(
      { contacts: { properties, rows: [{}] }, crm: { unknownOption: 'create' } },
      async ({ crm, notion, contacts, row }) => {
        const { id } = row(0);
        expect((await crm.update(id, { Select: choice('New') })).isOk()).toBe(true);
        expect(notion.options(contacts.id, 'Select')).toEqual(['New']);
        expect((await errorOf(crm.update(id, { Status: choice('New') }))).kind).toBe('rejected');
        expect(notion.count('patch')).toBe(1);
      },
    );
  });

  it('takes an option that was added after the schema was read', async () => {
    await onBench({}, async ({ crm, notion, contacts, row }) => {
      const ref = await adasRef(crm);
      notion.addOption(contacts.id, { property: status, option: 'On hold' });
      expect((await crm.update(ref, { [status]: choice('On hold') })).isOk()).toBe(true);
      expect(row(0).values[status]).toBe('On hold');
    });
  });

  it('A3: notices within ten minutes that an option was renamed, and does not make it anew', async () => {
    await onBench({}, async ({ crm, notion, contacts, clock }) => {
      const ref = await adasRef(crm);
      notion.renameOption(contacts.id, { property: status, from: 'Booked', to: 'Call booked' });
      await clock.advance(Temporal.Duration.from({ minutes: 10 }));
      const error = await errorOf(crm.update(ref, { [status]: choice('Booked') }));
      expect(error).toMatchObject({
        kind: 'rejected',
        reason: expect.stringContaining('no option "Booked"'),
      });
      expect(notion.options(contacts.id, status)).not.toContain('Booked');
    });
  });

  it('A3: refuses a property that is not there, naming it', async () => {
    await onBench({}, async ({ crm }) => {
      const error = await errorOf(crm.update(await adasRef(crm), { 'booking status': choice('Booked') }));
      expect(error).toEqual({ kind: 'rejected', reason: 'the database has no property "booking status"' });
    });
  });

  it('A3: is refused for a page in the trash', async () => {
    await onBench({}, async ({ crm, notion, row }) => {
      const ref = await adasRef(crm);
      notion.trash(row(0).id);
      const error = await errorOf(crm.update(ref, { [status]: choice('Booked') }));
      expect(error).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('archived') });
    });
  });

  it('A5: cuts a long text into the pieces that Notion takes, and no letter in two', async () => {
    const long = `${'x'.repeat(1_999)}😀${'y'.repeat(3_000)}`;
    const contacts = {
      properties: { email: { type: 'email' }, Note: { type: 'rich_text' } },
      rows: [{}],
    } as const;
    await onBench({ contacts }, async (bench) => {
      expect((await bench.crm.update(bench.row(0).id, { Note: text(long) })).isOk()).toBe(true);
      expect(bench.row(0).values.Note).toBe(long);
      const [patch] = patches(bench);
      const [note] = Object.values<{ rich_text: { text: { content: string } }[] }>(
        JSON.parse(patch?.body ?? '').properties,
      );
      expect(note?.rich_text.map(({ text: { content } }) => /\p{Surrogate}/u.test(content))).toEqual([
        false,
        false,
        false,
      ]);
    });
  });
});

describe('recordSent', () => {
  it('sets the date that configuration names for the rule, to that moment, and no other', async () => {
    await onBench({}, async ({ crm, member }) => {
      const before = member(0).values;
      expect((await crm.recordSent(await adasMember(crm), '24h', noon)).isOk()).toBe(true);
      expect(member(0).values).toEqual({ ...before, 'Email 2 Sent': '2026-03-02T12:00:00Z' });
    });
  });

  it('leaves a mark alone that is there, whoever made it', async () => {
    await onBench({}, async (bench) => {
      const ref = await adasMember(bench.crm);
      await bench.crm.recordSent(ref, '24h', noon);
      const before = bench.member(0).values;
      for (const rule of ['72h', '24h'])
        expect((await bench.crm.recordSent(ref, rule, noon.add({ hours: 1 }))).isOk()).toBe(true);
      expect(bench.member(0).values).toEqual(before);
      expect(patches(bench)).toHaveLength(1);
    });
  });

  it('writes and asks nothing for a rule without a property', async () => {
    for (const sequenceOptions of [{}, { sentProperties: {} }, null]) {
      await onBench({ sequenceOptions }, async ({ crm, notion, member }) => {
        expect((await crm.recordSent(member(0).id, '2h', noon)).isOk()).toBe(true);
        expect(notion.requests).toEqual([]);
      });
    }
  });

  it('refuses a property that is no date: what it holds is not known to be a mark', async () => {
    const sequenceOptions = { sentProperties: { '24h': 'First Name' } };
    await onBench({ sequenceOptions }, async (bench) => {
      const error = await errorOf(bench.crm.recordSent(bench.member(0).id, '24h', noon));
      expect(error).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('"First Name"') });
      expect(patches(bench)).toEqual([]);
    });
  });

  it('A3: is refused for an entry in the trash, before anything is written', async () => {
    await onBench({}, async (bench) => {
      const ref = await adasMember(bench.crm);
      bench.notion.trash(ref);
      const error = await errorOf(bench.crm.recordSent(ref, '24h', noon));
      expect(error).toEqual({ kind: 'rejected', reason: 'the membership is in the trash' });
      expect(patches(bench)).toEqual([]);
    });
  });
});

describe('what a booking costs', () => {
  it('is one PATCH of what changed, and none when nothing did', async () => {
    const guest = 'guest@example.com';
    await onBench({ contacts: { rows: [{ email: guest }] }, sequence: { rows: [] } }, async (bench) => {
      const world = createWorld({ scheduler: 'none', crm: bench.crm });
      await world.change('BOOKING_CREATED');
      await world.precall.tick();
      expect(patches(bench)).toHaveLength(1);
      expect(bench.row(0).values).toMatchObject({ [status]: 'Booked', [callDate]: '2026-12-03' });

      await world.say('BOOKING_CREATED', { said: '2026-11-23T12:00:00.004Z' });
      await world.precall.tick();
      expect(patches(bench)).toHaveLength(1);

      await world.change('BOOKING_RESCHEDULED', {
        uid: 'u2',
        start: '2026-12-10T15:00:00Z',
        payload: { rescheduleUid: 'u1' },
      });
      await world.precall.tick();
      expect(patches(bench)).toHaveLength(2);
      const { properties } = JSON.parse(patches(bench)[1]?.body ?? '');
      expect(Object.values(properties)).toEqual([{ date: { start: '2026-12-10' } }]);
      expect(await refOf(bench.crm.findContact(guest))).toBe(bench.row(0).id);
    });
  });
});
