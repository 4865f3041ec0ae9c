// An Agenda of its own, with alarms, in real time on a real server.
import { createSystemClock } from '@precall/node';
import { schedulerContract } from '@precall/testing';
import { describe } from 'vitest';
import { realTime, skipped } from './real-time.ts';
import { noServer, useDatabases } from './test-server.ts';

describe.skipIf(noServer !== null)(`on MongoDB${noServer ? ` (skipped: ${noServer})` : ''}`, () => {
  const newDatabase = useDatabases();

  schedulerContract({
    skipped,
    create: () => realTime({ mongo: newDatabase(), clock: createSystemClock() }, 400),
  });
});
