// What more workers give: a herd of due reminders on MongoDB, sent to a local HTTP provider by one process, two and four. They
// share this machine's cores with the server and the provider: where those are busy, more workers can give nothing.
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { MongoClient } from 'mongodb';
import { seedDue, startDueNow } from './due-bookings.ts';
import { postingTo, startProvider } from './mail-provider.ts';
import { compare, perSecond, type Row, type Subject, timeOf } from './measure.ts';
import { durably, inDatabase, mongoIsMissing, storeIn } from './mongo-database.ts';
import { precallOn, scaled } from './rig.ts';

const count = scaled(10_000);

export async function workers(name: string): Promise<readonly Row[] | string> {
  const missing = mongoIsMissing();
  if (missing !== null) return missing;
  const provider = await startProvider();
  try {
    const rows: Row[] = [];
    for (const many of [2, 4])
      rows.push(
        await compare(
          {
            name,
            what: `${count} reminders due at once on MongoDB, by ${many} workers on ${availableParallelism()} cores`,
            unit: 'reminders/s',
          },
          {
            ours: working(many, provider.port),
            baseline: { name: 'one worker', run: working(1, provider.port) },
          },
        ),
      );
    return rows;
  } finally {
    provider.stop();
  }
}

/** From the start of all of them until each has saved what it did: `start` to the last one's end. */
function working(many: number, port: number): Subject {
  return () =>
    inDatabase(async (db, client) => {
      const store = await storeIn(db, client);
      await seedDue(store, { count, startMs: startDueNow() });
      const all = Array.from({ length: many }, () =>
        fork(new URL(import.meta.url), ['work', db.databaseName, `${port}`], { execArgv: process.execArgv }),
      );
      try {
        await Promise.all(all.map(said));
        const took = await timeOf(async () => {
          let sent = 0;
          await new Promise<void>((resolve) => {
            for (const worker of all) {
              worker.on('message', () => {
                sent += 1;
                if (sent === count) resolve();
              });
              worker.send('start');
            }
          });
          await Promise.all(all.map(ended));
        });
        await store.close();
        // The workers' CPU time is not this process's.
        return { ...perSecond(count, took), cpuSeconds: null };
      } finally {
        for (const worker of all) worker.kill();
      }
    });
}

function said(worker: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('exit', (code) => reject(new Error(`a worker ended with ${code}`)));
  });
}

function ended(worker: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    worker.once('exit', () => resolve());
    worker.send('stop');
  });
}

/** The worker's process: tells that it is ready, then of each message that was accepted. */
async function work(database: string, port: number): Promise<void> {
  const client = new MongoClient(process.env.MONGODB_URI ?? '', durably);
  const store = await storeIn(client.db(database), client);
  const { mailer, close } = postingTo(port);
  const precall = precallOn(store, {
    mailer: {
      ...mailer,
      send: async (...call) => {
        const answer = await mailer.send(...call);
        process.send?.('sent');
        return answer;
      },
    },
  });
  await precall.ready();
  process.on('message', (what) => void (what === 'start' ? precall.start() : stop()));
  process.send?.('ready');

  async function stop(): Promise<void> {
    await precall.stop();
    await store.close();
    await client.close();
    close();
    process.disconnect();
  }
}

const [, , task, database = '', port = ''] = process.argv;
if (task === 'work') await work(database, Number(port));
