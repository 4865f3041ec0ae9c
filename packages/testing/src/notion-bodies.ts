// What the Notion stand-in holds, in the shapes of Notion's API (version 2025-09-03).
import {
  type HeldPage,
  type HeldSource,
  type NotionProperty,
  type NotionValue,
  plainId,
} from './notion-data.ts';

export function databaseBody(sources: readonly HeldSource[]): object | null {
  const database = sources[0]?.database;
  if (!database) return null;
  return {
    object: 'database',
    id: database.id,
    title: [],
    description: [],
    parent: { type: 'workspace', workspace: true },
    is_inline: false,
    in_trash: database.inTrash ?? false,
    is_locked: false,
    created_time: madeAt,
    last_edited_time: madeAt,
    icon: null,
    cover: null,
    url: `https://www.notion.so/${plainId(database.id)}`,
    public_url: null,
    data_sources: sources.map(({ id, name }) => ({ id, name })),
  };
}

export function sourceBody({ id, name, database, properties }: HeldSource): object {
  const shown = properties.map((property) => {
    const options = property.options.map((option) => ({ id: option, name: option, color: 'default' }));
    const settings = {
      title: {},
      rich_text: {},
      email: {},
      date: {},
      checkbox: {},
      url: {},
      number: { format: 'number' },
      select: { options },
      status: { options, groups: [] },
    }[property.type];
    const { id: propertyId, name: propertyName, type } = property;
    return [propertyName, { id: propertyId, name: propertyName, type, description: null, [type]: settings }];
  });
  return {
    object: 'data_source',
    id,
    title: [{ type: 'text', plain_text: name, href: null, text: { content: name, link: null } }],
    description: [],
    parent: { type: 'database_id', database_id: database.id },
    in_trash: database.inTrash ?? false,
    created_time: madeAt,
    last_edited_time: madeAt,
    icon: null,
    cover: null,
    url: `https://www.notion.so/${plainId(database.id)}`,
    properties: Object.fromEntries(shown),
  };
}

export function pageBody({ id, source, inTrash, values }: HeldPage): object {
  const shown = source.properties.map((property) => {
    const { id: propertyId, name, type } = property;
    return [name, { id: propertyId, type, [type]: valueBody(type, values.get(propertyId) ?? null) }];
  });
  return {
    object: 'page',
    id,
    created_time: madeAt,
    last_edited_time: madeAt,
    icon: null,
    cover: null,
    in_trash: inTrash,
    is_locked: false,
    url: `https://www.notion.so/${plainId(id)}`,
    public_url: null,
    parent: { type: 'data_source_id', data_source_id: source.id, database_id: source.database.id },
    properties: Object.fromEntries(shown),
  };
}

const madeAt = '2026-01-01T00:00:00.000Z';

function valueBody(type: NotionProperty['type'], value: NotionValue): unknown {
  switch (type) {
    case 'title':
    case 'rich_text':
      return piecesOf(`${value ?? ''}`).map((piece) => ({
        type: 'text',
        plain_text: piece,
        href: null,
        text: { content: piece, link: null },
      }));
    case 'select':
    case 'status':
      return value === null ? null : { id: value, name: value, color: 'default' };
    case 'date':
      return value === null ? null : { start: asNotionShows(`${value}`), end: null, time_zone: null };
    case 'checkbox':
      return value === true;
    default:
      return value;
  }
}

/** At most 2,000 characters each. */
function piecesOf(text: string): readonly string[] {
  return text.match(/[\s\S]{1,2000}/g) ?? [];
}

/** A day stays as it is; a moment comes back with an offset. */
function asNotionShows(start: string): string {
  return start.includes('T') ? new Date(start).toISOString().replace('Z', '+00:00') : start;
}
