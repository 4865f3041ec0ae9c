// Notion's schema against the configuration: asked anew each time, every fault with its cure.
import { isFullDatabase } from '@notionhq/client';
import { Err, Ok, type Projection, type Result, type SchemaFault } from '@precall/core';
import { sourcesMeant } from './containers.ts';
import type { NotionCall } from './notion-calls.ts';
import type { DatabaseOptions, SequenceOptions } from './notion-crm.ts';
import type { NotionError, NotionResult } from './notion-error.ts';
import { propertiesOf } from './schema.ts';
import { addressFaults, type Expected, propertyFaults } from './schema-faults.ts';
import { textProperties } from './text-properties.ts';

interface Configured {
  readonly contacts: DatabaseOptions;
  readonly sequence: SequenceOptions | null;
  readonly projection: Projection;
}
type Finding = Omit<SchemaFault, 'where'>;

export async function findSchemaFaults(
  call: NotionCall,
  { contacts, sequence, projection }: Configured,
): NotionResult<readonly SchemaFault[]> {
  const inContacts = await findingsIn(call, contacts, contactsExpected(projection));
  // The same token would be refused again.
  if (inContacts.isErr() && inContacts.error.status === 401) return Ok([tokenRefused]);
  if (inContacts.isErr()) return inContacts;
  const inSequence = sequence
    ? await findingsIn(call, sequence, sequenceExpected(sequence, projection))
    : Ok([]);
  return inSequence.map((findings) => [
    ...inContacts.value.map((one) => ({ where: 'NOTION_BUSINESSX_DB_ID (contacts)', ...one })),
    ...findings.map((one) => ({ where: 'NOTION_EMAIL_SEQUENCE_DB_ID (sequence)', ...one })),
  ]);
}

/** The same for the database of mail texts. */
export async function findTextFaults(
  call: NotionCall,
  texts: DatabaseOptions,
): NotionResult<readonly SchemaFault[]> {
  const { name, subject, body } = textProperties;
  const findings = await findingsIn(
    call,
    texts,
    [
      { name, types: ['title'], options: [] },
      { name: subject, types: ['rich_text'], options: [] },
      { name: body, types: ['rich_text'], options: [] },
    ],
    'no address',
  );
  if (findings.isErr() && findings.error.status === 401) return Ok([tokenRefused]);
  return findings.map((all) => all.map((one) => ({ where: 'NOTION_EMAIL_TEMPLATES_DB_ID (texts)', ...one })));
}

function contactsExpected({ properties, values }: Projection): readonly Expected[] {
  const choice = ['status', 'select'];
  const wanted = [
    {
      name: properties.status,
      types: choice,
      options: [values.booked, values.notBooked, values.noShow, values.completed].filter(
        (one) => one !== null,
      ),
    },
    { name: properties.callDate, types: ['date'], options: [] },
    { name: properties.campaignStatus, types: choice, options: [values.preCall] },
    values.confirmed === null
      ? { name: properties.confirmed, types: ['date', 'checkbox'], options: [] }
      : { name: properties.confirmed, types: choice, options: [values.confirmed] },
  ];
  const texts = ['select', 'status', 'rich_text'];
  const read = [
    { name: properties.segment, types: texts, options: [] },
    { name: properties.smsConsent, types: ['checkbox', ...texts], options: [] },
  ];
  return [...wanted, ...read].flatMap(({ name, ...rest }) => (name === null ? [] : [{ name, ...rest }]));
}

function sequenceExpected(
  { campaignProperty = 'Campaign', only = null, sentProperties = {} }: SequenceOptions,
  { campaign }: Projection,
): readonly Expected[] {
  const types = ['select', 'status', 'rich_text', 'title'];
  const criteria = [{ property: campaignProperty, value: campaign }, ...(only ? [only] : [])];
  return [
    ...criteria.map(({ property, value }) => ({
      name: property,
      types,
      options: value === null ? [] : [value],
    })),
    ...Object.values(sentProperties).map((name) => ({ name, types: ['date'], options: [] })),
  ];
}

async function findingsIn(
  call: NotionCall,
  { database, dataSource = null, emailProperty = null }: DatabaseOptions,
  expected: readonly Expected[],
  holds: 'addresses' | 'no address' = 'addresses',
): NotionResult<readonly Finding[]> {
  const found = await call.read((client) => client.databases.retrieve({ database_id: database }));
  if (found.isErr()) return unlessTold(call, database, found.error);
  if (!isFullDatabase(found.value)) return Ok([notReadable]);
  if (found.value.in_trash) return Ok([inTrash]);
  const { data_sources: sources } = found.value;
  const meant = sourcesMeant(sources, dataSource);
  const [only] = meant;
  if (!only || meant.length > 1) return Ok([dataSourceUnclear(sources, dataSource)]);
  const source = await call.read((client) => client.dataSources.retrieve({ data_source_id: only.id }));
  if (source.isErr()) return unlessTold(call, database, source.error);
  const properties = propertiesOf(source.value);
  return Ok([
    ...(holds === 'addresses' ? addressFaults(properties, emailProperty) : []),
    ...expected.flatMap((one) => propertyFaults(properties, one)),
  ]);
}

/** What Notion says no to is a finding; an answer that could not be had is none. */
async function unlessTold(
  call: NotionCall,
  id: string,
  error: NotionError,
): Promise<Result<readonly Finding[], NotionError>> {
  if (error.status === 403) return Ok([notReadable]);
  if (error.status === 400 || (error.kind === 'rejected' && error.status === undefined)) return Ok([noId]);
  if (error.status !== 404) return Err(error);
  // The id may be that of a data source: the app gives those out, too.
  const source = await call.read((client) => client.dataSources.retrieve({ data_source_id: id }));
  if (source.isErr() && source.error.status !== 404 && source.error.status !== 400) return Err(source.error);
  return Ok([source.isOk() ? dataSourceGiven : notShared]);
}

const tokenRefused: SchemaFault = {
  where: 'NOTION_TOKEN',
  fault: 'Notion does not take the token.',
  cure: 'Copy the secret of the integration once more from its page, and check that it was not revoked.',
};
const noId: Finding = {
  fault: 'Notion does not take this for an id.',
  cure: "Give the database's id: the 32 characters before ?v= in its address.",
};
const dataSourceGiven: Finding = {
  fault: 'The id is that of a data source, not of its database.',
  cure: "Give the database's id: the 32 characters before ?v= in its address. The data source is found by it.",
};
const notShared: Finding = {
  fault: 'Notion shows no database with this id to the integration.',
  cure: 'Open the database, choose Connections in its menu and add the integration; if that is done, check the id.',
};
const notReadable: Finding = {
  fault: 'Notion shows the database, but not what is in it.',
  cure: 'Give the integration the capabilities to read and to update content.',
};
const inTrash: Finding = {
  fault: 'The database is in the trash.',
  cure: 'Restore it, or give the id of another.',
};

function dataSourceUnclear(sources: readonly { readonly name: string }[], wanted: string | null): Finding {
  const names = sources.map(({ name }) => `"${name}"`).join(', ') || 'none';
  return wanted === null
    ? {
        fault: `The database has ${sources.length} data sources: ${names}.`,
        cure: 'Say by `dataSource` which one holds the people, or keep that one alone in the database.',
      }
    : {
        fault: `The database has not one data source "${wanted}"; it has ${names}.`,
        cure: 'Give the id or the name of one of them as `dataSource`.',
      };
}
