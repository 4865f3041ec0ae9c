// A machine moved by hand: timers count waking time only, as Node's do; the wall clock also goes on in sleep and can be set.
import type { Machine } from '../src/index.ts';

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

export interface HandMachine extends Machine<Timer> {
  /** Awake for that long. */
  pass(ms: number): void;
  sleep(ms: number): void;
  setWall(byMs: number): void;
  /** Timers set from now on fire that much before their time. */
  fireEarlyBy(ms: number): void;
  /** How many are set. */
  timers(): number;
}

export function createHandMachine(): HandMachine {
  let awakeMs = 0;
  let wallMs = Date.UTC(2026, 2, 2, 12);
  let earlyMs = 0;
  const timers = new Set<Timer>();

  function moveTo(ms: number): void {
    wallMs += ms - awakeMs;
    awakeMs = ms;
  }

  return {
    now: () => wallMs,
    setTimeout(run, ms) {
      // Node: a delay under 1 ms or over 2^31 - 1 ms is 1 ms
      const delayMs = ms >= 1 && ms <= 2 ** 31 - 1 ? ms : 1;
      const timer = { atMs: awakeMs + Math.max(1, delayMs - earlyMs), run };
      timers.add(timer);
      return timer;
    },
    clearTimeout: (timer) => void timers.delete(timer),
    pass(ms) {
      const endMs = awakeMs + ms;
      for (;;) {
        const [next] = [...timers].sort((a, b) => a.atMs - b.atMs);
        if (!next || next.atMs > endMs) break;
        timers.delete(next);
        moveTo(next.atMs);
        next.run();
      }
      moveTo(endMs);
    },
    sleep(ms) {
      wallMs += ms;
    },
    setWall(byMs) {
      wallMs += byMs;
    },
    fireEarlyBy(ms) {
      earlyMs = ms;
    },
    timers: () => timers.size,
  };
}
