// A database as the app names it, and the data source in it that is asked: its schema, read once, and again when it vanishes.
import type { GetDatabaseResponse, GetDataSourceResponse } from '@notionhq/client';
import { Err, Ok, type PortResult, type Result } from '@precall/core';
import type { NotionCalls, NotionError } from './notion-calls.ts';

/** A property as far as it is needed. Its id survives renames. */
export interface Property {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** Names of the options of a select or status; null: it has none. */
  readonly options: readonly string[] | null;
}

export interface Source {
  readonly id: string;
  readonly properties: readonly Property[];
}

export interface Container {
  /** As it was read last; read now if it never was. */
  source(): PortResult<Source>;
  /** Read anew. */
  refreshed(): PortResult<Source>;
  /** Runs with the source's id; once more with a new one when the old has vanished. */
  on<T>(run: (source: Source) => PortResult<T>): PortResult<T>;
  /** The property of that name; one that was renamed since is found by the id that it had. */
  property(source: Source, name: string): Property | null;
}

export function createContainer(databaseId: string, calls: NotionCalls): Container {
  let known: Source | null = null;
  const ids = new Map<string, string>();

  const container: Container = {
    source: async () => (known ? Ok(known) : container.refreshed()),
    async refreshed() {
      const database = await calls.call('read', (client) =>
        client.databases.retrieve({ database_id: databaseId }),
      );
      const id = database.andThen(onlySourceOf);
      if (id.isErr()) return id;
      const read = await calls.call('read', (client) =>
        client.dataSources.retrieve({ data_source_id: id.value }),
      );
      return read.map((dataSource) => {
        known = { id: id.value, properties: propertiesOf(dataSource) };
        for (const property of known.properties)
          ids.set(property.name, ids.get(property.name) ?? property.id);
        return known;
      });
    },
    async on(run) {
      const source = await container.source();
      if (source.isErr()) return source;
      const answer = await run(source.value);
      if (answer.isOk() || !isNotFound(answer.error)) return answer;
      const again = await container.refreshed();
      return again.isErr() || again.value.id === source.value.id ? answer : run(again.value);
    },
    property(source, name) {
      const byName = source.properties.find((one) => one.name === name);
      return byName ?? source.properties.find((one) => one.id === ids.get(name)) ?? null;
    },
  };
  return container;
}

function isNotFound(error: NotionError): boolean {
  return error.notFound === true;
}

function onlySourceOf(database: GetDatabaseResponse): Result<string, NotionError> {
  const sources = 'data_sources' in database ? database.data_sources : [];
  const [only] = sources;
  if (only && sources.length === 1) return Ok(only.id);
  return Err({
    kind: 'rejected',
    reason: `the database has ${sources.length} data sources, and only one can be used`,
  });
}

export function propertiesOf({ properties }: GetDataSourceResponse): readonly Property[] {
  return Object.entries(properties).map(([name, property]) => ({
    id: property.id,
    name,
    type: property.type,
    options: optionsOf(property),
  }));
}

function optionsOf(property: GetDataSourceResponse['properties'][string]): readonly string[] | null {
  if (property.type === 'select') return property.select.options.map(({ name }) => name);
  if (property.type === 'status') return property.status.options.map(({ name }) => name);
  return null;
}
