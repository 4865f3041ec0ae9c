// A record as the tables hold it, and back. Rows are read by position: libsql adds a field of its own to named ones.
import {
  type HistoryEntry,
  type Instant,
  instantAt,
  type RecordId,
  type RecordKey,
  type RecordKind,
  type Stored,
  type Write,
} from '@precall/core';

export const recordColumns =
  'r.seq, r.id, r.kind, r.version, r.revision, r.changed_at, r.mail_at, r.crm_at, r.forget_at, r.keys, r.body';

export type RecordRow = readonly [
  seq: number,
  id: RecordId,
  kind: RecordKind,
  version: number,
  revision: number,
  changedAt: number,
  mailAt: number | null,
  crmAt: number | null,
  forgetAt: number | null,
  keys: string,
  body: string,
];
export type HistoryRow = readonly [n: number, at: number, what: string, detail: string];

/** A write with everything turned into what the tables hold, so that nothing can fail on that within a commit. */
export type RowWrite =
  | {
      readonly id: RecordId;
      readonly expected: number;
      readonly put: {
        /** Kind, version, revision, changed_at, the three lanes, keys, body. */
        readonly values: readonly (string | number | null)[];
        readonly keys: readonly string[];
        readonly history: readonly (readonly [at: number, what: string, detail: string])[];
      };
    }
  | { readonly id: RecordId; readonly expected: number; readonly put: null };

/** Throws a TypeError when a history detail cannot be written as JSON. */
export function toRowWrite(write: Write): RowWrite {
  if ('remove' in write) return { id: write.remove, expected: write.expected, put: null };
  const { put, expected, history } = write;
  const changedAt = put.changedAt.epochMilliseconds;
  const values = [
    put.kind,
    put.version,
    expected + 1,
    changedAt,
    put.lanes.mail?.epochMilliseconds ?? null,
    put.lanes.crm?.epochMilliseconds ?? null,
    put.lanes.forget?.epochMilliseconds ?? null,
    JSON.stringify(put.keys),
    put.body,
  ];
  const entries = history.map((entry): readonly [number, string, string] => [
    entry.at.epochMilliseconds,
    entry.what,
    JSON.stringify(entry.detail),
  ]);
  return { id: put.id, expected, put: { values, keys: put.keys, history: entries } };
}

export function toStored(row: RecordRow): Stored {
  return {
    id: row[1],
    kind: row[2],
    version: row[3],
    revision: row[4],
    changedAt: instant(row[5]),
    lanes: { mail: maybeInstant(row[6]), crm: maybeInstant(row[7]), forget: maybeInstant(row[8]) },
    keys: parseKeys(row[9]),
    body: row[10],
  };
}

export function toHistoryEntry(row: HistoryRow): HistoryEntry {
  return { at: instant(row[1]), what: row[2], detail: JSON.parse(row[3]) };
}

export function parseKeys(text: string): readonly RecordKey[] {
  return JSON.parse(text) as readonly RecordKey[];
}

export function instant(at: number): Instant {
  return instantAt(at);
}

function maybeInstant(at: number | null): Instant | null {
  return at === null ? null : instant(at);
}
