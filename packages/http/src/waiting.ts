// Nobody waits here for ever: bounds on how long, and on how many at once.
import { type Clock, type Duration, milliseconds, Temporal } from '@precall/core';

/** Lets at most this many wait; answers `busy` to the next, and to whoever waited too long. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T | 'busy'>;

const waitingAtMost = 1_000;

/** Work that took too long is answered `busy`, goes on all the same, and keeps its place until it ends. */
export function createGate(clock: Clock, patience: Duration): Gate {
  let waiting = 0;

  return async (work) => {
    if (waiting >= waitingAtMost) return 'busy';
    return await within(clock, patience, counted(work), 'busy');
  };

  async function counted<T>(work: () => Promise<T>): Promise<T> {
    waiting += 1;
    try {
      return await work();
    } finally {
      waiting -= 1;
    }
  }
}

/** What `work` comes to, or `late` once `patience` has passed; the work itself is not stopped. */
export function within<T, const L>(
  clock: Clock,
  patience: Duration,
  work: Promise<T>,
  late: L,
): Promise<T | L> {
  return new Promise((resolve, reject) => {
    const untilMs = clock.now().epochMilliseconds + milliseconds(patience);
    const cancel = clock.at(Temporal.Instant.fromEpochMilliseconds(untilMs), () => resolve(late));
    work.then(resolve, reject).finally(cancel);
  });
}

/** For hosts that give no clock: what the process itself has. For lengths of seconds; it keeps no process alive. */
export const processClock: Clock = {
  now: () => Temporal.Instant.fromEpochMilliseconds(Date.now()),
  at(moment, run) {
    const atMs = moment.epochMilliseconds;
    const remainingMs = () => Math.max(0, atMs - Date.now());
    const wait = () => setTimeout(look, remainingMs()).unref();
    let timer = wait();
    return () => clearTimeout(timer);

    // timers ring up to a millisecond early by this clock
    function look(): void {
      if (remainingMs() > 0) timer = wait();
      else run();
    }
  },
};
