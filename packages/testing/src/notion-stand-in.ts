// Notion's API on this machine, as far as a CRM needs it: strict where Notion is, and bad when told to be.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  databaseBody,
  type HeldPage,
  type HeldSource,
  hold,
  type NotionDatabase,
  type NotionValue,
  pageBody,
  plainId,
  sourceBody,
  valuesOf,
} from './notion-data.ts';
import { filterOf, isJson, NotionRefusal, writeValues } from './notion-rules.ts';

export interface NotionStandInOptions {
  readonly token: string;
  /** See `campaignDatabases` for those of a campaign. */
  readonly databases: readonly NotionDatabase[];
  /** 0, any free one, unless said otherwise. */
  readonly port?: number;
  /** Whether `equals` minds case, which Notion says nowhere; `any_case` unless said otherwise. */
  readonly letters?: 'any_case' | 'exact';
  /** Rows in one answer to a query at most, whatever page size was asked for: Notion may give fewer. 100 unless said. */
  readonly rowsPerAnswer?: number;
}

/** An answer of that status; none, for ever; a connection cut before the request was handled, or after. */
export type NotionFault =
  | { readonly status: number; readonly headers?: { readonly [name: string]: string } }
  | 'silence'
  | 'cut_before'
  | 'cut_after';

export interface NotionRequest {
  readonly method: string;
  readonly path: string;
  /** What was asked for, such as `query`. */
  readonly kind: 'me' | 'database' | 'data_source' | 'query' | 'page' | 'patch' | 'unknown';
  readonly atMs: number;
}

export interface NotionStandIn {
  /** `http://127.0.0.1:<port>`, for `baseUrl`. */
  readonly url: string;
  /** Every request, whatever came of it, oldest first. */
  readonly requests: readonly NotionRequest[];
  /** How many requests of a kind there were. */
  count(kind: NotionRequest['kind']): number;
  /** The rows of a database, by property name. */
  rows(
    database: string,
  ): readonly { readonly id: string; readonly values: { readonly [property: string]: NotionValue } }[];
  options(database: string, property: string): readonly string[];
  rename(database: string, property: { readonly from: string; readonly to: string }): void;
  addOption(database: string, property: string, option: string): void;
  trash(page: string): void;
  /** The database gets another data source, with the same rows; the old one is gone. */
  replaceDataSource(database: string): void;
  /** The next `times` requests (1) of that kind (any) end so; faults are used up in the order of asking. */
  failNext(
    fault: NotionFault,
    options?: { readonly times?: number; readonly kind?: NotionRequest['kind'] },
  ): void;
  /** Every request ends so, until it is told `null`. */
  failAll(fault: NotionFault | null): void;
  /** Stops listening and cuts every connection. */
  stop(): Promise<void>;
}

