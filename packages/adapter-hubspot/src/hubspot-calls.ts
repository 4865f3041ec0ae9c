// Every request to HubSpot: in its turn, within its time, with no retry: that is the core's.
import { type Clock, Err, milliseconds, NoAnswerInTime, Ok, Temporal, unanswered } from '@precall/core';
import { type Answer, type HubspotResult, toHubspotError } from './hubspot-error.ts';
import { createPace } from './pace.ts';

export interface Question {
  readonly kind: 'read' | 'search' | 'write';
  /** Below the base URL, with a leading slash. */
  readonly path: string;
  readonly body?: object;
  /** The properties that it is about, by internal name. */
  readonly names?: readonly string[];
}
/** Null: there is no such thing (404). Otherwise JSON. */
export type Ask = (question: Question) => HubspotResult<{ readonly json: unknown } | null>;

/**
 * All that one call of the port asks for ends within this, waiting included. Shorter than the 20 s after which the CRM lane
 * gives a call up: an old write may not begin when a newer one may be under way.
 */
const callTimeoutMs = 18_000;
const requestTimeoutMs = 10_000;
/**
 * At most 70 requests in any ten seconds, of which HubSpot allows a private app 100, and 5 searches in any second, which is what
 * it allows (https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines).
 */
const allLimits = { perSecond: 5, burst: 20 };
const searchLimits = { perSecond: 2, burst: 3 };

export interface HubspotConnection {
  readonly token: string;
  readonly baseUrl: string;
  readonly clock: Clock;
}

/** One pace and one pause for all; each call of the port begins with the returned function. */
export function createHubspotCalls({ token, baseUrl, clock }: HubspotConnection): () => Ask {
  const all = createPace(clock, allLimits);
  const searches = createPace(clock, searchLimits);
  let pausedUntilMs = Number.NEGATIVE_INFINITY;
  const nowMs = () => clock.now().epochMilliseconds;

  /** Nobody waits for the end of a pause: who comes meanwhile is told when to come again. */
  function unlessPaused(): Ok<void> | Err<ReturnType<typeof pause>> {
    const leftMs = pausedUntilMs - nowMs();
    return leftMs > 0 ? Err(pause(leftMs)) : Ok.EMPTY;
  }

  async function ask(question: Question, byMs: number): ReturnType<Ask> {
    for (const pace of question.kind === 'search' ? [searches, all] : [all]) {
      const open = unlessPaused();
      if (open.isErr()) return open;
      const turn = await pace.turn(byMs);
      if (turn.isErr()) return turn;
    }
    // Somebody ahead may have been told to pause while this one waited.
    const open = unlessPaused();
    if (open.isErr()) return open;
    const answer = await once(question, byMs);
    if (answer.isErr() && answer.error.kind === 'unavailable' && answer.error.retryAfter)
      pausedUntilMs = Math.max(pausedUntilMs, nowMs() + milliseconds(answer.error.retryAfter));
    return answer;
  }

  async function once(question: Question, byMs: number): ReturnType<Ask> {
    const { kind, names = [] } = question;
    const isWrite = kind === 'write';
    const abort = new AbortController();
    const endMs = Math.min(byMs, nowMs() + requestTimeoutMs);
    const cancel = clock.at(Temporal.Instant.fromEpochMilliseconds(endMs), () =>
      abort.abort(new NoAnswerInTime()),
    );
    try {
      const answer = await request(question, abort.signal);
      if (answer.status === 404) return Ok(null);
      if (answer.status < 200 || answer.status > 299)
        return Err(toHubspotError(answer, { isWrite, names, now: clock.now() }));
      // What a write answers is not read: it was done.
      return Ok({ json: isWrite ? null : JSON.parse(answer.body) });
    } catch (cause) {
      return Err(unanswered('HubSpot', abort.signal.aborted ? abort.signal.reason : cause, isWrite));
    } finally {
      cancel();
    }
  }

  async function request({ kind, path, body }: Question, signal: AbortSignal): Promise<Answer> {
    const response = await fetch(`${baseUrl}${path}`, {
      method: { read: 'GET', search: 'POST', write: 'PATCH' }[kind],
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      // The token goes nowhere else.
      redirect: 'error',
      signal,
    });
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      body: await response.text(),
    };
  }

  return () => {
    const byMs = nowMs() + callTimeoutMs;
    return (question) => ask(question, byMs);
  };
}

function pause(leftMs: number) {
  const retryAfter = Temporal.Duration.from({ milliseconds: Math.ceil(leftMs) });
  return { kind: 'unavailable', reason: 'HubSpot asked for a pause', retryAfter } as const;
}
