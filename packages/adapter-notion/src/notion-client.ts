// Notion's own client, with what it does by itself turned off.
import { Client } from '@notionhq/client';

/** The client for one request, which ends when the signal says so. */
export type ClientFor = (signal: AbortSignal) => Client;

/**
 * No retries: the SDK caps Retry-After at a minute. A logger that says nothing: its own prints Notion's words, which may
 * name people. Requests are aborted, their bodies included: its own time-out leaves them running.
 */
export function clientsFor({
  token,
  baseUrl,
}: {
  readonly token: string;
  readonly baseUrl: string | null;
}): ClientFor {
  return (signal) =>
    new Client({
      auth: token,
      retry: false,
      logger: () => undefined,
      ...(baseUrl !== null && { baseUrl: baseUrl.replace(/\/+$/, '') }),
      async fetch(url, { method, headers, body } = {}) {
        const response = await fetch(url, {
          ...(method && { method }),
          ...(headers && { headers }),
          ...(typeof body === 'string' && { body }),
          // The token goes nowhere else.
          redirect: 'error',
          signal,
        });
        const text = await response.text();
        const { ok, status, headers: answered } = response;
        return { ok, status, headers: answered, text: async () => text };
      },
    });
}

/** Throws where the token would go over the net for anybody to read. */
export function checkBaseUrl(baseUrl: string): void {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  const isHere = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '');
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isHere))
    throw new Error(
      'baseUrl is no address that the token may be sent to: give one with https:// (http:// on this machine only).',
    );
}
