// What the Notion stand-in holds: databases with a schema each, and their rows.
import { randomBytes, randomUUID } from 'node:crypto';

/** A property of a database, by its type. */
export type NotionProperty =
  | { readonly type: 'title' | 'rich_text' | 'email' | 'date' | 'number' | 'checkbox' | 'url' }
  | { readonly type: 'select' | 'status'; readonly options: readonly string[] };
/** Of a select or status the option's name, of a date its start. */
export type NotionValue = string | number | boolean | null;
/** A row, by property name. */
export type NotionRow = { readonly [property: string]: NotionValue };

/** A database that the stand-in holds. */
export interface NotionDatabase {
  /** As in its address: 32 hex digits. */
  readonly id: string;
  readonly properties: { readonly [name: string]: NotionProperty };
  readonly rows?: readonly NotionRow[];
  /** False: the integration was not added to its connections. */
  readonly shared?: boolean;
  readonly inTrash?: boolean;
  /** Names of its data sources: the first has the rows, the others are empty. `Rows` alone unless said otherwise. */
  readonly dataSources?: readonly [string, ...string[]];
}

export interface HeldProperty {
  readonly id: string;
  name: string;
  type: NotionProperty['type'];
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
  readonly name: string;
  readonly database: NotionDatabase;
  readonly properties: HeldProperty[];
  readonly pages: HeldPage[];
}

/** A database's data sources. Throws for rows that it could not have. */
export function hold(database: NotionDatabase): readonly HeldSource[] {
  const [first, ...others] = database.dataSources ?? ['Rows'];
  return [
    sourceOf(database, first, database.rows ?? []),
    ...others.map((name) => sourceOf(database, name, [])),
  ];
}

function sourceOf(database: NotionDatabase, name: string, rows: readonly NotionRow[]): HeldSource {
  const properties = Object.entries(database.properties).map(([each, property]) => ({
    // Notion's own are short and, in its API, always URL-encoded.
    id: property.type === 'title' ? 'title' : `%3A${randomBytes(3).toString('hex')}`,
    name: each,
    type: property.type,
    options: 'options' in property ? [...property.options] : [],
  }));
  const source: HeldSource = { id: randomUUID(), name, database, properties, pages: [] };
  for (const row of rows) addRow(source, row);
  return source;
}

function addRow(source: HeldSource, row: NotionRow): void {
  const page = addPage(source);
  for (const [name, value] of Object.entries(row)) {
    const property = source.properties.find((one) => one.name === name);
    if (!property) throw new Error(`A row has "${name}", which is no property of its database.`);
    if (value !== null && typeof value !== kindOf(property.type))
      throw new Error(`A row has a ${typeof value} in "${name}", which is of type ${property.type}.`);
    if (property.type === 'status' && typeof value === 'string' && !property.options.includes(value))
      throw new Error(`A row has "${value}" in "${name}", which is no option of that status.`);
    setValue(page, property, value);
  }
}

export function addPage(source: HeldSource): HeldPage {
  const page: HeldPage = { id: randomUUID(), source, inTrash: false, values: new Map() };
  source.pages.push(page);
  return page;
}

/** An option that a select does not have is made on the fly. */
export function setValue(page: HeldPage, { id, type, options }: HeldProperty, value: NotionValue): void {
  if (type === 'select' && typeof value === 'string' && !options.includes(value)) options.push(value);
  page.values.set(id, value);
}

export function kindOf(type: NotionProperty['type']): 'string' | 'number' | 'boolean' {
  if (type === 'number') return 'number';
  return type === 'checkbox' ? 'boolean' : 'string';
}

/** A page's values by the names that its properties have now. */
export function valuesOf({ source, values }: HeldPage): NotionRow {
  return Object.fromEntries(source.properties.map(({ id, name }) => [name, values.get(id) ?? null]));
}

export function plainId(id: string): string {
  return id.replaceAll('-', '').toLowerCase();
}
