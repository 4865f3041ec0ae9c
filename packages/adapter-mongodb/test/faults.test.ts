// What the server says, half says, or says too early: each write is told as what became of it.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type MongoStore, openMongoStore } from '../src/index.ts';
import { connectFaulty, type FaultyClient, noFailPoints } from './fail-points.ts';
import { noon, put, record } from './sample-writes.ts';
import { noServer, useDatabases, withClient } from './test-server.ts';

const noFaults = await noFailPoints();
const notReplicated = { writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' } };
const dropped = { closeConnection: true };

describe.skipIf(noFaults !== null)(`a save${noFaults ? ` (skipped: ${noFaults})` : ''}`, () => {
  const newDatabase = useDatabases();
  let faulty: FaultyClient;
  let database: string;
  let store: MongoStore;
  beforeAll(async () => {
    faulty = await connectFaulty();
    database = newDatabase();
    store = (await openMongoStore({ client: faulty.client, database })).unwrap();
  });
  afterEach(() => faulty.heal());
  afterAll(async () => {
    await store.close();
    await faulty.close();
  });

  const revisionOf = async (name: string) => (await store.find([record(name).id])).unwrap()[0]?.revision;

  it.each([
    ['insert', 1],
    ['update', 2],
  ])('by %s that was not replicated yet is saved once it is', async (command, revision) => {
    if (revision === 2) (await store.save([put(command)])).unwrap();
    await faulty.fail([command], 1, notReplicated);
    expect((await store.save([put(command, revision)])).unwrap()).toEqual(['saved']);
    expect(await revisionOf(command)).toBe(revision);
  });

  it('that cannot be replicated is unknown, though it can be read', async () => {
    await faulty.fail(['insert', 'delete'], 2, notReplicated);
    expect((await store.save([put('alone')])).unwrapErr().kind).toBe('unknown');
    expect(await revisionOf('alone')).toBe(1);
  });

  it('of which nothing was heard is a conflict when another has written', async () => {
    (await store.save([put('lost')])).unwrap();
    (await store.save([put('lost', 2)])).unwrap();
    await faulty.fail(['update'], 2, dropped);
    expect((await store.save([put('lost', 2)])).unwrap()).toEqual(['conflict']);
  });

  it('of which nothing was heard is unknown while it may yet be made, and the next one is made', async () => {
    await faulty.fail(['insert'], 2, dropped);
    expect((await store.save([put('unheard')])).unwrapErr().kind).toBe('unknown');
    expect((await store.save([put('next')])).unwrap()).toEqual(['saved']);
  });

  it('that the server says it did not make is unavailable', async () => {
    (await store.save([put('stepping down')])).unwrap();
    await faulty.fail(['update'], 9, { errorCode: 91 });
    expect((await store.save([put('stepping down', 2)])).unwrapErr().kind).toBe('unavailable');
    expect(await revisionOf('stepping down')).toBe(1);
  });

  it('without the right to it is rejected, in words that hold nothing of it', async () => {
    await faulty.fail(['insert'], 1, { errorCode: 13 });
    const error = (await store.save([put('secret')])).unwrapErr();
    expect(error).toEqual({ kind: 'rejected', reason: 'MongoDB: Unauthorized (13)' });
  });

  it('that removes is unknown when nothing was heard of it', async () => {
    (await store.save([put('removed')])).unwrap();
    const removal = { remove: record('removed').id, expected: 1 };
    await faulty.fail(['delete'], 2, dropped);
    expect((await store.save([removal])).unwrapErr().kind).toBe('unknown');
    expect((await store.save([removal])).unwrap()).toEqual(['saved']);
  });

  it('that was written over at once is saved, beside a conflict in the same commit', async () => {
    const names = ['first', 'second'];
    (await store.save(names.map((name) => put(name)))).unwrap();
    (await store.save([put('second', 2)])).unwrap();
    // The look that tells the two apart waits until another process has written.
    await faulty.fail(['find'], 1, { blockConnection: true, blockTimeMS: 400 });
    const saving = store.save(names.map((name) => put(name, 2)));
    await withClient(async (client) => {
      const other = (await openMongoStore({ client, database })).unwrap();
      const overwritten = () => other.save([put('first', 3)]);
      let answers = (await overwritten()).unwrap();
      while (answers[0] === 'conflict') answers = (await overwritten()).unwrap();
    });
    expect((await saving).unwrap()).toEqual(['saved', 'conflict']);
  });
});

describe.skipIf(noServer !== null)(`a write${noServer ? ` (skipped: ${noServer})` : ''}`, () => {
  const newDatabase = useDatabases();
  const open = (database: string) => openMongoStore({ uri: process.env.MONGODB_URI ?? '', database });

  it('that the server refuses by itself takes no neighbour with it', async () => {
    const store = (await open(newDatabase())).unwrap();
    const large = (revision: number) => ({
      ...put('large', revision),
      history: [{ at: noon, what: 'grew', detail: { text: 'x'.repeat(7_000_000) } }],
    });
    (await store.save([large(1)])).unwrap();
    (await store.save([large(2)])).unwrap();
    const [grown, neighbour, beside] = await Promise.all([
      store.save([large(3)]),
      store.save([put('neighbour')]),
      store.save([large(3), put('beside')]),
    ]);
    expect(grown.unwrapErr().kind).toBe('rejected');
    expect(neighbour.unwrap()).toEqual(['saved']);
    expect(beside.unwrapErr().kind).toBe('unknown');
    await store.close();
  });

  it('of more than 8 MB is rejected before anything is sent', async () => {
    const store = (await open(newDatabase())).unwrap();
    const writes = [put('small'), put('large', 1, 'x'.repeat(9_000_000))];
    expect((await store.save(writes)).unwrapErr().kind).toBe('rejected');
    expect((await store.list('booking', { limit: 1, cursor: null })).unwrap().items).toEqual([]);
    await store.close();
  });

  it('keeps the newest 2,000 entries of a history', async () => {
    const store = (await open(newDatabase())).unwrap();
    const entries = (count: number, from: number) =>
      Array.from({ length: count }, (_, index) => ({ at: noon, what: `${from + index}`, detail: {} }));
    (await store.save([{ ...put('busy'), history: entries(1_999, 0) }])).unwrap();
    (await store.save([{ ...put('busy', 2), history: entries(3, 1_999) }])).unwrap();
    const first = (await store.history(record('busy').id, { limit: 1_000, cursor: null })).unwrap();
    const rest = (await store.history(record('busy').id, { limit: 1_000, cursor: first.next })).unwrap();
    expect([first.items[0]?.what, rest.items.at(-1)?.what, rest.next]).toEqual(['2001', '2', null]);
    await store.close();
  });

  it('of one revision, wanted by many processes at once, is saved for exactly one', async () => {
    const database = newDatabase();
    const stores = await Promise.all([1, 2, 3, 4].map(async () => (await open(database)).unwrap()));
    const [anyone] = stores;
    (await anyone?.save([put('wanted')]))?.unwrap();
    const answers = await Promise.all(
      stores.flatMap((store, process) =>
        Array.from({ length: 25 }, (_, writer) => store.save([put('wanted', 2, `"${process} ${writer}"`)])),
      ),
    );
    expect(answers.map((one) => one.unwrap()[0]).filter((one) => one === 'saved')).toHaveLength(1);
    await Promise.all(stores.map((store) => store.close()));
  });
});
