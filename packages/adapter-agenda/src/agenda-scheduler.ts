// The bell on Agenda: a job for each moment asked for, and one that comes back every minute. A job carries a moment, and
// nothing about a booking or a person. Traps (T) by their numbers in Agenda 6.2.6, see traps.test.ts.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Clock,
  Err,
  type Instant,
  Ok,
  type PortError,
  type PortResult,
  type Scheduler,
  Temporal,
} from '@precall/core';
import type { Agenda, Job } from 'agenda';
import { createAlarms } from './alarms.ts';
import { machineClock } from './machine-clock.ts';
import { type MongoDatabase, makeAgenda } from './make-agenda.ts';

/** Whose Agenda rings: one that the server has, or one made on a database. */
export type AgendaSchedulerOptions = (
  | {
      /** The one that a server has. Whoever made it starts and stops it; nothing of it is drained or purged. */
      readonly agenda: Agenda;
    }
  | {
      /** A database of a connected client: an Agenda is made on it, started and stopped with the scheduler. */
      readonly mongo: MongoDatabase;
    }
) & {
  /** For the alarms of this process; the machine's unless given. */
  readonly clock?: Clock;
  /** Of the one kind of job: `precall-ring` unless given. */
  readonly jobName?: string;
};

interface RingData {
  /** ISO text; absent in the job that comes back every minute. */
  readonly at?: string;
}

/** A database that hangs makes a call `unavailable` after so long. */
const patienceMs = 5_000;
/** What Agenda takes for us from the database at one look, and keeps from others meanwhile (T4, T6). */
const rowsAtOnce = 10;
const shortestLockMs = 10_000;

/**
 * Each process rings for the moments that it asked for itself, and every minute, whatever becomes of the database;
 * the jobs ring in one of the processes, for those that ended after they had asked. Never early; a job is late by as
 * much as Agenda's `processEvery`. `ring` and `start` are unavailable while the database is away. Once stopped it asks
 * for nothing more.
 */
export function createAgendaScheduler(options: AgendaSchedulerOptions): Scheduler {
  const { clock = machineClock, jobName = 'precall-ring' } = options;
  const alarms = createAlarms(clock);
  let making: Promise<Agenda> | null = null;
  let state: 'new' | 'started' | 'stopped' = 'new';

  /** Defined once for each process: a definition cannot be taken back. */
  function agenda(): Promise<Agenda> {
    making ??= defined().catch((cause: unknown) => {
      making = null;
      throw cause;
    });
    return making;
  }

  async function defined(): Promise<Agenda> {
    const made = 'agenda' in options ? options.agenda : await makeAgenda(options.mongo);
    made.define<RingData>(jobName, (job) => handle(job), {
      concurrency: 1,
      lockLimit: rowsAtOnce,
      // A row is locked up to processEvery ahead. If its lock ended before its moment, its place among the locked would
      // be lost for good (T5).
      lockLifetime: Math.max(shortestLockMs, 2 * made.attrs.processEvery),
      removeOnComplete: true,
    });
    return made;
  }

  /** Of one parameter: a second would make Agenda wait for a callback. */
  async function handle(job: Job<RingData>): Promise<void> {
    const at = momentOf(job.attrs.data);
    if (at === null) return alarms.look();
    // Before the ring: while the row is there, the same moment asked for again would be swallowed. If that fails, Agenda
    // tries again when this has ended, and another process when the lock has (T17).
    await job.remove().catch(() => undefined);
    if (state !== 'stopped') alarms.heard(at.epochMilliseconds);
  }

  async function begin(): Promise<void> {
    const made = await agenda();
    await made.every('1 minute', jobName, {}, { skipImmediate: true });
    if ('mongo' in options && state === 'started') await made.start();
  }

  /** Insert only: the row of a moment that was asked for already may be locked, and is left as it is (T1). */
  async function save(at: Instant): Promise<void> {
    const made = await agenda();
    const job = made.create<RingData>(jobName, { at: at.toString() });
    job.unique({ 'data.at': at.toString() }, { insertOnly: true });
    await job.schedule(new Date(at.epochMilliseconds)).save();
  }

  return {
    async start(onRing) {
      state = 'started';
      const begun = await attempt(begin);
      if (begun.isOk()) alarms.start(onRing);
      else state = 'new';
      return begun;
    },
    async ring(moments) {
      if (state === 'stopped') return Ok.EMPTY;
      for (const at of moments) alarms.ask(at.epochMilliseconds);
      return await attempt(async () => {
        for (const at of moments) await save(at);
      });
    },
    /** Without `drain`, which leaves rows locked (T2). The connection is not Agenda's, so none is closed (T3). */
    async stop() {
      state = 'stopped';
      alarms.stop();
      const made = making;
      if ('agenda' in options || !made) return Ok.EMPTY;
      making = null;
      return await attempt(async () => (await made).stop(false));
    },
  };
}

/** What Agenda's rows hold may have been written by anybody with access to its dashboard. */
function momentOf(data: RingData | undefined | null): Instant | null {
  try {
    return data?.at === undefined ? null : Temporal.Instant.from(data.at);
  } catch {
    return null;
  }
}

async function attempt(run: () => Promise<void>): PortResult<void> {
  const late = sleep(patienceMs, null, { ref: false }).then(() => {
    throw new NoAnswer();
  });
  try {
    await Promise.race([run(), late]);
    return Ok.EMPTY;
  } catch (cause) {
    return Err(toPortError(cause));
  }
}

class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** The words of the database may name hosts and users: only the kind of the fault goes out. */
function toPortError(cause: unknown): PortError {
  const kind = cause instanceof Error ? cause.name : 'an unknown fault';
  return { kind: 'unavailable', reason: `Agenda: ${kind}` };
}
