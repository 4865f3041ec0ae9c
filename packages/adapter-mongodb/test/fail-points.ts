// Faults that the server itself makes, for the commands of one client only. A server offers them when it was started
// with enableTestCommands, as scripts/with-mongod.sh does. It has one such fault at a time.
import { randomUUID } from 'node:crypto';
import { type Document, MongoClient } from 'mongodb';
import { noServer, serverUri, withClient } from './test-server.ts';

export interface FaultyClient {
  readonly client: MongoClient;
  /** The next `times` of these commands end so. */
  fail(commands: readonly string[], times: number, how: Document): Promise<void>;
  heal(): Promise<void>;
  close(): Promise<void>;
}

/** Why tests with such faults are skipped; null: the server offers them. */
export async function noFailPoints(): Promise<string | null> {
  if (noServer !== null) return noServer;
  const isOffered = await withClient((client) =>
    client.db('admin').command({ getParameter: 1, enableTestCommands: 1 }),
  )
    .then(({ enableTestCommands }) => Boolean(enableTestCommands))
    .catch(() => false);
  return isOffered ? null : 'the server was started without enableTestCommands';
}

export async function connectFaulty(): Promise<FaultyClient> {
  const appName = `precall-test-${randomUUID().slice(0, 8)}`;
  const client = await MongoClient.connect(serverUri, { appName });
  const admin = await MongoClient.connect(serverUri);
  const configure = async (mode: Document | string, data: Document = {}) => {
    await admin.db('admin').command({ configureFailPoint: 'failCommand', mode, data });
  };
  return {
    client,
    fail: (failCommands, times, how) => configure({ times }, { failCommands, appName, ...how }),
    heal: () => configure('off'),
    async close() {
      await admin.close();
      await client.close();
    },
  };
}
