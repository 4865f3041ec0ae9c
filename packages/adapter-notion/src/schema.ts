// A data source's properties, as far as they are needed.
import type { GetDataSourceResponse } from '@notionhq/client';

export interface Property {
  /** Survives renames. */
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** Names of the options of a select or status; null: it has none. */
  readonly options: readonly string[] | null;
}

export function propertiesOf({ properties }: GetDataSourceResponse): readonly Property[] {
  return Object.entries(properties).map(([name, property]) => ({
    id: property.id,
    name,
    type: property.type,
    options: optionsOf(property),
  }));
}

export function propertyNamed(properties: readonly Property[], nameOrId: string): Property | null {
  const byName = properties.find(({ name }) => name === nameOrId);
  return byName ?? properties.find(({ id }) => id === nameOrId) ?? null;
}

function optionsOf(property: GetDataSourceResponse['properties'][string]): readonly string[] | null {
  if (property.type === 'select') return property.select.options.map(({ name }) => name);
  if (property.type === 'status') return property.status.options.map(({ name }) => name);
  return null;
}
