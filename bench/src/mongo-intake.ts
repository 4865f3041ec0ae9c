// Bookings taken in durably on MongoDB: against plain Agenda, and against the driver writing the same documents.
import type { WebhookDelivery } from '@precall/core';
import type { Document } from 'mongodb';
import { compare, perSecond, type Row, type Subject, timeOf } from './measure.ts';
import { inDatabase, mongoIsMissing, storeIn } from './mongo-database.ts';
import { agendaIn, jobName, scheduleThree } from './plain-agenda.ts';
import { precallOn, scaled, takeIn } from './rig.ts';
import { deliveries } from './webhooks.ts';

const bookings = scaled(1_600);
const byAgenda = scaled(200);
const collection = 'precall_records';

export async function mongoIntake(name: string): Promise<readonly Row[] | string> {
  const missing = mongoIsMissing();
  if (missing !== null) return missing;
  const all = deliveries(bookings);
  const documents = await documentsOf(all);
  const what = 'bookings with three reminders taken in durably on MongoDB, 32 at a time';
  const unit = 'bookings/s';
  return [
    await compare(
      { name, what, unit, target: { atLeast: 5 } },
      {
        ours: receiving(all),
        baseline: { name: 'plain Agenda scheduling three jobs a booking one by one', run: scheduling },
      },
    ),
    await compare(
      { name, what, unit, target: { atLeast: 0.5 } },
      {
        ours: receiving(all),
        baseline: { name: 'the driver, insertMany of the same documents in 32s', run: inserting(documents) },
      },
    ),
  ];
}

function receiving(all: readonly WebhookDelivery[]): Subject {
  return () =>
    inDatabase(async (db, client) => {
      const store = await storeIn(db, client);
      const precall = precallOn(store);
      await precall.ready();
      const took = await timeOf(() => takeIn(precall, all, { atOnce: 32 }));
      await precall.stop();
      await store.close();
      return perSecond(all.length, took);
    });
}

/** What an intake leaves in the database. */
function documentsOf(all: readonly WebhookDelivery[]): Promise<readonly Document[]> {
  return inDatabase(async (db, client) => {
    const store = await storeIn(db, client);
    await takeIn(precallOn(store), all, { atOnce: 32 });
    await store.close();
    return db.collection(collection).find({ kind: 'booking' }).toArray();
  });
}

/** On a collection with the same indexes; the driver and the server do nothing else. */
function inserting(documents: readonly Document[]): Subject {
  return () =>
    inDatabase(async (db, client) => {
      await (await storeIn(db, client)).close();
      const took = await timeOf(async () => {
        for (let from = 0; from < documents.length; from += 32)
          await db.collection(collection).insertMany(documents.slice(from, from + 32), { ordered: false });
      });
      return perSecond(documents.length, took);
    });
}

function scheduling() {
  return inDatabase(async (db) => {
    const agenda = await agendaIn(db);
    agenda.define(jobName, async () => undefined);
    const startMs = Date.now() + 864_000_000;
    const took = await timeOf(async () => {
      for (let number = 0; number < byAgenda; number += 1) await scheduleThree(agenda, { number, startMs });
    });
    await agenda.stop();
    return perSecond(byAgenda, took);
  });
}
