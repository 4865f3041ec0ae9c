// Pages by an address, regardless of case.
import {
  isFullPage,
  type PageObjectResponse,
  type QueryDataSourceParameters,
  type QueryDataSourceResponse,
} from '@notionhq/client';
import { Err, type Found, Ok, Result } from '@precall/core';
import type { Source } from './containers.ts';
import type { NotionCall } from './notion-calls.ts';
import type { NotionError, NotionResult } from './notion-error.ts';
import type { Property } from './schema.ts';

type Filter = Exclude<NonNullable<QueryDataSourceParameters['filter']>, { or: unknown } | { and: unknown }>;

/** A property that must hold that text; null: that must be empty. */
export interface Criterion {
  readonly property: string;
  readonly value: string | null;
}
interface Resolved {
  readonly property: Property;
  readonly value: string | null;
}

interface Search {
  readonly filter: { and: (Filter | { or: Filter[] })[] };
  readonly property: Property;
  readonly criteria: readonly Resolved[];
}

export interface Wanted {
  readonly email: string;
  /** Where the address stands; null: in the only property of type email. */
  readonly emailProperty: string | null;
  readonly also: readonly Criterion[];
}

const pageSize = 100;

export async function findPages(
  call: NotionCall,
  source: Source,
  wanted: Wanted,
): NotionResult<Found<string>> {
  const search = searchFor(source, wanted);
  if (search.isErr()) return search;
  const { filter, property, criteria } = search.value;
  const matches: string[] = [];
  let cursor: string | undefined;
  do {
    const start_cursor = cursor;
    const slice: Result<QueryDataSourceResponse, NotionError> = await call.read((client) =>
      client.dataSources.query({
        data_source_id: source.id,
        filter,
        page_size: pageSize,
        result_type: 'page',
        ...(start_cursor !== undefined && { start_cursor }),
      }),
    );
    // An option that does not exist may not be asked for (400): nobody has it.
    if (slice.isErr() && slice.error.status === 400 && criteria.some(hasNoSuchOption))
      return Ok({ kind: 'none' });
    if (slice.isErr()) return slice;
    for (const page of slice.value.results.filter((one) => isFullPage(one))) {
      if (!page.in_trash && canonical(textIn(page, property)) === canonical(wanted.email))
        matches.push(page.id);
    }
    // A slice may be short, and empty, with more to come.
    cursor = slice.value.has_more ? (slice.value.next_cursor ?? undefined) : undefined;
  } while (cursor !== undefined && matches.length < 2);
  const [ref] = matches;
  if (ref === undefined) return Ok({ kind: 'none' });
  return Ok(matches.length === 1 ? { kind: 'one', ref } : { kind: 'many' });
}

function searchFor(source: Source, { email, emailProperty, also }: Wanted): Result<Search, NotionError> {
  const property = emailPropertyOf(source, emailProperty);
  if (property.isErr()) return property;
  const criteria: Resolved[] = [];
  for (const { property: name, value } of also) {
    const found = source.property(name);
    if (!found) return refuse(`the database has no property "${name}"`);
    criteria.push({ property: found, value });
  }
  // Whether Notion minds case is said nowhere: it is asked for both, and what it finds is compared afterwards.
  const spellings = [...new Set([email, canonical(email)])];
  const either = Result.all(spellings.map((value) => filterFor({ property: property.value, value })));
  const others = Result.all(criteria.map(filterFor));
  if (either.isErr()) return either;
  return others.map((all) => ({
    filter: { and: [{ or: [...either.value] }, ...all] },
    property: property.value,
    criteria,
  }));
}

function emailPropertyOf(source: Source, configured: string | null): Result<Property, NotionError> {
  if (configured !== null) {
    const named = source.property(configured);
    return named ? Ok(named) : refuse(`the database has no property "${configured}"`);
  }
  const candidates = source.properties.filter(({ type }) => type === 'email');
  const [only] = candidates;
  if (only && candidates.length === 1) return Ok(only);
  return refuse(
    only
      ? 'the database has several properties of type email: say by emailProperty which one is meant'
      : 'the database has no property of type email',
  );
}

/** The filter's key must be the property's own type. */
function filterFor({ property: { id, name, type }, value }: Resolved): Result<Filter, NotionError> {
  const condition = value === null ? { is_empty: true as const } : { equals: value };
  switch (type) {
    case 'email':
      return Ok({ property: id, email: condition });
    case 'rich_text':
      return Ok({ property: id, rich_text: condition });
    case 'title':
      return Ok({ property: id, title: condition });
    case 'select':
      return Ok({ property: id, select: condition });
    case 'status':
      return Ok({ property: id, status: condition });
    default:
      return refuse(`"${name}" is of type ${type}, which cannot be looked through`);
  }
}

function hasNoSuchOption({ property, value }: Resolved): boolean {
  return value !== null && property.options !== null && !property.options.includes(value);
}

function canonical(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

function textIn({ properties }: PageObjectResponse, { id }: Property): string {
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

function refuse(reason: string): Err<NotionError> {
  return Err({ kind: 'rejected', reason });
}
