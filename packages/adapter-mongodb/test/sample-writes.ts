// Records and writes, as small as they can be.
import { type RecordId, type RecordKey, type Stored, Temporal } from '@precall/core';

export const noon = Temporal.Instant.from('2026-03-02T12:00:00Z');

export function record(name: string, revision = 1, body = `{"revision":${revision}}`): Stored {
  return {
    id: `booking:${name}` as RecordId,
    kind: 'booking',
    version: 1,
    revision,
    changedAt: noon,
    lanes: { mail: noon, crm: null, forget: null },
    keys: ['status:agreed' as RecordKey],
    body,
  };
}

export const put = (name: string, revision = 1, body?: string) => ({
  put: record(name, revision, body),
  expected: revision - 1,
  history: [{ at: noon, what: 'booked', detail: {} }],
});
