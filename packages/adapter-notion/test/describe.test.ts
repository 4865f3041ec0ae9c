import { defaultProjection, type SchemaFault } from '@precall/core';
import type { NotionProperty } from '@precall/testing/stand-ins';
import { describe, expect, it } from 'vitest';
import { createNotionCrm } from '../src/index.ts';
import { type BenchOptions, campaign, errorOf, onBench, status, token } from './asking.ts';

const contacts = {
  Name: { type: 'title' },
  email: { type: 'email' },
  [status]: { type: 'select', options: ['Not Booked', 'Booked', 'Completed', 'No-Show'] },
  'Diagnostic Call Date': { type: 'date' },
  'Christmas Campaign Status': { type: 'select', options: ['Pre-Call Prep'] },
} as const;
const sequence = {
  Email: { type: 'email' },
  Campaign: { type: 'select', options: [campaign] },
  'Email 1 Sent': { type: 'date' },
  'Email 2 Sent': { type: 'date' },
} as const;

async function faultsOn(options: BenchOptions): Promise<readonly SchemaFault[]> {
  let faults: readonly SchemaFault[] = [];
  await onBench(options, async ({ crm, notion }) => {
    faults = (await crm.describe()).unwrap();
    expect(notion.count('patch') + notion.count('create')).toBe(0);
  });
  return faults;
}

const inContacts = (changed: object) => ({ contacts: { rows: [], properties: { ...contacts, ...changed } } });
const inSequence = (changed: object) => ({ sequence: { rows: [], properties: { ...sequence, ...changed } } });
const without = (name: string, properties: object) =>
  Object.fromEntries(Object.entries(properties).filter(([each]) => each !== name));

