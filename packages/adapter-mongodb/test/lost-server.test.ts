// A server that is gone, or whose answers are: nothing is assumed, nothing acknowledged is lost, and it heals by itself.
import { performance } from 'node:perf_hooks';
import { type RecordId, type Stored, Temporal } from '@precall/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type MongoStore, openMongoStore } from '../src/index.ts';
import { startCuttingProxy } from './cutting-proxy.ts';
import { noBinary, startMongod } from './own-mongod.ts';
import { newDatabase, noServer, serverUri } from './test-server.ts';

const noon = Temporal.Instant.from('2026-03-02T12:00:00Z');
const opened: MongoStore[] = [];
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

async function open(uri: string, database = 'precall'): Promise<MongoStore> {
  const store = (await openMongoStore({ uri, database })).unwrap();
  opened.push(store);
  return store;
}

function record(name: string, revision = 1): Stored {
  return {
    id: `booking:${name}` as RecordId,
    kind: 'booking',
    version: 1,
    revision,
    changedAt: noon,
    lanes: { mail: noon, crm: null, forget: null },
    keys: [],
    body: `{"revision":${revision}}`,
  };
}

const put = (name: string, revision = 1) => ({
  put: record(name, revision),
  expected: revision - 1,
  history: [{ at: noon, what: 'booked', detail: {} }],
});

describe.skipIf(noServer !== null)(`a lost answer${noServer ? ` (skipped: ${noServer})` : ''}`, () => {
  async function behindProxy() {
    const { hostname, port } = new URL(serverUri);
    const proxy = await startCuttingProxy({ host: hostname, port: Number(port) });
    const uri = `mongodb://127.0.0.1:${proxy.port}/?directConnection=true`;
    return { proxy, store: await open(uri, newDatabase()) };
  }

  it.each(['insert', 'update'])('to an %s is found out, and the write happened once', async (word) => {
    const { proxy, store } = await behindProxy();
    if (word === 'update') (await store.save([put('a'), put('b')])).unwrap();
    const revision = word === 'update' ? 2 : 1;
    proxy.cutAnswersTo(word, 1);
    expect((await store.save([put('a', revision), put('b', revision)])).unwrap()).toEqual(['saved', 'saved']);
    expect(proxy.cut).toBe(1);
    const found = (await store.find([record('a').id, record('b').id])).unwrap();
    expect(found.map((one) => one.revision)).toEqual([revision, revision]);
    const history = (await store.history(record('a').id, { limit: 9, cursor: null })).unwrap();
    expect(history.items).toHaveLength(revision);
    await store.close();
    await proxy.stop();
  });

  it('to a compare-and-set that had lost is a conflict all the same', async () => {
    const { proxy, store } = await behindProxy();
    (await store.save([put('a')])).unwrap();
    (await store.save([put('a', 2)])).unwrap();
    proxy.cutAnswersTo('update', 1);
    expect((await store.save([put('a', 2)])).unwrap()).toEqual(['conflict']);
    await store.close();
    await proxy.stop();
  });
});

describe.skipIf(noBinary !== null)(`a single server${noBinary ? ` (skipped: ${noBinary})` : ''}`, () => {
  it('that hangs is told of within seconds, and used again as soon as it answers', async () => {
    const mongod = await startMongod();
    const store = await open(mongod.uri);
    (await store.save([put('before')])).unwrap();
    mongod.signal('SIGSTOP');
    const startedMs = performance.now();
    const [read, saved] = await Promise.all([store.find([record('before').id]), store.save([put('during')])]);
    expect(read.unwrapErr().kind).toBe('unavailable');
    expect(['unavailable', 'unknown']).toContain(saved.unwrapErr().kind);
    expect(performance.now() - startedMs).toBeLessThan(15_000);
    mongod.signal('SIGCONT');
    expect((await store.save([put('after')])).unwrap()).toEqual(['saved']);
    await mongod.end();
  });

  it('that is killed with -9 has lost nothing that was acknowledged when it is back', async () => {
    const mongod = await startMongod();
    const store = await open(mongod.uri);
    const acknowledged: RecordId[] = [];
    let isDead: boolean = false;
    const write = async (writer: number): Promise<void> => {
      for (let count = 0; !isDead; count += 1) {
        const one = put(`${writer}-${count}`);
        const saved = await store.save([one]);
        if (saved.isOk()) acknowledged.push(one.put.id);
      }
    };
    const writers = Promise.all(Array.from({ length: 16 }, (_, writer) => write(writer)));
    while (acknowledged.length < 300) await store.nextDueAt('mail');
    await mongod.killAndStart();
    isDead = true;
    await writers;
    const found = (await store.find(acknowledged)).unwrap();
    expect(found).toHaveLength(acknowledged.length);
    await mongod.end();
  });

  it('that cannot be reached at the start is unavailable, and said so within seconds', async () => {
    const mongod = await startMongod();
    await mongod.end();
    expect((await openMongoStore({ uri: mongod.uri })).unwrapErr().kind).toBe('unavailable');
  });
});
