// A record as its document, and back.
import {
  type HistoryEntry,
  type Instant,
  type Lane,
  type RecordId,
  type Stored,
  Temporal,
} from '@precall/core';

/** A moment that is null is a field that is absent, so that the partial indexes leave it out. */
export interface RecordDocument {
  readonly _id: string;
  readonly kind: string;
  readonly version: number;
  readonly revision: number;
  /** Who wrote this revision: a token of one save. */
  readonly by: string;
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

export function toDocument(put: Stored, by: string): Omit<RecordDocument, 'history'> {
  return { _id: put.id, ...fieldsOf(put, by) };
}

/** What a later revision sets, and which lanes it empties. */
export function toChange(
  put: Stored,
  by: string,
): {
  readonly $set: Omit<RecordDocument, '_id' | 'history'>;
  readonly $unset: { readonly [field: string]: '' };
} {
  const emptied = lanes.filter((lane) => put.lanes[lane] === null).map((lane) => laneField[lane]);
  return {
    $set: fieldsOf(put, by),
    $unset: Object.fromEntries(emptied.map((field) => [field, ''] as const)),
  };
}

/** Throws a TypeError when a history detail cannot be written as JSON. */
export function toHistory(entries: readonly HistoryEntry[]): readonly HistoryDocument[] {
  return entries.map(({ at, what, detail }) => ({ at: toDate(at), what, detail: JSON.stringify(detail) }));
}

export function toHistoryEntry({ at, what, detail }: HistoryDocument): HistoryEntry {
  return { at: toInstant(at), what, detail: JSON.parse(detail) };
}

export function toStored(document: Omit<RecordDocument, 'history'>): Stored {
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
  return Temporal.Instant.fromEpochMilliseconds(date.getTime());
}

function maybeInstant(date: Date | undefined): Instant | null {
  return date ? toInstant(date) : null;
}

function fieldsOf(put: Stored, by: string): Omit<RecordDocument, '_id' | 'history'> {
  const { mail, crm, forget } = put.lanes;
  return {
    kind: put.kind,
    version: put.version,
    revision: put.revision,
    by,
    changedAt: toDate(put.changedAt),
    ...(mail && { mailAt: toDate(mail) }),
    ...(crm && { crmAt: toDate(crm) }),
    ...(forget && { forgetAt: toDate(forget) }),
    keys: put.keys,
    body: put.body,
  };
}
