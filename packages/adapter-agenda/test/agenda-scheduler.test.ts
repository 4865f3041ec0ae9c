// What Agenda is asked to keep, and its traps by their numbers in Agenda 6.2.6.
import { MongoBackend } from '@agendajs/mongo-backend';
import type { Temporal } from '@precall/core';
import { createSystemClock } from '@precall/node';
import { Agenda } from 'agenda';
import { MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { createAgendaScheduler } from '../src/index.ts';
import { noServer, useDatabases } from './test-server.ts';

const clock = createSystemClock();
const later = () => clock.now().add({ hours: 72 });

describe('createAgendaScheduler', () => {
  it('T9: is unavailable, not a process that ends, while the database is away', async () => {
    const client = new MongoClient('mongodb://127.0.0.1:9', { serverSelectionTimeoutMS: 200 });
    const scheduler = createAgendaScheduler({ mongo: client.db('precall'), clock });
    expect((await scheduler.start(() => undefined)).unwrapErr().kind).toBe('unavailable');
    expect((await scheduler.ring([later()])).unwrapErr().kind).toBe('unavailable');
    await scheduler.stop();
    await client.close();
  });
});

describe.skipIf(noServer !== null)(`on MongoDB${noServer ? ` (skipped: ${noServer})` : ''}`, () => {
  const newDatabase = useDatabases();

  async function borrowed() {
    const db = newDatabase();
    const agenda = new Agenda({ backend: new MongoBackend({ mongo: db }), processEvery: 100 });
    await agenda.ready;
    const rows = () => db.collection('agendaJobs').find().toArray();
    return { agenda, rows, scheduler: createAgendaScheduler({ agenda }) };
  }

  it('keeps a row for a moment, which holds the moment and nothing else (rule 12)', async () => {
    const { scheduler, rows } = await borrowed();
    const at = later();
    (await scheduler.ring([at, at])).unwrap();
    (await scheduler.ring([at])).unwrap();
    const [row, ...others] = await rows();
    expect(others).toEqual([]);
    expect(row).toMatchObject({ name: 'precall-ring', data: { at: at.toString() } });
    expect(row?.nextRunAt.getTime()).toBe(at.epochMilliseconds);
  });

  it('has a row that comes back every minute, one however often it starts', async () => {
    const { scheduler, rows, agenda } = await borrowed();
    (await scheduler.start(() => undefined)).unwrap();
    (await createAgendaScheduler({ agenda }).start(() => undefined)).unwrap();
    const all = await rows();
    expect(all).toMatchObject([{ name: 'precall-ring', type: 'single', repeatInterval: '1 minute' }]);
  });

  it('T17: leaves no row of a moment that has rung, so that the same moment can be asked for again', async () => {
    const { scheduler, rows, agenda } = await borrowed();
    await agenda.start();
    let heard = 0;
    const rung = (times: number) =>
      new Promise<void>((resolve) => {
        const look = () => (heard >= times ? resolve() : void setImmediate(look));
        look();
      });
    (
      await scheduler.start(() => {
        heard += 1;
      })
    ).unwrap();
    (await scheduler.ring([clock.now()])).unwrap();
    await rung(1);
    const momentsLeft = async () => (await rows()).filter(({ data }) => typeof data?.at === 'string');
    expect(await momentsLeft()).toEqual([]);
    (await scheduler.ring([clock.now()])).unwrap();
    await rung(2);
    await agenda.stop(false);
  });

  it('leaves a borrowed Agenda running, and its other jobs alone (T2, T3, 2.11)', async () => {
    const { scheduler, agenda, rows } = await borrowed();
    await agenda.schedule(later().toString(), 'of somebody else', {});
    await agenda.start();
    (await scheduler.start(() => undefined)).unwrap();
    (await scheduler.stop()).unwrap();
    const done = new Promise<void>((resolve) => {
      agenda.define('still running', async () => resolve());
    });
    await agenda.now('still running', {});
    await done;
    expect((await rows()).map(({ name }) => name)).toContain('of somebody else');
    await agenda.stop(false);
  });

  it('rings by its own alarm though the rows were taken away', async () => {
    const db = newDatabase();
    const scheduler = createAgendaScheduler({ mongo: db, clock });
    const at = clock.now().add({ seconds: 1 });
    const rung = new Promise<Temporal.Instant>((resolve) => {
      void scheduler.start(() => resolve(clock.now())).then(() => scheduler.ring([at]));
    });
    await db.collection('precall_agenda').deleteMany({});
    const lateMs = (await rung).since(at).total('milliseconds');
    expect(lateMs).toBeGreaterThanOrEqual(0);
    (await scheduler.stop()).unwrap();
  });
});
