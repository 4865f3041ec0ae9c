// The mailer's delivery events: the raw body in, what was made of it out.
import { type Channel, type Clock, type EventsAnswer, eventsLimitBytes, type Precall } from '@precall/core';
import { away, rawBody, tooLarge } from './delivery.ts';
import {
  changing,
  json,
  nothingHere,
  type PlainResponse,
  problem,
  type Route,
  wrongMethod,
} from './plain.ts';
import type { Gate } from './waiting.ts';

export interface DeliveryEventsOptions {
  readonly precall: Pick<Precall, 'deliveryEvents'>;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly channel: Channel;
}

export function createDeliveryEvents({ precall, gate, clock, channel }: DeliveryEventsOptions): Route {
  return async (request) => {
    const refused = wrongMethod(request, changing);
    if (refused) return refused;

    const body = await rawBody(request, eventsLimitBytes, clock);
    if (!(body instanceof Uint8Array)) return body;

    const { headers } = request;
    const query = request.query.toString();
    const answer = await gate(() => precall.deliveryEvents({ headers, body, query }, channel));
    if (channel === 'sms' && answer !== 'busy' && answer.kind === 'taken') return noReply;
    return eventsResponse(answer);
  };
}

/** To a text that came in: nothing is answered but what the provider answers itself. Twilio takes no JSON there (error 12300). */
const noReply: PlainResponse = {
  status: 200,
  headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'content-type': 'text/xml' },
  body: '<?xml version="1.0" encoding="UTF-8"?><Response/>',
};

/** INTERFACE.md section 4. A post that is authentic and not understood is 200 too: sent again it would be no better. */
function eventsResponse(answer: EventsAnswer | 'busy'): PlainResponse {
  if (answer === 'busy') return away('busy');
  switch (answer.kind) {
    case 'taken':
      return json(200, { status: 'taken', events: answer.events });
    case 'not_understood':
      return json(200, { status: 'ignored', errors: answer.issues });
    case 'not_configured':
      return nothingHere();
    case 'forged':
      return problem({ status: 401, detail: 'The signature is missing or wrong.' });
    case 'too_large':
      return tooLarge(answer.limitBytes);
    case 'away':
      return away(answer.retryAfter);
    default:
      return answer satisfies never;
  }
}
