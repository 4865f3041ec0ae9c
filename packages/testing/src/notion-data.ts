// What the Notion stand-in holds: databases with a schema each, their rows, and their shapes in Notion's API.
import { randomBytes, randomUUID } from 'node:crypto';

export type NotionProperty =
  | { readonly type: 'title' | 'rich_text' | 'email' | 'date' | 'number' | 'checkbox' | 'url' }
  | { readonly type: 'select' | 'status'; readonly options: readonly string[] };
/** Of a select the option's name, of a date its start. */
export type NotionValue = string | number | boolean | null;

export interface NotionDatabase {
  /** As in its address. */
  readonly id: string;
  readonly properties: { readonly [name: string]: NotionProperty };
  readonly rows?: readonly { readonly [property: string]: NotionValue }[];
  /** False: the integration was not added to its connections. */
  readonly shared?: boolean;
  readonly inTrash?: boolean;
  /** One unless said otherwise. */
  readonly dataSources?: number;
}

export interface HeldProperty {
  readonly id: string;
  name: string;
  readonly type: NotionProperty['type'];
  readonly options: string[];
}
export interface HeldPage {
  readonly id: string;
  readonly source: HeldSource;
  inTrash: boolean;
  /** By property id. */
  readonly values: Map<string, NotionValue>;
}
export interface HeldSource {
  id: string;
  readonly given: NotionDatabase;
  readonly properties: HeldProperty[];
  readonly pages: HeldPage[];
}

export function hold(given: NotionDatabase): HeldSource {
  const properties = Object.entries(given.properties).map(([name, property]) => ({
    id: property.type === 'title' ? 'title' : randomBytes(3).toString('hex'),
    name,
    type: property.type,
    options: 'options' in property ? [...property.options] : [],
  }));
  const source: HeldSource = { id: randomUUID(), given, properties, pages: [] };
  for (const row of given.rows ?? []) addPage(source, row);
  return source;
}

export function addPage(source: HeldSource, row: { readonly [property: string]: NotionValue }): HeldPage {
  const page: HeldPage = { id: randomUUID(), source, inTrash: false, values: new Map() };
  for (const [name, value] of Object.entries(row)) {
    const property = source.properties.find((one) => one.name === name);
    if (!property) throw new Error(`The row has "${name}", which is no property of its database.`);
    page.values.set(property.id, value);
  }
  source.pages.push(page);
  return page;
}

/** A page's values by the names that its properties have now. */
export function valuesOf({ source, values }: HeldPage): { readonly [property: string]: NotionValue } {
  return Object.fromEntries(source.properties.map(({ id, name }) => [name, values.get(id) ?? null]));
}

export function databaseBody({ given, id }: HeldSource): object {
  const more = Array.from({ length: (given.dataSources ?? 1) - 1 }, () => ({
    id: randomUUID(),
    name: 'More',
  }));
  return {
    object: 'database',
    id: given.id,
    title: [],
    parent: { type: 'workspace', workspace: true },
    in_trash: given.inTrash ?? false,
    archived: given.inTrash ?? false,
    is_inline: false,
    url: `https://www.notion.so/${plainId(given.id)}`,
    data_sources: [{ id, name: 'Rows' }, ...more],
  };
}

export function sourceBody({ id, given, properties }: HeldSource): object {
  const shown = properties.map((property) => {
    const hasOptions = property.type === 'select' || property.type === 'status';
    const options = property.options.map((name) => ({ id: name, name, color: 'default' }));
    const { id: propertyId, name, type } = property;
    return [name, { id: propertyId, name, type, description: null, [type]: hasOptions ? { options } : {} }];
  });
  return {
    object: 'data_source',
    id,
    parent: { type: 'database_id', database_id: given.id },
    title: [],
    description: [],
    in_trash: false,
    archived: false,
    url: '',
    properties: Object.fromEntries(shown),
  };
}

export function pageBody(page: HeldPage): object {
  const shown = page.source.properties.map(({ id, name, type }) => [
    name,
    { id, type, [type]: valueBody(type, page.values.get(id) ?? null) },
  ]);
  return {
    object: 'page',
    id: page.id,
    created_time: '2026-01-01T00:00:00.000Z',
    last_edited_time: '2026-01-01T00:00:00.000Z',
    in_trash: page.inTrash,
    archived: page.inTrash,
    url: `https://www.notion.so/${plainId(page.id)}`,
    parent: { type: 'data_source_id', data_source_id: page.source.id, database_id: page.source.given.id },
    properties: Object.fromEntries(shown),
  };
}

function valueBody(type: NotionProperty['type'], value: NotionValue): unknown {
  switch (type) {
    case 'title':
    case 'rich_text':
      return value === null
        ? []
        : [{ type: 'text', plain_text: `${value}`, text: { content: `${value}`, link: null } }];
    case 'select':
    case 'status':
      return value === null ? null : { id: value, name: value, color: 'default' };
    case 'date':
      return value === null ? null : { start: value, end: null, time_zone: null };
    case 'checkbox':
      return value === true;
    default:
      return value;
  }
}

export function plainId(id: string): string {
  return id.replaceAll('-', '').toLowerCase();
}

/** The two databases of the first owner, as far as calls concern them, with these rows. */
export function campaignDatabases(rows: {
  readonly contacts?: NotionDatabase['rows'];
  readonly sequence?: NotionDatabase['rows'];
}): { readonly contacts: NotionDatabase; readonly sequence: NotionDatabase } {
  const marks = Array.from(
    { length: 7 },
    (_, index) => [`Email ${index + 1} Sent`, { type: 'date' }] as const,
  );
  return {
    contacts: {
      id: '11111111111111111111111111111111',
      properties: {
        Name: { type: 'title' },
        email: { type: 'email' },
        'Booking Status': { type: 'select', options: ['Not Booked', 'Booked', 'Completed', 'No-Show'] },
        'Diagnostic Call Date': { type: 'date' },
        'Christmas Campaign Status': { type: 'select', options: ['Nurture Sequence', 'Pre-Call Prep'] },
        Segment: { type: 'select', options: ['CRITICAL', 'URGENT', 'OPTIMIZE'] },
        'Assessment Score': { type: 'number' },
      },
      rows: rows.contacts ?? [],
    },
    sequence: {
      id: '22222222222222222222222222222222',
      properties: {
        Name: { type: 'title' },
        Email: { type: 'email' },
        Campaign: { type: 'select', options: ['Christmas 2025'] },
        'First Name': { type: 'rich_text' },
        ...Object.fromEntries(marks),
        'Sequence Completed': { type: 'checkbox' },
      },
      rows: rows.sequence ?? [],
    },
  };
}
