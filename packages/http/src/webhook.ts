// The booking webhook: the raw body in, what the intake said out.
import type { Clock, IntakeAnswer, Precall } from '@precall/core';
import { away, rawBody, tooLarge } from './delivery.ts';
import { changing, json, type PlainResponse, problem, type Route, wrongMethod } from './plain.ts';
import type { Gate } from './waiting.ts';

export interface WebhookOptions {
  readonly precall: Pick<Precall, 'receive'>;
  readonly gate: Gate;
  readonly clock: Clock;
}

const limitBytes = 64 * 1024;

export function createWebhook({ precall, gate, clock }: WebhookOptions): Route {
  return async (request) => {
    const refused = wrongMethod(request, changing);
    if (refused) return refused;

    const body = await rawBody(request, limitBytes, clock);
    if (!(body instanceof Uint8Array)) return body;

    return intakeResponse(await gate(() => precall.receive({ headers: request.headers, body })));
  };
}

/** INTERFACE.md section 2: status and body of each answer. Never 410, which would make Cal.com switch the webhook off. */
export function intakeResponse(answer: IntakeAnswer | 'busy'): PlainResponse {
  if (answer === 'busy') return away('busy');
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
      return away(answer.retryAfter);
    default:
      return answer satisfies never;
  }
}
