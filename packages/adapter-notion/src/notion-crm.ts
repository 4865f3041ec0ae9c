// Crm on Notion: contacts in one database, campaign memberships in another. The first owner's databases are the defaults.
import { type GetPageResponse, isFullPage, type PageObjectResponse } from '@notionhq/client';
import {
  type Clock,
  type Crm,
  defaultProjection,
  Err,
  type Fields,
  Ok,
  type Projection,
  type Result,
  type RuleName,
} from '@precall/core';
import { type Container, createContainer, type Source } from './containers.ts';
import { findSchemaFaults } from './describe.ts';
import { findPages } from './find-pages.ts';
import type { NotionCall } from './notion-calls.ts';
import { checkDatabase, type NotionConnection, type NotionPace, sharedIn } from './notion-connection.ts';
import type { NotionError, NotionResult } from './notion-error.ts';
import { type PropertyValue, valueFor } from './property-values.ts';
import type { Property } from './schema.ts';

/** Which databases are meant, and what becomes of what does not fit them. */
export type NotionCrmOptions = NotionConnection &
  NotionPace & {
    readonly clock: Clock;
    /** The database of contacts. */
    readonly contacts: DatabaseOptions;
    /** The database of campaign memberships; without one nobody is a member. */
    readonly sequence?: SequenceOptions | null;
    /** What `describe` compares the schema with: the policy's projection. */
    readonly projection?: Projection;
    /** What becomes of a value that a select does not have; `refuse` unless said otherwise. */
    readonly unknownOption?: 'refuse' | 'create';
  };

/** How Notion is reached: by a token, or by a client that one has. */
export interface DatabaseOptions {
  /** The id in the database's address, before `?v=`. */
  readonly database: string;
  /** Id or name of its data source; needed only where it has several. */
  readonly dataSource?: string | null;
  /** Name or id of the property that holds the address; needed only where several are of type email, or none. */
  readonly emailProperty?: string | null;
}

/** The database of campaign memberships, and the marks of sent reminders in it. */
export interface SequenceOptions extends DatabaseOptions {
  /** The property that names the campaign; `Campaign` unless said otherwise. */
  readonly campaignProperty?: string;
  /** Where a person has several entries in one campaign: the value that the right one has in a property. Null: none. */
  readonly only?: { readonly property: string; readonly value: string | null } | null;
  /**
   * By rule: the date property that its sending is marked in. None unless given: other mails may depend on such a mark, and
   * would not go out any more.
   */
  readonly sentProperties?: Readonly<Record<RuleName, string>>;
}

/** Throws for options that cannot be right, naming the option and how to mend it. */
export function createNotionCrm(options: NotionCrmOptions): Crm {
  const { clock, contacts, sequence = null, projection = defaultProjection } = options;
  const { unknownOption = 'refuse' } = options;
  checkDatabase('contacts', contacts.database);
  if (sequence) checkDatabase('sequence', sequence.database);
  const { begin } = sharedIn(options);
  const containerOf = ({ database, dataSource = null }: DatabaseOptions) =>
    createContainer({ database, dataSource, clock });
  const people = containerOf(contacts);
  const members = sequence && containerOf(sequence);

  return {
    findContact(email) {
      const call = begin();
      const { emailProperty = null } = contacts;
      return people.on(call, (source) => findPages(call, source, { email, emailProperty, also: [] }));
    },
    async findMembership(email, campaign) {
      if (!sequence || !members) return Ok({ kind: 'none' });
      const call = begin();
      const { emailProperty = null, campaignProperty = 'Campaign', only = null } = sequence;
      const also = [{ property: campaignProperty, value: campaign }, ...(only ? [only] : [])];
      return members.on(call, (source) => findPages(call, source, { email, emailProperty, also }));
    },
    async update(ref, fields) {
      if (Object.keys(fields).length === 0) return Ok.EMPTY;
      return write(begin(), people, { ref, fields });
    },
    async read(ref, properties) {
      const call = begin();
      return people.on(call, async (source) => {
        const wanted = properties.map((name) => [name, source.property(name)] as const);
        const [missing] = wanted.find(([, property]) => property === null) ?? [];
        if (missing !== undefined) return refuse(`the database has no property "${missing}"`);
        const page = await call.read((client) => client.pages.retrieve({ page_id: ref }));
        return page.andThen((one) => textsIn(one, wanted));
      });
    },
    async recordSent(ref, step, at) {
      const name = sequence?.sentProperties?.[step];
      if (name === undefined || !members) return Ok.EMPTY;
      const call = begin();
      const isMarked = await members.on(call, async (source) => {
        const property = source.property(name);
        if (!property) return refuse(`the database has no property "${name}"`);
        const page = await call.read((client) => client.pages.retrieve({ page_id: ref }));
        return page.andThen((one) => markIn(one, property));
      });
      // Whatever is there may be another's, and others may depend on it.
      if (isMarked.isErr() || isMarked.value) return isMarked.map(() => undefined);
      return write(call, members, { ref, fields: { [name]: { type: 'moment', value: at } } });
    },
    describe: () => findSchemaFaults(begin(), { contacts, sequence, projection }),
  };

  /** One PATCH; Notion takes all of it or nothing. */
  function write(
    call: NotionCall,
    container: Container,
    { ref, fields }: { readonly ref: string; readonly fields: Fields },
  ): NotionResult<void> {
    return container.on(call, async (source) => {
      const values = valuesFor(source, fields);
      if (values.isErr()) return values;
      const written = await call.write((client) =>
        client.pages.update({ page_id: ref, properties: values.value }),
      );
      return written.map(() => undefined);
    });
  }

  /** By property id. */
  function valuesFor(source: Source, fields: Fields): Result<{ [id: string]: PropertyValue }, NotionError> {
    const values: { [id: string]: PropertyValue } = {};
    for (const [name, field] of Object.entries(fields)) {
      const property = source.property(name);
      if (!property) return refuse(`the database has no property "${name}"`);
      const value = valueFor(property, field, unknownOption);
      if (value.isErr()) return refuse(value.error);
      values[property.id] = value.value;
    }
    return Ok(values);
  }
}

function textsIn(
  page: GetPageResponse,
  wanted: readonly (readonly [name: string, property: Property | null])[],
): Result<{ readonly [name: string]: string | null }, NotionError> {
  if (!isFullPage(page)) return refuse('Notion shows the contact, but not what is in it');
  const held = Object.values(page.properties);
  return Ok(
    Object.fromEntries(
      wanted.map(([name, property]) => [name, textFrom(held.find(({ id }) => id === property?.id))]),
    ),
  );
}

/** Of a property that holds one word, one text or a tick. */
function textFrom(property: PageObjectResponse['properties'][string] | undefined): string | null {
  switch (property?.type) {
    case 'select':
      return property.select?.name ?? null;
    case 'status':
      return property.status?.name ?? null;
    case 'rich_text':
      return property.rich_text.map(({ plain_text }) => plain_text).join('') || null;
    case 'checkbox':
      return `${property.checkbox}`;
    default:
      return null;
  }
}

/** Whether the mark is there. */
function markIn(page: GetPageResponse, { id, name }: Property): Result<boolean, NotionError> {
  if (!isFullPage(page)) return refuse('Notion shows the membership, but not what is in it');
  if (page.in_trash) return refuse('the membership is in the trash');
  const property = Object.values(page.properties).find((one) => one.id === id);
  return property?.type === 'date'
    ? Ok(property.date !== null)
    : refuse(`the membership has no date "${name}"`);
}

function refuse(reason: string): Err<NotionError> {
  return Err({ kind: 'rejected', reason });
}
