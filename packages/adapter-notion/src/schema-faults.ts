// A data source's properties against those that are needed.
import type { SchemaFault } from '@precall/core';
import { nearMiss } from './near-miss.ts';
import { type Property, propertyNamed } from './schema.ts';

export interface Expected {
  /** Or its id. */
  readonly name: string;
  readonly types: readonly string[];
  /** Options that it must have, where it has options. */
  readonly options: readonly string[];
}
type Finding = Omit<SchemaFault, 'where'>;

/** `configured`: the property that the address is said to stand in; null: the only one of type email. */
export function addressFaults(
  properties: readonly Property[],
  configured: string | null,
): readonly Finding[] {
  if (configured !== null)
    return propertyFaults(properties, {
      name: configured,
      types: ['email', 'rich_text', 'title'],
      options: [],
    });
  const names = properties.filter(({ type }) => type === 'email').map(({ name }) => `"${name}"`);
  if (names.length === 1) return [];
  if (names.length === 0)
    return [
      {
        fault: 'No property is of type email.',
        cure: 'Add one that holds the address with which people book, or name a text property by `emailProperty`.',
      },
    ];
  return [
    {
      fault: `Several properties are of type email: ${names.join(', ')}.`,
      cure: 'Name the one to look in by `emailProperty`, or change the type of the others.',
    },
  ];
}

export function propertyFaults(
  properties: readonly Property[],
  { name, types, options }: Expected,
): readonly Finding[] {
  const property = propertyNamed(properties, name);
  const wantedType = types.join(' or ');
  if (!property) return [missing(name, wantedType, properties)];
  if (!types.includes(property.type))
    return [
      {
        fault: `"${property.name}" is of type ${property.type}.`,
        cure: `Change the type of "${property.name}" to ${wantedType}.`,
      },
    ];
  return options
    .filter((option) => property.options && !property.options.includes(option))
    .map((option) => {
      const near = nearMiss(option, property.options ?? []);
      return {
        fault: `"${property.name}" has no option "${option}"${near === null ? '' : `; it has "${near}"`}.`,
        cure:
          near === null
            ? `Add the option "${option}" to "${property.name}" in Notion.`
            : `Rename the option "${near}" to "${option}" in Notion.`,
      };
    });
}

function missing(name: string, wantedType: string, properties: readonly Property[]): Finding {
  const names = properties.map((one) => one.name);
  const near = nearMiss(name, names);
  return {
    fault: `There is no property "${name}"${near === null ? '' : `; there is "${near}"`}.`,
    cure:
      near === null
        ? `Add a property "${name}" of type ${wantedType}, or configure the name that it has.`
        : `Rename "${near}" to "${name}", letter by letter, or configure the name that it has.`,
  };
}
