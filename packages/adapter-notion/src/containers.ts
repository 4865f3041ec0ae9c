// A database as the app names it, and the data source in it that is asked.
import type { GetDatabaseResponse } from '@notionhq/client';
import { type Clock, Err, milliseconds, Ok, type Result, Temporal } from '@precall/core';
import type { NotionCall } from './notion-calls.ts';
import type { NotionError, NotionResult } from './notion-error.ts';
import { type Property, propertiesOf, propertyNamed } from './schema.ts';

export interface Source {
  readonly id: string;
  readonly properties: readonly Property[];
  /** The property of that name or id; one that was renamed since is found by the id that it had. */
  property(name: string): Property | null;
}

export interface Container {
  /**
   * Runs with the schema. What is refused may be refused because the schema was read long ago (a property renamed, an option
   * added, the data source gone): if it has changed since, `run` gets another go with the new one.
   */
  on<T>(call: NotionCall, run: (source: Source) => NotionResult<T>): NotionResult<T>;
}

export interface ContainerOptions {
  readonly database: string;
  /** Id or name; null: the only one. */
  readonly dataSource: string | null;
  readonly clock: Clock;
}

/** A renamed option would be made anew by the next write; it is noticed within this. */
const schemaAge = Temporal.Duration.from({ minutes: 10 });

export function createContainer({ database, dataSource, clock }: ContainerOptions): Container {
  let known: { readonly source: Source; readonly readAtMs: number } | null = null;
  let reading: NotionResult<Source> | null = null;
  const ids = new Map<string, string>();

  /** However many ask for it at once, it is read once. */
  function read(call: NotionCall): NotionResult<Source> {
    reading ??= readNow(call).finally(() => {
      reading = null;
    });
    return reading;
  }

  async function readNow(call: NotionCall): NotionResult<Source> {
    if (known) {
      const again = await readSource(call, known.source.id);
      if (again.isOk() || again.error.status !== 404) return again;
    }
    const found = await call.read((client) => client.databases.retrieve({ database_id: database }));
    const id = found.andThen((one) => sourceIn(one, dataSource));
    if (id.isErr()) return Err(untilShared(id.error));
    return (await readSource(call, id.value)).mapErr(untilShared);
  }

  async function readSource(call: NotionCall, id: string): NotionResult<Source> {
    const found = await call.read((client) => client.dataSources.retrieve({ data_source_id: id }));
    return found.map((one) => {
      const properties = propertiesOf(one);
      for (const property of properties) if (!ids.has(property.name)) ids.set(property.name, property.id);
      const property = (name: string) =>
        propertyNamed(properties, name) ?? properties.find((each) => each.id === ids.get(name)) ?? null;
      const source = { id, properties, property };
      known = { source, readAtMs: clock.now().epochMilliseconds };
      return source;
    });
  }

  return {
    async on(call, run) {
      const isRecent =
        known && clock.now().epochMilliseconds - known.readAtMs < milliseconds(schemaAge) ? known : null;
      const source = isRecent ? Ok(isRecent.source) : await read(call);
      if (source.isErr()) return source;
      const answer = await run(source.value);
      if (answer.isOk() || answer.error.kind !== 'rejected' || !isRecent) return answer;
      const again = await read(call);
      if (again.isErr()) return again;
      return isSame(again.value, source.value) ? answer : run(again.value);
    },
  };
}

function sourceIn(database: GetDatabaseResponse, wanted: string | null): Result<string, NotionError> {
  if ('in_trash' in database && database.in_trash)
    return Err({ kind: 'unavailable', reason: 'the database is in the trash' });
  const meant = sourcesMeant('data_sources' in database ? database.data_sources : [], wanted);
  const [only] = meant;
  if (only && meant.length === 1) return Ok(only.id);
  const reason = `${meant.length} data sources of the database may be meant: say by dataSource which one it is`;
  return Err({ kind: 'rejected', reason });
}

/** Of that id or name; without one, all. */
export function sourcesMeant<S extends { readonly id: string; readonly name: string }>(
  sources: readonly S[],
  wanted: string | null,
): readonly S[] {
  if (wanted === null) return sources;
  const plainId = (id: string) => id.replaceAll('-', '').toLowerCase();
  return sources.filter(({ id, name }) => name === wanted || plainId(id) === plainId(wanted));
}

/** Notion shows what is not shared as not there; once it is shared, what was refused is wanted. */
function untilShared(error: NotionError): NotionError {
  if (error.status !== 404) return error;
  return { kind: 'unavailable', reason: 'Notion shows no such database to the integration', status: 404 };
}

function isSame(a: Source, b: Source): boolean {
  return a.id === b.id && JSON.stringify(a.properties) === JSON.stringify(b.properties);
}
