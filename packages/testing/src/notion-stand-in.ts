// Notion's API on this machine, as far as a CRM needs it: strict where Notion is, and bad when told to be.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createNotionAnswers, type NotionRequestKind, routeOf, troubleOf } from './notion-answers.ts';
import {
  type HeldPage,
  type HeldProperty,
  type HeldSource,
  hold,
  type NotionDatabase,
  type NotionProperty,
  type NotionRow,
  plainId,
  setValue,
  valuesOf,
} from './notion-data.ts';
import type { NotionLetters } from './notion-rules.ts';

/** What it holds, and how it behaves. */
export interface NotionStandInOptions {
  readonly token: string;
  /** See `campaignDatabases` for those of a campaign. */
  readonly databases: readonly NotionDatabase[];
  /** 0, any free one, unless said otherwise. */
  readonly port?: number;
  /** `any_case` unless said otherwise. */
  readonly letters?: NotionLetters;
  /** Rows in one answer to a query at most, whatever page size was asked for: Notion may give fewer. 100 unless said. */
  readonly rowsPerAnswer?: number;
}

/**
 * An answer of that status, with the body that Notion gives it unless another is given. Or none: for ever (`silence`), in the
 * middle of the body (`half`), or by cutting the connection before the request was handled or after.
 */
export type NotionFault =
  | {
      readonly status: number;
      readonly headers?: { readonly [name: string]: string };
      readonly body?: string;
    }
  | 'silence'
  | 'half'
  | 'cut_before'
  | 'cut_after';

/** A request that came in. */
export interface NotionRequest {
  readonly kind: NotionRequestKind;
  readonly method: string;
  readonly path: string;
  /** As JSON text; empty where there was none. */
  readonly body: string;
}

/** Notion on this machine: what it was asked, what it holds, and a way to have it fail. */
export interface NotionStandIn {
  /** `http://127.0.0.1:<port>`, for `baseUrl`. */
  readonly url: string;
  /** Every request, whatever came of it, oldest first. */
  readonly requests: readonly NotionRequest[];
  /** How many requests of a kind there were. */
  count(kind: NotionRequestKind): number;
  /** The rows of a database, by property name. */
  rows(database: string): readonly { readonly id: string; readonly values: NotionRow }[];
  options(database: string, property: string): readonly string[];
  /** The property keeps its id. */
  rename(database: string, property: { readonly from: string; readonly to: string }): void;
  addOption(database: string, added: { readonly property: string; readonly option: string }): void;
  /** In every row that has it, too. */
  renameOption(
    database: string,
    option: { readonly property: string; readonly from: string; readonly to: string },
  ): void;
  /** The values stay as they are. */
  changeType(
    database: string,
    property: { readonly property: string; readonly to: NotionProperty['type'] },
  ): void;
  /** Somebody changes a page. Throws where there is no page of that id. */
  edit(page: string, values: NotionRow): void;
  /** Throws where there is no page of that id. */
  trash(page: string): void;
  /** The database's data source gets another id; the old one is of nothing. */
  replaceDataSource(database: string): void;
  /** The next `times` requests (1) of that kind (any) end so; faults are used up in the order of asking. */
  failNext(
    fault: NotionFault,
    options?: { readonly times?: number; readonly kind?: NotionRequestKind },
  ): void;
  /** Every request ends so for that long. */
  failFor(ms: number, fault: NotionFault): void;
  /** Every request ends so, until it is told `null`. */
  failAll(fault: NotionFault | null): void;
  /** Stops listening and cuts every connection. */
  stop(): Promise<void>;
}

/** Listens on this machine alone until it is closed. */
export async function startNotionStandIn(options: NotionStandInOptions): Promise<NotionStandIn> {
  const { token, port = 0, letters = 'any_case', rowsPerAnswer = 100 } = options;
  const sources = options.databases.flatMap(hold);
  const answerTo = createNotionAnswers(sources, { token, letters, rowsPerAnswer });
  const requests: NotionRequest[] = [];
  const faults: { readonly fault: NotionFault; readonly kind: NotionRequestKind | null; left: number }[] = [];
  let lasting: { readonly fault: NotionFault; readonly untilMs: number } | null = null;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const body = await read(request);
    const path = url.split('?')[0] ?? '';
    const { kind, id } = routeOf(method, path);
    requests.push({ kind, method, path, body });
    const fault = faultFor(kind);
    if (fault === 'silence') return;
    if (fault === 'cut_before') return void request.socket.destroy();
    const isTold = typeof fault === 'object' && fault !== null;
    const reply = isTold ? troubleOf(fault.status) : answerTo({ kind, id, headers, body });
    if (fault === 'cut_after') return void request.socket.destroy();
    const text = isTold && fault.body !== undefined ? fault.body : JSON.stringify(reply.body);
    response.writeHead(reply.status, {
      'content-type': 'application/json',
      ...(isTold && fault.headers),
    });
    if (fault === 'half') return void response.write(text.slice(0, text.length / 2));
    response.end(text);
  }

  function faultFor(kind: NotionRequestKind): NotionFault | null {
    const next = faults.find((one) => one.left > 0 && (one.kind === null || one.kind === kind));
    if (!next) return lasting && Date.now() < lasting.untilMs ? lasting.fault : null;
    next.left -= 1;
    return next.fault;
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();

  function sourceOf(id: string): HeldSource {
    const source = sources.find(({ database }) => plainId(database.id) === plainId(id));
    if (!source) throw new Error(`The stand-in has no database ${id}.`);
    return source;
  }

  function propertyOf(id: string, name: string): HeldProperty {
    const property = sourceOf(id).properties.find((one) => one.name === name);
    if (!property) throw new Error(`The database ${id} has no property "${name}".`);
    return property;
  }

  function pageOf(id: string): HeldPage {
    const page = sources.flatMap(({ pages }) => pages).find((one) => one.id === id);
    if (!page) throw new Error(`The stand-in has no page ${id}.`);
    return page;
  }

  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`,
    requests,
    count: (kind) => requests.filter((request) => request.kind === kind).length,
    rows: (database) => sourceOf(database).pages.map((page) => ({ id: page.id, values: valuesOf(page) })),
    options: (database, property) => [...propertyOf(database, property).options],
    rename(database, { from, to }) {
      propertyOf(database, from).name = to;
    },
    addOption(database, { property, option }) {
      propertyOf(database, property).options.push(option);
    },
    renameOption(database, { property, from, to }) {
      const { id, options: all } = propertyOf(database, property);
      all.splice(all.indexOf(from), 1, to);
      for (const { values } of sourceOf(database).pages) if (values.get(id) === from) values.set(id, to);
    },
    changeType(database, { property, to }) {
      propertyOf(database, property).type = to;
    },
    edit(id, values) {
      const page = pageOf(id);
      for (const [name, value] of Object.entries(values))
        setValue(page, propertyOf(page.source.database.id, name), value);
    },
    trash(id) {
      pageOf(id).inTrash = true;
    },
    replaceDataSource(database) {
      sourceOf(database).id = randomUUID();
    },
    failNext(fault, { times = 1, kind } = {}) {
      faults.push({ fault, kind: kind ?? null, left: times });
    },
    failFor(ms, fault) {
      lasting = { fault, untilMs: Date.now() + ms };
    },
    failAll(fault) {
      lasting = fault && { fault, untilMs: Number.POSITIVE_INFINITY };
    },
    stop() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
