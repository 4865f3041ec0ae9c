// One connection to MongoDB for both: the store, and Agenda as scheduler.
import { createAgendaScheduler } from '@precall/adapter-agenda';
import { openMongoStore } from '@precall/adapter-mongodb';
import { type Clock, Err, type PortResult, type Scheduler, type Store } from '@precall/core';
import { MongoClient } from 'mongodb';

/** A server that is gone is told of so soon, and is found again by itself. */
const timeoutMs = 5_000;
/** In place of the driver's own, which is a database named `test`. */
const defaultDatabase = 'precall';

export async function connectMongo(
  uri: string,
  clock: Clock,
): PortResult<{ readonly store: Store; readonly scheduler: Scheduler; readonly close: () => Promise<void> }> {
  const client = clientFor(uri);
  if (!client) return Err({ kind: 'rejected', reason: 'it is not written as MongoDB wants it' });
  const { dbName = defaultDatabase } = client.options;
  const database = dbName === 'test' ? defaultDatabase : dbName;
  const opened = await openMongoStore({ client, database });
  if (opened.isErr()) {
    await client.close();
    return opened;
  }
  const store = opened.value;
  const scheduler = createAgendaScheduler({ mongo: client.db(database), clock });
  return opened.map(() => ({
    store,
    scheduler,
    async close() {
      await store.close();
      await client.close();
    },
  }));
}

function clientFor(uri: string): MongoClient | null {
  try {
    return new MongoClient(uri, {
      appName: 'precall',
      serverSelectionTimeoutMS: timeoutMs,
      connectTimeoutMS: timeoutMs,
    });
  } catch {
    return null;
  }
}
