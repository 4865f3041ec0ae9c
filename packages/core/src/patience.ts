// Who asked for patience is left alone until then, whoever is next: the wish is about all calls, not about one.
import type { Clock, PortResult } from './ports.ts';
import { Err } from './result.ts';
import { withinReason } from './retry-after.ts';
import { after, type Instant, isBefore, latest, Temporal } from './temporal.ts';

/**
 * Makes calls, but that after an answer with `retryAfter` none is made before that moment, an hour later at most: whoever asks
 * meanwhile is answered `unavailable` with the time that is left. `who` begins a sentence, such as `The CRM`.
 */
export function createPatience(clock: Clock, who: string): <T>(call: () => PortResult<T>) => PortResult<T> {
  let pause: Instant | null = null;

  return async (call) => {
    const now = clock.now();
    if (pause && isBefore(now, pause)) {
      const milliseconds = pause.epochMilliseconds - now.epochMilliseconds;
      const retryAfter = Temporal.Duration.from({ milliseconds });
      return Err({ kind: 'unavailable', reason: `${who} asked for patience.`, retryAfter });
    }
    const answer = (await call()).mapErr(withinReason);
    if (answer.isErr() && answer.error.kind === 'unavailable' && answer.error.retryAfter) {
      pause = latest(pause, after(clock.now(), answer.error.retryAfter));
    }
    return answer;
  };
}
