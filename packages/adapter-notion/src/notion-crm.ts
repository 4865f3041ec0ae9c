// Crm on Notion: contacts in one database, campaign memberships in another. The first owner's databases are the defaults.
import { type Client, isFullPage, type PageObjectResponse } from '@notionhq/client';
import {
  type Clock,
  type Crm,
  defaultProjection,
  Err,
  type Fields,
  Ok,
  type PortError,
  type PortResult,
  type Projection,
  type Result,
  type RuleName,
} from '@precall/core';
import { type Container, createContainer, type Property, type Source } from './containers.ts';
import { findSchemaFaults } from './describe.ts';
import { emailProperty, equals, findPages } from './find-pages.ts';
import { createClient, createNotionCalls } from './notion-calls.ts';
import type { PaceLimits } from './pace.ts';
import { type PropertyValue, valueFor } from './property-values.ts';

export type NotionCrmOptions = (
  | {
      /** The integration's secret. */ readonly token: string /** For a stand-in. */;
      readonly baseUrl?: string | null;
    }
  | { /** One of your own, its retries off. */ readonly client: Client }
) & {
  readonly clock: Clock;
  /** The database of contacts: the id in its address, before `?v=`. */
  readonly contacts: DatabaseOptions;
  /** The database of campaign memberships; without one nobody is a member. */
  readonly sequence?: SequenceOptions | null;
  /** What `describe` compares the schema with: the policy's projection. */
  readonly projection?: Projection;
  /** What becomes of a value that a select does not have; `refuse` unless said otherwise. */
  readonly unknownOption?: 'refuse' | 'create';
  /** 3 a second, 10 at once unless said otherwise. */
  readonly limits?: PaceLimits;
};

export interface DatabaseOptions {
  readonly database: string;
  /** Needed only where several properties are of type email. */
  readonly emailProperty?: string | null;
}

export interface SequenceOptions extends DatabaseOptions {
  /** The property that names the campaign; `Campaign` unless said otherwise. */
  readonly campaignProperty?: string;
  /**
   * By rule: the date property that its sending is marked in. None unless given: other mails may depend on such a mark, and
   * would not go out any more.
   */
  readonly sentProperties?: { readonly [rule: RuleName]: string };
}

const defaultLimits: PaceLimits = { perSecond: 3, burst: 10 };

/** Throws when a database is named by nothing. */
export function createNotionCrm(options: NotionCrmOptions): Crm {
  const { clock, sequence = null, projection = defaultProjection, unknownOption = 'refuse' } = options;
  const client =
    'client' in options
      ? options.client
      : createClient({ token: options.token, baseUrl: options.baseUrl ?? null, clock });
  const calls = createNotionCalls(client, { clock, limits: options.limits ?? defaultLimits });
  for (const [name, one] of Object.entries({ contacts: options.contacts, sequence })) {
    if (one?.database === '')
      throw new Error(`${name}.database is empty: give the id in the database's address.`);
  }
  const contacts = createContainer(options.contacts.database, calls);
  const members = sequence && createContainer(sequence.database, calls);

  return {
    findContact: (email) =>
      contacts.on(async (source) => {
        const property = emailProperty(contacts, source, options.contacts.emailProperty ?? null);
        return property.isErr()
          ? property
          : findPages(calls, source, { email, property: property.value, also: null });
      }),
    async findMembership(email, campaign) {
      if (!sequence || !members) return Ok({ kind: 'none' });
      return members.on(async (source) => {
        const property = emailProperty(members, source, sequence.emailProperty ?? null);
        if (property.isErr()) return property;
        const name = sequence.campaignProperty ?? 'Campaign';
        const campaignProperty = members.property(source, name);
        if (!campaignProperty) return missing(name);
        const also = equals(campaignProperty, campaign);
        return findPages(calls, source, { email, property: property.value, also });
      });
    },
    async update(ref, fields) {
      if (Object.keys(fields).length === 0) return Ok.EMPTY;
      const properties = await valuesFor(contacts, fields);
      return properties.isErr() ? properties : write(ref, properties.value);
    },
    async recordSent(ref, step, at) {
      const name = sequence?.sentProperties?.[step];
      if (name === undefined || !members) return Ok.EMPTY;
      const source = await members.source();
      if (source.isErr()) return source;
      const property = members.property(source.value, name);
      if (!property) return missing(name);
      const page = await calls.call('read', (asked) => asked.pages.retrieve({ page_id: ref }));
      if (page.isErr()) return page;
      if (!isFullPage(page.value) || page.value.in_trash)
        return Err({ kind: 'rejected', reason: 'the membership is in the trash' });
      // Whatever is there may be another's, and others may depend on it.
      if (isSet(page.value, property)) return Ok.EMPTY;
      const values = await valuesFor(members, { [name]: { type: 'moment', value: at } });
      return values.isErr() ? values : write(ref, values.value);
    },
    describe: () => findSchemaFaults(calls, { contacts: options.contacts, sequence, projection }),
  };

  /** One PATCH; Notion takes all of it or nothing. */
  async function write(ref: string, properties: { [id: string]: PropertyValue }): PortResult<void> {
    const written = await calls.call('write', (asked) => asked.pages.update({ page_id: ref, properties }));
    return written.map(() => undefined);
  }

  /** By property id. A property or an option that is not there may have been made since the schema was read. */
  async function valuesFor(
    container: Container,
    fields: Fields,
  ): PortResult<{ [id: string]: PropertyValue }> {
    const source = await container.source();
    if (source.isErr()) return source;
    const values = toValues(container, source.value, fields);
    if (values.isOk()) return values;
    const again = await container.refreshed();
    return again.isErr() ? again : toValues(container, again.value, fields);
  }

  function toValues(
    container: Container,
    source: Source,
    fields: Fields,
  ): Result<{ [id: string]: PropertyValue }, PortError> {
    const values: { [id: string]: PropertyValue } = {};
    for (const [name, field] of Object.entries(fields)) {
      const property = container.property(source, name);
      if (!property) return missing(name);
      const value = valueFor(property, field, unknownOption);
      if (value.isErr()) return Err({ kind: 'rejected', reason: value.error });
      values[property.id] = value.value;
    }
    return Ok(values);
  }
}

function missing(name: string): Err<PortError> {
  return Err({ kind: 'rejected', reason: `the database has no property "${name}"` });
}

function isSet({ properties }: PageObjectResponse, { id }: Property): boolean {
  const property = Object.values(properties).find((one) => one.id === id);
  return property?.type === 'date' && property.date !== null;
}
