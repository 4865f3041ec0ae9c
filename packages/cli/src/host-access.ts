// A running host, asked over its operator API.
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type CommandFault, wentWrong, wrongUse } from './command-fault.ts';
import { checkStoreFile } from './store-file.ts';

export interface HostAccess {
  /** Without a slash at its end. */
  readonly base: string;
  /** What lets us in, for this origin alone: no redirect is followed. */
  readonly credentials: Headers;
}

export type Json = { readonly [name: string]: unknown };

export async function readJson(host: HostAccess, path: string): Promise<Json> {
  return await jsonOf(await ask(host, path, { method: 'GET' }), host);
}

export async function postJson(host: HostAccess, path: string, body: Json): Promise<Json> {
  const headers = { 'content-type': 'application/json' };
  return await jsonOf(await ask(host, path, { method: 'POST', headers, body: JSON.stringify(body) }), host);
}

/** `to` is whole, or is not there. */
export async function downloadBackup(host: HostAccess, to: string): Promise<void> {
  const response = await ask(host, '/operator/api/backup', { method: 'POST' });
  try {
    if (!response.body) throw new Error('it is empty');
    await pipeline(Readable.fromWeb(response.body), createWriteStream(to, { mode: 0o600, flush: true }));
    await checkStoreFile(to);
  } catch (cause) {
    await rm(to, { force: true });
    const why = cause instanceof Error ? cause.message : 'an unknown fault';
    throw wentWrong(`The copy from ${host.base} did not arrive whole (${why}): ask again.`);
  }
}

/** `sec-fetch-site` says that this is no page of somebody else: fetch itself sends headers of a browser. */
async function ask(host: HostAccess, path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(host.credentials);
  for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
  headers.set('sec-fetch-site', 'same-origin');
  let response: Response;
  try {
    response = await fetch(host.base + path, { ...init, headers, redirect: 'manual' });
  } catch {
    throw wentWrong(`No host answers at ${host.base}: start it, or give its address with --url.`);
  }
  if (response.ok) return response;
  throw await refusal(response, host);
}

async function refusal(response: Response, { base }: HostAccess): Promise<CommandFault> {
  const { status } = response;
  const detail = detailIn(await response.text().catch(() => ''));
  if (status === 401 || status === 403)
    return wrongUse(
      `The host at ${base} does not let us in (${status}): give the OPERATOR_PASSWORD that it was started with or, where it asks for something else, that by --header or OPERATOR_HEADERS.`,
    );
  if (status >= 300 && status < 400)
    return wrongUse(
      `The host at ${base} answers ${status} and sends elsewhere, which is not followed: give the address that it leads to with --url or, if that is a page to log in at, what lets us in by --header.`,
    );
  if (status === 404) {
    const why = typeof detail === 'string' ? detail : 'nothing of Precall is there';
    return wrongUse(
      `The host at ${base} answers 404 (${why}): check --url, and that the example host has an OPERATOR_PASSWORD, or the router of a server of yours an \`operator\`.`,
    );
  }
  const why = typeof detail === 'string' ? ` (${detail})` : '';
  return wentWrong(`The host at ${base} answers ${status}${why}: try again, or look at its log.`);
}

/** Of problem details (RFC 9457). */
function detailIn(text: string): unknown {
  try {
    const json: { readonly detail?: unknown } = JSON.parse(text);
    return json.detail;
  } catch {
    return null;
  }
}

async function jsonOf(response: Response, { base }: HostAccess): Promise<Json> {
  try {
    const json: Json = JSON.parse(await response.text());
    return json;
  } catch {
    throw wentWrong(`What answers at ${base} is not Precall: check --url.`);
  }
}
