// How often Cal.com may be asked: a token bucket, and the pauses it asks for.
import { type Clock, type Duration, type Instant, Temporal } from '@precall/core';

export interface RequestRate {
  /** Null: ask now, it is counted. Otherwise how long to wait first. */
  take(): Duration | null;
  /** Nothing is asked for that long. */
  pause(length: Duration): void;
}

/** Of 120 a minute (the limit of an API key): 20 at once, and 100 a minute after them. */
const burst = 20;
const perMs = 100 / 60_000;

export function createRequestRate(clock: Clock): RequestRate {
  let tokens = burst;
  let countedAt = clock.now();
  let pausedUntil: Instant = countedAt;

  return {
    take() {
      const now = clock.now();
      const pauseMs = pausedUntil.epochMilliseconds - now.epochMilliseconds;
      if (pauseMs > 0) return lasting(pauseMs);
      // A clock that was set back gives no tokens, and takes none.
      const elapsedMs = Math.max(0, now.epochMilliseconds - countedAt.epochMilliseconds);
      tokens = Math.min(burst, tokens + elapsedMs * perMs);
      countedAt = now;
      if (tokens < 1) return lasting((1 - tokens) / perMs);
      tokens -= 1;
      return null;
    },
    pause(length) {
      pausedUntil = clock.now().add(length);
    },
  };
}

function lasting(ms: number): Duration {
  return Temporal.Duration.from({ milliseconds: Math.ceil(ms) });
}
