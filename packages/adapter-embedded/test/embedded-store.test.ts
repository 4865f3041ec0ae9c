import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type PortResult, type Store, statusKey } from '@precall/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEmbeddedStore } from '../src/embedded-store.ts';
import { fileName, openDatabase } from '../src/open-database.ts';
import { minute, put, sampleOf } from './sample-record.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A store together with the connection beneath it. */
function openBoth() {
  const folder = temporaryFolder();
  const database = openDatabase(folder).unwrap();
  const store = createEmbeddedStore(database, folder);
  onTestFinished(() => store.close());
  return { store, database, log: join(folder, `${fileName}-wal`) };
}

const named = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => sampleOf(`${prefix}-${index}`));

async function errorOf(result: PortResult<unknown>): Promise<unknown> {
  return (await result).unwrapErr();
}

describe('save', () => {
  it('lets saves made in one turn share a commit: they write less to the log than one after another', async () => {
    const { store, log } = openBoth();
    const sizeOf = async (saving: () => Promise<unknown>) => {
      const before = statSync(log).size;
      await saving();
      return statSync(log).size - before;
    };
    const together = await sizeOf(() =>
      Promise.all(named('together', 32).map((record) => store.save([put(record)]))),
    );
    const apart = await sizeOf(async () => {
      for (const record of named('apart', 32)) await store.save([put(record)]);
    });
    expect(together).toBeLessThan(apart / 4);
  });

  it('answers the second of two saves of one turn from what the first left', async () => {
    const { store } = openBoth();
    const record = sampleOf('contended');
    const answers = await Promise.all([
      store.save([put(record)]),
      store.save([put({ ...record, body: '"late"' })]),
      store.save([put({ ...record, revision: 2, body: '"next"' })]),
    ]);
    expect(answers.map((answer) => answer.unwrap())).toEqual([['saved'], ['conflict'], ['saved']]);
    expect((await store.find([record.id])).unwrap()[0]?.body).toBe('"next"');
  });

  it('answers unavailable when the disk is full, keeps nothing of that save, and works again with room', async () => {
    const { store, database } = openBoth();
    (await store.save([put(sampleOf('before'))])).unwrap();
    const pages = database.prepare('pragma page_count').raw(true).get();
    database.exec(`pragma max_page_count = ${Array.isArray(pages) ? pages[0] + 2 : 0}`);
    const big = named('big', 20).map((record) => put({ ...record, body: 'x'.repeat(8000) }));
    expect(await errorOf(store.save(big))).toEqual({
      kind: 'unavailable',
      reason: 'the store could not write (SQLITE_FULL)',
    });
    expect((await store.list('booking', { limit: 10, cursor: null })).unwrap().items).toHaveLength(1);
    database.exec('pragma max_page_count = 100000');
    expect((await store.save(big)).unwrap()).toEqual(big.map(() => 'saved'));
  });

  it('answers unknown when the commit itself fails, and goes on with the next', async () => {
    const { store, database } = openBoth();
    database.exec(`pragma foreign_keys = on;
      create table parent (id integer primary key);
      create table child (parent integer references parent(id) deferrable initially deferred);
      create trigger orphan after insert on record when new.body = 'orphan'
      begin insert into child values (1); end`);
    expect(await errorOf(store.save([put(sampleOf('lost', { body: 'orphan' }))]))).toEqual({
      kind: 'unknown',
      reason: 'the store could not write (SQLITE_CONSTRAINT_FOREIGNKEY)',
    });
    expect((await store.save([put(sampleOf('next'))])).unwrap()).toEqual(['saved']);
  });

  it('answers rejected to a history detail that is not JSON, without harm to others of the same turn', async () => {
    const { store } = openBoth();
    const faulty = { ...put(sampleOf('faulty')), history: [{ at: minute(0), what: 'x', detail: { n: 1n } }] };
    const [bad, good] = await Promise.all([store.save([faulty]), store.save([put(sampleOf('good'))])]);
    expect(bad.unwrapErr().kind).toBe('rejected');
    expect(good.unwrap()).toEqual(['saved']);
  });
});

describe('findByKey', () => {
  it('gives the same order for a key that thousands carry as for a rare one', async () => {
    const { store } = openBoth();
    const records = Array.from({ length: 4100 }, (_, index) =>
      sampleOf(`${index}`, {
        kind: index % 3 ? 'booking' : 'person',
        changedAt: minute((index * 7919) % 1000),
        keys: [statusKey('common'), ...(index % 100 ? [] : [statusKey('rare')])],
      }),
    );
    (await store.save(records.map(put))).unwrap();
    const common = await everyIdBy(store, 'common');
    const rare = await everyIdBy(store, 'rare');
    const rareIds = new Set(rare);
    expect(common).toHaveLength(4100);
    expect(common.filter((id) => rareIds.has(id))).toEqual(rare);
    expect(rare).toHaveLength(41);
  });
});

async function everyIdBy(store: Store, status: string): Promise<readonly string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Store['findByKey']>> = await store.findByKey(statusKey(status), {
      limit: 37,
      cursor,
    });
    ids.push(...page.unwrap().items.map(({ id }) => id));
    cursor = page.unwrap().next;
  } while (cursor !== null);
  return ids;
}

describe('a cursor', () => {
  it.each([
    '',
    'x',
    'due-mail.1',
    'due-mail.1.1; drop table record',
    'due-mail.99999999999999999.1',
    'due-mail.9999999999999999.1',
    'due-crm.1.1',
    'list-booking.1.1',
    '{"at":1}',
  ])('that is not one of the reading is rejected: %j', async (cursor) => {
    const { store } = openBoth();
    expect(await errorOf(store.due('mail', minute(0), { limit: 10, cursor }))).toMatchObject({
      kind: 'rejected',
    });
  });

  it('that is an own one goes on after the last item', async () => {
    const { store } = openBoth();
    (await store.save(named('due', 3).map(put))).unwrap();
    const first = (await store.due('mail', minute(60), { limit: 2, cursor: null })).unwrap();
    const second = (await store.due('mail', minute(60), { limit: 2, cursor: first.next })).unwrap();
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(
      named('due', 3).map(({ id }) => id),
    );
    expect(second.next).toBeNull();
  });
});

describe('close', () => {
  it('saves first what waits, and makes every later call unavailable', async () => {
    const { store } = openBoth();
    const waiting = store.save([put(sampleOf('waiting'))]);
    await Promise.all([store.close(), store.close()]);
    expect((await waiting).unwrap()).toEqual(['saved']);
    const gone = { kind: 'unavailable', reason: 'the store is closed' };
    expect(await errorOf(store.save([put(sampleOf('late'))]))).toEqual(gone);
    expect(await errorOf(store.find([]))).toEqual(gone);
    expect(await errorOf(store.backup('/nowhere'))).toEqual(gone);
  });
});

describe('a reading in pages', () => {
  it('leaves the event loop to others between one page and the next', async () => {
    const { store } = openBoth();
    (await store.save(named('paged', 40).map((record) => put(record)))).unwrap();
    let turns = 0;
    const turning = setInterval(() => {
      turns += 1;
    }, 0);
    let pages = 0;
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<Store['list']>> = await store.list('booking', { limit: 1, cursor });
      cursor = page.unwrap().next;
      pages += 1;
      // Long enough for the timer to be due.
      for (const begun = performance.now(); performance.now() - begun < 2; );
    } while (cursor !== null);
    clearInterval(turning);
    expect(pages).toBe(40);
    expect(turns).toBeGreaterThanOrEqual(pages - 2);
  });
});
