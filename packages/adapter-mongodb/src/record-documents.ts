// A record as its document, and back.
import {
  type HistoryEntry,
  type Instant,
  instantAt,
  type Lane,
  type RecordId,
  type Stored,
} from '@precall/core';
import type { ObjectId, UpdateFilter } from 'mongodb';

/** A moment that is null is a field that is absent, so that the partial indexes leave it out. */
export interface RecordDocument {
  readonly _id: string;
  readonly kind: string;
  readonly version: number;
  readonly revision: number;
  /** The tokens of the saves that made the latest revisions, this one's last: see writer-tokens.ts. */
  readonly by: readonly ObjectId[];
  readonly changedAt: Date;
  readonly mailAt?: Date;
  readonly crmAt?: Date;
  readonly forgetAt?: Date;
  readonly keys: readonly string[];
  readonly body: string;
  /**
   * Oldest first. Within the record's own document: only so are both written, or neither. It is left out of every reading
   * but its own.
   */
  readonly history: readonly HistoryDocument[];
}
export interface HistoryDocument {
  readonly at: Date;
  readonly what: string;
  /** JSON text: nothing in it can be taken for an operator or a path. */
  readonly detail: string;
}

export const laneField = { mail: 'mailAt', crm: 'crmAt', forget: 'forgetAt' } as const satisfies {
  readonly [L in Lane]: string;
};
const lanes = ['mail', 'crm', 'forget'] as const;

/** Others that write a record between a save and the look at what became of it. */
const tokensKept = 8;
/** Bounds the document: one that reached MongoDB's 16 MB could never be saved again. */
const historyKept = 2_000;

interface Made {
  readonly by: ObjectId;
  readonly history: readonly HistoryDocument[];
}

export function toDocument(put: Stored, { by, history }: Made): RecordDocument {
  return { _id: put.id, ...fieldsOf(put), by: [by], history: history.slice(-historyKept) };
}

/** What a later revision sets and adds, and which lanes it empties. */
export function toChange(put: Stored, { by, history }: Made): UpdateFilter<RecordDocument> {
  const emptied = lanes.filter((lane) => put.lanes[lane] === null).map((lane) => laneField[lane]);
  return {
    $set: fieldsOf(put),
    $unset: Object.fromEntries(emptied.map((field) => [field, ''] as const)),
    $push: {
      by: { $each: [by], $slice: -tokensKept },
      ...(history.length > 0 && { history: { $each: [...history], $slice: -historyKept } }),
    },
  };
}

/** Throws a TypeError when a history detail cannot be written as JSON. */
export function toHistory(entries: readonly HistoryEntry[]): readonly HistoryDocument[] {
  return entries.map(({ at, what, detail }) => ({ at: toDate(at), what, detail: JSON.stringify(detail) }));
}

export function toHistoryEntry({ at, what, detail }: HistoryDocument): HistoryEntry {
  return { at: toInstant(at), what, detail: JSON.parse(detail) };
}

export function toStored(document: Omit<RecordDocument, 'by' | 'history'>): Stored {
  const { _id, kind, version, revision, changedAt, mailAt, crmAt, forgetAt, keys, body } = document;
  return {
    id: _id as RecordId,
    kind: kind as Stored['kind'],
    version,
    revision,
    changedAt: toInstant(changedAt),
    lanes: { mail: maybeInstant(mailAt), crm: maybeInstant(crmAt), forget: maybeInstant(forgetAt) },
    keys: keys as Stored['keys'],
    body,
  };
}

export function toDate(moment: Instant): Date {
  return new Date(moment.epochMilliseconds);
}

export function toInstant(date: Date): Instant {
  return instantAt(date.getTime());
}

function maybeInstant(date: Date | undefined): Instant | null {
  return date ? toInstant(date) : null;
}

function fieldsOf(put: Stored): Omit<RecordDocument, '_id' | 'by' | 'history'> {
  const { mail, crm, forget } = put.lanes;
  return {
    kind: put.kind,
    version: put.version,
    revision: put.revision,
    changedAt: toDate(put.changedAt),
    ...(mail && { mailAt: toDate(mail) }),
    ...(crm && { crmAt: toDate(crm) }),
    ...(forget && { forgetAt: toDate(forget) }),
    keys: put.keys,
    body: put.body,
  };
}
