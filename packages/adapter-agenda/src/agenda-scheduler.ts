// The bell on Agenda: a job for each moment asked for, and one that comes back every minute. A job carries a moment, and
// nothing about a booking or a person. Rules and traps by their numbers in Agenda 6.2.6.
import {
  type Cancel,
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
import { type MongoDatabase, makeAgenda } from './make-agenda.ts';

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
  /** Its alarms make each process keep the moments that it asked for itself, too; see the README on several processes. */
  readonly clock?: Clock;
  /** Of the one kind of job: `precall-ring` unless given. */
  readonly jobName?: string;
};

interface RingData {
  /** ISO text; absent in the job that comes back every minute. */
  readonly at?: string;
}

/** A job whose process died is taken over after so long: what it does is to look, and that may be done twice. */
const lockLifetimeMs = 30_000;
const minute = Temporal.Duration.from({ minutes: 1 });
/** How long a moment is remembered that rang here, so that its job does not ring again. */
const rememberedMs = 120_000;

/**
 * Never early; late by as much as Agenda's `processEvery` where no clock is given. A lost database makes `ring` and
 * `start` unavailable; with a clock, this process rings all the same.
 */
export function createAgendaScheduler(options: AgendaSchedulerOptions): Scheduler {
  const { clock, jobName = 'precall-ring' } = options;
  const alarms = new Map<number, Cancel>();
  const rung = new Map<number, number>();
  let making: Promise<Agenda> | null = null;
  let onRing: (() => void) | null = null;
  let cancelSweep: Cancel | null = null;

  /** Defined once for each process: a definition cannot be taken back. */
  function agenda(): Promise<Agenda> {
    making ??= defined();
    return making;
  }

  async function defined(): Promise<Agenda> {
    const made = 'agenda' in options ? options.agenda : await makeAgenda(options.mongo);
    // One parameter: a second would make Agenda wait for a callback (2.13).
    made.define<RingData>(jobName, (job) => handle(job), { concurrency: 1, lockLifetime: lockLifetimeMs });
    return made;
  }

  async function handle(job: Job<RingData>): Promise<void> {
    const { at } = job.attrs.data;
    if (at === undefined) return onRing?.();
    const atMs = Temporal.Instant.from(at).epochMilliseconds;
    // Before the work: while the row is there, the same moment asked for again would be swallowed. A finished row would
    // stay for ever (T17).
    await job.remove();
    await until(atMs);
    const byAlarm = alarms.get(atMs);
    byAlarm?.();
    alarms.delete(atMs);
    if (!rung.has(atMs)) ringAt(atMs);
  }

  function ringAt(atMs: number): void {
    if (!onRing) return;
    const nowMs = Date.now();
    for (const [earlierMs, whenMs] of rung) if (whenMs < nowMs - rememberedMs) rung.delete(earlierMs);
    rung.set(atMs, nowMs);
    onRing();
  }

  function setAlarm(at: Instant): void {
    const atMs = at.epochMilliseconds;
    if (!clock || alarms.has(atMs)) return;
    const cancel = clock.at(at, () => {
      alarms.delete(atMs);
      ringAt(atMs);
    });
    alarms.set(atMs, cancel);
  }

  function sweepEachMinute(): void {
    cancelSweep =
      clock?.at(clock.now().add(minute), () => {
        sweepEachMinute();
        onRing?.();
      }) ?? null;
  }

  return {
    async start(ring) {
      onRing = ring;
      try {
        const made = await agenda();
        await made.every('1 minute', jobName, {}, { skipImmediate: true });
        if ('mongo' in options) await made.start();
        sweepEachMinute();
        return Ok.EMPTY;
      } catch (cause) {
        onRing = null;
        making = 'mongo' in options ? null : making;
        return Err(toPortError(cause));
      }
    },
    async ring(moments) {
      for (const at of moments) setAlarm(at);
      try {
        const made = await agenda();
        for (const at of new Set(moments.map((one) => one.toString()))) await save(made, at);
        return Ok.EMPTY;
      } catch (cause) {
        return Err(toPortError(cause));
      }
    },
    async stop() {
      onRing = null;
      cancelSweep?.();
      for (const cancel of alarms.values()) cancel();
      alarms.clear();
      return 'mongo' in options ? stopOwn() : Ok.EMPTY;
    },
  };

  /** Insert only: the row of a moment that was asked for already may be locked, and is left as it is (T1). */
  async function save(made: Agenda, at: string): Promise<void> {
    const date = new Date(Temporal.Instant.from(at).epochMilliseconds);
    const job = made.create<RingData>(jobName, { at });
    await job.unique({ 'data.at': at }, { insertOnly: true }).schedule(date).save();
  }

  /** Without `drain`, which leaves rows locked (T2). The connection is not Agenda's, so none is closed under work (T3). */
  async function stopOwn(): PortResult<void> {
    const made = making;
    making = null;
    try {
      await (await made)?.stop(false);
      return Ok.EMPTY;
    } catch (cause) {
      return Err(toPortError(cause));
    }
  }
}

/** Agenda locks a row ahead of its moment, and its timers go by another clock's idea of a millisecond. */
async function until(atMs: number): Promise<void> {
  for (let leftMs = atMs - Date.now(); leftMs > 0; leftMs = atMs - Date.now()) {
    await new Promise((resolve) => setTimeout(resolve, leftMs));
  }
}

/** The words of the database may name hosts and users: only the kind of the fault goes out. */
function toPortError(cause: unknown): PortError {
  return {
    kind: 'unavailable',
    reason: `Agenda: ${cause instanceof Error ? cause.name : 'an unknown fault'}`,
  };
}
