// The properties of HubSpot's contacts: found by internal name or by the label that people see, and read again when that may be
// why something was refused.
import { type Clock, Err, milliseconds, Ok, Temporal } from '@precall/core';
import { z } from 'zod';
import type { Ask } from './hubspot-calls.ts';
import type { HubspotResult } from './hubspot-error.ts';

export interface Option {
  readonly value: string;
  readonly label: string;
}
export interface Property {
  /** Internal; never changes. */
  readonly name: string;
  readonly label: string;
  /** `string`, `enumeration`, `date`, `datetime`, `number`, `bool` and others. */
  readonly type: string;
  /** Checkboxes: a value is several, parted by semicolons. */
  readonly isMultiple: boolean;
  readonly isReadOnly: boolean;
  /** Null: any value is taken here, since what HubSpot takes stands elsewhere. */
  readonly options: readonly Option[] | null;
}
export type Properties = readonly Property[];

const shape = z.object({
  results: z.array(
    z
      .object({
        name: z.string(),
        label: z.string(),
        type: z.string(),
        fieldType: z.string(),
        options: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
        externalOptions: z.boolean().optional(),
        calculated: z.boolean().optional(),
        modificationMetadata: z.object({ readOnlyValue: z.boolean() }).optional(),
      })
      .transform(
        ({
          name,
          label,
          type,
          fieldType,
          options,
          externalOptions,
          calculated,
          modificationMetadata,
        }): Property => ({
          name,
          label,
          type,
          isMultiple: fieldType === 'checkbox',
          isReadOnly: calculated === true || modificationMetadata?.readOnlyValue === true,
          options: type === 'enumeration' && externalOptions !== true ? (options ?? null) : null,
        }),
      ),
  ),
});

/** A label that several have names none. */
export function propertyNamed(properties: Properties, name: string): Property | null {
  const byName = properties.find((one) => one.name === name);
  const [only, ...others] = properties.filter(({ label }) => label === name);
  return byName ?? (others.length === 0 ? (only ?? null) : null);
}

/** By internal value, or by the label that people see. */
export function optionNamed({ options }: Property, said: string): string | null {
  if (options === null) return said;
  const option = options.find(({ value }) => value === said) ?? options.find(({ label }) => label === said);
  return option?.value ?? null;
}

export async function readProperties(ask: Ask): HubspotResult<Properties> {
  const answer = await ask({ kind: 'read', path: '/crm/v3/properties/contacts' });
  return answer.andThen((found) => {
    const parsed = shape.safeParse(found?.json);
    if (parsed.success) return Ok(parsed.data.results);
    return Err({ kind: 'unavailable', reason: 'HubSpot answered in another shape than it documents' });
  });
}

export interface Schema {
  /** What is refused may be refused because the schema was read long ago: if it has changed since, `run` gets another go. */
  on<T>(ask: Ask, run: (properties: Properties) => HubspotResult<T>): HubspotResult<T>;
}

const recentMs = milliseconds(Temporal.Duration.from({ minutes: 10 }));

export function createSchema(clock: Clock): Schema {
  let known: { readonly properties: Properties; readonly readAtMs: number } | null = null;
  let reading: HubspotResult<Properties> | null = null;

  /** However many ask for it at once, it is read once. */
  function read(ask: Ask): HubspotResult<Properties> {
    reading ??= readProperties(ask)
      .then((found) =>
        found.map((properties) => {
          known = { properties, readAtMs: clock.now().epochMilliseconds };
          return properties;
        }),
      )
      .finally(() => {
        reading = null;
      });
    return reading;
  }

  return {
    async on(ask, run) {
      const recent = known && clock.now().epochMilliseconds - known.readAtMs < recentMs ? known : null;
      const properties = recent ? Ok(recent.properties) : await read(ask);
      if (properties.isErr()) return properties;
      const answer = await run(properties.value);
      if (answer.isOk() || answer.error.kind !== 'rejected' || !recent || answer.error.status === 404)
        return answer;
      const again = await read(ask);
      if (again.isErr()) return again;
      const isSame = JSON.stringify(again.value) === JSON.stringify(properties.value);
      return isSame ? answer : run(again.value);
    },
  };
}
