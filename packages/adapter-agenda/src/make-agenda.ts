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
  const backend = new MongoBackend({ mongo, collection: 'precall_agenda' });
  // Agenda connects as soon as it is made, and what fails there is caught by nobody and ends the process (T9). So it is
  // done here, and nothing is left to fail there.
  await backend.connect();
  backend.connect = () => Promise.resolve();
  const agenda = new Agenda({ backend, processEvery });
  // Agenda's own listener hides a lost database just so (T8). The alarms make up for it, and the store tells of it.
  agenda.on('error', () => undefined);
  await agenda.ready;
  return agenda;
}
