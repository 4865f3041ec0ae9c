// The MongoDB server of the tests: the one MONGODB_URI names, each test with a database of its own on it.
import { randomUUID } from 'node:crypto';
import { type Db, MongoClient } from 'mongodb';
import { afterAll, beforeAll } from 'vitest';

const serverUri = process.env.MONGODB_URI ?? '';
/** Why the tests that need a server are skipped; null: there is one. */
export const noServer = serverUri === '' ? 'no MONGODB_URI: run it with scripts/with-mongod.sh' : null;

/** Databases of their own on one client, dropped after the file's tests. */
export function useDatabases(): () => Db {
  const made: Db[] = [];
  let client: MongoClient | null = null;

  beforeAll(async () => {
    if (noServer === null) client = await MongoClient.connect(serverUri);
  });
  afterAll(async () => {
    for (const db of made) await db.dropDatabase();
    await client?.close();
  });
  return () => {
    if (!client) throw new Error('there is no server');
    const db = client.db(`precall-test-${randomUUID().slice(0, 8)}`);
    made.push(db);
    return db;
  };
}
