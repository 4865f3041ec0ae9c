// Every call of a port goes through here: it takes its time, it may fail before or after its effect, and the worker
// that makes it may die of it.
import { Err, type PortError, type PortResult, type Result } from '@precall/core';
import type { Random } from './random.ts';
import type { Tally } from './tally.ts';
import type { Timeline } from './timeline.ts';
import type { Weather } from './weather.ts';
import type { Worker } from './worker.ts';

export type PortName = 'store' | 'mailer' | 'texter' | 'crm' | 'calendar' | 'bell';

/** What becomes of one call. */
export interface Fate {
  readonly crash: 'before' | 'after' | null;
  readonly fault: 'unavailable' | 'lost' | 'unanswered' | null;
  /** Until the effect, and from there to the answer. */
  readonly leadMs: number;
  readonly lagMs: number;
  /** A request that had left already when its worker died. */
  readonly arrivesAnyway: boolean;
}

export type FateOf = (call: { readonly port: PortName; readonly method: string }) => Fate;

/** Makes one call of one worker. `describe` is for the trace, asked only when there is one. */
export type Call = <T>(
  call: { readonly port: PortName; readonly method: string; readonly describe: () => string },
  effect: () => Result<T, PortError>,
) => PortResult<T>;

export interface CallContext {
  readonly timeline: Timeline;
  readonly tally: Tally;
  readonly fateOf: FateOf;
  readonly note: (who: string, line: () => string) => void;
  /** A call that was made; for counting. */
  readonly onCall: () => void;
  /** A call whose answer was bad, whatever became of it. */
  readonly onFault: (port: PortName) => void;
}

export function createCalls(worker: Worker, context: CallContext): Call {
  const { timeline, tally, fateOf, note, onCall, onFault } = context;
  return ({ port, method, describe }, effect) => {
    if (!worker.isAlive()) return new Promise(() => undefined);
    onCall();
    const fate = fateOf({ port, method });
    const name = `${port}.${method}`;
    note(worker.name, () => `${name} ${describe()}`);
    if (fate.crash === 'before') {
      tally.count('crash before the effect');
      note(worker.name, () => `DIES before ${name}`);
      worker.crash();
      return new Promise(() => undefined);
    }
    return new Promise((resolve) => {
      const take = (): void => {
        if (!worker.isAlive()) {
          if (!fate.arrivesAnyway) return;
          tally.count('request of a dead worker arrives');
        }
        if (fate.fault === 'unavailable' || fate.fault === 'lost') {
          answer(Err(failure(fate.fault)));
          return;
        }
        const done = effect();
        if (fate.crash === 'after') {
          tally.count('crash after the effect');
          note(worker.name, () => `DIES after ${name}`);
          worker.crash();
        }
        answer(fate.fault === 'unanswered' && done.isOk() ? Err(failure('unanswered')) : done);
      };
      const answer = (result: Result<never, PortError> | Result<unknown, PortError>): void => {
        if (fate.fault) tally.count(faultNames[fate.fault]);
        if (result.isErr()) onFault(port);
        const hand = (): void =>
          worker.deliver(() => {
            note(worker.name, () => `${name} -> ${outcomeText(result)}`);
            // The promise is of the effect's own type: an error fits any.
            resolve(result as Parameters<typeof resolve>[0]);
          });
        if (fate.lagMs > 0) timeline.at(timeline.nowMs() + fate.lagMs, hand);
        else hand();
      };
      timeline.at(timeline.nowMs() + fate.leadMs, take);
    });
  };
}

const faultNames = {
  unavailable: 'call unavailable',
  lost: 'call lost, outcome unknown',
  unanswered: 'call done, answer lost',
} as const;

function failure(fault: NonNullable<Fate['fault']>): PortError {
  if (fault === 'unavailable') return { kind: 'unavailable', reason: 'away, by chance' };
  return { kind: 'unknown', reason: 'no answer, by chance' };
}

function outcomeText(result: Result<unknown, PortError>): string {
  return result.isErr() ? `${result.error.kind} (${result.error.reason})` : 'ok';
}

/** Fates as the weather has them; `isCalm` ends all faults but outages, of which `isAway` tells. */
export function fatesOf(
  weather: Weather,
  {
    random,
    tally,
    isCalm,
    isAway,
  }: {
    readonly random: Random;
    readonly tally: Tally;
    readonly isCalm: () => boolean;
    readonly isAway: (port: PortName) => boolean;
  },
): FateOf {
  return ({ port, method }) => {
    const leadMs = random.between(
      port === 'store' || port === 'bell' ? 0 : 20,
      { store: 8, bell: 3, mailer: 600, texter: 600, crm: 700, calendar: 700 }[port],
    );
    const arrivesAnyway = random.chance(0.5);
    const quick = { crash: null, fault: null, leadMs, lagMs: 0, arrivesAnyway };
    if (isAway(port)) return { ...quick, fault: 'unavailable' };
    if (isCalm()) return quick;
    const isSlow = random.chance(weather.slow);
    if (isSlow) tally.count('call that takes seconds');
    const slowly = {
      ...quick,
      leadMs: isSlow ? random.between(500, 6_000) : leadMs,
      lagMs: isSlow ? random.between(0, 3_000) : 0,
    };
    const crash = random.chance(weather.crash) ? random.pick(['before', 'after'] as const) : null;
    if (crash) return { ...slowly, crash };
    // A start that fails is tried again by the host; the bell itself loses rings in its own way.
    if (port === 'bell' && method === 'stop') return quick;
    if (random.chance(weather.unavailable)) return { ...slowly, fault: 'unavailable' };
    if (random.chance(weather.lost)) return { ...slowly, fault: 'lost' };
    if (random.chance(weather.unanswered)) return { ...slowly, fault: 'unanswered' };
    return slowly;
  };
}
