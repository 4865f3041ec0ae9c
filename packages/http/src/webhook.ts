// The booking webhook: the raw body in, what the intake said out.
import { type Clock, type IntakeAnswer, milliseconds, type Precall, Temporal } from '@precall/core';
import { changing, json, type PlainResponse, problem, type Route, wrongMethod } from './plain.ts';
import { type Gate, within } from './waiting.ts';

export interface WebhookOptions {
  readonly precall: Pick<Precall, 'receive'>;
  readonly gate: Gate;
  readonly clock: Clock;
}

const limitBytes = 64 * 1024;
/** A sender that needs longer for 64 KiB is not a scheduling service. */
const bodyPatience = Temporal.Duration.from({ seconds: 10 });

export function createWebhook({ precall, gate, clock }: WebhookOptions): Route {
  return async (request) => {
    const refused = wrongMethod(request, changing);
    if (refused) return refused;

    const body = await within(clock, bodyPatience, request.body(limitBytes), 'too_slow');
    if (typeof body === 'string') return bodyProblem(body);

    return intakeResponse(await gate(() => precall.receive({ headers: request.headers, body })));
  };
}

/** INTERFACE.md section 2: status and body of each answer. Never 410, which would make Cal.com switch the webhook off. */
export function intakeResponse(answer: IntakeAnswer | 'busy'): PlainResponse {
  if (answer === 'busy') return away('Too many deliveries are waiting.', busySeconds);
  switch (answer.kind) {
    case 'taken': {
      const { status, reason, booking, startAt, reminders, skipped, dropped } = answer;
      return json(202, { status, reason, booking, startAt, reminders, skipped, dropped });
    }
    case 'ignored':
      return json(200, { status: 'ignored', reason: answer.reason });
    case 'not_understood':
      return problem({
        status: 400,
        detail: 'The delivery is authentic, but not understood. It is kept in quarantine.',
        more: { errors: answer.issues, quarantineId: answer.quarantineId },
      });
    case 'forged':
      return problem({ status: 401, detail: 'The signature is missing or wrong.' });
    case 'too_large':
      return tooLarge(answer.limitBytes);
    case 'wrong_type':
      return problem({
        status: 415,
        detail:
          'Only application/json without content-encoding is taken. The delivery is kept in quarantine.',
        more: { quarantineId: answer.quarantineId },
      });
    case 'away':
      return away(
        'Nothing can be taken in at the moment.',
        Math.max(1, Math.ceil(milliseconds(answer.retryAfter) / 1_000)),
      );
    default:
      return answer satisfies never;
  }
}

const busySeconds = 5;

function bodyProblem(fault: 'too_large' | 'consumed' | 'aborted' | 'too_slow'): PlainResponse {
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

function tooLarge(bytes: number): PlainResponse {
  return problem({ status: 413, detail: `The body is over ${bytes} bytes.` });
}

function away(detail: string, seconds: number): PlainResponse {
  return problem({ status: 503, detail, headers: { 'retry-after': String(seconds) } });
}
