// SendGrid's v3 API on this machine, as far as a mailer needs it: strict where SendGrid is, and bad when told to be.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSendgridEvents, type SendgridEvents } from './sendgrid-events.ts';
import { messagesIn, type SendgridMail } from './sendgrid-mail.ts';
import { errorsInMail, isRecord, type SendgridError } from './sendgrid-rules.ts';

/** The account it is, and how it behaves. */
export interface SendgridStandInOptions {
  readonly apiKey: string;
  /** 0, any free one, unless said otherwise. */
  readonly port?: number;
  /** What the key may do. `sender_verification_eligible` shows the senders, `whitelabel.read` the domains. */
  readonly scopes?: readonly string[];
  /** Authenticated domains; `example.com` unless said otherwise. False: its DNS records are not valid. */
  readonly domains?: { readonly [domain: string]: boolean };
  /** Single senders. False: not confirmed. */
  readonly senders?: { readonly [email: string]: boolean };
  /** 30 MB unless said otherwise. */
  readonly limitBytes?: number;
}

/**
 * An answer of that status; or none: for ever (`silence`), by cutting the connection before the body was read or after,
 * or after the mail was taken, which nobody is told.
 */
export type SendgridFault =
  | {
      readonly status: number;
      readonly headers?: { readonly [name: string]: string };
      readonly body?: string;
    }
  | 'silence'
  | 'cut_before_reading'
  | 'cut_after_reading'
  | 'cut_after_accepting';

/** SendGrid on this machine: what it took, what it was asked, and a way to have it fail. */
export interface SendgridStandIn extends SendgridEvents {
  /** `http://127.0.0.1:<port>`, for `baseUrl`. */
  readonly url: string;
  /** On their way to somebody, oldest first. */
  readonly accepted: readonly SendgridMail[];
  /** Found in order in sandbox mode, and dropped. */
  readonly sandboxed: readonly SendgridMail[];
  /** Every request, whatever came of it, oldest first. */
  readonly requests: readonly { readonly method: string; readonly path: string }[];
  /** How many connections were opened so far. */
  readonly connections: number;
  /** The next `times` requests to `path` (once, mail/send) end so; faults are used up in the order of asking. */
  failNext(fault: SendgridFault, options?: { readonly times?: number; readonly path?: string }): void;
  /** Stops listening and cuts every connection. */
  stop(): Promise<void>;
}

const sendPath = '/v3/mail/send';
const allScopes = ['mail.send', 'sender_verification_eligible', 'whitelabel.read'];

