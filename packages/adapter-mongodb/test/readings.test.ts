// Every reading is answered from its index, in order, without looking at more than it gives.
import { Temporal } from '@precall/core';
import type { Db } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { openMongoStore } from '../src/index.ts';
import { noon, put, record } from './sample-writes.ts';
import { noServer, useDatabases, withClient } from './test-server.ts';

const size = 1_000;
const limit = 10;
const ties = 2;

describe.skipIf(noServer !== null)(`readings${noServer ? ` (skipped: ${noServer})` : ''}`, () => {
  const newDatabase = useDatabases();

  it('look at no more than a page of records, in the order of an index', async () => {
    await withClient(async (client) => {
      const database = newDatabase();
      const store = (await openMongoStore({ client, database })).unwrap();
      const writes = Array.from({ length: size }, (_, name) => {
        const at = noon.add({ seconds: name % 700 });
        const stored = { ...record(`${name}`), changedAt: at, lanes: { mail: at, crm: null, forget: null } };
        return { ...put(`${name}`), put: stored };
      });
      (await store.save(writes)).unwrap();
      const key = record('0').keys[0];
      if (!key) throw new Error('the sample has a key');
      const page = { limit, cursor: null };
      const by = noon.add({ hours: 1 });
      const seen = await profiled(client.db(database), async () => {
        for (const read of [
          (cursor: string | null) => store.due('mail', by, { limit, cursor }),
          (cursor: string | null) => store.list('booking', { limit, cursor }),
          (cursor: string | null) => store.findByKey(key, { limit, cursor }),
        ]) {
          const first = (await read(null)).unwrap();
          (await read(first.next)).unwrap();
        }
        (await store.due('crm', by, page)).unwrap();
        (await store.nextDueAt('mail')).unwrap();
        (await store.nextDueAt('forget')).unwrap();
        (await store.find([record('1').id, record('missing').id])).unwrap();
        (await store.history(record('1').id, page)).unwrap();
      });
      expect(seen).toHaveLength(11);
      for (const { planSummary, hasSortStage, keysExamined, docsExamined } of seen) {
        expect(planSummary).toMatch(/^(IXSCAN|IDHACK)/);
        expect(hasSortStage).toBeUndefined();
        // One more than the page tells whether it is the last; the second begins at a tie with the first.
        expect(docsExamined).toBeLessThanOrEqual(limit + 1 + ties);
        expect(keysExamined).toBeLessThanOrEqual(limit + 1 + ties + 1);
      }
      await store.close();
    });
  });

  it('take moments before 1970 and far ahead', async () => {
    await withClient(async (client) => {
      const store = (await openMongoStore({ client, database: newDatabase() })).unwrap();
      const early = Temporal.Instant.from('1901-12-13T20:45:51.001Z');
      const late = Temporal.Instant.from('9999-12-31T23:59:59.999Z');
      const at = (name: string, mail: Temporal.Instant) => ({
        ...put(name),
        put: { ...record(name), lanes: { mail, crm: null, forget: null } },
      });
      (await store.save([at('late', late), at('early', early)])).unwrap();
      const { items } = (await store.due('mail', late, { limit, cursor: null })).unwrap();
      expect(items.map(({ lanes }) => `${lanes.mail}`)).toEqual([`${early}`, `${late}`]);
      await store.close();
    });
  });
});

/** What the server noted of the reading commands that `run` made. */
async function profiled(db: Db, run: () => Promise<void>) {
  await db.command({ profile: 2 });
  await run();
  await db.command({ profile: 0 });
  return await db
    .collection('system.profile')
    .find({ op: 'query', ns: `${db.databaseName}.precall_records` })
    .toArray();
}