describe('describe', () => {
  it('A6: finds nothing wrong with the first owner’s databases, in four requests', async () => {
    await onBench({}, async ({ crm, notion }) => {
      expect((await crm.describe()).unwrap()).toEqual([]);
      expect(notion.requests).toHaveLength(4);
    });
    expect(await faultsOn({ sequenceOptions: null })).toEqual([]);
  });

  it.each<[string, BenchOptions, string, string]>([
    [
      'a missing property',
      { contacts: { rows: [], properties: without(status, contacts) } },
      '"Booking Status"',
      'Add',
    ],
    [
      'a near-miss in case',
      {
        contacts: {
          rows: [],
          properties: { ...without(status, contacts), 'Booking status': contacts[status] },
        },
      },
      'there is "Booking status"',
      'Rename "Booking status" to "Booking Status"',
    ],
    [
      'a near-miss in blanks',
      {
        contacts: {
          rows: [],
          properties: { ...without(status, contacts), 'Booking  Status ': contacts[status] },
        },
      },
      'there is "Booking  Status "',
      'Rename',
    ],
    [
      'a wrong type',
      inContacts({ 'Diagnostic Call Date': { type: 'rich_text' } }),
      'of type rich_text',
      'to date',
    ],
    [
      'a missing option',
      inContacts({ [status]: { type: 'select', options: ['Not Booked', 'Completed', 'No-Show'] } }),
      'no option "Booked"',
      'Add the option "Booked"',
    ],
    [
      'a near-miss of an option',
      inContacts({
        [status]: { type: 'status', options: ['Not Booked', 'booked ', 'Completed', 'No-Show'] },
      }),
      'it has "booked "',
      'Rename the option "booked " to "Booked"',
    ],
    [
      'no property for the address',
      { contacts: { rows: [], properties: without('email', contacts) } },
      'email',
      'Add',
    ],
    ['two properties for it', inContacts({ Other: { type: 'email' } }), '"email", "Other"', 'emailProperty'],
    ['a database that is not shared', { contacts: { shared: false } }, 'no database', 'Connections'],
    ['a database in the trash', { contacts: { inTrash: true } }, 'in the trash', 'Restore'],
    ['several data sources', { contacts: { dataSources: ['A', 'B'] } }, '"A", "B"', 'dataSource'],
    [
      'a data source that is not there',
      { contactsOptions: { dataSource: 'People' } },
      'no',
      'Give the id or the name of one',
    ],
    ['an id that is none', { contactsOptions: { database: 'contacts' } }, 'for an id', '32 characters'],
    [
      'an address property that is not there',
      { contactsOptions: { emailProperty: 'Address of it' } },
      '"Address of it"',
      'Add',
    ],
  ])('A6: names %s in the contacts, with its cure', async (_, options, fault, cure) => {
    expect(await faultsOn(options)).toEqual([
      {
        where: 'NOTION_BUSINESSX_DB_ID (contacts)',
        fault: expect.stringContaining(fault),
        cure: expect.stringContaining(cure),
      },
    ]);
  });

  it.each<[string, BenchOptions, string, string]>([
    [
      'a campaign that is no option',
      inSequence({ Campaign: { type: 'select', options: ['Christmas 2024'] } }),
      'it has "Christmas 2024"',
      'Rename',
    ],
    [
      'a mark that is no date',
      inSequence({ 'Email 1 Sent': { type: 'checkbox' } }),
      'of type checkbox',
      'to date',
    ],
    [
      'a mark that is missing',
      { sequence: { rows: [], properties: without('Email 2 Sent', sequence) } },
      '"Email 2 Sent"',
      'Email 1 Sent',
    ],
    [
      'a criterion that is missing',
      { ...inSequence({}), sequenceOptions: { only: { property: 'Template Type', value: null } } },
      '"Template Type"',
      'Add',
    ],
    ['a database that is not shared', { sequence: { shared: false } }, 'no database', 'Connections'],
  ])('A6: names %s in the memberships, with its cure', async (_, options, fault, cure) => {
    expect(await faultsOn(options)).toEqual([
      {
        where: 'NOTION_EMAIL_SEQUENCE_DB_ID (sequence)',
        fault: expect.stringContaining(fault),
        cure: expect.stringContaining(cure),
      },
    ]);
  });

  const confirmedIn = (confirmed: string, choice: string | null) => ({
    projection: {
      ...defaultProjection,
      properties: { ...defaultProjection.properties, confirmed },
      values: { ...defaultProjection.values, confirmed: choice },
    },
  });
  it.each<[NotionProperty, string | null, string | null]>([
    [{ type: 'date' }, null, null],
    [{ type: 'checkbox' }, null, null],
    [{ type: 'status', options: ['Coming'] }, 'Coming', null],
    [{ type: 'number' }, null, 'Change the type of "Coming?" to date or checkbox.'],
    [{ type: 'select', options: [] }, 'Coming', 'Add the option "Coming" to "Coming?" in Notion.'],
  ])(
    'A6: looks whether a confirmation can be written into %j (option %j)',
    async (property, choice, cure) => {
      const faults = await faultsOn({
        ...inContacts({ 'Coming?': property }),
        crm: confirmedIn('Coming?', choice),
      });
      expect(faults.map((one) => one.cure)).toEqual(cure === null ? [] : [cure]);
    },
  );

  it('A6: tells the id of a data source from one that is not shared', async () => {
    await onBench({}, async ({ crm, notion, clock }) => {
      await crm.describe();
      const dataSource =
        notion.requests
          .find(({ kind }) => kind === 'data_source')
          ?.path.split('/')
          .at(-1) ?? '';
      const options = { token, baseUrl: notion.url, clock, contacts: { database: dataSource } };
      const faults = (await createNotionCrm(options).describe()).unwrap();
      expect(faults).toMatchObject([{ fault: expect.stringContaining('of a data source') }]);
    });
  });

  it('A6: names a token that is refused, once', async () => {
    const faults = await faultsOn({ crm: { token: 'ntn_revoked' } });
    expect(faults).toMatchObject([{ where: 'NOTION_TOKEN', cure: expect.stringContaining('Copy') }]);
    expect(JSON.stringify(faults)).not.toContain('ntn_revoked');
  });

  it('A6: names every fault at once, each with a cure of its own', async () => {
    const faults = await faultsOn({
      ...inContacts({
        [status]: { type: 'number' },
        'Christmas Campaign Status': { type: 'select', options: [] },
      }),
      sequence: { shared: false },
    });
    expect(faults).toHaveLength(3);
    expect(new Set(faults.map(({ cure }) => cure)).size).toBe(3);
    for (const { cure } of faults) expect(cure).toMatch(/^[A-Z].*[^.]\.$/);
  });

  it('names a capability that is missing', async () => {
    await onBench({}, async ({ crm, notion }) => {
      notion.failNext({ status: 403 });
      expect((await crm.describe()).unwrap()).toMatchObject([
        { cure: expect.stringContaining('capabilities') },
      ]);
    });
  });

  it('takes an answer that it could not have for no fault of the schema', async () => {
    for (const kind of ['database', 'data_source'] as const) {
      await onBench({}, async ({ crm, notion }) => {
        notion.failNext({ status: 500 }, { kind });
        expect(await errorOf(crm.describe())).toMatchObject({ kind: 'unavailable' });
      });
    }
  });
});
