// How late reminders are: 200 of them, one each 100 ms, from their moment to the call of the mailer. Once when they lie in the
// store before it starts, once when each is booked a second and a half before its moment.
import { createAgendaScheduler } from '@precall/adapter-agenda';
import type { Mailer, Scheduler, Store } from '@precall/core';
import { Ok } from '@precall/core';
import { seedDue } from './due-bookings.ts';
import { opened } from './embedded-dispatch.ts';
import { figureOf, quantile, type Row } from './measure.ts';
import { inDatabase, mongoIsMissing, storeIn } from './mongo-database.ts';
import { agendaIn, jobName, jobOf, type ReminderJob } from './plain-agenda.ts';
import { inFolder, precallOn, scaled, takeIn, until } from './rig.ts';
import { bookedBody, delivered } from './webhooks.ts';

const count = scaled(200);
const everyMs = 100;
const hourMs = 3_600_000;
/** From the start to the first moment: plans are derived again meanwhile, and plain Agenda looks five seconds ahead. */
const calmMs = 6_000;
const aheadMs = 1_500;
const rounds = 5;

/** When they are booked. */
type When = 'before the start' | '1.5 s ahead';
const both: readonly When[] = ['before the start', '1.5 s ahead'];

export async function lateness(name: string): Promise<readonly Row[]> {
  const ways: { readonly [way: string]: (when: When) => Promise<readonly number[]> } = {
    'embedded store': onEmbedded,
    ...(mongoIsMissing() === null && {
      "MongoDB, Agenda's bell": onMongo,
      'plain Agenda at its best settings': byAgenda,
    }),
  };
  const rows: Row[] = [];
  for (const when of both) {
    const found = new Map<string, { readonly p99: number; readonly p50: number }[]>();
    // By turns, so that whatever else the machine does meets all of them alike.
    for (let round = 0; round < rounds; round += 1)
      for (const [way, run] of Object.entries(ways)) {
        const lateMs = await run(when);
        if (lateMs.length < count || Math.min(...lateMs) < 0)
          throw new Error(
            `${way}: ${lateMs.length} of ${count} were sent, the earliest ${Math.min(...lateMs)} ms late`,
          );
        found.set(way, [
          ...(found.get(way) ?? []),
          { p99: quantile(lateMs, 0.99), p50: quantile(lateMs, 0.5) },
        ]);
      }
    for (const [way, all] of found) {
      const what = `of ${count} reminders, one each ${everyMs} ms, booked ${when}, ${way}`;
      const target = way.startsWith('plain') ? {} : { target: { atMost: 50 } };
      rows.push(
        figureOf(
          { name, what: `p99 of the lateness ${what}`, unit: 'ms', ...target },
          all.map(({ p99 }) => p99),
        ),
        figureOf(
          { name, what: `median of the lateness ${what}`, unit: 'ms' },
          all.map(({ p50 }) => p50),
        ),
      );
    }
  }
  return rows;
}

function onEmbedded(when: When): Promise<readonly number[]> {
  return inFolder(async (folder) => {
    const store = opened(folder);
    const lateMs = await reminding(store, when);
    await store.close();
    return lateMs;
  });
}

function onMongo(when: When): Promise<readonly number[]> {
  return inDatabase(async (db, client) => {
    const store = await storeIn(db, client);
    const lateMs = await reminding(store, when, createAgendaScheduler({ mongo: db }));
    await store.close();
    return lateMs;
  });
}

async function reminding(store: Store, when: When, scheduler?: Scheduler): Promise<readonly number[]> {
  const lateMs: number[] = [];
  const dueMs = new Map<string, number>();
  const mailer: Mailer = {
    doubt: 'once',
    send: async ({ to }) => {
      lateMs.push(Date.now() - (dueMs.get(to) ?? Number.NaN));
      return Ok({ messageId: null });
    },
  };
  const firstMs = Date.now() + calmMs;
  const due = dueFrom(firstMs);
  for (const [number, ms] of due.entries()) dueMs.set(`guest-${number}@example.com`, ms);
  if (when === 'before the start') await seedDue(store, { count, startMs: firstMs + 2 * hourMs, everyMs });
  const precall = precallOn(store, { mailer, ...(scheduler && { scheduler }) });
  const started = await precall.start();
  if (started.isErr()) throw new Error(started.error.reason);
  if (when === '1.5 s ahead')
    await eachAhead(due, (number, ms) => {
      const body = bookedBody({ number, startMs: ms + 2 * hourMs });
      return takeIn(precall, [delivered(body)], { atOnce: 1, reminders: 1 });
    });
  await until(() => lateMs.length >= count);
  await precall.stop();
  return lateMs;
}

function byAgenda(when: When): Promise<readonly number[]> {
  return inDatabase(async (db) => {
    const lateMs: number[] = [];
    const agenda = await agendaIn(db);
    agenda.define<ReminderJob & { readonly dueMs: number }>(jobName, async ({ attrs }) => {
      lateMs.push(Date.now() - attrs.data.dueMs);
    });
    const due = dueFrom(Date.now() + calmMs);
    const schedule = async (number: number, ms: number): Promise<void> => {
      const job = { ...jobOf({ number, startMs: ms + 2 * hourMs, rule: '2h' }), dueMs: ms };
      await agenda.schedule(new Date(ms), jobName, job);
    };
    if (when === 'before the start') for (const [number, ms] of due.entries()) await schedule(number, ms);
    await agenda.start();
    if (when === '1.5 s ahead') await eachAhead(due, schedule);
    await until(() => lateMs.length >= count);
    await agenda.stop();
    return lateMs;
  });
}

function dueFrom(firstMs: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => firstMs + index * everyMs);
}

/** Books each when its moment is so near; the bookings wait for nobody. */
async function eachAhead(
  due: readonly number[],
  book: (number: number, ms: number) => Promise<void>,
): Promise<void> {
  await Promise.all(
    due.map(async (ms, number) => {
      await new Promise((resolve) => setTimeout(resolve, ms - aheadMs - Date.now()));
      await book(number, ms);
    }),
  );
}
