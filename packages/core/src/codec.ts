// Record bodies as JSON text. Moments become whole milliseconds; the house rule that a moment's name is `at` or ends
// in `At`, `By` or `Until` is what tells them apart when they are read.
import { invariant } from './invariant.ts';
import { instantAt, Temporal } from './temporal.ts';

const namesMoment = /^at$|(At|By|Until)$/;

export function encode(body: object): string {
  return JSON.stringify(packed(body));
}

const texts = new WeakMap<object, string>();

/** The same, kept beside the object: facts never change, and are written with every change of their ledger. */
export function encodeOnce(part: object): string {
  const known = texts.get(part);
  if (known !== undefined) return known;
  const text = encode(part);
  texts.set(part, text);
  return text;
}

/** `part` was read from `text`, and is written as it was. */
export function encodedAs(part: object, text: string): void {
  texts.set(part, text);
}

/** Turns a body of one version into the next; the first of a list upgrades version 1. */
export type Upgrade = (body: object) => object;

/**
 * The body a record holds, upgraded to the present version, which is one more than there are upgrades. A record is
 * what its kind's writer put there, so the caller says its type. Throws on a record from a newer version.
 */
export function decode<T>(
  { body, version }: { body: string; version: number },
  upgrades: readonly Upgrade[],
): T {
  invariant(
    version <= upgrades.length + 1,
    `a record is not of a newer version (${version}) than this program knows`,
  );
  const start: object = JSON.parse(body);
  unpack(start);
  return upgrades.slice(version - 1).reduce((older, upgrade) => upgrade(older), start) as T;
}

/** Null: it is not what its kind should be, or of a newer version. */
export function ifSound<In, Out>(stored: In, read: (stored: In) => Out): Out | null {
  try {
    return read(stored);
  } catch {
    return null;
  }
}

function packed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Temporal.Instant) return value.epochMilliseconds;
  if (Array.isArray(value)) return value.map(packed);
  const fields = value as { readonly [name: string]: unknown };
  const copy: { [name: string]: unknown } = {};
  for (const name of Object.keys(fields)) set(copy, name, packed(fields[name]));
  return copy;
}

/** A member named __proto__ is one like any other. Not by a copy without prototype: JSON.stringify is slow on those. */
function set(copy: { [name: string]: unknown }, name: string, value: unknown): void {
  if (name !== '__proto__') copy[name] = value;
  else Object.defineProperty(copy, name, { value, enumerable: true });
}

/** In place: the value was just parsed, nobody else holds it, and a record is read several times for every message. */
function unpack(value: object): void {
  const fields = value as { [name: string]: unknown };
  for (const name of Object.keys(fields)) {
    const held = fields[name];
    if (typeof held === 'object' && held !== null) unpack(held);
    else if (typeof held === 'number' && namesMoment.test(name)) {
      fields[name] = instantAt(held);
    }
  }
}
