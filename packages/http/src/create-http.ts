// Every route as one function from a plain request to a plain response. It fails closed.
import { type Clock, type Precall, Temporal } from '@precall/core';
import type { Authorize } from './basic-auth.ts';
import { createDeliveryEvents } from './delivery-events.ts';
import { createFeedRoute, isFeedPath } from './feed.ts';
import { createLink } from './link.ts';
import { createMetricsRoute, type MetricsText } from './metrics.ts';
import { createOperatorApi, type Mailbox } from './operator-api.ts';
import { createOperatorPages } from './pages/operator-pages.ts';
import {
  json,
  nothingHere,
  type PlainRequest,
  type PlainResponse,
  problem,
  reading,
  wrongMethod,
} from './plain.ts';
import type { Backup } from './upkeep.ts';
import { createGate, processClock, within } from './waiting.ts';
import { createWebhook } from './webhook.ts';

/** What the routes are made of, and where they stand. */
export interface HttpOptions {
  readonly precall: Precall;
  /** Turns on everything under `/operator`; without it all of that is 404. */
  readonly operator?: {
    readonly authorize: Authorize;
    /** IANA name of the zone in which the pages show moments; UTC unless given. */
    readonly timeZone?: string | undefined;
  };
  /** Shown to the operator. */
  readonly mailbox?: Mailbox;
  /** Lets the operator have a copy of the store while it is in use. */
  readonly backup?: Backup;
  /** Turns on `GET /metrics`, for anybody who can reach it: nothing in it is about a person. */
  readonly metrics?: MetricsText;
  /** `/webhook/calcom-booking` unless given. */
  readonly webhookPath?: string;
  /** Where the mailer's delivery events come in, where it has them: `/webhook/sendgrid-events` unless given. */
  readonly eventsPath?: string;
  /** The same of the texter's, and for what people answer: `/webhook/twilio` unless given. */
  readonly textEventsPath?: string;
  /** Used to stop waiting, and to say on the operator's pages how far away a moment is. */
  readonly clock?: Clock;
  /** Hears of what was thrown where nothing should throw: a bug, answered 500. Unless given, Node prints a warning. */
  readonly onFault?: (cause: unknown) => void;
}

/** Null: the path is none of Precall's, and the app around it may have an answer. Never rejects. */
export type Http = (request: PlainRequest) => Promise<PlainResponse | null>;

const patience = Temporal.Duration.from({ seconds: 10 });

/**
 * Every route as one function. It throws only when it is made, for a path that is none and an operator without a hook;
 * whatever a part throws later is a 500.
 */
export function createHttp({
  precall,
  operator,
  mailbox,
  backup,
  metrics,
  webhookPath = '/webhook/calcom-booking',
  eventsPath = '/webhook/sendgrid-events',
  textEventsPath = '/webhook/twilio',
  clock = processClock,
  onFault = warn,
}: HttpOptions): Http {
  for (const [option, path] of Object.entries({ webhookPath, eventsPath, textEventsPath })) {
    if (!/^\/[^?#]*$/.test(path))
      throw new Error(`createHttp: \`${option}\` is "${path}"; it must begin with / and have no query.`);
  }
  if (operator && typeof operator.authorize !== 'function')
    throw new Error(
      'createHttp: `operator` has no `authorize`: give it a function that says who may look, such as basicAuth({ user, password }).',
    );
  const gate = createGate(clock, patience);
  const webhook = createWebhook({ precall, gate, clock });
  const deliveryEvents = createDeliveryEvents({ precall, gate, clock, channel: 'mail' });
  const textEvents = createDeliveryEvents({ precall, gate, clock, channel: 'sms' });
  const link = createLink(precall);
  const feed = createFeedRoute(precall);
  const metricsRoute = metrics && createMetricsRoute({ precall, metrics, clock });
  const operatorApi =
    operator && createOperatorApi({ precall, mailbox, backup, gate, clock, authorize: operator.authorize });
  const operatorPages = operator && createOperatorPages({ ...operator, precall, clock });

  return async (request) => {
    try {
      return await answered(request);
    } catch (cause) {
      onFault(cause);
      return problem({ status: 500, detail: 'Something went wrong on this side.' });
    }
  };

  async function answered(request: PlainRequest): Promise<PlainResponse | null> {
    const { path } = request;
    if (path === webhookPath) return webhook(request);
    if (path === eventsPath) return deliveryEvents(request);
    if (path === textEventsPath) return textEvents(request);
    if (path.startsWith('/link/')) return link(request);
    if (isFeedPath(path)) return feed(request);
    if (path === '/livez') return live(request);
    if (path === '/readyz') return ready(request);
    if (path === '/metrics') return metricsRoute?.(request) ?? null;
    if (path.startsWith('/operator/api/')) return operatorApi?.(request) ?? nothingHere();
    if (path === '/operator' || path.startsWith('/operator/'))
      return operatorPages?.(request) ?? nothingHere();
    return null;
  }

  async function ready(request: PlainRequest): Promise<PlainResponse> {
    const refused = wrongMethod(request, reading);
    if (refused) return refused;
    if (await within(clock, patience, precall.ready(), false)) return json(200, { status: 'ready' });
    return problem({ status: 503, detail: 'Starting, stopping, or without its store.' });
  }
}

function live(request: PlainRequest): PlainResponse {
  return wrongMethod(request, reading) ?? json(200, { status: 'alive' });
}

function warn(cause: unknown): void {
  process.emitWarning(cause instanceof Error ? cause : String(cause));
}
