// A MongoDB database for one run, on the server of `MONGODB_URI` (scripts/with-mongod.sh starts one).
import { randomUUID } from 'node:crypto';
import { type MongoStore, openMongoStore } from '@precall/adapter-mongodb';
import { type Db, MongoClient, type MongoClientOptions } from 'mongodb';

/** Why these benchmarks cannot run; null: they can. */
export function mongoIsMissing(): string | null {
  return process.env.MONGODB_URI
    ? null
    : 'there is no MONGODB_URI; scripts/with-mongod.sh runs a command with one';
}

/** Journaled by a majority, for whoever says nothing else: the durability of Precall's store. */
export const durably: MongoClientOptions = {
  writeConcern: { w: 'majority', journal: true },
  maxPoolSize: 100,
};

export async function inDatabase<T>(run: (db: Db, client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(process.env.MONGODB_URI ?? '', durably);
  const db = client.db(`bench_${randomUUID().slice(0, 8)}`);
  try {
    return await run(db, client);
  } finally {
    await db.dropDatabase();
    await client.close();
  }
}

export async function storeIn(db: Db, client: MongoClient): Promise<MongoStore> {
  const store = await openMongoStore({ client, database: db.databaseName });
  if (store.isErr()) throw new Error(store.error.reason);
  return store.value;
}
