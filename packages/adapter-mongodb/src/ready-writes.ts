// A save turned into what the driver takes, so that nothing can fail on its values within a commit.
import type { RecordId, Write } from '@precall/core';
import { type AnyBulkWriteOperation, ObjectId, type UpdateFilter } from 'mongodb';
import { type RecordDocument, toChange, toDocument, toHistory } from './record-documents.ts';

/** `by` is the token of the save it belongs to. */
export interface ReadyWrite {
  readonly id: RecordId;
  readonly expected: number;
  readonly by: ObjectId;
  readonly operation: AnyBulkWriteOperation<RecordDocument>;
}

/** Well below the 16 MB of a document. One larger than that would be refused by the driver, and its neighbours with it. */
const maxBytes = 8 * 1024 * 1024;

/** Throws a TypeError when a history detail cannot be written as JSON, a RangeError when a write is over 8 MB. */
export function toReadyWrites(writes: readonly Write[]): readonly ReadyWrite[] {
  const by = new ObjectId();
  return writes.map((write) => toReadyWrite(write, by));
}

function toReadyWrite(write: Write, by: ObjectId): ReadyWrite {
  const { expected } = write;
  if ('remove' in write) {
    const id = write.remove;
    return { id, expected, by, operation: { deleteOne: { filter: { _id: id, revision: expected } } } };
  }
  const { put } = write;
  const history = toHistory(write.history);
  const bytes = history.reduce(
    (sum, { detail }) => sum + Buffer.byteLength(detail),
    Buffer.byteLength(put.body),
  );
  if (bytes > maxBytes) throw new RangeError('a record with its new history is over 8 MB');
  if (expected === 0) {
    const document = toDocument(put, { by, history });
    return { id: put.id, expected, by, operation: { insertOne: { document } } };
  }
  const filter = { _id: put.id, revision: expected };
  const update: UpdateFilter<RecordDocument> = toChange(put, { by, history });
  return { id: put.id, expected, by, operation: { updateOne: { filter, update } } };
}
