// The MongoDB server of the tests: the one MONGODB_URI names, each file with databases of its own on it.
import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { afterAll } from 'vitest';

export const serverUri = process.env.MONGODB_URI ?? '';
/** Why the tests that need a server are skipped; null: there is one. */
export const noServer = serverUri === '' ? 'no MONGODB_URI: run it with scripts/with-mongod.sh' : null;

/** Names of new databases, dropped after the file's tests. */
export function useDatabases(): () => string {
  const names: string[] = [];
  afterAll(async () => {
    if (names.length === 0) return;
    await withClient(async (client) => {
      for (const name of names) await client.db(name).dropDatabase();
    });
  });
  return () => {
    const name = `precall-test-${randomUUID().slice(0, 8)}`;
    names.push(name);
    return name;
  };
}

export async function withClient<T>(run: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = await MongoClient.connect(serverUri);
  try {
    return await run(client);
  } finally {
    await client.close();
  }
}
