// Google's Calendar API and who gives its tokens, on this machine: one calendar, one service account; bad when told to be.
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createGoogleAnswers, type GoogleEvent, type GoogleRole, googleTrouble } from './google-events.ts';
import { createGoogleTokens, type GoogleReply } from './google-token.ts';

/** The calendar that it is. */
export interface GoogleCalendarStandInOptions {
  readonly calendarId: string;
  /** What the service account may do there: `writer` unless said otherwise. */
  readonly role?: GoogleRole;
  /** Milliseconds since 1970; the machine's clock unless given. */
  readonly nowMs?: () => number;
  /** 0, any free one, unless said otherwise. */
  readonly port?: number;
}

/** What is asked: a token, whether the calendar is there, or something of one event. */
export type GoogleRequestKind = 'token' | 'calendar' | 'insert' | 'get' | 'update' | 'remove';

/**
 * An answer of that status, for that reason; or none: for ever (`silence`), or by cutting the connection before the request was
 * handled or after.
 */
export type GoogleFault =
  | {
      readonly status: number;
      readonly reason?: string;
      readonly headers?: { readonly [name: string]: string };
      readonly body?: string;
    }
  | 'silence'
  | 'cut_before'
  | 'cut_after';

/** A request that came in. */
export interface GoogleRequest {
  readonly kind: GoogleRequestKind;
  /** With its query. */
  readonly path: string;
  readonly body: string;
}

/** Google Calendar on this machine: what it holds, what it was asked, and a way to have it fail. */
export interface GoogleCalendarStandIn {
  /** `http://127.0.0.1:<port>`, for `baseUrl`. */
  readonly url: string;
  /** The JSON key of the service account, as Google's console gives it. */
  readonly key: string;
  /** Every request, whatever came of it, oldest first. */
  readonly requests: readonly GoogleRequest[];
  /** Those that are there, in any order: not those that were removed. */
  events(): readonly GoogleEvent[];
  /** By people in Google. */
  edit(id: string, fields: Partial<GoogleEvent>): void;
  setRole(role: GoogleRole): void;
  /** Tokens that were given are not taken any more. */
  revokeTokens(): void;
  /** The next `times` requests (1) of that kind (any) end so; faults are used up in the order of asking. */
  failNext(
    fault: GoogleFault,
    options?: { readonly times?: number; readonly kind?: GoogleRequestKind },
  ): void;
  /** From now on those that are left of `failNext` are forgotten. */
  recover(): void;
  /** Stops listening and cuts every connection. */
  stop(): Promise<void>;
}

const email = 'precall@a-project.iam.gserviceaccount.com';

/** Listens on this machine alone until it is stopped. */
export async function startGoogleCalendarStandIn({
  calendarId,
  role = 'writer',
  nowMs = Date.now,
  port = 0,
}: GoogleCalendarStandInOptions): Promise<GoogleCalendarStandIn> {
  const { publicKey, pem } = account();
  const held = { role, events: new Map<string, GoogleEvent>() };
  const tokens = createGoogleTokens({ email, publicKey, address: () => `${url}/token`, nowMs });
  const answerTo = createGoogleAnswers(held.events, () => held.role);
  const requests: GoogleRequest[] = [];
  let faults: { readonly fault: GoogleFault; readonly kind: GoogleRequestKind | null; left: number }[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = request;
    const body = await read(request);
    const { pathname, searchParams: query } = new URL(path, url);
    const id = eventIn(pathname);
    const kind = pathname === '/token' ? 'token' : kindOf(method, id);
    requests.push({ kind, path, body });
    const fault = faultFor(kind);
    if (fault === 'silence') return;
    if (fault === 'cut_before') return void request.socket.destroy();
    if (typeof fault === 'object')
      return send(response, googleTrouble(fault.status, fault.reason ?? 'backendError'), fault);
    const reply = kind === 'token' ? tokens.give(headers['content-type'] ?? '', body) : opened();
    if (fault === 'cut_after') return void request.socket.destroy();
    send(response, reply);

    function opened(): GoogleReply {
      const isJson =
        method === 'GET' || method === 'DELETE' || headers['content-type'] === 'application/json';
      if (!tokens.opens(headers.authorization ?? '')) return googleTrouble(401, 'authError');
      return isJson ? answerTo({ method, id, query, body }) : googleTrouble(400, 'parseError');
    }
  }

  /** Null: it is about another calendar. */
  function eventIn(pathname: string): string | null {
    const [, , calendars, calendar = '', events, id = '', ...more] = pathname.split('/').slice(1);
    const isHere = pathname.startsWith('/calendar/v3/') && calendars === 'calendars' && events === 'events';
    return isHere && more.length === 0 && decodeURIComponent(calendar) === calendarId
      ? decodeURIComponent(id)
      : null;
  }

  function faultFor(kind: GoogleRequestKind): GoogleFault | undefined {
    const next = faults.find((one) => one.left > 0 && (one.kind === null || one.kind === kind));
    if (next) next.left -= 1;
    return next?.fault;
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`;

  return {
    url,
    key: JSON.stringify({
      type: 'service_account',
      client_email: email,
      private_key: pem,
      private_key_id: 'a1b2',
    }),
    requests,
    events: () => [...held.events.values()].filter(({ status }) => status !== 'cancelled'),
    edit(id, fields) {
      const event = held.events.get(id);
      if (!event) throw new Error(`The stand-in has no event ${id}.`);
      held.events.set(id, { ...event, ...fields });
    },
    setRole(given) {
      held.role = given;
    },
    revokeTokens: tokens.revoke,
    failNext(fault, { times = 1, kind } = {}) {
      faults.push({ fault, kind: kind ?? null, left: times });
    },
    recover() {
      faults = [];
    },
    stop() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function kindOf(method: string, id: string | null): GoogleRequestKind {
  if (id === '' || id === null) return method === 'POST' ? 'insert' : 'calendar';
  return method === 'PUT' ? 'update' : method === 'DELETE' ? 'remove' : 'get';
}

function send(
  response: ServerResponse,
  { status, body }: GoogleReply,
  {
    headers = {},
    body: said,
  }: Extract<GoogleFault, { status: number }> | { headers?: undefined; body?: undefined } = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...headers });
  response.end(said ?? (body === null ? undefined : JSON.stringify(body)));
}

let made: ReturnType<typeof makeAccount> | null = null;
/** One for the whole process: making its key takes a while. */
function account(): ReturnType<typeof makeAccount> {
  made ??= makeAccount();
  return made;
}

function makeAccount() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return { publicKey, pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