/** Listens on this machine alone until it is closed. */
export async function startSendgridStandIn(options: SendgridStandInOptions): Promise<SendgridStandIn> {
  const { apiKey, port = 0, limitBytes = 30_000_000 } = options;
  const { scopes = allScopes, domains = { 'example.com': true }, senders = {} } = options;
  const accepted: SendgridMail[] = [];
  const sandboxed: SendgridMail[] = [];
  const requests: { method: string; path: string }[] = [];
  const faults: { readonly fault: SendgridFault; readonly path: string; left: number }[] = [];
  let connections = 0;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const [path = ''] = url.split('?');
    requests.push({ method, path });
    const fault = nextFault(path);
    if (fault === 'cut_before_reading') return void request.socket.destroy();
    const body = await read(request, limitBytes);
    if (fault === 'silence') return;
    if (fault === 'cut_after_reading') return void request.socket.destroy();
    if (fault !== null && typeof fault === 'object') return answer(response, withUsualHeaders(fault));
    const reply = replyTo({ method, path, request, body });
    if (fault === 'cut_after_accepting') return void request.socket.destroy();
    answer(response, reply);
  }

  function nextFault(path: string): SendgridFault | null {
    const next = faults.find((one) => one.path === path && one.left > 0);
    if (!next) return null;
    next.left -= 1;
    return next.fault;
  }

  function replyTo({ method, path, request, body }: Asked): Reply {
    if (request.headers.authorization !== `Bearer ${apiKey}`) {
      return refusal(401, 'The provided authorization grant is invalid, expired, or revoked');
    }
    const route = routes[`${method} ${path}`];
    if (!route) return refusal(404, 'not found');
    if (route.scope !== null && !scopes.includes(route.scope)) return refusal(403, 'access forbidden');
    return route.reply(body, request);
  }

  const routes: { readonly [route: string]: Route } = {
    [`POST ${sendPath}`]: { scope: 'mail.send', reply: takeMail },
    'GET /v3/scopes': { scope: null, reply: () => json(200, { scopes }) },
    'GET /v3/verified_senders': {
      scope: 'sender_verification_eligible',
      reply: () => json(200, { results: Object.entries(senders).map(asSender) }),
    },
    'GET /v3/whitelabel/domains': {
      scope: 'whitelabel.read',
      reply: () => json(200, Object.entries(domains).map(asDomain)),
    },
  };

  function takeMail(body: Buffer | null, { headers }: IncomingMessage): Reply {
    if (!body) return refusal(413, 'The JSON payload you have included in your request is too large.');
    if (!/^application\/json\b/.test(headers['content-type'] ?? ''))
      return refusal(415, 'unsupported content-type');
    const mail = parsed(body);
    const errors = errorsInMail(mail);
    if (errors.length > 0 || !isRecord(mail)) return json(400, { errors });
    const messages = messagesIn(mail);
    if (messages.some(({ from }) => !isSender(from))) {
      const message =
        'The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved.';
      return json(403, { errors: [{ message, field: 'from', help: null }] });
    }
    const isSandbox = isRecord(mail.mail_settings) && isOn(mail.mail_settings.sandbox_mode);
    if (isSandbox) {
      sandboxed.push(...messages);
      return { status: 200, headers: {}, body: '' };
    }
    accepted.push(...messages);
    return { status: 202, headers: { 'X-Message-Id': messages[0]?.messageId ?? '' }, body: '' };
  }

  function isSender(email: string): boolean {
    const address = email.toLowerCase();
    return senders[address] === true || domains[address.slice(address.lastIndexOf('@') + 1)] === true;
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });

  const address = server.address();
  return {
    ...createSendgridEvents(),
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`,
    accepted,
    sandboxed,
    requests,
    get connections() {
      return connections;
    },
    failNext(fault, { times = 1, path = sendPath } = {}) {
      faults.push({ fault, path, left: times });
    },
    stop() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly request: IncomingMessage;
  readonly body: Buffer | null;
}
interface Reply {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}
interface Route {
  /** Null: any key will do. */
  readonly scope: string | null;
  readonly reply: (body: Buffer | null, request: IncomingMessage) => Reply;
}

/** Null when it is longer than the limit; it is read to its end all the same. */
async function read(request: IncomingMessage, limitBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= limitBytes) chunks.push(chunk);
  }
  return bytes <= limitBytes ? Buffer.concat(chunks) : null;
}

function answer(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, headers).end(body);
}

function json(status: number, value: unknown): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

function refusal(status: number, message: string): Reply {
  const errors: readonly SendgridError[] = [{ message, field: null, help: null }];
  return json(status, { errors });
}

function withUsualHeaders({ status, headers = {}, body }: Exclude<SendgridFault, string>): Reply {
  const usual = refusal(status, status === 429 ? 'too many requests' : `status ${status}`);
  return { ...usual, headers: { ...usual.headers, ...headers }, ...(body !== undefined && { body }) };
}

function asSender([from_email, verified]: [string, boolean], index: number): unknown {
  return { id: index + 1, nickname: from_email, from_email, verified, locked: false };
}

function asDomain([domain, valid]: [string, boolean], index: number): unknown {
  return { id: index + 1, domain, subdomain: 'mail', automatic_security: true, valid };
}

function isOn(setting: unknown): boolean {
  return isRecord(setting) && setting.enable === true;
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return null;
  }
}
