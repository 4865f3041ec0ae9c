// An Agenda of our own, on a connection that is not its own.
import type { MongoBackendConfig } from '@agendajs/mongo-backend';
import type { Agenda } from 'agenda';

export type MongoDatabase = Extract<MongoBackendConfig, { readonly mongo: unknown }>['mongo'];

/** How often Agenda looks for rows: a moment asked for by another process rings at most so late. */
const processEvery = '1 second';

/** Agenda and its backend are loaded here first. Rejects when the database does not answer. */
export async function makeAgenda(mongo: MongoDatabase): Promise<Agenda> {
  const [{ Agenda }, { MongoBackend }] = await Promise.all([
    import('agenda'),
    import('@agendajs/mongo-backend'),
  ]);
  // Agenda connects as soon as it is made, and what fails there is caught by nobody (T9): so ask first.
  await mongo.command({ ping: 1 });
  const agenda = new Agenda({
    backend: new MongoBackend({ mongo, collection: 'precall_agenda' }),
    processEvery,
    // The row that is rung, the minute's, and a few that were asked for in the same moment.
    defaultLockLimit: 10,
  });
  // Without a listener of ours a fault would be swallowed by Agenda's own (T8); the sweep makes up for what fails.
  agenda.on('error', () => undefined);
  await agenda.ready;
  return agenda;
}
