// Notion's answers, from what is held: one function from a request to a status and a body.
import { randomUUID } from 'node:crypto';
import { databaseBody, pageBody, sourceBody } from './notion-bodies.ts';
import { addPage, type HeldPage, type HeldSource, plainId } from './notion-data.ts';
import {
  filterOf,
  isJson,
  type NotionLetters,
  NotionRefusal,
  valuesGiven,
  writeValues,
} from './notion-rules.ts';

/** What is asked for: a database, a data source, its rows, a page; or to change or make one. */
export type NotionRequestKind =
  | 'database'
  | 'data_source'
  | 'query'
  | 'page'
  | 'patch'
  | 'create'
  | 'unknown';

export interface NotionAsked {
  readonly kind: NotionRequestKind;
  /** Of what stands in the path. */
  readonly id: string;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  readonly body: string;
}
export interface NotionReply {
  readonly status: number;
  readonly body: object;
}

export interface NotionAnswersOptions {
  readonly token: string;
  readonly letters: NotionLetters;
  readonly rowsPerAnswer: number;
}

export function createNotionAnswers(
  sources: readonly HeldSource[],
  { token, letters, rowsPerAnswer }: NotionAnswersOptions,
): (asked: NotionAsked) => NotionReply {
  const seen = () => sources.filter(({ database }) => database.shared !== false);
  const sourceOf = (id: string) => seen().find((one) => plainId(one.id) === plainId(id));

  function answerTo({ kind, id, body }: NotionAsked): NotionReply {
    if (id !== '' && !/^[0-9a-f]{32}$/.test(plainId(id)))
      throw new NotionRefusal(
        `path failed validation: path.${kind}_id should be a valid uuid, instead was \`"${id}"\`.`,
      );
    const source = sourceOf(id);
    switch (kind) {
      case 'database': {
        const found = databaseBody(seen().filter(({ database }) => plainId(database.id) === plainId(id)));
        return found ? ok(found) : notFound('database', id);
      }
      case 'data_source':
        return source ? ok(sourceBody(source)) : notFound('data_source', id);
      case 'query':
        // Notion's word for it, whatever the id was of.
        return source ? ok(queried(source, parsed(body))) : notFound('database', id);
      case 'page':
      case 'patch': {
        const page = seen()
          .flatMap(({ pages }) => pages)
          .find((one) => plainId(one.id) === plainId(id));
        if (!page) return notFound('page', id);
        if (kind === 'patch') patch(page, parsed(body));
        return ok(pageBody(page));
      }
      case 'create':
        return created(parsed(body));
      case 'unknown':
        return refusal(400, 'invalid_request_url', 'Invalid request URL.');
    }
  }

  function queried(source: HeldSource, body: unknown): object {
    const { filter, page_size: size = 100, start_cursor: cursor } = isJson(body) ? body : {};
    if (typeof size !== 'number' || size < 1 || size > 100)
      throw new NotionRefusal('body failed validation: body.page_size should be ≤ `100`.');
    const fits = filter === undefined ? () => true : filterOf(source, filter, letters);
    const matches = source.pages.filter((page) => !page.inTrash && fits(page));
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
      page_or_data_source: {},
    };
  }

  function created(body: unknown): NotionReply {
    const { parent, properties } = isJson(body) ? body : {};
    const id = isJson(parent) ? String(parent.data_source_id ?? '') : '';
    const source = sourceOf(id);
    if (!source) return notFound('data_source', id);
    valuesGiven(source, properties);
    const page = addPage(source);
    writeValues(page, properties);
    return ok(pageBody(page));
  }

  return (asked) => {
    if (asked.headers.authorization !== `Bearer ${token}`)
      return refusal(401, 'unauthorized', 'API token is invalid.');
    if (!/^\d{4}-\d\d-\d\d$/.test(String(asked.headers['notion-version'] ?? '')))
      return refusal(400, 'missing_version', 'Notion-Version header failed validation.');
    try {
      return answerTo(asked);
    } catch (cause) {
      if (cause instanceof NotionRefusal) return refusal(400, 'validation_error', cause.message);
      throw cause;
    }
  };
}

const routes: readonly (readonly [RegExp, NotionRequestKind])[] = [
  [/^GET \/v1\/databases\/([^/]+)$/, 'database'],
  [/^GET \/v1\/data_sources\/([^/]+)$/, 'data_source'],
  [/^POST \/v1\/data_sources\/([^/]+)\/query$/, 'query'],
  [/^GET \/v1\/pages\/([^/]+)$/, 'page'],
  [/^PATCH \/v1\/pages\/([^/]+)$/, 'patch'],
  [/^POST \/v1\/pages()$/, 'create'],
];

export function routeOf(method: string, path: string): Pick<NotionAsked, 'kind' | 'id'> {
  for (const [form, kind] of routes) {
    const id = form.exec(`${method} ${path}`)?.[1];
    if (id !== undefined) return { kind, id: decodeURIComponent(id) };
  }
  return { kind: 'unknown', id: '' };
}

/** The answer of a Notion that is in trouble. */
export function troubleOf(status: number): NotionReply {
  const codes: { readonly [status: number]: string } = {
    400: 'validation_error',
    401: 'unauthorized',
    403: 'restricted_resource',
    404: 'object_not_found',
    409: 'conflict_error',
    429: 'rate_limited',
    500: 'internal_server_error',
    // One of the codes that the SDK does not know.
    503: 'database_connection_unavailable',
    504: 'gateway_timeout',
    529: 'service_overload',
  };
  return refusal(
    status,
    codes[status] ?? 'internal_server_error',
    'This is what the stand-in was told to say.',
  );
}

function patch(page: HeldPage, body: unknown): void {
  if (page.inTrash || page.source.database.inTrash === true)
    throw new NotionRefusal(
      "Can't edit block that is archived. You must unarchive the block before editing.",
    );
  writeValues(page, isJson(body) ? body.properties : undefined);
}

function notFound(what: string, id: string): NotionReply {
  const hint = 'Make sure the relevant pages and databases are shared with your integration.';
  return refusal(404, 'object_not_found', `Could not find ${what} with ID: ${id}. ${hint}`);
}

function refusal(status: number, code: string, message: string): NotionReply {
  return { status, body: { object: 'error', status, code, message, request_id: randomUUID() } };
}

function ok(body: object): NotionReply {
  return { status: 200, body };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body || '{}');
  } catch {
    throw new NotionRefusal('Error parsing JSON body.');
  }
}
