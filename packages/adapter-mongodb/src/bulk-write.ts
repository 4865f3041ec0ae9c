// One bulk write, and what it told of its writes.
import { type AnyBulkWriteOperation, MongoBulkWriteError } from 'mongodb';
import { answered } from './answered.ts';
import type { Records } from './read-records.ts';
import type { RecordDocument } from './record-documents.ts';

/** `refused`: the codes of writes that the server refused by themselves, by their index; these surely did not happen. */
export type BulkOutcome =
  | {
      /** The rest is done, and durable. */
      readonly kind: 'heard';
      readonly refused: ReadonlyMap<number, number>;
      /** How many of the rest found the record as they expected it. */
      readonly applied: number;
    }
  | {
      /** Nothing is known of the rest, or it is not durable yet. */
      readonly kind: 'unheard';
      readonly refused: ReadonlyMap<number, number>;
      readonly cause: unknown;
    };

/** Never rejects. Unordered: one that is refused stops no other. */
export async function bulkWrite(
  records: Records,
  operations: AnyBulkWriteOperation<RecordDocument>[],
): Promise<BulkOutcome> {
  try {
    const done = await answered(records.bulkWrite(operations, { ordered: false }));
    return { kind: 'heard', refused: new Map(), applied: done.insertedCount + done.matchedCount };
  } catch (cause) {
    if (!(cause instanceof MongoBulkWriteError)) return { kind: 'unheard', refused: new Map(), cause };
    const refused = new Map([cause.writeErrors].flat().map(({ index, code }) => [index, code] as const));
    const isWhole = refused.size > 0 && !cause.result.getWriteConcernError();
    if (!isWhole) return { kind: 'unheard', refused, cause };
    return { kind: 'heard', refused, applied: cause.insertedCount + cause.matchedCount };
  }
}