export async function startNotionStandIn(options: NotionStandInOptions): Promise<NotionStandIn> {
  const { token, port = 0, letters = 'any_case', rowsPerAnswer = 100 } = options;
  const sources = options.databases.map(hold);
  const requests: NotionRequest[] = [];
  const faults: { readonly fault: NotionFault; readonly kind: NotionRequest['kind'] | null; left: number }[] =
    [];
  let faultOfAll: NotionFault | null = null;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    const { method = '', url = '' } = request;
    const path = url.split('?')[0] ?? '';
    const { kind, id } = routeOf(method, path);
    requests.push({ method, path, kind, atMs: Date.now() });
    const fault = nextFault(kind);
    if (fault === 'silence') return;
    if (fault === 'cut_before') return void request.socket.destroy();
    const reply =
      fault !== null && typeof fault === 'object' ? faultReply(fault) : replyTo({ request, kind, id, body });
    if (fault === 'cut_after') return void request.socket.destroy();
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(JSON.stringify(reply.body));
  }

  function nextFault(kind: NotionRequest['kind']): NotionFault | null {
    const next = faults.find((one) => one.left > 0 && (one.kind === null || one.kind === kind));
    if (!next) return faultOfAll;
    next.left -= 1;
    return next.fault;
  }

  function replyTo({ request, kind, id, body }: Asked): Reply {
    if (request.headers.authorization !== `Bearer ${token}`)
      return refusal(401, 'unauthorized', 'API token is invalid.');
    if (!/^\d{4}-\d\d-\d\d$/.test(String(request.headers['notion-version'] ?? '')))
      return refusal(400, 'missing_version', 'Notion-Version header failed validation.');
    try {
      return answerTo(kind, id, body);
    } catch (cause) {
      if (cause instanceof NotionRefusal) return refusal(400, 'validation_error', cause.message);
      throw cause;
    }
  }

  function answerTo(kind: NotionRequest['kind'], id: string, body: string): Reply {
    const page = sources.flatMap(({ pages }) => pages).find((one) => plainId(one.id) === plainId(id));
    const source = sources.find((one) => plainId(one.id) === plainId(id) && one.given.shared !== false);
    const database = sources.find(({ given }) => plainId(given.id) === plainId(id) && given.shared !== false);
    switch (kind) {
      case 'me':
        return ok({ object: 'user', id: randomUUID(), type: 'bot', name: 'Precall', bot: {} });
      case 'database':
        return database ? ok(databaseBody(database)) : notFound('database', id);
      case 'data_source':
        return source ? ok(sourceBody(source)) : notFound('data source', id);
      case 'query':
        return source ? ok(queried(source, parsed(body))) : notFound('database', id);
      case 'page':
        return page ? ok(pageBody(page)) : notFound('page', id);
      case 'patch':
        return page ? patched(page, parsed(body)) : notFound('page', id);
      default:
        return refusal(400, 'invalid_request_url', 'Invalid request URL.');
    }
  }

  function queried(source: HeldSource, body: unknown): object {
    const { filter, page_size: size = 100, start_cursor: cursor } = isJson(body) ? body : {};
    if (typeof size !== 'number' || size < 1 || size > 100)
      throw new NotionRefusal('body failed validation: body.page_size should be ≤ `100`.');
    const matches = source.pages.filter((page) => !page.inTrash).filter(filterOf(source, filter, letters));
    const from = cursor === undefined ? 0 : matches.findIndex((page) => page.id === cursor);
    if (from < 0) throw new NotionRefusal('The start_cursor provided is invalid.');
    const until = from + Math.min(size, rowsPerAnswer);
    const next = matches[until];
    return {
      object: 'list',
      results: matches.slice(from, until).map(pageBody),
      has_more: next !== undefined,
      next_cursor: next?.id ?? null,
      type: 'page_or_data_source',
    };
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: bound } = server.address() as AddressInfo;

  const sourceNamed = (database: string): HeldSource => {
    const source = sources.find(({ given }) => plainId(given.id) === plainId(database));
    if (!source) throw new Error(`The stand-in has no database ${database}.`);
    return source;
  };
  const propertyNamed = (database: string, name: string) => {
    const property = sourceNamed(database).properties.find((one) => one.name === name);
    if (!property) throw new Error(`The database ${database} has no property "${name}".`);
    return property;
  };

  return {
    url: `http://127.0.0.1:${bound}`,
    requests,
    count: (kind) => requests.filter((request) => request.kind === kind).length,
    rows: (database) => sourceNamed(database).pages.map((page) => ({ id: page.id, values: valuesOf(page) })),
    options: (database, property) => [...propertyNamed(database, property).options],
    rename(database, { from, to }) {
      propertyNamed(database, from).name = to;
    },
    addOption(database, property, option) {
      propertyNamed(database, property).options.push(option);
    },
    trash(id) {
      for (const page of sources.flatMap(({ pages }) => pages)) if (page.id === id) page.inTrash = true;
    },
    replaceDataSource(database) {
      sourceNamed(database).id = randomUUID();
    },
    failNext(fault, { times = 1, kind } = {}) {
      faults.push({ fault, kind: kind ?? null, left: times });
    },
    failAll(fault) {
      faultOfAll = fault;
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Asked {
  readonly request: IncomingMessage;
  readonly kind: NotionRequest['kind'];
  readonly id: string;
  readonly body: string;
}
interface Reply {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body: unknown;
}

const routes: readonly (readonly [RegExp, NotionRequest['kind']])[] = [
  [/^GET \/v1\/users\/(me)$/, 'me'],
  [/^GET \/v1\/databases\/([^/]+)$/, 'database'],
  [/^GET \/v1\/data_sources\/([^/]+)$/, 'data_source'],
  [/^POST \/v1\/data_sources\/([^/]+)\/query$/, 'query'],
  [/^GET \/v1\/pages\/([^/]+)$/, 'page'],
  [/^PATCH \/v1\/pages\/([^/]+)$/, 'patch'],
];

function routeOf(
  method: string,
  path: string,
): { readonly kind: NotionRequest['kind']; readonly id: string } {
  for (const [form, kind] of routes) {
    const id = form.exec(`${method} ${path}`)?.[1];
    if (id !== undefined) return { kind, id: decodeURIComponent(id) };
  }
  return { kind: 'unknown', id: '' };
}

function patched(page: HeldPage, body: unknown): Reply {
  if (page.inTrash)
    throw new NotionRefusal(
      "Can't edit block that is archived. You must unarchive the block before editing.",
    );
  writeValues(page, isJson(body) ? body.properties : undefined);
  return ok(pageBody(page));
}

function faultReply({ status, headers = {} }: Exclude<NotionFault, string>): Reply {
  const codes: { readonly [status: number]: string } = {
    401: 'unauthorized',
    403: 'restricted_resource',
    409: 'conflict_error',
    429: 'rate_limited',
    500: 'internal_server_error',
    503: 'service_unavailable',
    529: 'service_overload',
  };
  return {
    ...refusal(status, codes[status] ?? 'database_connection_unavailable', 'Told to be bad.'),
    headers,
  };
}

function notFound(what: string, id: string): Reply {
  return refusal(
    404,
    'object_not_found',
    `Could not find ${what} with ID: ${id}. Make sure the relevant pages and databases are shared with your integration.`,
  );
}

function refusal(status: number, code: string, message: string): Reply {
  return { status, body: { object: 'error', status, code, message, request_id: randomUUID() } };
}

function ok(body: unknown): Reply {
  return { status: 200, body };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body || '{}');
  } catch {
    throw new NotionRefusal('Error parsing JSON body.');
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
