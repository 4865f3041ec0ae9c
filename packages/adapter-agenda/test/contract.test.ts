// The Scheduler contract twice, in real time on a real server.
import { MongoBackend } from '@agendajs/mongo-backend';
import { createSystemClock } from '@precall/node';
import { schedulerContract } from '@precall/testing';
import { Agenda } from 'agenda';
import { describe } from 'vitest';
import { createAgendaScheduler } from '../src/index.ts';
import { inRealTime, skipped } from './real-time.ts';
import { noServer, useDatabases } from './test-server.ts';

const why = noServer ? ` (skipped: ${noServer})` : '';

describe.skipIf(noServer !== null)(`an Agenda of its own${why}`, { concurrent: true }, () => {
  const newDatabase = useDatabases();

  schedulerContract({
    skipped,
    create: () => inRealTime(createAgendaScheduler({ mongo: newDatabase(), clock: createSystemClock() })),
  });
});

// So it is their rows that ring, and no alarm.
describe.skipIf(noServer !== null)(
  `a borrowed one, asked in another process${why}`,
  { concurrent: true },
  () => {
    const newDatabase = useDatabases();
    const agendaOf = new Map<object, Agenda>();

    schedulerContract({
      skipped,
      create: async () => {
        const mongo = newDatabase();
        const [here, elsewhere] = [1, 2].map(
          () => new Agenda({ backend: new MongoBackend({ mongo }), processEvery: 200 }),
        );
        if (!here || !elsewhere) throw new Error('two were made');
        await here.ready;
        await here.start();
        const { start, stop } = createAgendaScheduler({ agenda: here });
        const { ring } = createAgendaScheduler({ agenda: elsewhere });
        const subject = inRealTime({ start, ring, stop });
        agendaOf.set(subject, here);
        return subject;
      },
      close: async (subject) => agendaOf.get(subject)?.stop(false),
    });
  },
);
