// Records and writes for store tests, named by a word or a number.
import {
  bookingId,
  bookingRecord,
  type HistoryEntry,
  type Instant,
  type RecordId,
  type RecordKey,
  recipientId,
  recipientKey,
  type Stored,
  Temporal,
  type Write,
} from '@precall/core';

const noonMs = Date.UTC(2026, 2, 2, 12);

/** So many minutes after noon of 2 March 2026. */
export function minute(count: number): Instant {
  return Temporal.Instant.fromEpochMilliseconds(noonMs + Math.round(count * 60_000));
}

export function idOf(name: string | number): RecordId {
  return bookingRecord(bookingId('sample', `${name}`));
}

export function keyOf(name: string | number): RecordKey {
  return recipientKey(recipientId(`${name}`));
}

/** A record never saved before: revision 1, nothing due, no keys. */
export function sampleRecord(name: string | number, changes: Partial<Stored> = {}): Stored {
  return {
    id: idOf(name),
    kind: 'booking',
    version: 1,
    revision: 1,
    changedAt: minute(0),
    lanes: { mail: null, crm: null, forget: null },
    keys: [],
    body: JSON.stringify({ name }),
    ...changes,
  };
}

/** The same record one revision on. */
export function changed(record: Stored, changes: Partial<Stored> = {}): Stored {
  return { ...record, ...changes, revision: record.revision + 1 };
}

/** Saves `record` over the revision before its own. */
export function put(record: Stored, history: readonly HistoryEntry[] = []): Write {
  return { put: record, expected: record.revision - 1, history };
}

export function remove(record: Stored): Write {
  return { remove: record.id, expected: record.revision };
}

export function entry(name: string | number, at: Instant = minute(0)): HistoryEntry {
  return { at, what: `happened ${name}`, detail: { name } };
}
