// The Store on MongoDB: for hosts of more than one process, and for those who have a MongoDB anyway.
import {
  Err,
  Ok,
  type PortError,
  type PortResult,
  type Result,
  type SchemaFault,
  type Store,
  type Write,
} from '@precall/core';
import type { Db, MongoClient } from 'mongodb';
import { answered } from './answered.ts';
import { findFaults } from './describe.ts';
import { createGroupSaves } from './group-saves.ts';
import { indexes } from './indexes.ts';
import { createMongoClient, databaseOf } from './mongo-client.ts';
import { toPortError } from './port-error.ts';
import { createRecordReader, type Records } from './read-records.ts';
import { type ReadyWrite, toReadyWrites } from './ready-writes.ts';
import type { RecordDocument } from './record-documents.ts';
import { createRecordWriter, type WriteAnswer } from './write-records.ts';

/** Which MongoDB, by address or by a connected client, and where in it. */
export type MongoStoreOptions = (
  | {
      /** `mongodb://` or `mongodb+srv://`; a client is made, and closed with the store. */
      readonly uri: string;
    }
  | {
      /** One that the server has already; it is left open. */
      readonly client: MongoClient;
    }
) & {
  /** The URI's own unless given, else `precall`. */
  readonly database?: string;
  /** `precall_records` unless given. */
  readonly collection?: string;
};

/**
 * The Store on MongoDB, for any number of processes. A save is journaled on a majority before it is
 * answered.
 */
export interface MongoStore extends Store {
  /** Version, clock, indexes and write concern, each fault with its cure. */
  describe(): PortResult<readonly SchemaFault[]>;
  /** Lets saves under way end. Every later call is `unavailable`. */
  close(): Promise<void>;
}

/** On a store that holds much already an index takes its time. */
const indexPatienceMs = 600_000;
const writesPerCommit = 500;
const commitsAtOnce = 2;

/**
 * Makes the indexes that are missing. `unavailable`: the server does not answer; `rejected`: the credentials, the rights or
 * an index in the way must be mended first. A save is durable once Ok: journaled by a majority. Of a save whose answer
 * was lost, what bears its token is known to have happened; it is never assumed.
 */
export async function openMongoStore(options: MongoStoreOptions): PortResult<MongoStore> {
  const owned = 'uri' in options ? createMongoClient(options.uri) : Ok(null);
  if (owned.isErr()) return owned;
  const client = 'client' in options ? options.client : owned.value;
  if (!client) return Err({ kind: 'rejected', reason: 'neither uri nor client was given' });
  const db = client.db(options.database ?? databaseOf(client));
  const records: Records = db.collection<RecordDocument>(options.collection ?? 'precall_records', {
    writeConcern: { w: 'majority', journal: true },
    readPreference: 'primary',
  });
  try {
    await answered(db.command({ ping: 1 }));
    await answered(records.createIndexes([...indexes]), indexPatienceMs);
  } catch (cause) {
    await owned.value?.close();
    return Err(toPortError(cause));
  }
  return Ok(createMongoStore({ db, records, closeClient: async () => owned.value?.close() }));
}

function createMongoStore({
  db,
  records,
  closeClient,
}: {
  readonly db: Db;
  readonly records: Records;
  readonly closeClient: () => Promise<void>;
}): MongoStore {
  const reader = createRecordReader(records);
  const saves = createGroupSaves<ReadyWrite, WriteAnswer>({
    limit: writesPerCommit,
    atOnce: commitsAtOnce,
    nothing: 'conflict',
    commit: createRecordWriter(records),
  });
  let closed: Promise<void> | null = null;
  const whileOpen =
    <Args extends readonly unknown[], T>(run: (...args: Args) => PortResult<T>) =>
    (...args: Args): PortResult<T> =>
      closed !== null ? Promise.resolve(closedError) : run(...args);

  return {
    find: whileOpen(reader.find),
    findByKey: whileOpen(reader.findByKey),
    due: whileOpen(reader.due),
    nextDueAt: whileOpen(reader.nextDueAt),
    list: whileOpen(reader.list),
    history: whileOpen(reader.history),
    save: whileOpen(async (writes) => {
      const ready = readied(writes);
      return ready.isErr() ? ready : saves.add(ready.value);
    }),
    describe: whileOpen(async () => {
      try {
        return Ok(await answered(findFaults({ db, records }, Date.now)));
      } catch (cause) {
        return Err(toPortError(cause));
      }
    }),
    close: () => (closed ??= saves.drained().then(closeClient)),
  };
}

const closedError = Err({ kind: 'unavailable', reason: 'the store is closed' } as const);

function readied(writes: readonly Write[]): Result<readonly ReadyWrite[], PortError> {
  try {
    return Ok(toReadyWrites(writes));
  } catch (cause) {
    const isTooLarge = cause instanceof RangeError;
    const reason = isTooLarge ? cause.message : 'a history detail is not made of JSON values';
    return Err({ kind: 'rejected', reason });
  }
}
