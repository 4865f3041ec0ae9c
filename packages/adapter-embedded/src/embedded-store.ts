// The embedded default: the Store in one local file, for one host at a time.
import { Err, Ok, type PortError, type PortResult, type Result, type Store } from '@precall/core';
import { backUp } from './backup.ts';
import { createGroupCommit } from './group-commit.ts';
import {
  codeOf,
  type Database,
  giveUp,
  openDatabase,
  releaseDatabase,
  type StoreFault,
} from './open-database.ts';
import { createRecordReader } from './read-records.ts';
import { type RowWrite, toRowWrite } from './rows.ts';
import { createRecordWriter, type WriteAnswer } from './write-records.ts';

/** A page of fifty due bookings with the notes on their people; about five milliseconds of a blocked loop. */
const writesPerCommit = 100;

/** The Store in one file, of one process at a time. What is saved is on disk before the save is answered. */
export interface EmbeddedStore extends Store {
  /**
   * A copy of everything saved so far, made while the store is in use; it opens as a store's file. `to` is replaced if it
   * exists, and untouched on an error. One at a time: `unavailable` meanwhile.
   */
  backup(to: string): PortResult<void>;
  /** Saves what waits, gives up a running backup and frees the file. Every later call is `unavailable`. */
  close(): Promise<void>;
}

/**
 * Opens (or makes) `folder/precall.db` and locks it; a second host is refused at once.
 * A save of at most 100 writes is saved whole or not at all.
 */
export function openEmbeddedStore({
  folder,
}: {
  readonly folder: string;
}): Result<EmbeddedStore, StoreFault> {
  return openDatabase(folder).andThen((database): Result<EmbeddedStore, StoreFault> => {
    try {
      return Ok(createEmbeddedStore(database, folder));
    } catch (cause) {
      return giveUp(database, folder, cause);
    }
  });
}

export function createEmbeddedStore(database: Database, folder: string): EmbeddedStore {
  const reader = createRecordReader(database);
  const queue = createGroupCommit<RowWrite, WriteAnswer>({
    limit: writesPerCommit,
    commit: createRecordWriter(database),
  });
  const closing = new AbortController();
  let backingUp: PortResult<void> | null = null;
  let closed: Promise<void> | null = null;

  return {
    find: (ids) => inTurn(() => Ok(reader.find(ids))),
    findByKey: (key, page) => inTurn(() => reader.findByKey(key, page)),
    due: (lane, by, page) => inTurn(() => reader.due(lane, by, page)),
    nextDueAt: async (lane) => read(() => Ok(reader.nextDueAt(lane))),
    list: (kind, page) => inTurn(() => reader.list(kind, page)),
    async save(writes) {
      if (closed !== null) return closedError();
      try {
        return await queue.add(writes.map(toRowWrite));
      } catch {
        return Err({ kind: 'rejected', reason: 'a history detail is not made of JSON values' });
      }
    },
    history: (id, page) => inTurn(() => reader.history(id, page)),
    async backup(to) {
      if (closed !== null) return closedError();
      if (backingUp !== null) return Err({ kind: 'unavailable', reason: 'a backup is being made already' });
      backingUp = backUp(database, { folder, to, signal: closing.signal });
      const result = await backingUp;
      backingUp = null;
      return result;
    },
    close: () => (closed ??= close()),
  };

  async function close(): Promise<void> {
    closing.abort();
    await Promise.all([queue.drained(), backingUp]);
    releaseDatabase(database);
  }

  /** Of pages somebody may read one after the other, hundreds of them: what waits for the event loop comes in between. */
  async function inTurn<T>(reading: () => Result<T, PortError>): PortResult<T> {
    await new Promise(setImmediate);
    return read(reading);
  }

  function read<T>(reading: () => Result<T, PortError>): Result<T, PortError> {
    if (closed !== null) return closedError();
    try {
      return reading();
    } catch (cause) {
      return Err({ kind: 'unavailable', reason: `the store could not be read (${codeOf(cause)})` });
    }
  }
}

function closedError(): Err<PortError> {
  return Err({ kind: 'unavailable', reason: 'the store is closed' });
}
