// How fast Notion may be asked: a token bucket over the given clock, and a stop for as long as Notion asks for one.
import { type Clock, Err, type Instant, Ok, type PortError, type PortResult, Temporal } from '@precall/core';

/** How fast Notion may be asked. */
export interface PaceLimits {
  /** Requests a second on average. */
  readonly perSecond: number;
  /** Requests at once after a pause. */
  readonly burst: number;
}

export interface Pace {
  /** Resolves when a request may be made; `unavailable`, with when to come again, if that is not before `by`. */
  turn(by: Instant): PortResult<void>;
  /** No request before that moment. Nobody waits for it: who comes meanwhile is told when to come again. */
  pauseUntil(moment: Instant): void;
}

export function createPace(clock: Clock, limits: PaceLimits): Pace {
  let fullAtMs = Number.NEGATIVE_INFINITY;
  let pausedUntilMs = Number.NEGATIVE_INFINITY;
  const nowMs = () => clock.now().epochMilliseconds;

  function unlessPaused(): Ok<void> | Err<PortError> {
    const leftMs = pausedUntilMs - nowMs();
    return leftMs > 0 ? comeAgainIn(leftMs, 'Notion asked for a pause') : Ok.EMPTY;
  }

  return {
    turn(by) {
      const open = unlessPaused();
      if (open.isErr()) return Promise.resolve(open);
      const now = nowMs();
      const next = nextTurn(fullAtMs, now, limits);
      const at = Temporal.Instant.fromEpochMilliseconds(Math.ceil(next.atMs));
      if (at.epochMilliseconds >= by.epochMilliseconds)
        return Promise.resolve(comeAgainIn(next.atMs - now, 'Notion is asked as often as it may be'));
      fullAtMs = next.fullAtMs;
      if (next.atMs <= now) return Promise.resolve(open);
      // Somebody ahead may be told to pause while this one waits.
      return new Promise((resolve) => clock.at(at, () => resolve(unlessPaused())));
    },
    pauseUntil(moment) {
      pausedUntilMs = Math.max(pausedUntilMs, moment.epochMilliseconds);
    },
  };
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

function comeAgainIn(ms: number, reason: string): Err<PortError> {
  const retryAfter = Temporal.Duration.from({ milliseconds: Math.max(1, Math.ceil(ms)) });
  return Err({ kind: 'unavailable', reason, retryAfter });
}
