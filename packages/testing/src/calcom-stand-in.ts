// A Cal.com on this machine: its API over HTTP, and its webhooks signed and posted, as many of them as get through.
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Temporal } from '@precall/core';
import { type CalcomModel, type CalcomWebhook, createCalcomModel } from './calcom-model.ts';

/** Its key, its clock, and where its webhooks go. */
export interface CalcomStandInOptions {
  readonly apiKey: string;
  /** 0, any free one, unless said otherwise. */
  readonly port?: number;
  /** Where webhooks go, and what signs them; without it they go nowhere. */
  readonly webhook?: { readonly url: string; readonly secret: string };
  /** Whether this webhook, the `index`th from 0, gets lost. None does unless said otherwise. */
  readonly loses?: (webhook: CalcomWebhook, index: number) => boolean;
}

/** An answer of that status; or none, by cutting the connection. */
export type CalcomFault =
  | {
      readonly status: number;
      readonly headers?: { readonly [name: string]: string };
      readonly body?: string;
    }
  | 'cut';

/** A Cal.com on this machine: the model, its API over HTTP, and the webhooks it posts. */
export interface CalcomStandIn extends CalcomModel {
  /** `http://127.0.0.1:<port>`, for `baseUrl`. */
  readonly url: string;
  /** Every webhook there was, oldest first; `answer` is the status it got: null while it has none, or for ever. */
  readonly webhooks: readonly (CalcomWebhook & {
    readonly isLost: boolean;
    readonly answer: number | null;
  })[];
  /** Every request, whatever came of it, oldest first. */
  readonly requests: readonly { readonly method: string; readonly path: string }[];
  /** The next `times` requests (once) end so; faults are used up in the order of asking. */
  failNext(fault: CalcomFault, options?: { readonly times?: number }): void;
  /** Until every webhook that is not lost has been answered, or given up: Cal.com does not try again. */
  delivered(): Promise<void>;
  /** Stops listening and cuts every connection. */
  stop(): Promise<void>;
}

/** Listens on this machine alone until it is closed. */
export async function startCalcomStandIn(options: CalcomStandInOptions): Promise<CalcomStandIn> {
  const { apiKey, port = 0, webhook: target, loses = () => false } = options;
  const webhooks: (CalcomWebhook & { isLost: boolean; answer: number | null })[] = [];
  const requests: { method: string; path: string }[] = [];
  const faults: CalcomFault[] = [];
  /** One after the other, as they were said. */
  let posted: Promise<void> = Promise.resolve();

  const model = createCalcomModel({
    apiKey,
    now: () => Temporal.Instant.fromEpochMilliseconds(Date.now()),
    onWebhook(webhook) {
      const kept = { ...webhook, isLost: loses(webhook, webhooks.length), answer: null as number | null };
      webhooks.push(kept);
      if (!target || kept.isLost) return;
      posted = posted.then(async () => {
        kept.answer = await post(target, webhook.body);
      });
    },
  });

  const server = createServer((request, response) => {
    const { method = '', url: path = '', headers } = request;
    requests.push({ method, path });
    const fault = faults.shift();
    if (fault === 'cut') return void request.socket.destroy();
    const named = {
      authorization: headers.authorization,
      'cal-api-version': headers['cal-api-version']?.toString(),
    };
    const answer = fault ?? model.answer({ method, path, headers: named });
    response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });

  return {
    ...model,
    get bookings() {
      return model.bookings;
    },
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    webhooks,
    requests,
    failNext(fault, { times = 1 } = {}) {
      faults.push(...Array.from({ length: times }, () => fault));
    },
    delivered: () => posted,
    stop() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/** The status, or null when there was no answer. */
async function post(
  target: { readonly url: string; readonly secret: string },
  body: string,
): Promise<number | null> {
  const signature = createHmac('sha256', target.secret).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-cal-signature-256': signature };
  try {
    const response = await fetch(target.url, { method: 'POST', headers, body, redirect: 'manual' });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}
