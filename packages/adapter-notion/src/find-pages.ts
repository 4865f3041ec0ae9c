// Pages by an address, regardless of case.
import {
  isFullPage,
  type PageObjectResponse,
  type QueryDataSourceParameters,
  type QueryDataSourceResponse,
} from '@notionhq/client';
import { Err, type Found, Ok, type PortError, type PortResult, type Result } from '@precall/core';
import type { Container, Property, Source } from './containers.ts';
import type { NotionCalls, NotionError } from './notion-calls.ts';

type Filter = NonNullable<QueryDataSourceParameters['filter']>;
const pageSize = 100;

/** Which property holds the address: the only one of type email, or the one that configuration names. */
export function emailProperty(
  container: Container,
  source: Source,
  configured: string | null,
): Result<Property, NotionError> {
  const named = configured === null ? null : container.property(source, configured);
  if (configured !== null && !named)
    return Err({ kind: 'rejected', reason: `the database has no property "${configured}"` });
  const candidates = named ? [named] : source.properties.filter(({ type }) => type === 'email');
  const [only] = candidates;
  if (only && candidates.length === 1) return Ok(only);
  const count = candidates.length === 0 ? 'no property' : 'several properties';
  return Err({ kind: 'rejected', reason: `the database has ${count} of type email` });
}

/**
 * Whether Notion's `equals` minds case is said nowhere: it is asked for the address as given and in lower case, and what
 * it finds is compared here.
 */
export async function findPages(
  calls: NotionCalls,
  source: Source,
  wanted: { readonly email: string; readonly property: Property; readonly also: Filter | null },
): PortResult<Found<string>> {
  const { email, property, also } = wanted;
  const spellings = [...new Set([email, canonical(email)])];
  const byAddress = spellings.map((one) => equals(property, one));
  const filter = { and: [{ or: byAddress }, ...(also ? [also] : [])] } as Filter;
  const matches: string[] = [];
  let cursor: string | null = null;
  do {
    const start_cursor: string | null = cursor;
    const page: Result<QueryDataSourceResponse, PortError> = await calls.call('read', (client) =>
      client.dataSources.query({
        data_source_id: source.id,
        filter,
        page_size: pageSize,
        result_type: 'page',
        ...(start_cursor !== null && { start_cursor }),
      }),
    );
    if (page.isErr()) return page;
    const pages = page.value.results.filter((one) => isFullPage(one));
    for (const one of pages) {
      if (!one.in_trash && canonical(textIn(one, property.id)) === canonical(email)) matches.push(one.id);
    }
    // A page may hold fewer than were asked for with more to come.
    cursor = page.value.has_more ? page.value.next_cursor : null;
  } while (cursor !== null && matches.length < 2);
  const [ref] = matches;
  if (ref === undefined) return Ok({ kind: 'none' });
  return Ok(matches.length === 1 ? { kind: 'one', ref } : { kind: 'many' });
}

/** The filter's key must be the property's own type. */
export function equals({ id, type }: Property, value: string): Filter {
  return { property: id, [type]: { equals: value } } as Filter;
}

function canonical(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

function textIn({ properties }: PageObjectResponse, id: string): string {
  const property = Object.values(properties).find((one) => one.id === id);
  switch (property?.type) {
    case 'email':
      return property.email ?? '';
    case 'rich_text':
      return property.rich_text.map(({ plain_text }) => plain_text).join('');
    case 'title':
      return property.title.map(({ plain_text }) => plain_text).join('');
    default:
      return '';
  }
}
