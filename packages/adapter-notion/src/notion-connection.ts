// One integration's way to Notion: what shares it shares its pace, and the pause that Notion asks for.
import type { Client } from '@notionhq/client';
import { type Clock, type Duration, isToken, milliseconds, Temporal } from '@precall/core';
import { callTimeout, createNotionCalls, type NotionCall, type NotionLimits } from './notion-calls.ts';
import { checkBaseUrl, clientsFor } from './notion-client.ts';
import type { PaceLimits } from './pace.ts';

/** How Notion is reached. */
export type NotionAccess =
  | {
      /** The integration's secret. */
      readonly token: string;
      /** Instead of Notion's own address: that of a stand-in. */
      readonly baseUrl?: string | null;
    }
  | {
      /** One of your own: its `retry` must be false, and its `logger` say nothing. A request that is given up goes on in it. */
      readonly client: Client;
    };

/** How fast Notion may be asked; one pace for all that share a token. */
export interface NotionPace {
  /** 3 a second on average and 10 at once unless said otherwise. */
  readonly pace?: PaceLimits;
  /** For one request; 10 s unless said otherwise, 18 s at most. */
  readonly requestTimeout?: Duration;
}

/** What `createNotionCrm` and `createNotionTexts` take in the place of a token, so that together they keep to one pace. */
export interface SharedNotion {
  readonly begin: () => NotionCall;
}
/** How Notion is reached: by a token, or by a client that one has. */
export type NotionConnection = NotionAccess | { readonly shared: SharedNotion };

const defaults: NotionLimits = {
  perSecond: 3,
  burst: 10,
  requestTimeout: Temporal.Duration.from({ seconds: 10 }),
};

/** Throws for options that cannot be right, naming the option and how to mend it. */
export function shareNotion(options: NotionAccess & NotionPace & { readonly clock: Clock }): SharedNotion {
  const { clock, pace = defaults, requestTimeout = defaults.requestTimeout } = options;
  const limits = { perSecond: pace.perSecond, burst: pace.burst, requestTimeout };
  check(options, limits);
  const clientFor =
    'client' in options
      ? () => options.client
      : clientsFor({ token: options.token, baseUrl: options.baseUrl ?? null });
  return { begin: createNotionCalls(clientFor, { clock, limits }) };
}

export function sharedIn(options: NotionConnection & NotionPace & { readonly clock: Clock }): SharedNotion {
  return 'shared' in options ? options.shared : shareNotion(options);
}

/** Throws for a database that is not named. */
export function checkDatabase(name: string, database: string): void {
  if (typeof database !== 'string' || database === '')
    throw new Error(`${name}.database is empty: give the id in the database's address, before ?v=.`);
}

function check(options: NotionAccess, { perSecond, burst, requestTimeout }: NotionLimits): void {
  if ('token' in options && !isToken(options.token))
    throw new Error("token is no secret of an integration: copy it from the integration's page.");
  if ('token' in options && options.baseUrl) checkBaseUrl(options.baseUrl);
  if (!(perSecond > 0) || !(burst >= 1))
    throw new Error('pace lets nothing through: give perSecond above 0 and burst of 1 or more.');
  const ms = milliseconds(requestTimeout);
  if (!(ms > 0) || ms > milliseconds(callTimeout))
    throw new Error('requestTimeout is out of range: give more than nothing and 18 s at most.');
}
