// An Agenda of its own, and the alarms of its process: in real time on a real server.
import { createSystemClock } from '@precall/node';
import { schedulerContract } from '@precall/testing';
import { describe } from 'vitest';
import { createAgendaScheduler } from '../src/index.ts';
import { inRealTime, skipped } from './real-time.ts';
import { noServer, useDatabases } from './test-server.ts';

const title = `on MongoDB${noServer ? ` (skipped: ${noServer})` : ''}`;
describe.skipIf(noServer !== null)(title, { concurrent: true }, () => {
  const newDatabase = useDatabases();

  schedulerContract({
    skipped,
    create: () => inRealTime(createAgendaScheduler({ mongo: newDatabase(), clock: createSystemClock() })),
  });
});
