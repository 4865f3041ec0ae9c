// Every request to Notion: in its turn, within its time, made again where that is safe.
import type { Client } from '@notionhq/client';
import {
  type Clock,
  type Duration,
  Err,
  type Instant,
  milliseconds,
  NoAnswerInTime,
  Ok,
  Temporal,
} from '@precall/core';
import type { ClientFor } from './notion-client.ts';
import { type NotionResult, toNotionError } from './notion-error.ts';
import { createPace, type PaceLimits } from './pace.ts';

/** The requests of one call of the port. */
export interface NotionCall {
  read<T>(run: (client: Client) => Promise<T>): NotionResult<T>;
  /** Its outcome may stay unknown. */
  write<T>(run: (client: Client) => Promise<T>): NotionResult<T>;
}

export interface NotionLimits extends PaceLimits {
  /** For one request. */
  readonly requestTimeout: Duration;
}

/**
 * All that one call of the port asks for ends within this, waiting included. Shorter than the 20 s after which the CRM lane
 * gives a call up: an old write may not begin when a newer one may be under way.
 */
export const callTimeout = Temporal.Duration.from({ seconds: 18 });
/** Waits before a request that met a concurrent edit is made again. */
const conflictWaits = [500, 1_000, 2_000].map((milliseconds) => Temporal.Duration.from({ milliseconds }));

/** One pace and one pause for all calls. */
export function createNotionCalls(
  clientFor: ClientFor,
  { clock, limits }: { readonly clock: Clock; readonly limits: NotionLimits },
): () => NotionCall {
  const pace = createPace(clock, limits);

  async function ask<T>(kind: 'read' | 'write', run: (client: Client) => Promise<T>, by: Instant) {
    for (let tries = 0; ; tries += 1) {
      const turn = await pace.turn(by);
      if (turn.isErr()) return turn;
      const answer = await once(kind, run, by);
      if (answer.isOk()) return answer;
      const { error } = answer;
      const wait = conflictWaits[tries];
      if (error.status === 409 && wait && inFuture(wait).epochMilliseconds < by.epochMilliseconds) {
        await new Promise<void>((resolve) => clock.at(inFuture(wait), resolve));
        continue;
      }
      if (error.kind === 'unavailable' && error.retryAfter) pace.pauseUntil(inFuture(error.retryAfter));
      return answer;
    }
  }

  async function once<T>(
    kind: 'read' | 'write',
    run: (client: Client) => Promise<T>,
    by: Instant,
  ): NotionResult<T> {
    const abort = new AbortController();
    const timeout = inFuture(limits.requestTimeout);
    const cancel = clock.at(timeout.epochMilliseconds < by.epochMilliseconds ? timeout : by, () =>
      abort.abort(new NoAnswerInTime()),
    );
    // A client of the caller's own does not hear the signal.
    const aborted = new Promise<never>((_, reject) => {
      abort.signal.addEventListener('abort', () => reject(abort.signal.reason));
    });
    try {
      return Ok(await Promise.race([run(clientFor(abort.signal)), aborted]));
    } catch (cause) {
      return Err(toNotionError(cause, kind, clock.now()));
    } finally {
      cancel();
    }
  }

  function inFuture(length: Duration): Instant {
    return Temporal.Instant.fromEpochMilliseconds(clock.now().epochMilliseconds + milliseconds(length));
  }

  return () => {
    const by = inFuture(callTimeout);
    return { read: (run) => ask('read', run, by), write: (run) => ask('write', run, by) };
  };
}
