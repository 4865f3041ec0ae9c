// One connection to MongoDB for both: the store, and Agenda as scheduler.
import { createAgendaScheduler } from '@precall/adapter-agenda';
import { createMongoClient, databaseOf, openMongoStore } from '@precall/adapter-mongodb';
import type { Clock, PortResult, Scheduler, Store } from '@precall/core';

export async function connectMongo(
  uri: string,
  clock: Clock,
): PortResult<{ readonly store: Store; readonly scheduler: Scheduler; readonly close: () => Promise<void> }> {
  const made = createMongoClient(uri);
  if (made.isErr()) return made;
  const client = made.value;
  const opened = await openMongoStore({ client });
  if (opened.isErr()) {
    await client.close();
    return opened;
  }
  const store = opened.value;
  const scheduler = createAgendaScheduler({ mongo: client.db(databaseOf(client)), clock });
  return opened.map(() => ({
    store,
    scheduler,
    async close() {
      await store.close();
      await client.close();
    },
  }));
}
