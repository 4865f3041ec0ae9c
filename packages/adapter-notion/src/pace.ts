// How fast Notion may be asked: a token bucket over the given clock, and a stop for as long as Notion asks for one.
import {
  type Clock,
  type Duration,
  Err,
  Ok,
  type PortError,
  type PortResult,
  type Result,
  Temporal,
} from '@precall/core';

export interface PaceLimits {
  /** Requests a second on average; Notion: 3. */
  readonly perSecond: number;
  /** Requests at once after a pause. */
  readonly burst: number;
}

export interface Pace {
  /** Resolves when a request may be made; `unavailable`, with when to come again, if that is too far off to wait for. */
  turn(): PortResult<void>;
  /** No request before `length` has passed. */
  pause(length: Duration): void;
}

/** Whoever would wait longer comes again later: a call of the CRM lane is given up after 20 s. */
const longestWaitMs = 8_000;

export function createPace(clock: Clock, limits: PaceLimits): Pace {
  let fullAtMs = Number.NEGATIVE_INFINITY;
  let pausedUntilMs = Number.NEGATIVE_INFINITY;

  return {
    turn() {
      const nowMs = clock.now().epochMilliseconds;
      if (pausedUntilMs > nowMs) return Promise.resolve(comeAgainIn(pausedUntilMs - nowMs));
      const next = nextTurn(fullAtMs, nowMs, limits);
      if (next.atMs - nowMs > longestWaitMs) return Promise.resolve(comeAgainIn(next.atMs - nowMs));
      fullAtMs = next.fullAtMs;
      if (next.atMs <= nowMs) return Promise.resolve(Ok.EMPTY);
      const at = Temporal.Instant.fromEpochMilliseconds(Math.ceil(next.atMs));
      return new Promise((resolve) => clock.at(at, () => resolve(notPaused())));
    },
    pause(length) {
      pausedUntilMs = Math.max(pausedUntilMs, clock.now().add(length).epochMilliseconds);
    },
  };

  /** Somebody ahead may have been told to wait meanwhile. */
  function notPaused(): Result<void, PortError> {
    const leftMs = pausedUntilMs - clock.now().epochMilliseconds;
    return leftMs > 0 ? comeAgainIn(leftMs) : Ok.EMPTY;
  }
}

/**
 * The bucket in one number: the moment at which it will be full again (ITU-T I.371, the virtual scheduling of the generic
 * cell rate algorithm). Gives the moment of the next request, and that number after it.
 */
export function nextTurn(
  fullAtMs: number,
  nowMs: number,
  { perSecond, burst }: PaceLimits,
): { readonly atMs: number; readonly fullAtMs: number } {
  const intervalMs = 1_000 / perSecond;
  const fromMs = Math.max(fullAtMs, nowMs);
  return { atMs: Math.max(nowMs, fromMs - (burst - 1) * intervalMs), fullAtMs: fromMs + intervalMs };
}

function comeAgainIn(ms: number): Err<PortError> {
  const retryAfter = Temporal.Duration.from({ milliseconds: Math.ceil(ms) });
  return Err({ kind: 'unavailable', reason: 'Notion is asked as often as it allows', retryAfter });
}
