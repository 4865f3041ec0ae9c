// Many reminders due at once, on MongoDB, to a local HTTP provider: Precall against plain Agenda at its best settings.

import { seedDue, startDueNow } from './due-bookings.ts';
import { type Provider, startProvider } from './mail-provider.ts';
import { compare, perSecond, type Row, timeOf } from './measure.ts';
import { inDatabase, mongoIsMissing, storeIn } from './mongo-database.ts';
import { agendaIn, jobName, jobOf, type ReminderJob } from './plain-agenda.ts';
import { precallOn, scaled, until } from './rig.ts';

const count = scaled(10_000);

export async function mongoDispatch(name: string): Promise<readonly Row[] | string> {
  const missing = mongoIsMissing();
  if (missing !== null) return missing;
  const provider = await startProvider();
  try {
    return [
      await compare(
        {
          name,
          what: `${count} reminders due at once on MongoDB, sent to a local HTTP provider`,
          unit: 'reminders/s',
          target: { atLeast: 10 },
        },
        {
          ours: () => dispatching(provider),
          baseline: { name: 'plain Agenda at its best settings', run: () => working(provider) },
        },
      ),
    ];
  } finally {
    provider.stop();
  }
}

function dispatching({ mailer }: Provider) {
  return inDatabase(async (db, client) => {
    const store = await storeIn(db, client);
    await seedDue(store, { count, startMs: startDueNow() });
    let sent = 0;
    const counting = {
      ...mailer,
      send: async (...call: Parameters<typeof mailer.send>) => {
        const answer = await mailer.send(...call);
        sent += 1;
        return answer;
      },
    };
    const precall = precallOn(store, { mailer: counting });
    await precall.ready();
    const took = await timeOf(async () => {
      await precall.start();
      await until(() => sent >= count);
      // Only what is confirmed counts.
      await precall.stop();
    });
    await store.close();
    return perSecond(count, took);
  });
}

/** Its rows are put there at one go: only the work on them is measured, until each is marked as done. */
function working({ post }: Provider) {
  return inDatabase(async (db) => {
    const agenda = await agendaIn(db);
    let done = 0;
    agenda.define<ReminderJob>(jobName, (job) =>
      post({ to: job.attrs.data.to, subject: `Your call at ${job.attrs.data.startAt}` }),
    );
    agenda.on('complete', () => {
      done += 1;
    });
    const startMs = startDueNow();
    const rows = Array.from({ length: count }, (_, number) => ({
      name: jobName,
      type: 'normal',
      priority: 0,
      nextRunAt: new Date(),
      data: jobOf({ number, startMs, rule: '2h' }),
    }));
    await db.collection('agenda_jobs').insertMany(rows);
    const took = await timeOf(async () => {
      await agenda.start();
      await until(() => done >= count);
    });
    await agenda.stop();
    return perSecond(count, took);
  });
}
