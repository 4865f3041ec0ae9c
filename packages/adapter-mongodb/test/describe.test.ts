// What the doctor is told about a server, and whose connection it is.
import { describe, expect, it } from 'vitest';
import { findFaults } from '../src/describe.ts';
import { openMongoStore } from '../src/index.ts';
import type { RecordDocument } from '../src/record-documents.ts';
import { put, record } from './sample-writes.ts';
import { noServer, serverUri, useDatabases, withClient } from './test-server.ts';

describe('openMongoStore', () => {
  it.each(['', 'http://127.0.0.1', 'mongodb://[', 'mongodb://a:b:c@/'])(
    'rejects what is no URI of MongoDB: %j',
    async (uri) => {
      const error = (await openMongoStore({ uri })).unwrapErr();
      expect(error).toEqual({ kind: 'rejected', reason: 'the URI is none that MongoDB takes' });
    },
  );
});

describe.skipIf(noServer !== null)(`on a server${noServer ? ` (skipped: ${noServer})` : ''}`, () => {
  const newDatabase = useDatabases();

  it('finds no fault with a new store', async () => {
    const store = (await openMongoStore({ uri: serverUri, database: newDatabase() })).unwrap();
    expect((await store.describe()).unwrap()).toEqual([]);
    await store.close();
  });

  it('names a missing index, one that only bears its name, and a clock that is wrong', async () => {
    await withClient(async (client) => {
      const db = client.db(newDatabase());
      const store = (await openMongoStore({ client, database: db.databaseName })).unwrap();
      const records = db.collection<RecordDocument>('precall_records');
      await records.dropIndex('precall_keys');
      await records.dropIndex('precall_mail');
      await records.createIndex({ mailAt: 1, _id: 1 }, { name: 'precall_mail' });
      const faults = await findFaults({ db, records }, () => Date.now() - 5_000);
      expect(faults.map(({ where }) => where)).toEqual(['clock', 'index precall_mail', 'index precall_keys']);
      expect(faults[0]?.fault).toContain('ahead of');
      await store.close();
    });
  });

  it('leaves a borrowed client open, and answers nothing once closed', async () => {
    await withClient(async (client) => {
      const database = newDatabase();
      const store = (await openMongoStore({ client, database })).unwrap();
      const saving = store.save([put('last')]);
      await store.close();
      expect((await saving).unwrap()).toEqual(['saved']);
      expect((await store.find([record('last').id])).unwrapErr().kind).toBe('unavailable');
      expect((await store.save([put('later')])).unwrapErr().kind).toBe('unavailable');
      const again = (await openMongoStore({ client, database })).unwrap();
      expect((await again.find([record('last').id])).unwrap()).toHaveLength(1);
      await again.close();
    });
  });

  it('refuses an index in the way, and says so', async () => {
    await withClient(async (client) => {
      const database = newDatabase();
      await client
        .db(database)
        .collection('precall_records')
        .createIndex({ kind: 1 }, { name: 'precall_keys' });
      expect((await openMongoStore({ client, database })).unwrapErr().kind).toBe('rejected');
    });
  });
});
