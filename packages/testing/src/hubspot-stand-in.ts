// HubSpot's contact API on this machine, as far as a CRM needs it: strict where HubSpot is, and bad when told to be.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createHubspotAnswers, type HubspotRequestKind, hubspotTrouble, kindOf } from './hubspot-answers.ts';
import {
  type HubspotProperties,
  type HubspotProperty,
  type HubspotValues,
  holdContacts,
  withOwn,
} from './hubspot-data.ts';

/** What it holds, and how it behaves. */
export interface HubspotStandInOptions {
  readonly token: string;
  /** See `hubspotCampaign` for those of a campaign. */
  readonly properties: HubspotProperties;
  /** `hs_additional_emails` holds the further addresses of a contact, parted by semicolons. */
  readonly contacts?: readonly HubspotValues[];
  /** Whether a contact is found by a further address only by a search, or by asking for it as well. HubSpot says it nowhere. */
  readonly furtherAddresses?: 'search_only' | 'everywhere';
  /** 0, any free one, unless said otherwise. */
  readonly port?: number;
}

/**
 * An answer of that status, with HubSpot's body (of a 429 with the name of the limit) unless another is given. Or none: for
 * ever (`silence`), in the middle of the body (`half`), or by cutting the connection before the request was handled or after.
 */
export type HubspotFault =
  | {
      readonly status: number;
      readonly headers?: { readonly [name: string]: string };
      readonly policyName?: 'TEN_SECONDLY_ROLLING' | 'SECONDLY' | 'DAILY';
      readonly body?: string;
    }
  | 'silence'
  | 'half'
  | 'cut_before'
  | 'cut_after';

/** A request that came in. */
export interface HubspotRequest {
  readonly kind: HubspotRequestKind;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** As JSON text; empty where there was none. */
  readonly body: string;
}

/** HubSpot on this machine: what it was asked, what it holds, and a way to have it fail. */
export interface HubspotStandIn {
  /** `http://127.0.0.1:<port>`, for `baseUrl`. */
  readonly url: string;
  /** Every request, whatever came of it, oldest first. */
  readonly requests: readonly HubspotRequest[];
  count(kind: HubspotRequestKind): number;
  contacts(): readonly { readonly id: string; readonly values: HubspotValues }[];
  /** Another is made, or one changed or taken away (null); the values stay. */
  setProperty(name: string, property: HubspotProperty | null): void;
  /** By people in HubSpot. The search sees it when told to. */
  setContact(id: string, values: HubspotValues): void;
  /** From now on the search sees what is there. */
  index(): void;
  /** The next `times` requests (1) of that kind (any) end so; faults are used up in the order of asking. */
  failNext(
    fault: HubspotFault,
    options?: { readonly times?: number; readonly kind?: HubspotRequestKind },
  ): void;
  /** Stops listening and cuts every connection. */
  stop(): Promise<void>;
}

/** What HubSpot allows a private app of a small account. */
const limits = { inTenSeconds: 100, searchesInASecond: 5 };

/** Listens on this machine alone until it is closed. */
export async function startHubspotStandIn(options: HubspotStandInOptions): Promise<HubspotStandIn> {
  const { token, port = 0, furtherAddresses = 'search_only' } = options;
  const held = { properties: withOwn(options.properties), contacts: holdContacts(options.contacts ?? []) };
  const answerTo = createHubspotAnswers(held, { token, furtherAddresses });
  const requests: (HubspotRequest & { readonly atMs: number })[] = [];
  const faults: { readonly fault: HubspotFault; readonly kind: HubspotRequestKind | null; left: number }[] =
    [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = request;
    const body = await read(request);
    const url = new URL(path, 'http://stand-in');
    const kind = kindOf(method, url.pathname);
    requests.push({ kind, method, path, body, atMs: Date.now() });
    const fault = faultFor(kind);
    if (fault === 'silence') return;
    if (fault === 'cut_before') return void request.socket.destroy();
    const isTold = typeof fault === 'object' && fault !== null;
    const reply = isTold
      ? hubspotTrouble(fault.status, fault.policyName)
      : answerTo({ method, url, headers, body });
    if (fault === 'cut_after') return void request.socket.destroy();
    const text = isTold && fault.body !== undefined ? fault.body : JSON.stringify(reply.body);
    response.writeHead(reply.status, {
      'content-type': 'application/json;charset=utf-8',
      ...(isTold && fault.headers),
    });
    if (fault === 'half') return void response.write(text.slice(0, text.length / 2));
    response.end(text);
  }

  function faultFor(kind: HubspotRequestKind): HubspotFault | null {
    const next = faults.find((one) => one.left > 0 && (one.kind === null || one.kind === kind));
    if (!next) return overLimit(kind);
    next.left -= 1;
    return next.fault;
  }

  function overLimit(kind: HubspotRequestKind): HubspotFault | null {
    const since = (ms: number) => requests.filter(({ atMs }) => atMs > Date.now() - ms);
    if (since(10_000).length > limits.inTenSeconds)
      return { status: 429, policyName: 'TEN_SECONDLY_ROLLING' };
    const searches = kind === 'search' ? since(1_000).filter((one) => one.kind === 'search').length : 0;
    return searches > limits.searchesInASecond ? { status: 429, policyName: 'SECONDLY' } : null;
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();

  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`,
    requests,
    count: (kind) => requests.filter((request) => request.kind === kind).length,
    contacts: () => held.contacts.map(({ id, values }) => ({ id, values })),
    setProperty(name, property) {
      if (property) held.properties.set(name, property);
      else held.properties.delete(name);
    },
    setContact(id, values) {
      const contact = held.contacts.find((one) => one.id === id);
      if (!contact) throw new Error(`The stand-in has no contact ${id}.`);
      contact.values = { ...contact.values, ...values };
    },
    index() {
      for (const contact of held.contacts) contact.indexed = contact.values;
    },
    failNext(fault, { times = 1, kind } = {}) {
      faults.push({ fault, kind: kind ?? null, left: times });
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
