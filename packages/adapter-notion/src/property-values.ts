// A field's value in the shape that its property's type asks for.
import type { UpdatePageParameters } from '@notionhq/client';
import { Err, type FieldValue, Ok, type Result, textOf } from '@precall/core';
import { nearest } from './near-miss.ts';
import type { Property } from './schema.ts';

export type PropertyValue = NonNullable<UpdatePageParameters['properties']>[string];

/** Notion's limit for one piece of rich text. */
const pieceLength = 2_000;

/** Err: a sentence, why this value cannot be written into this property. */
export function valueFor(
  property: Property,
  field: FieldValue,
  unknownOption: 'refuse' | 'create',
): Result<PropertyValue, string> {
  const text = textOf(field);
  switch (property.type) {
    case 'status':
    case 'select':
      return optionFor(property, text, unknownOption);
    case 'date':
      if (field.type === 'date' || field.type === 'moment')
        return Ok({ date: text === null ? null : { start: text } });
      break;
    case 'rich_text':
      return Ok({ rich_text: piecesOf(text) });
    case 'title':
      return Ok({ title: piecesOf(text) });
    case 'email':
      if (field.type === 'email' || field.type === 'text') return Ok({ email: text });
      break;
    case 'url':
      if (field.type === 'url' || field.type === 'text') return Ok({ url: text });
      break;
    case 'checkbox':
      if (field.type === 'flag') return Ok({ checkbox: field.value === true });
      // That something happened, without when.
      if (field.type === 'moment') return Ok({ checkbox: field.value !== null });
      break;
    case 'number':
      if (field.type === 'number') return Ok({ number: field.value });
      break;
    default:
  }
  return Err(`"${property.name}" is of type ${property.type}, which takes no ${field.type}`);
}

/** Notion makes an unknown option of a select on the fly, so that a typo would stay in its list for good. */
function optionFor(
  { name, type, options }: Property,
  value: string | null,
  unknownOption: 'refuse' | 'create',
): Result<PropertyValue, string> {
  const option = value === null ? null : { name: value };
  if (value !== null && !options?.includes(value) && !(type === 'select' && unknownOption === 'create')) {
    const near = nearest(value, options ?? []);
    return Err(`"${name}" has no option "${value}"${near === null ? '' : `; the nearest is "${near}"`}`);
  }
  return Ok(type === 'status' ? { status: option } : { select: option });
}

function piecesOf(text: string | null): { readonly text: { readonly content: string } }[] {
  const pieces: { readonly text: { readonly content: string } }[] = [];
  const rest = text ?? '';
  for (let from = 0, to = 0; from < rest.length; from = to) {
    to = from + pieceLength;
    const isCutInAPair = /[\uD800-\uDBFF]/.test(rest.charAt(to - 1)) && to < rest.length;
    if (isCutInAPair) to -= 1;
    pieces.push({ text: { content: rest.slice(from, to) } });
  }
  return pieces;
}
