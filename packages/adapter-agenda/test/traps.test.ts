// What Agenda is asked to keep, and its traps by their numbers in Agenda 6.2.6.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoBackend } from '@agendajs/mongo-backend';
import { type Scheduler, Temporal } from '@precall/core';
import { Agenda, type JobParameters } from 'agenda';
import { type Db, MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { createAgendaScheduler } from '../src/index.ts';
import { noServer, useDatabases } from './test-server.ts';

const name = 'precall-ring';
const now = () => Temporal.Instant.fromEpochMilliseconds(Date.now());
const later = () => now().add({ hours: 72 });

/** Resolves with the moment of each ring in turn. */
function listen() {
  const rung: Temporal.Instant[] = [];
  const waiting: (() => void)[] = [];
  return {
    rung,
    onRing: () => {
      rung.push(now());
      for (const resolve of waiting.splice(0)) resolve();
    },
    async times(count: number): Promise<void> {
      while (rung.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

describe('createAgendaScheduler', { concurrent: true }, () => {
  it('T9: is unavailable, not a process that ends, while the database is away', async () => {
    const client = new MongoClient('mongodb://127.0.0.1:9', { serverSelectionTimeoutMS: 200 });
    const scheduler = createAgendaScheduler({ mongo: client.db('precall') });
    expect((await scheduler.start(() => undefined)).unwrapErr().kind).toBe('unavailable');
    expect((await scheduler.ring([later()])).unwrapErr().kind).toBe('unavailable');
    (await scheduler.stop()).unwrap();
    await client.close();
  });

  it('is unavailable within seconds where a database hangs, and where a borrowed Agenda never gets ready', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const client = new MongoClient(`mongodb://127.0.0.1:${port}`);
    const startedMs = Date.now();
    const backend = new MongoBackend({ mongo: client.db('precall') });
    backend.connect = () => new Promise(() => undefined);
    const schedulers = [{ mongo: client.db('precall') }, { agenda: new Agenda({ backend }) }].map(
      createAgendaScheduler,
    );
    for (const answer of await Promise.all(schedulers.map((one) => one.start(() => undefined))))
      expect(answer.unwrapErr()).toEqual({ kind: 'unavailable', reason: 'Agenda: NoAnswer' });
    expect(Date.now() - startedMs).toBeLessThan(8_000);
    await client.close();
    silent.close();
  });
});

const title = `on MongoDB${noServer ? ` (skipped: ${noServer})` : ''}`;
describe.skipIf(noServer !== null)(title, { concurrent: true }, () => {
  const newDatabase = useDatabases();

  async function borrowed({ processEvery = 100, db = newDatabase() } = {}) {
    const agenda = new Agenda({ backend: new MongoBackend({ mongo: db }), processEvery });
    await agenda.ready;
    return { agenda, rows: () => rowsOf(db), scheduler: createAgendaScheduler({ agenda }) };
  }

  it('keeps a row for a moment, which holds the moment and nothing else', async () => {
    const { scheduler, rows } = await borrowed();
    const at = later();
    (await scheduler.ring([at, at])).unwrap();
    (await scheduler.ring([at])).unwrap();
    const [row, ...others] = await rows();
    expect(others).toEqual([]);
    expect(row).toMatchObject({ name, data: { at: at.toString() } });
    expect(row?.nextRunAt?.getTime()).toBe(at.epochMilliseconds);
  });

  it('T7: has one row that comes back every minute, however many processes start', async () => {
    const { scheduler, rows, agenda } = await borrowed();
    (await scheduler.start(() => undefined)).unwrap();
    (await createAgendaScheduler({ agenda }).start(() => undefined)).unwrap();
    expect(await rows()).toMatchObject([{ name, type: 'single', repeatInterval: '1 minute' }]);
    (await scheduler.stop()).unwrap();
  });

  it('T1: leaves a row alone that is locked ahead of its moment, when that is asked for again', async () => {
    const db = newDatabase();
    const { scheduler, agenda, rows } = await borrowed({ db, processEvery: 5_000 });
    const elsewhere = await borrowed({ db });
    const heard = listen();
    (await scheduler.start(heard.onRing)).unwrap();
    const at = now().add({ milliseconds: 1_500 });
    (await elsewhere.scheduler.ring([at])).unwrap();
    await agenda.start();
    const locked = async () => (await rows()).find(({ data, lockedAt }) => momentIn(data) && lockedAt);
    while (!(await locked())) await sleep(20);
    const before = await locked();
    (await elsewhere.scheduler.ring([at])).unwrap();
    expect(await locked()).toEqual(before);
    await heard.times(1);
    expect(heard.rung[0]?.epochMilliseconds).toBeGreaterThanOrEqual(at.epochMilliseconds);
    await agenda.stop(false);
    (await scheduler.stop()).unwrap();
  });

  it('T4, T5, T6: locks few rows, and for longer than Agenda locks them ahead', async () => {
    const { agenda, scheduler } = await borrowed({ processEvery: 60_000 });
    (await scheduler.ring([later()])).unwrap();
    expect(agenda.definitions[name]).toMatchObject({ lockLimit: 10, lockLifetime: 120_000 });
  });

  it('T13: locks no longer than needed: for half of it Agenda holds a process up after a ring', async () => {
    const { agenda, scheduler } = await borrowed();
    (await scheduler.ring([later()])).unwrap();
    expect(agenda.definitions[name]).toMatchObject({ lockLifetime: 10_000 });
    // A handler of two parameters would be waited for until it calls back.
    expect(agenda.definitions[name]?.fn).toHaveLength(1);
  });

  it('T17: leaves no row of what has rung, even of one that somebody made by hand', async () => {
    const { scheduler, rows, agenda } = await borrowed();
    const heard = listen();
    await agenda.start();
    (await scheduler.start(heard.onRing)).unwrap();
    (await scheduler.ring([now()])).unwrap();
    await heard.times(1);
    await agenda.now(name, { at: 'by hand' });
    await heard.times(2);
    // One that is run ahead of its moment holds up none behind it.
    await agenda.now(name, { at: later().toString() });
    await agenda.now(name, {});
    await heard.times(3);
    const isGone = async () => (await rows()).every(({ type }) => type === 'single');
    while (!(await isGone())) await sleep(20);
    await agenda.stop(false);
    (await scheduler.stop()).unwrap();
  });

  it('T17: a row is gone when its ring is heard, so that its moment can be asked for again', async () => {
    const db = newDatabase();
    const { scheduler, agenda } = await borrowed({ db });
    const elsewhere = await borrowed({ db });
    const leftAtRing: Promise<number>[] = [];
    const heard = listen();
    await agenda.start();
    const moments = { name, 'data.at': { $exists: true } };
    const started = await scheduler.start(() => {
      leftAtRing.push(db.collection('agendaJobs').countDocuments(moments));
      heard.onRing();
    });
    started.unwrap();
    const at = now();
    (await elsewhere.scheduler.ring([at])).unwrap();
    await heard.times(1);
    expect(await leftAtRing[0]).toBe(0);
    (await scheduler.ring([at])).unwrap();
    await heard.times(2);
    await agenda.stop(false);
    (await scheduler.stop()).unwrap();
  });

  it('T2, T3: leaves a borrowed Agenda running, and its other jobs alone', async () => {
    const { scheduler, agenda, rows } = await borrowed();
    await agenda.schedule(new Date(later().epochMilliseconds), 'of somebody else', {});
    await agenda.start();
    (await scheduler.start(() => undefined)).unwrap();
    (await scheduler.stop()).unwrap();
    const done = new Promise<void>((resolve) => {
      agenda.define('still running', async () => resolve());
    });
    await agenda.now('still running', {});
    await done;
    expect((await rows()).map((row) => row.name)).toContain('of somebody else');
    await agenda.stop(false);
  });

  it('T8: rings by its own alarm though the database is lost', async () => {
    const client = await MongoClient.connect(process.env.MONGODB_URI ?? '');
    const scheduler = createAgendaScheduler({ mongo: client.db(newDatabase().databaseName) });
    const heard = listen();
    (await scheduler.start(heard.onRing)).unwrap();
    const at = now().add({ milliseconds: 1_500 });
    (await scheduler.ring([at])).unwrap();
    await client.close();
    await heard.times(1);
    expect(heard.rung[0]?.epochMilliseconds).toBeGreaterThanOrEqual(at.epochMilliseconds);
    expect((await scheduler.ring([later()])).unwrapErr().kind).toBe('unavailable');
    await scheduler.stop();
  });

  it('wakes each of several processes that asked for the same moment, once', async () => {
    const db = newDatabase();
    const processes = [1, 2, 3].map(() => ({ ...listen(), scheduler: createAgendaScheduler({ mongo: db }) }));
    for (const { scheduler, onRing } of processes) (await scheduler.start(onRing)).unwrap();
    const at = now().add({ milliseconds: 1_500 });
    const asked = await Promise.all(processes.map(({ scheduler }) => scheduler.ring([at])));
    for (const answer of asked) answer.unwrap();
    await Promise.all(processes.map(({ times }) => times(1)));
    // Agenda looks every second: what it had to give is given.
    await sleep(1_500);
    expect(processes.map(({ rung }) => rung.length)).toEqual([1, 1, 1]);
    await stopAll(processes.map(({ scheduler }) => scheduler));
  });

  it('has nothing to do with a stopped scheduler any more', async () => {
    const db = newDatabase();
    const scheduler = createAgendaScheduler({ mongo: db });
    (await scheduler.start(() => undefined)).unwrap();
    (await scheduler.stop()).unwrap();
    (await scheduler.ring([later()])).unwrap();
    expect(await db.collection('precall_agenda').countDocuments({ type: { $ne: 'single' } })).toBe(0);
  });
});

function momentIn(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'at' in data;
}

function rowsOf(db: Db) {
  return db.collection<JobParameters>('agendaJobs').find().toArray();
}

async function stopAll(schedulers: readonly Scheduler[]): Promise<void> {
  for (const scheduler of schedulers) (await scheduler.stop()).unwrap();
}
