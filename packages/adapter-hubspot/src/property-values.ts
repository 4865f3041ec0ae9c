// A field's value as HubSpot writes it into a property of that type: always a text; an empty one clears.
import { Err, type Fields, type FieldValue, Ok, type Result, textOf } from '@precall/core';
import type { HubspotError } from './hubspot-error.ts';
import { optionNamed, type Properties, type Property, propertyNamed } from './schema.ts';

/** By internal name. Either all can be written, or a sentence says why one cannot. */
export function valuesFor(
  properties: Properties,
  fields: Fields,
): Result<{ readonly [name: string]: string }, HubspotError> {
  const values: { [name: string]: string } = {};
  for (const [name, field] of Object.entries(fields)) {
    const property = propertyNamed(properties, name);
    if (!property) return Err(refusal(`contacts have no property "${name}"`));
    const value = valueFor(property, field);
    if (value.isErr()) return Err(refusal(value.error));
    values[property.name] = value.value;
  }
  return Ok(values);
}

export function refusal(reason: string): HubspotError {
  return { kind: 'rejected', reason };
}

function valueFor(property: Property, field: FieldValue): Result<string, string> {
  const { label, type, isMultiple, isReadOnly } = property;
  if (isReadOnly) return Err(`"${label}" is written by HubSpot alone`);
  if (isMultiple) return Err(`"${label}" holds several values, which writing one would take away`);
  const text = textOf(field) ?? '';
  const takes = writable[type];
  if (!takes?.includes(field.type)) return Err(`"${label}" is of type ${type}, which takes no ${field.type}`);
  if (text === '') return Ok('');
  if (type === 'enumeration') {
    const option = optionNamed(property, text);
    return option === null ? Err(`"${label}" has no option "${text}"`) : Ok(option);
  }
  // A day has no hour: that of a moment is the one it is in UTC. That something happened is a tick.
  if (field.type === 'moment' && type === 'date') return Ok(text.slice(0, 'YYYY-MM-DD'.length));
  if (field.type === 'moment' && type === 'bool') return Ok('true');
  return Ok(text);
}

const writable: { readonly [type: string]: readonly FieldValue['type'][] | undefined } = {
  string: ['text', 'choice', 'email', 'url', 'number', 'flag', 'date', 'moment'],
  phone_number: ['text'],
  enumeration: ['text', 'choice'],
  date: ['date', 'moment'],
  datetime: ['moment'],
  number: ['number'],
  bool: ['flag', 'moment'],
};
