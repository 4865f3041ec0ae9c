// One commit: inserts, compare-and-sets and removals, each kind at one go, told apart per write.
import { Err, Ok, type PortError, type RecordId, type Result, type Write } from '@precall/core';
import {
  type AnyBulkWriteOperation,
  type BulkWriteResult,
  MongoBulkWriteError,
  type UpdateFilter,
} from 'mongodb';
import { answered } from './answered.ts';
import { mayHaveHappened, toPortError } from './port-error.ts';
import type { Records } from './read-records.ts';
import { type RecordDocument, toChange, toDocument, toHistory } from './record-documents.ts';

export type WriteAnswer = 'saved' | 'conflict';

/** A write ready to be made: nothing can fail on its values any more. `by` is the token of the save it belongs to. */
export interface ReadyWrite {
  readonly id: RecordId;
  readonly expected: number;
  readonly by: string;
  readonly operation: AnyBulkWriteOperation<RecordDocument>;
}

/** Throws a TypeError when a history detail cannot be written as JSON. */
export function toReadyWrite(write: Write, by: string): ReadyWrite {
  const { expected } = write;
  if ('remove' in write) {
    const id = write.remove;
    return { id, expected, by, operation: { deleteOne: { filter: { _id: id, revision: expected } } } };
  }
  const { put } = write;
  const history = toHistory(write.history);
  if (expected === 0) {
    const document = { ...toDocument(put, by), history };
    return { id: put.id, expected, by, operation: { insertOne: { document } } };
  }
  const update: UpdateFilter<RecordDocument> = toChange(put, by);
  if (history.length > 0) update.$push = { history: { $each: [...history] } };
  const filter = { _id: put.id, revision: expected };
  return { id: put.id, expected, by, operation: { updateOne: { filter, update } } };
}

/** For the look at whether a save happened whose answer was lost: whoever asked has waited already. */
const rereadPatienceMs = 2_000;

type Committed = Promise<Result<readonly WriteAnswer[], PortError>>;

/** Durable once Ok. Writes of one record may be among `writes` more than once: at most one of them is saved. */
export function createRecordWriter(records: Records): (writes: readonly ReadyWrite[]) => Committed {
  return async (writes) => {
    const answers = new Map<ReadyWrite, WriteAnswer>();
    const errors = await Promise.all([
      insert(writes.filter(({ operation }) => 'insertOne' in operation)),
      update(writes.filter(({ operation }) => 'updateOne' in operation)),
      ...writes.filter(({ operation }) => 'deleteOne' in operation).map(remove),
    ]);
    const error = errors.find((one) => one !== null);
    return error ? Err(error) : Ok(writes.map((write) => answers.get(write) ?? 'conflict'));

    /** E11000 is a conflict: the record, or one of the same id in the same commit, was there first. */
    async function insert(inserts: readonly ReadyWrite[]): Promise<PortError | null> {
      if (inserts.length === 0) return null;
      try {
        await bulk(inserts);
        return note(inserts, () => true);
      } catch (cause) {
        if (!(cause instanceof MongoBulkWriteError) || !isMadeOfDuplicates(cause))
          return settle(inserts, cause);
        const faulty = new Set([cause.writeErrors].flat().map(({ index }) => index));
        return note(inserts, (_, index) => !faulty.has(index));
      }
    }

    /** The server tells only how many it matched: when some were not, one look tells whose token stands where. */
    async function update(updates: readonly ReadyWrite[]): Promise<PortError | null> {
      if (updates.length === 0) return null;
      try {
        const { matchedCount } = await bulk(updates);
        if (matchedCount === updates.length) return note(updates, () => true);
        if (matchedCount === 0) return null;
        const mine = await written(updates);
        return note(updates, (write) => mine.has(write));
      } catch (cause) {
        return settle(updates, cause);
      }
    }

    /** A removal leaves no token behind: each is asked for alone. Records are seldom removed. */
    async function remove(removal: ReadyWrite): Promise<PortError | null> {
      try {
        const { deletedCount } = await answered(
          records.deleteOne({ _id: removal.id, revision: removal.expected }),
        );
        return note([removal], () => deletedCount === 1);
      } catch (cause) {
        return errorOf(cause);
      }
    }

    /** After an answer that never came: what bears our token happened; of the rest nothing is known. */
    async function settle(unsure: readonly ReadyWrite[], cause: unknown): Promise<PortError | null> {
      if (!mayHaveHappened(cause)) return toPortError(cause);
      try {
        const mine = await written(unsure);
        if (mine.size === unsure.length) return note(unsure, () => true);
      } catch {
        // The server is away still.
      }
      return errorOf(cause);
    }

    function note(some: readonly ReadyWrite[], isSaved: (write: ReadyWrite, index: number) => boolean): null {
      for (const [index, write] of some.entries())
        answers.set(write, isSaved(write, index) ? 'saved' : 'conflict');
      return null;
    }
  };

  function bulk(some: readonly ReadyWrite[]): Promise<BulkWriteResult> {
    return answered(
      records.bulkWrite(
        some.map(({ operation }) => operation),
        { ordered: false },
      ),
    );
  }

  async function written(some: readonly ReadyWrite[]): Promise<ReadonlySet<ReadyWrite>> {
    const ids = some.map(({ id }) => id);
    const standing = records.find({ _id: { $in: ids } }, { projection: { by: 1, revision: 1 } });
    const found = await answered(standing.toArray(), rereadPatienceMs);
    const stands = new Map(found.map(({ _id, by, revision }) => [_id, { by, revision }]));
    return new Set(
      some.filter(({ id, by, expected }) => {
        const now = stands.get(id);
        return now?.by === by && now.revision === expected + 1;
      }),
    );
  }
}

function isMadeOfDuplicates({ writeErrors, result }: MongoBulkWriteError): boolean {
  const errors = [writeErrors].flat();
  return errors.length > 0 && errors.every(({ code }) => code === 11000) && !result.getWriteConcernError();
}

function errorOf(cause: unknown): PortError {
  const error = toPortError(cause);
  return mayHaveHappened(cause) ? { kind: 'unknown', reason: error.reason } : error;
}
