// Many reminders due at once, on MongoDB, to a local HTTP provider: Precall against plain Agenda at its best settings.

import type { Store, Write } from '@precall/core';
import { seedDue, startDueNow } from './due-bookings.ts';
import { keepingSaves } from './embedded-dispatch.ts';
import { type Provider, startProvider } from './mail-provider.ts';
import { compare, perSecond, type Row, type Took, timeOf } from './measure.ts';
import { inDatabase, mongoIsMissing, storeIn } from './mongo-database.ts';
import { agendaIn, jobName, jobOf, type ReminderJob } from './plain-agenda.ts';
import { type RawBulk, type RawDocument, recordsName, saveBulk, toRawBulk } from './raw-mongo.ts';
import { precallOn, scaled, together, until } from './rig.ts';

const count = scaled(10_000);

export async function mongoDispatch(name: string): Promise<readonly Row[] | string> {
  const missing = mongoIsMissing();
  if (missing !== null) return missing;
  const provider = await startProvider();
  const agenda = { name: 'plain Agenda at its best settings', run: () => working(provider) };
  try {
    const writes = await writesOfAHerd(provider);
    return [
      await compare(
        {
          name,
          what: `${count} reminders due at once on MongoDB, sent to a local HTTP provider`,
          unit: 'reminders/s',
          target: { atLeast: 10 },
        },
        { ours: () => dispatching(provider), baseline: agenda },
      ),
      // The most that a process on this machine can do which keeps what Precall keeps: what is missed of the target beyond it
      // is Precall's own doing.
      await compare(
        {
          name,
          what: 'the driver alone: the same documents written, the same posts beside it',
          unit: 'reminders/s',
        },
        { ours: () => replaying(provider, writes), baseline: agenda },
      ),
    ];
  } finally {
    provider.stop();
  }
}

function dispatching(provider: Provider) {
  return inDatabase(async (db, client) => {
    const store = await storeIn(db, client);
    await seedDue(store, { count, startMs: startDueNow() });
    const took = await sendingAll(store, provider);
    await store.close();
    return perSecond(count, took);
  });
}

async function sendingAll(store: Store, { mailer }: Provider): Promise<Took> {
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
  return timeOf(async () => {
    await precall.start();
    await until(() => sent >= count);
    // Only what is confirmed counts.
    await precall.stop();
  });
}

interface Herd {
  /** As they lay in the database before. */
  readonly documents: readonly RawDocument[];
  readonly bulks: readonly RawBulk[];
}

/** A herd that was sent once, as its documents and what was written to them. */
function writesOfAHerd(provider: Provider): Promise<Herd> {
  return inDatabase(async (db, client) => {
    const store = await storeIn(db, client);
    await seedDue(store, { count, startMs: startDueNow() });
    const documents = await db.collection<RawDocument>(recordsName).find().toArray();
    const saves: (readonly Write[])[] = [];
    await sendingAll(keepingSaves(store, saves), provider);
    await store.close();
    return { documents, bulks: saves.map(toRawBulk) };
  });
}

function replaying({ post }: Provider, { documents, bulks }: Herd) {
  return inDatabase(async (db, client) => {
    // For its indexes.
    await (await storeIn(db, client)).close();
    const records = db.collection<RawDocument>(recordsName);
    await records.insertMany([...documents]);
    const took = await timeOf(async () => {
      const writing = (async () => {
        for (const bulk of bulks) await saveBulk(records, bulk);
      })();
      const posting = together(documents.slice(0, count), 50, ({ _id }) =>
        post({ to: _id, subject: 'Your call' }),
      );
      await Promise.all([writing, posting]);
    });
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
