// A database of a script's own on a MongoDB server, dropped at the end.
import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';

export interface OwnDatabase {
  readonly uri: string;
  drop(): Promise<void>;
}

/** `uri` names the server; whatever database it names is left alone. */
export function ownDatabase(uri: string, prefix: string): OwnDatabase {
  const own = new URL(uri);
  own.pathname = `/${prefix}-${randomUUID().slice(0, 8)}`;
  return {
    uri: own.href,
    async drop() {
      const client = await MongoClient.connect(own.href);
      await client.db().dropDatabase();
      await client.close();
    },
  };
}
