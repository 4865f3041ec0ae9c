// Records for the tests, named by a word.
import { bookingId, bookingRecord, type Instant, type Stored, Temporal, type Write } from '@precall/core';

export function minute(count: number): Instant {
  return Temporal.Instant.from('2026-03-02T12:00:00Z').add({ minutes: count });
}

export function sampleOf(name: string, changes: Partial<Stored> = {}): Stored {
  return {
    id: bookingRecord(bookingId('sample', name)),
    kind: 'booking',
    version: 1,
    revision: 1,
    changedAt: minute(0),
    lanes: { mail: minute(60), crm: null, forget: null },
    keys: [],
    body: JSON.stringify({ name }),
    ...changes,
  };
}

/** Saves the record over the revision before its own. */
export function put(record: Stored): Write {
  return { put: record, expected: record.revision - 1, history: [] };
}
