// "Why not just a job queue": the same task by hand on pg-boss and on graphile-worker, with their best settings, beside
// Precall on the embedded store. By hand means: the booking's row and its three jobs, no signature, no schema, no join, no
// look at whether a reminder is still wanted. So these are the least that such a program costs.
import { openEmbeddedStore } from '@precall/adapter-embedded';
import { Logger, makeWorkerUtils, run as runGraphile } from 'graphile-worker';
import { Pool } from 'pg';
import { type Job as BossJob, PgBoss } from 'pg-boss';
import { seedDue, startDueNow } from './due-bookings.ts';
import { receiving } from './embedded-intake.ts';
import { type Provider, startProvider } from './mail-provider.ts';
import { compare, type Measured, perSecond, type Row, timeOf } from './measure.ts';
import { jobName, jobOf, type ReminderJob } from './plain-agenda.ts';
import { postgresIsMissing, withPostgres } from './postgres-server.ts';
import { inFolder, precallOn, scaled, until } from './rig.ts';
import { deliveries } from './webhooks.ts';

const bookings = scaled(1_600);
const due = scaled(10_000);
const together = 32;
const offsetsMs = [259_200_000, 86_400_000, 7_200_000];

export async function jobQueues(name: string): Promise<readonly Row[] | string> {
  const missing = postgresIsMissing();
  if (missing !== null) return missing;
  const provider = await startProvider();
  try {
    return await withPostgres(async (connectionString) => {
      const pool = new Pool({ connectionString, max: 20 });
      await pool.query('create table booking (id text primary key, body text not null)');
      const boss = await startBoss(connectionString);
      const all = deliveries(bookings);
      const intake = {
        name,
        what: 'bookings with three reminders taken in durably, 32 at a time, embedded store',
        unit: 'bookings/s',
      };
      const dispatch = {
        name,
        what: `${due} reminders due at once, sent to a local HTTP provider, embedded store`,
        unit: 'reminders/s',
      };
      const bodies = all.map(({ body }) => Buffer.from(body).toString());
      const rows = [
        await compare(intake, {
          ours: receiving(all, together),
          baseline: {
            name: 'pg-boss: rows and jobs of 32 bookings at one go',
            run: () => keeping(pool, bodies, (jobs) => boss.insert(jobName, jobs.map(bossJob))),
          },
        }),
        await compare(intake, {
          ours: receiving(all, together),
          baseline: {
            name: 'graphile-worker: rows and jobs of 32 bookings at one go',
            run: () => byGraphile(connectionString, pool, bodies),
          },
        }),
        await compare(dispatch, {
          ours: () => dispatching(provider),
          baseline: {
            name: 'pg-boss, batches of 100, at once again when full',
            run: () => working(connectionString, provider),
          },
        }),
        await compare(dispatch, {
          ours: () => dispatching(provider),
          baseline: {
            name: 'graphile-worker, 50 at a time, local queue of 500',
            run: () => graphileWorking(connectionString, provider),
          },
        }),
      ];
      await boss.stop({ graceful: false });
      await pool.end();
      return rows;
    });
  } finally {
    provider.stop();
  }
}

async function startBoss(connectionString: string): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString, max: 20 });
  boss.on('error', (fault) => {
    throw fault;
  });
  await boss.start();
  await boss.createQueue(jobName);
  return boss;
}

interface Planned {
  readonly at: Date;
  readonly data: ReminderJob;
}
const bossJob = ({ at, data }: Planned) => ({ data, startAfter: at });

/** Two statements for 32 bookings: their rows, then their jobs. */
async function keeping(
  pool: Pool,
  bodies: readonly string[],
  add: (jobs: readonly Planned[]) => Promise<unknown>,
): Promise<Measured> {
  await pool.query('truncate booking');
  const startMs = Date.now() + 864_000_000;
  const took = await timeOf(async () => {
    for (let from = 0; from < bodies.length; from += together) {
      const some = bodies.slice(from, from + together);
      const ids = some.map((_, index) => `booking-${from + index}`);
      await pool.query('insert into booking (id, body) select * from unnest($1::text[], $2::text[])', [
        ids,
        some,
      ]);
      await add(
        some.flatMap((_, index) =>
          offsetsMs.map((offsetMs) => ({
            at: new Date(startMs - offsetMs),
            data: jobOf({ number: from + index, startMs, rule: `${offsetMs}` }),
          })),
        ),
      );
    }
  });
  return perSecond(bodies.length, took);
}

async function byGraphile(
  connectionString: string,
  pool: Pool,
  bodies: readonly string[],
): Promise<Measured> {
  const tools = await makeWorkerUtils({ connectionString, maxPoolSize: 20 });
  await tools.migrate();
  const measured = await keeping(pool, bodies, (jobs) =>
    tools.addJobs(jobs.map(({ at, data }) => ({ identifier: jobName, payload: data, runAt: at }))),
  );
  await tools.release();
  return measured;
}

function dispatching({ mailer }: Provider): Promise<Measured> {
  return inFolder(async (folder) => {
    const store = openEmbeddedStore({ folder }).expect('a new folder opens');
    await seedDue(store, { count: due, startMs: startDueNow() });
    let sent = 0;
    const precall = precallOn(store, {
      mailer: {
        ...mailer,
        send: async (...call) => {
          const answer = await mailer.send(...call);
          sent += 1;
          return answer;
        },
      },
    });
    const took = await timeOf(async () => {
      await precall.start();
      await until(() => sent >= due);
      await precall.stop();
    });
    await store.close();
    return perSecond(due, took);
  });
}

const dueJobs = () => {
  const startMs = startDueNow();
  return Array.from({ length: due }, (_, number) => jobOf({ number, startMs, rule: '2h' }));
};

async function working(connectionString: string, { post }: Provider): Promise<Measured> {
  const boss = await startBoss(connectionString);
  await boss.deleteAllJobs(jobName);
  await boss.insert(
    jobName,
    dueJobs().map((data) => ({ data })),
  );
  let done = 0;
  const took = await timeOf(async () => {
    const options = { batchSize: 100, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true };
    await boss.work(jobName, options, async (jobs: BossJob<ReminderJob>[]) => {
      await Promise.all(jobs.map(({ data }) => post({ to: data.to, subject: data.startAt })));
      done += jobs.length;
    });
    await until(() => done >= due);
  });
  await boss.stop({ graceful: false });
  return perSecond(due, took);
}

async function graphileWorking(connectionString: string, { post }: Provider): Promise<Measured> {
  const tools = await makeWorkerUtils({ connectionString });
  await tools.migrate();
  await tools.withPgClient((client) => client.query('delete from graphile_worker._private_jobs'));
  await tools.addJobs(dueJobs().map((payload) => ({ identifier: jobName, payload })));
  await tools.release();
  let done = 0;
  const took = await timeOf(async () => {
    const runner = await runGraphile({
      connectionString,
      noHandleSignals: true,
      taskList: {
        [jobName]: async (payload) => {
          const { to, startAt } = payload as ReminderJob;
          await post({ to, subject: startAt });
          done += 1;
        },
      },
      preset: {
        worker: {
          concurrentJobs: 50,
          maxPoolSize: 20,
          pollInterval: 100,
          completeJobBatchDelay: 0,
          localQueue: { size: 500 },
        },
      },
      logger: new Logger(() => () => undefined),
    });
    await until(() => done >= due);
    await runner.stop();
  });
  return perSecond(due, took);
}
