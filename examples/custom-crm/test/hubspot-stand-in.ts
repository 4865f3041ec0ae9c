// A server that answers as HubSpot's contact API does, and refuses what HubSpot refuses: other tokens, unknown
// properties and choices, dates that are none. One bad value refuses the whole change.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HubspotProperty {
  readonly type: 'string' | 'enumeration' | 'date' | 'datetime';
  readonly options?: readonly string[];
}
interface Values {
  readonly [property: string]: string;
}
export interface HubspotStandIn {
  readonly baseUrl: string;
  /** What is kept of the contact with that address. */
  valuesOf(email: string): Values;
  /** The answer to the next request: a status, or a line that is cut. */
  answerNext(answer: number | 'cut'): void;
  close(): Promise<void>;
}

/** Addresses are kept once and in lower case. */
export async function startHubspotStandIn(given: {
  readonly token: string;
  readonly schema: { readonly [name: string]: HubspotProperty };
  readonly contacts: readonly Values[];
}): Promise<HubspotStandIn> {
  const { token, schema } = given;
  const contacts = new Map<string, Values>();
  for (const { email = '', ...values } of given.contacts) {
    if (!idOf(email)) contacts.set(String(101 + contacts.size), { ...values, email: email.toLowerCase() });
  }
  const script: (number | 'cut')[] = [];
  const server = createServer(async (request, response) => {
    const scripted = script.shift();
    if (scripted === 'cut') return void request.socket.destroy();
    const { status, body } = scripted
      ? problem(scripted, 'SCRIPTED', 'as the test asked')
      : await answer(request);
    response
      .writeHead(status, { 'content-type': 'application/json;charset=utf-8' })
      .end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    valuesOf: (email) => contacts.get(idOf(email) ?? '') ?? {},
    answerNext: (next) => void script.push(next),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };

  async function answer(request: IncomingMessage): Promise<Answer> {
    if (request.headers.authorization !== `Bearer ${token}`) {
      return problem(401, 'INVALID_AUTHENTICATION', 'Authentication credentials not found.');
    }
    const url = new URL(request.url ?? '', 'http://stand-in');
    if (url.pathname === '/crm/v3/properties/contacts' && request.method === 'GET') {
      return {
        status: 200,
        body: { results: Object.entries(schema).map(([name, one]) => ({ name, ...one })) },
      };
    }
    const named = decodeURIComponent(/^\/crm\/v3\/objects\/contacts\/([^/]+)$/.exec(url.pathname)?.[1] ?? '');
    const id = url.searchParams.get('idProperty') === 'email' ? idOf(named) : named;
    const contact = id ? contacts.get(id) : undefined;
    if (!id || !contact) return problem(404, 'OBJECT_NOT_FOUND', 'resource not found');
    if (request.method === 'GET') {
      const asked = (url.searchParams.get('properties') ?? '').split(',').filter((name) => schema[name]);
      const shown = Object.fromEntries(asked.map((name) => [name, contact[name] ?? null]));
      return { status: 200, body: { id, properties: { email: contact.email, ...shown } } };
    }
    if (request.method !== 'PATCH') return problem(405, 'METHOD_NOT_ALLOWED', 'method not allowed');
    return change(id, contact, await bodyOf(request));
  }

  function change(id: string, contact: Values, properties: Values | null): Answer {
    if (!properties || Object.keys(properties).length === 0) {
      return problem(400, 'VALIDATION_ERROR', 'No properties found to update, please provide at least one.');
    }
    const faults = Object.entries(properties).flatMap(([name, value]) => {
      const fault = faultOf(schema[name], value);
      return fault ? [{ isValid: false, error: fault, name, message: `${name}: ${fault}` }] : [];
    });
    if (faults.length > 0) {
      return problem(400, 'VALIDATION_ERROR', `Property values were not valid: ${JSON.stringify(faults)}`);
    }
    contacts.set(id, { ...contact, ...properties });
    return { status: 200, body: { id, properties } };
  }

  function idOf(email: string): string | undefined {
    return [...contacts].find(([, contact]) => contact.email === email)?.[0];
  }
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

function problem(status: number, category: string, message: string): Answer {
  return { status, body: { status: 'error', message, correlationId: 'a-correlation-id', category } };
}

/** An empty value clears. Moments may also be milliseconds, dates those of midnight in UTC. */
function faultOf(property: HubspotProperty | undefined, value: unknown): string | null {
  if (!property) return 'PROPERTY_DOESNT_EXIST';
  if (typeof value !== 'string') return 'INVALID_STRING';
  if (value === '') return null;
  const { type, options = [] } = property;
  if (type === 'enumeration') {
    return value.split(';').every((choice) => options.includes(choice)) ? null : 'INVALID_OPTION';
  }
  const moment = new Date(/^\d+$/.test(value) ? Number(value) : value);
  if (type === 'date') {
    const isDate = !Number.isNaN(moment.getTime()) && moment.getTime() % 86_400_000 === 0;
    return isDate && /^(\d+|\d{4}-\d\d-\d\d)$/.test(value) ? null : 'INVALID_DATE';
  }
  if (type === 'datetime') {
    return Number.isNaN(moment.getTime()) || !/^\d+$|T.*Z$/.test(value) ? 'INVALID_DATE' : null;
  }
  return null;
}

async function bodyOf(request: IncomingMessage): Promise<Values | null> {
  if (!request.headers['content-type']?.startsWith('application/json')) return null;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { properties }: { properties?: Values } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  return properties ?? null;
}
