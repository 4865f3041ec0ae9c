// The MongoDB server of the tests: the one MONGODB_URI names, each file with databases of its own on it.
import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { afterAll } from 'vitest';

export const serverUri = process.env.MONGODB_URI ?? '';
/** Why the tests that need a server are skipped; null: there is one. */
export const noServer = serverUri === '' ? 'no MONGODB_URI: run it with scripts/with-mongod.sh' : null;

const databases = new Set<string>();

/** The name of a new database, dropped after the file's tests. */
export function newDatabase(): string {
  const name = `precall-test-${randomUUID().slice(0, 8)}`;
  databases.add(name);
  return name;
}

export async function withClient<T>(run: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = await MongoClient.connect(serverUri);
  try {
    return await run(client);
  } finally {
    await client.close();
  }
}

afterAll(async () => {
  if (databases.size === 0) return;
  await withClient(async (client) => {
    for (const name of databases) await client.db(name).dropDatabase();
  });
});
