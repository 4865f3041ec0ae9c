// Notion's schema against the configuration: every fault, named, with its cure.
import { isFullDatabase } from '@notionhq/client';
import { Err, Ok, type PortResult, type Projection, type SchemaFault } from '@precall/core';
import { type Property, propertiesOf } from './containers.ts';
import { nearest } from './near-miss.ts';
import type { NotionCalls } from './notion-calls.ts';
import type { DatabaseOptions, SequenceOptions } from './notion-crm.ts';

interface Expected {
  readonly name: string;
  readonly types: readonly string[];
  /** Options that it must have. */
  readonly options: readonly string[];
}

export async function findSchemaFaults(
  calls: NotionCalls,
  configured: {
    readonly contacts: DatabaseOptions;
    readonly sequence: SequenceOptions | null;
    readonly projection: Projection;
  },
): PortResult<readonly SchemaFault[]> {
  const { contacts, sequence, projection } = configured;
  const me = await calls.call('read', (client) => client.users.me({}));
  if (me.isErr()) return / 40[13]\b/.test(me.error.reason) ? Ok([tokenFault(me.error.reason)]) : me;
  const inContacts = await databaseFaults(calls, 'contacts', {
    ...contacts,
    expected: contactsExpected(projection),
  });
  if (inContacts.isErr() || !sequence) return inContacts;
  const expected = sequenceExpected(sequence, projection);
  const inSequence = await databaseFaults(calls, 'sequence', { ...sequence, expected });
  return inSequence.map((faults) => [...inContacts.value, ...faults]);
}

function contactsExpected({ properties, values }: Projection): readonly Expected[] {
  const choice = ['status', 'select'];
  const wanted = [
    { name: properties.status, types: choice, options: [values.booked, values.notBooked] },
    { name: properties.callDate, types: ['date'], options: [] },
    { name: properties.campaignStatus, types: choice, options: [values.preCall] },
  ];
  return wanted.flatMap(({ name, ...rest }) => (name === null ? [] : [{ name, ...rest }]));
}

function sequenceExpected(
  { campaignProperty = 'Campaign', sentProperties = {} }: SequenceOptions,
  { campaign }: Projection,
): readonly Expected[] {
  const options = campaign === null ? [] : [campaign];
  const marks = Object.values(sentProperties).map((name) => ({ name, types: ['date'], options: [] }));
  return [{ name: campaignProperty, types: ['select', 'status', 'rich_text', 'title'], options }, ...marks];
}

async function databaseFaults(
  calls: NotionCalls,
  which: 'contacts' | 'sequence',
  { database, emailProperty = null, expected }: DatabaseOptions & { readonly expected: readonly Expected[] },
): PortResult<readonly SchemaFault[]> {
  const where =
    which === 'contacts' ? 'NOTION_BUSINESSX_DB_ID (contacts)' : 'NOTION_EMAIL_SEQUENCE_DB_ID (sequence)';
  const found = await calls.call('read', (client) => client.databases.retrieve({ database_id: database }));
  if (found.isErr()) {
    if (!('notFound' in found.error)) return found;
    const source = await calls.call('read', (client) =>
      client.dataSources.retrieve({ data_source_id: database }),
    );
    return Ok([source.isOk() ? dataSourceGiven(where) : notShared(where)]);
  }
  if (!isFullDatabase(found.value)) return Ok([notReadable(where)]);
  if (found.value.in_trash) return Ok([inTrash(where)]);
  const sources = found.value.data_sources;
  const [only] = sources;
  if (!only || sources.length > 1) return Ok([severalSources(where, sources.length)]);
  const source = await calls.call('read', (client) =>
    client.dataSources.retrieve({ data_source_id: only.id }),
  );
  if (source.isErr()) return Err(source.error);
  const properties = propertiesOf(source.value);
  return Ok([
    ...emailFaults(where, properties, emailProperty),
    ...expected.flatMap((one) => propertyFaults(where, properties, one)),
  ]);
}

function emailFaults(
  where: string,
  properties: readonly Property[],
  configured: string | null,
): readonly SchemaFault[] {
  if (configured !== null) {
    return propertyFaults(where, properties, {
      name: configured,
      types: ['email', 'rich_text', 'title'],
      options: [],
    });
  }
  const names = properties.filter(({ type }) => type === 'email').map(({ name }) => `"${name}"`);
  if (names.length === 1) return [];
  return names.length === 0
    ? [
        {
          where,
          fault: 'No property is of type email.',
          cure: 'Add one, and let it hold the address that people book with.',
        },
      ]
    : [
        {
          where,
          fault: `Several properties are of type email: ${names.join(', ')}.`,
          cure: 'Name the one to look in by `emailProperty`, or change the type of the others.',
        },
      ];
}

function propertyFaults(
  where: string,
  properties: readonly Property[],
  { name, types, options }: Expected,
): readonly SchemaFault[] {
  const property = properties.find((one) => one.name === name);
  if (!property) {
    const near = nearest(
      name,
      properties.map((one) => one.name),
    );
    return [
      {
        where,
        fault: `There is no property "${name}"${near === null ? '' : `; there is "${near}"`}.`,
        cure:
          near === null
            ? `Add a property of type ${types.join(' or ')} with that very name.`
            : `Rename "${near}" to "${name}", letter by letter, or configure the name that it has.`,
      },
    ];
  }
  if (!types.includes(property.type)) {
    return [
      {
        where,
        fault: `"${name}" is of type ${property.type}.`,
        cure: `Change its type to ${types.join(' or ')}.`,
      },
    ];
  }
  const there = property.options;
  return options
    .filter((option) => there && !there.includes(option))
    .map((option) => {
      const near = nearest(option, there ?? []);
      return {
        where,
        fault: `"${name}" has no option "${option}"${near === null ? '' : `; it has "${near}"`}.`,
        cure: near === null ? 'Add the option in Notion.' : `Rename the option "${near}" to "${option}".`,
      };
    });
}

const tokenFault = (reason: string): SchemaFault => ({
  where: 'NOTION_TOKEN',
  fault: `Notion does not take the token (${reason.replace(/:.*/, '')}).`,
  cure: 'Copy the secret of the integration once more from its page, and check that it was not revoked.',
});
const dataSourceGiven = (where: string): SchemaFault => ({
  where,
  fault: 'The id is that of a data source, not of its database.',
  cure: "Give the database's id: the 32 characters before ?v= in its address.",
});
const notShared = (where: string): SchemaFault => ({
  where,
  fault: 'Notion shows no database with this id to the integration.',
  cure: 'Open the database, choose Connections in its menu and add the integration; if that is done, check the id.',
});
const notReadable = (where: string): SchemaFault => ({
  where,
  fault: 'Notion shows the database, but not what is in it.',
  cure: 'Give the integration the capability to read content.',
});
const inTrash = (where: string): SchemaFault => ({
  where,
  fault: 'The database is in the trash.',
  cure: 'Restore it, or give the id of another.',
});
const severalSources = (where: string, count: number): SchemaFault => ({
  where,
  fault: `The database has ${count} data sources.`,
  cure: 'Keep one data source in it: with several nobody can tell which one holds the people.',
});
