// How fast HubSpot may be asked: a token bucket over the given clock.
import { type Clock, Err, Ok, type PortResult, Temporal } from '@precall/core';

export interface Pace {
  /** Resolves when a request may be made; `unavailable`, with when to come again, if that is not before `byMs`. */
  turn(byMs: number): PortResult<void>;
}

export interface PaceLimits {
  readonly perSecond: number;
  /** At once after a pause. */
  readonly burst: number;
}

export function createPace(clock: Clock, { perSecond, burst }: PaceLimits): Pace {
  const intervalMs = 1_000 / perSecond;
  /** When the bucket will be full again: all there is to know about it. */
  let fullAtMs = Number.NEGATIVE_INFINITY;

  return {
    async turn(byMs) {
      const nowMs = clock.now().epochMilliseconds;
      const fromMs = Math.max(fullAtMs, nowMs);
      const atMs = Math.ceil(fromMs - (burst - 1) * intervalMs);
      if (atMs >= byMs) {
        const retryAfter = Temporal.Duration.from({ milliseconds: Math.max(1, atMs - nowMs) });
        return Err({ kind: 'unavailable', reason: 'HubSpot is asked as often as it may be', retryAfter });
      }
      fullAtMs = fromMs + intervalMs;
      if (atMs > nowMs) {
        const at = Temporal.Instant.fromEpochMilliseconds(atMs);
        await new Promise<void>((resolve) => clock.at(at, resolve));
      }
      return Ok.EMPTY;
    },
  };
}
