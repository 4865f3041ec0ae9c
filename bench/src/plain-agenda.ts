// The baseline "plain Agenda": what its documentation leads to, three jobs for a booking, each with what the mail needs.
//
// Its best settings are those measured fastest on this task: 50 at a time, rows locked ahead up to 200, a look every
// 50 ms, no log. Its writes are journaled by a majority, as Precall's are.
import { MongoBackend } from '@agendajs/mongo-backend';
import { Agenda } from 'agenda';
import type { Db } from 'mongodb';

export const jobName = 'reminder';

export interface ReminderJob {
  readonly booking: string;
  readonly to: string;
  readonly rule: string;
  readonly startAt: string;
}

export async function agendaIn(db: Db): Promise<Agenda> {
  const agenda = new Agenda({
    backend: new MongoBackend({ mongo: db, collection: 'agenda_jobs' }),
    processEvery: 50,
    maxConcurrency: 50,
    defaultConcurrency: 50,
    defaultLockLimit: 200,
    logging: false,
  });
  agenda.on('error', (fault: unknown) => {
    throw fault;
  });
  await agenda.ready;
  return agenda;
}

const offsetsMs = { '72h': 259_200_000, '24h': 86_400_000, '2h': 7_200_000 };

export async function scheduleThree(
  agenda: Agenda,
  { number, startMs }: { number: number; startMs: number },
): Promise<void> {
  for (const [rule, offsetMs] of Object.entries(offsetsMs)) {
    await agenda.schedule(new Date(startMs - offsetMs), jobName, jobOf({ number, startMs, rule }));
  }
}

export function jobOf({
  number,
  startMs,
  rule,
}: {
  number: number;
  startMs: number;
  rule: string;
}): ReminderJob {
  const startAt = new Date(startMs).toISOString();
  return { booking: `booking-${number}`, to: `guest-${number}@example.com`, rule, startAt };
}
