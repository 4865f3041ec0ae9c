// What Notion is strict about: the filters of a query, and the values of a page. Each fault in Notion's words.
import {
  type HeldPage,
  type HeldProperty,
  type HeldSource,
  kindOf,
  type NotionValue,
  setValue,
} from './notion-data.ts';

/** Answered 400, validation_error. */
export class NotionRefusal extends Error {}

/** What `equals` takes for the same text: nothing else, other case, or other accents, too. Notion says it nowhere. */
export type NotionLetters = 'exact' | 'any_case' | 'any_accent';

type Json = { readonly [name: string]: unknown };
type Test = (page: HeldPage) => boolean;

/** Notion nests and/or two levels deep. */
const deepest = 2;

/** Knows `and`, `or`, `equals` and `is_empty`. */
export function filterOf(source: HeldSource, filter: unknown, letters: NotionLetters, depth = 0): Test {
  if (!isJson(filter)) throw new NotionRefusal('body failed validation: body.filter should be an object.');
  for (const [word, combine] of combinations) {
    const parts = filter[word];
    if (!Array.isArray(parts)) continue;
    if (depth >= deepest)
      throw new NotionRefusal('body failed validation: body.filter is nested too deeply.');
    return combine(parts.map((part) => filterOf(source, part, letters, depth + 1)));
  }
  const property = propertyOf(source, filter.property);
  if (!property)
    throw new NotionRefusal(`Could not find property with name or id: ${String(filter.property)}`);
  return testOf(property, filter[property.type], letters);
}

const combinations: readonly (readonly [word: string, combine: (tests: readonly Test[]) => Test])[] = [
  ['and', (tests) => (page) => tests.every((test) => test(page))],
  ['or', (tests) => (page) => tests.some((test) => test(page))],
];

function testOf(property: HeldProperty, condition: unknown, letters: NotionLetters): Test {
  const { id, name, type, options } = property;
  if (isJson(condition) && condition.is_empty === true)
    return (page) => (page.values.get(id) ?? null) === null;
  const wanted = isJson(condition) ? condition.equals : undefined;
  if (typeof wanted !== kindOf(type))
    throw new NotionRefusal(
      `body failed validation: body.filter.${type} should be defined, instead was \`undefined\`.`,
    );
  const hasOptions = type === 'select' || type === 'status';
  if (hasOptions && typeof wanted === 'string' && !options.includes(wanted)) {
    const available = options.map((option) => `"${option}"`).join(', ');
    throw new NotionRefusal(
      `${type} option "${wanted}" not found for property "${name}". Available options: ${available}.`,
    );
  }
  const plain = plainly[hasOptions ? 'exact' : letters];
  return (page) => plain(String(page.values.get(id) ?? null)) === plain(String(wanted));
}

const plainly: { readonly [L in NotionLetters]: (text: string) => string } = {
  exact: (text) => text,
  any_case: (text) => text.toLowerCase(),
  any_accent: (text) => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, ''),
};

/** All of the values or none. */
export function writeValues(page: HeldPage, properties: unknown): void {
  for (const { property, value } of valuesGiven(page.source, properties)) setValue(page, property, value);
}

/** Throws for what Notion would not take. */
export function valuesGiven(
  source: HeldSource,
  properties: unknown,
): readonly { readonly property: HeldProperty; readonly value: NotionValue }[] {
  if (!isJson(properties))
    throw new NotionRefusal('body failed validation: body.properties should be an object.');
  return Object.entries(properties).map(([key, value]) => {
    const property = propertyOf(source, key);
    if (!property) throw new NotionRefusal(`${key} is not a property that exists.`);
    return { property, value: valueGiven(property, value) };
  });
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
      // Of a select it is made.
      if (type === 'status' && !options.includes(value.name))
        throw new NotionRefusal(`Invalid status option. Status option "${value.name}" does not exist.`);
      return value.name;
    }
    case 'date':
      return dateOf(value, mismatch);
    case 'checkbox':
      if (typeof value !== 'boolean') throw mismatch;
      return value;
    case 'number':
      if (value !== null && typeof value !== 'number') throw mismatch;
      return value;
    case 'email':
    case 'url': {
      if (value !== null && typeof value !== 'string') throw mismatch;
      const longest = type === 'email' ? 200 : 2_000;
      if (value !== null && value.length > longest) throw tooLong(`${name}.${type}`, longest);
      return value;
    }
  }
}

function textOf(value: unknown, mismatch: NotionRefusal): NotionValue {
  if (!Array.isArray(value)) throw mismatch;
  if (value.length > 100) throw tooLong('rich_text', 100);
  const pieces = value.map((piece): string => {
    const content: unknown = isJson(piece) && isJson(piece.text) ? piece.text.content : undefined;
    if (typeof content !== 'string') throw mismatch;
    if (content.length > 2_000) throw tooLong('text.content', 2_000);
    return content;
  });
  return pieces.length === 0 ? null : pieces.join('');
}

/** A day, or a moment with its offset. */
function dateOf(value: unknown, mismatch: NotionRefusal): NotionValue {
  if (value === null) return null;
  if (!isJson(value) || typeof value.start !== 'string') throw mismatch;
  if (typeof value.time_zone === 'string') throw new NotionRefusal('The stand-in knows no time_zone.');
  const form = /^\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?$/;
  if (!form.test(value.start) || Number.isNaN(Date.parse(value.start))) throw mismatch;
  return value.start;
}

function tooLong(where: string, longest: number): NotionRefusal {
  return new NotionRefusal(`body failed validation: ${where}.length should be ≤ \`${longest}\`.`);
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
