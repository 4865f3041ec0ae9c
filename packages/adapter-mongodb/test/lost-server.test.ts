// A server that is gone, or whose answers are: nothing is assumed, nothing acknowledged is lost, and it heals by itself.
import { performance } from 'node:perf_hooks';
import type { RecordId } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { type MongoStore, openMongoStore } from '../src/index.ts';
import { startCuttingProxy } from './cutting-proxy.ts';
import { noBinary, startMongod } from './own-mongod.ts';
import { put, record } from './sample-writes.ts';
import { noServer, serverUri, useDatabases } from './test-server.ts';

async function open(uri: string, database = 'precall'): Promise<MongoStore> {
  return (await openMongoStore({ uri, database })).unwrap();
}

describe.skipIf(noServer !== null)(`a lost answer${noServer ? ` (skipped: ${noServer})` : ''}`, () => {
  const newDatabase = useDatabases();

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

const withoutBinary = noBinary ? ` (skipped: ${noBinary})` : '';
describe.skipIf(noBinary !== null)(`a single server${withoutBinary}`, { concurrent: true }, () => {
  it('that hangs is told of within seconds, and used again as soon as it answers', async () => {
    const mongod = await startMongod();
    const store = await open(mongod.uri);
    (await store.save([put('before')])).unwrap();
    await mongod.hang();
    const startedMs = performance.now();
    const [read, saved] = await Promise.all([store.find([record('before').id]), store.save([put('during')])]);
    expect(read.unwrapErr().kind).toBe('unavailable');
    // It was sent: the server will make it when it goes on. What is asked for from then on is not.
    expect(saved.unwrapErr().kind).toBe('unknown');
    expect((await store.save([put('not sent')])).unwrapErr().kind).toBe('unavailable');
    expect(performance.now() - startedMs).toBeLessThan(15_000);
    mongod.goOn();
    expect((await store.save([put('after')])).unwrap()).toEqual(['saved']);
    expect((await store.find([record('not sent').id])).unwrap()).toEqual([]);
    await store.close();
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
    await store.close();
    await mongod.end();
  });

  it('that is not there at the start is unavailable within seconds', async () => {
    const startedMs = performance.now();
    const error = (await openMongoStore({ uri: 'mongodb://127.0.0.1:9' })).unwrapErr();
    expect(error.kind).toBe('unavailable');
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });
});
