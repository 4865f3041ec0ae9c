// What Notion is strict about: the filters of a query, and the values of a page. Each fault in Notion's words.
import type { HeldPage, HeldProperty, HeldSource, NotionProperty, NotionValue } from './notion-data.ts';

/** Answered 400, validation_error. */
export class NotionRefusal extends Error {}

type Json = { readonly [name: string]: unknown };
type Test = (page: HeldPage) => boolean;

/** Notion nests and/or two levels deep. */
const deepest = 2;

export function filterOf(
  source: HeldSource,
  filter: unknown,
  letters: 'any_case' | 'exact',
  depth = 0,
): Test {
  if (!isJson(filter)) throw new NotionRefusal('body failed validation: body.filter should be an object.');
  for (const [word, combine] of Object.entries({ and: all, or: some })) {
    const parts = filter[word];
    if (!Array.isArray(parts)) continue;
    if (depth >= deepest)
      throw new NotionRefusal('body failed validation: body.filter is nested too deeply.');
    return combine(parts.map((part) => filterOf(source, part, letters, depth + 1)));
  }
  const property = propertyOf(source, filter.property);
  if (!property)
    throw new NotionRefusal(`Could not find property with name or id: ${String(filter.property)}`);
  const condition = filter[property.type];
  if (!isJson(condition) || typeof condition.equals !== 'string') {
    throw new NotionRefusal(
      `body failed validation: body.filter.${property.type} should be defined, instead was \`undefined\`.`,
    );
  }
  const wanted = condition.equals;
  const same = (value: NotionValue) =>
    letters === 'exact' ? value === wanted : String(value).toLowerCase() === wanted.toLowerCase();
  return (page) => same(page.values.get(property.id) ?? null);
}

const all =
  (tests: readonly Test[]): Test =>
  (page) =>
    tests.every((test) => test(page));
const some =
  (tests: readonly Test[]): Test =>
  (page) =>
    tests.some((test) => test(page));

/** All of the values or none. An unknown option of a select is made on the fly; of a status it is a fault. */
export function writeValues(page: HeldPage, properties: unknown): void {
  if (!isJson(properties))
    throw new NotionRefusal('body failed validation: body.properties should be an object.');
  const changes = Object.entries(properties).map(([key, value]) => {
    const property = propertyOf(page.source, key);
    if (!property) throw new NotionRefusal(`${key} is not a property that exists.`);
    return { property, value: valueGiven(property, value) };
  });
  for (const { property, value } of changes) {
    if (property.type === 'select' && typeof value === 'string' && !property.options.includes(value))
      property.options.push(value);
    page.values.set(property.id, value);
  }
}

function propertyOf({ properties }: HeldSource, key: unknown): HeldProperty | undefined {
  return properties.find(({ name }) => name === key) ?? properties.find(({ id }) => id === key);
}

function valueGiven({ name, type, options }: HeldProperty, given: unknown): NotionValue {
  const mismatch = new NotionRefusal(`${name} is expected to be ${type}.`);
  if (!isJson(given) || !(type in given) || Object.keys(given).some((key) => key !== type && key !== 'type'))
    throw mismatch;
  const value = given[type];
  switch (type) {
    case 'title':
    case 'rich_text':
      return textOf(value, mismatch);
    case 'select':
    case 'status': {
      if (value === null) return null;
      if (!isJson(value) || typeof value.name !== 'string' || value.name === '') throw mismatch;
      if (type === 'status' && !options.includes(value.name)) {
        throw new NotionRefusal(`Invalid status option. Status option "${value.name}" does not exist.`);
      }
      return value.name;
    }
    case 'date':
      return dateOf(value, mismatch);
    default:
      return scalarOf(type, value, mismatch);
  }
}

function textOf(value: unknown, mismatch: NotionRefusal): NotionValue {
  if (!Array.isArray(value) || value.length > 100) throw mismatch;
  const pieces = value.map((piece): string => {
    const content: unknown = isJson(piece) && isJson(piece.text) ? piece.text.content : undefined;
    if (typeof content !== 'string') throw mismatch;
    if (content.length > 2_000)
      throw new NotionRefusal('body failed validation: content.length should be ≤ `2000`.');
    return content;
  });
  return pieces.length === 0 ? null : pieces.join('');
}

function dateOf(value: unknown, mismatch: NotionRefusal): NotionValue {
  if (value === null) return null;
  const start: unknown = isJson(value) ? value.start : undefined;
  if (typeof start !== 'string' || !/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(start))
    throw mismatch;
  return start;
}

function scalarOf(type: NotionProperty['type'], value: unknown, mismatch: NotionRefusal): NotionValue {
  if (type === 'checkbox') {
    if (typeof value !== 'boolean') throw mismatch;
    return value;
  }
  if (value === null) return null;
  if (type === 'number' ? typeof value !== 'number' : typeof value !== 'string') throw mismatch;
  const longest = type === 'email' ? 200 : 2_000;
  if (typeof value === 'string' && value.length > longest)
    throw new NotionRefusal(`body failed validation: ${type}.length should be ≤ \`${longest}\`.`);
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
