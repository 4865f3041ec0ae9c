// An Agenda that a server has already, without alarms, in real time on a real server.
import { MongoBackend } from '@agendajs/mongo-backend';
import { schedulerContract } from '@precall/testing';
import { Agenda } from 'agenda';
import { describe } from 'vitest';
import { realTime, skipped } from './real-time.ts';
import { noServer, useDatabases } from './test-server.ts';

describe.skipIf(noServer !== null)(`on MongoDB${noServer ? ` (skipped: ${noServer})` : ''}`, () => {
  const newDatabase = useDatabases();
  const borrowed = new Set<Agenda>();

  schedulerContract({
    skipped,
    create: async () => {
      const backend = new MongoBackend({ mongo: newDatabase() });
      const agenda = new Agenda({ backend, processEvery: 200 });
      borrowed.add(agenda);
      await agenda.ready;
      await agenda.start();
      return realTime({ agenda }, 900);
    },
    close: async () => {
      for (const agenda of borrowed) await agenda.stop(false);
      borrowed.clear();
    },
  });
});
