// The scheduler of one worker: a bell that rings late, twice or not at all, and still once a minute.
import { type Cancel, Ok, type Scheduler } from '@precall/core';
import type { Call } from './calls.ts';
import type { Database } from './database.ts';
import type { Random } from './random.ts';
import type { Tally } from './tally.ts';
import type { Timeline } from './timeline.ts';
import type { Weather } from './weather.ts';
import type { Worker } from './worker.ts';

const minuteMs = 60_000;

export function bellFor(
  worker: Worker,
  {
    timeline,
    database,
    call,
    weather,
    random,
    tally,
    isCalm,
  }: {
    readonly timeline: Timeline;
    readonly database: Database;
    readonly call: Call;
    readonly weather: Weather;
    readonly random: Random;
    readonly tally: Tally;
    readonly isCalm: () => boolean;
  },
): Scheduler {
  const port = 'bell';
  let listener: (() => void) | null = null;
  let sweep: Cancel = () => undefined;
  const moments = new Set<number>();

  function sweepAgain(): void {
    sweep = timeline.at(timeline.nowMs() + minuteMs, () => {
      if (!worker.isAlive() || !listener) return;
      sweepAgain();
      // A sweep that finds nothing does nothing: it is left out, which makes days pass quickly.
      if (database.earliestMs() <= worker.nowMs() + 2 * minuteMs) worker.deliver(() => listener?.());
    });
  }

  function ringAt(momentMs: number): void {
    if (moments.has(momentMs)) return;
    moments.add(momentMs);
    const trouble =
      !isCalm() && random.chance(weather.ringTrouble)
        ? random.pick(['lost', 'doubled', 'late'] as const)
        : null;
    if (trouble) tally.count(`ring ${trouble}`);
    const lateMs = trouble === 'late' ? random.between(1_000, 45_000) : 0;
    worker.clock.at(worker.clock.now().add({ milliseconds: momentMs - worker.nowMs() + lateMs }), () => {
      moments.delete(momentMs);
      if (trouble === 'lost') return;
      listener?.();
      if (trouble === 'doubled') listener?.();
    });
  }

  return {
    start: (onRing) =>
      call({ port, method: 'start', describe: () => '' }, () => {
        listener = onRing;
        sweep();
        sweepAgain();
        return Ok(undefined);
      }),
    ring: (at) =>
      call({ port, method: 'ring', describe: () => at.map(String).join(' ') }, () => {
        for (const moment of at) ringAt(moment.epochMilliseconds);
        return Ok(undefined);
      }),
    stop: () =>
      call({ port, method: 'stop', describe: () => '' }, () => {
        listener = null;
        sweep();
        return Ok(undefined);
      }),
  };
}
