// What every route that takes deliveries from outside does alike: reads the raw body, and says what was wrong with it.
import { type Clock, type Duration, milliseconds, Temporal } from '@precall/core';
import { type PlainBody, type PlainRequest, type PlainResponse, problem } from './plain.ts';
import { within } from './waiting.ts';

/** A sender that needs longer is not a service. */
const bodyPatience = Temporal.Duration.from({ seconds: 10 });
const busySeconds = 5;

/** The raw bytes, or the answer to a body that cannot be had. */
export async function rawBody(
  request: PlainRequest,
  limitBytes: number,
  clock: Clock,
): Promise<Uint8Array | PlainResponse> {
  const body = await within(clock, bodyPatience, request.body(limitBytes), 'too_slow');
  return typeof body === 'string' ? bodyProblem(body, limitBytes) : body;
}

function bodyProblem(fault: Exclude<PlainBody, Uint8Array> | 'too_slow', limitBytes: number): PlainResponse {
  switch (fault) {
    case 'too_large':
      return tooLarge(limitBytes);
    case 'consumed':
      return problem({
        status: 500,
        detail:
          "The body was already consumed by the app's own parser, so its signature cannot be checked. " +
          'Mount Precall before express.json(), or use express.json({ verify: keepRawBody }).',
      });
    case 'aborted':
      return problem({ status: 400, detail: 'The request ended before its body did.' });
    case 'too_slow':
      return problem({ status: 408, detail: 'The body took too long to arrive.' });
    default:
      return fault satisfies never;
  }
}

export function tooLarge(bytes: number): PlainResponse {
  return problem({ status: 413, detail: `The body is over ${bytes} bytes.` });
}

/** `busy`: too many are waiting. */
export function away(retryAfter: Duration | 'busy'): PlainResponse {
  const [detail, seconds] =
    retryAfter === 'busy'
      ? ['Too many deliveries are waiting.', busySeconds]
      : ['Nothing can be taken in at the moment.', Math.max(1, Math.ceil(milliseconds(retryAfter) / 1_000))];
  return problem({ status: 503, detail, headers: { 'retry-after': String(seconds) } });
}
