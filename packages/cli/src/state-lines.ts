// A store's whole state as JSON lines: a header, a line for each record with its history, and a closing line of count and
// checksum. Revisions are left out: they count the saves to one store, and begin again in the next.
import { createHash } from 'node:crypto';
import {
  type HistoryEntry,
  type Instant,
  type Lanes,
  type RecordKind,
  type Stored,
  Temporal,
} from '@precall/core';

export interface StateRecord extends Omit<Stored, 'revision'> {
  /** Oldest first. */
  readonly history: readonly HistoryEntry[];
}

/** Of every line, whatever their order: stores list records in orders of their own. */
export interface Tally {
  readonly count: number;
  /** 64 hex digits. */
  readonly checksum: string;
}

export const recordKinds = [
  'meta',
  'person',
  'booking',
  'calendar',
  'delivery',
] as const satisfies readonly RecordKind[];

export const headerLine = (madeAt: Instant): string =>
  JSON.stringify({ precall: 'state', version: 1, madeAt: madeAt.toString() });

export const closingLine = ({ count, checksum }: Tally): string => JSON.stringify({ count, checksum });

export function recordLine({
  id,
  kind,
  version,
  changedAt,
  lanes,
  keys,
  body,
  history,
}: StateRecord): string {
  const { mail, crm, forget } = lanes;
  return JSON.stringify({
    id,
    kind,
    version,
    changedAt: changedAt.toString(),
    lanes: {
      mail: mail?.toString() ?? null,
      crm: crm?.toString() ?? null,
      forget: forget?.toString() ?? null,
    },
    keys,
    body,
    history: history.map(({ at, what, detail }) => ({ at: at.toString(), what, detail })),
  });
}

/** Throws an Error, with a sentence, on a line that no export writes. */
export function readHeader(line: string): void {
  const header = parsed(line);
  if (header.precall !== 'state') throw new Error('its first line is not that of an export');
  if (header.version !== 1) throw new Error(`it is of version ${header.version}, and this program knows 1`);
}

export function readClosing(line: string): Tally | null {
  const { count, checksum } = parsed(line);
  return typeof count === 'number' && typeof checksum === 'string' ? { count, checksum } : null;
}

export function readRecord(line: string): StateRecord {
  const { id, kind, version, changedAt, lanes, keys, body, history } = parsed(line);
  const isSound =
    typeof id === 'string' &&
    recordKinds.some((known) => known === kind) &&
    typeof version === 'number' &&
    typeof body === 'string' &&
    isList(keys) &&
    isList(history) &&
    isObject(lanes);
  if (!isSound) throw new Error('a line of it is no record');
  return {
    id: id as Stored['id'],
    kind: kind as RecordKind,
    version,
    changedAt: Temporal.Instant.from(String(changedAt)),
    lanes: lanesIn(lanes),
    keys: keys as Stored['keys'],
    body,
    history: history.filter(isObject).map(({ at, what, detail }) => ({
      at: Temporal.Instant.from(String(at)),
      what: String(what),
      detail: isObject(detail) ? detail : {},
    })),
  };
}

/** The sum, modulo 2^256, of each line's SHA-256: against accidents, not against forgery. */
export function createTallying(): { add(line: string): void; tally(): Tally } {
  let sum = 0n;
  let count = 0;
  return {
    add(line) {
      sum = BigInt.asUintN(256, sum + BigInt(`0x${createHash('sha256').update(line).digest('hex')}`));
      count += 1;
    },
    tally: () => ({ count, checksum: sum.toString(16).padStart(64, '0') }),
  };
}

function lanesIn(lanes: Json): Lanes {
  const moment = (text: unknown) => (text === null ? null : Temporal.Instant.from(String(text)));
  return { mail: moment(lanes.mail), crm: moment(lanes.crm), forget: moment(lanes.forget) };
}

type Json = { readonly [name: string]: unknown };

function parsed(line: string): Json {
  try {
    const json: unknown = JSON.parse(line);
    if (isObject(json)) return json;
  } catch {
    // Said below, without the line: it may name somebody.
  }
  throw new Error('a line of it is not a JSON object');
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
