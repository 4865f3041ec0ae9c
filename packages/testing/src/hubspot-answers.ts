// HubSpot's answers, from what is held: one function from a request to a status and a body. Strict where HubSpot is.
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { addressesOf, type HeldContact, type HubspotProperty, lowered } from './hubspot-data.ts';

/** What a request is for. */
export type HubspotRequestKind = 'properties' | 'contact' | 'contacts' | 'search' | 'patch' | 'unknown';

export interface HubspotAsked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
export interface HubspotReply {
  readonly status: number;
  readonly body: object;
}

export interface HubspotHeld {
  readonly properties: Map<string, HubspotProperty>;
  readonly contacts: HeldContact[];
}
type Json = { readonly [name: string]: unknown };

export function createHubspotAnswers(
  { properties, contacts }: HubspotHeld,
  {
    token,
    furtherAddresses,
  }: { readonly token: string; readonly furtherAddresses: 'search_only' | 'everywhere' },
): (asked: HubspotAsked) => HubspotReply {
  function contactMeant({ url }: HubspotAsked): HeldContact | undefined {
    const meant = decodeURIComponent(url.pathname.split('/').at(-1) ?? '');
    const idProperty = url.searchParams.get('idProperty');
    if (idProperty === null) return contacts.find(({ id }) => id === meant);
    if (idProperty !== 'email') throw new Refusal(`Property '${idProperty}' is not a unique property.`);
    const address = meant.toLowerCase();
    return contacts.find(({ values }) =>
      furtherAddresses === 'everywhere' ? addressesOf(values).includes(address) : values.email === address,
    );
  }

  /** Unknown properties are left out without a word. */
  function shown({ id, values }: Pick<HeldContact, 'id' | 'values'>, asked: readonly string[]): object {
    const known = asked.filter((name) => properties.has(name));
    const pairs = ['hs_object_id', ...known].map((name) => [name, values[name] || null]);
    return { id, properties: Object.fromEntries(pairs), archived: false };
  }

  function patch(contact: HeldContact, { headers, body }: HubspotAsked): object {
    const given = jsonOf(headers, body).properties;
    if (!isJson(given) || Object.keys(given).length === 0)
      throw new Refusal('No properties found to update, please provide at least one.');
    const faults = Object.entries(given).flatMap(([name, value]) => {
      const error = faultOf(properties.get(name), value);
      return error === null
        ? []
        : [{ isValid: false, message: `${String(value)} was not valid`, error, name }];
    });
    if (faults.length > 0) throw new Refusal(`Property values were not valid: ${JSON.stringify(faults)}`);
    const values = lowered({ ...contact.values, ...(given as { [name: string]: string }) });
    const others = contacts.filter((one) => one !== contact).flatMap((one) => addressesOf(one.values));
    if (values.email && others.includes(values.email)) throw new Refusal('Contact already exists.', 409);
    contact.values = values;
    return shown(contact, Object.keys(given));
  }

  function found({ headers, body }: HubspotAsked): object {
    const { filterGroups, properties: asked = [], limit = 10 } = jsonOf(headers, body);
    if (!Array.isArray(filterGroups) || filterGroups.length === 0 || filterGroups.length > 5)
      throw new Refusal('filterGroups must hold one to five groups.');
    if (typeof limit !== 'number' || limit < 1 || limit > 200) throw new Refusal('limit must be 1 to 200.');
    if (!Array.isArray(asked)) throw new Refusal('properties must be a list.');
    const groups = filterGroups.map((group: unknown) => {
      const filters = isJson(group) && Array.isArray(group.filters) ? group.filters : [];
      if (filters.length === 0 || filters.length > 6) throw new Refusal('A group holds one to six filters.');
      return filters.map((filter: unknown) => filterOf(filter, properties));
    });
    const hits = contacts
      .filter(({ indexed }) => groups.some((filters) => filters.every((test) => test(indexed))))
      .map(({ id, indexed }) => shown({ id, values: indexed }, asked.map(String)));
    return { total: hits.length, results: hits.slice(0, limit) };
  }

  function answerTo(asked: HubspotAsked): HubspotReply {
    const kind = kindOf(asked.method, asked.url.pathname);
    const names = (asked.url.searchParams.get('properties') ?? '').split(',');
    switch (kind) {
      case 'properties':
        return ok({ results: [...properties].map(([name, property]) => propertyBody(name, property)) });
      case 'contacts':
        return ok({ results: contacts.slice(0, 10).map((one) => shown(one, names)) });
      case 'search':
        return ok(found(asked));
      case 'contact':
      case 'patch': {
        const contact = contactMeant(asked);
        if (!contact) return refusal(404, 'OBJECT_NOT_FOUND', 'resource not found');
        return ok(kind === 'patch' ? patch(contact, asked) : shown(contact, names));
      }
      case 'unknown':
        return refusal(404, 'NOT_FOUND', 'Unable to find a route.');
    }
  }

  return (asked) => {
    if (asked.headers.authorization !== `Bearer ${token}`)
      return refusal(401, 'INVALID_AUTHENTICATION', 'Authentication credentials not found.');
    try {
      return answerTo(asked);
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause;
      const category = { 409: 'CONFLICT', 415: 'UNSUPPORTED_MEDIA_TYPE' }[cause.status] ?? 'VALIDATION_ERROR';
      return refusal(cause.status, category, cause.message);
    }
  };
}

export function kindOf(method: string, path: string): HubspotRequestKind {
  const contacts = '/crm/v3/objects/contacts';
  if (method === 'GET' && path === '/crm/v3/properties/contacts') return 'properties';
  if (method === 'GET' && path === contacts) return 'contacts';
  if (method === 'POST' && path === `${contacts}/search`) return 'search';
  if (!path.startsWith(`${contacts}/`) || path.slice(contacts.length + 1).includes('/')) return 'unknown';
  return method === 'GET' ? 'contact' : method === 'PATCH' ? 'patch' : 'unknown';
}

/** The answer of a HubSpot that is in trouble, or that has had enough. */
export function hubspotTrouble(status: number, policyName?: string): HubspotReply {
  if (status !== 429) return refusal(status, 'INTERNAL_ERROR', 'This is what the stand-in was told to say.');
  const { body } = refusal(429, 'RATE_LIMITS', 'You have reached your limit.');
  return {
    status,
    body: { ...body, errorType: 'RATE_LIMIT', ...(policyName !== undefined && { policyName }) },
  };
}

class Refusal extends Error {
  readonly status: number;
  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

/** An empty value clears. Moments may also be milliseconds; a date's are those of midnight in UTC. */
function faultOf(property: HubspotProperty | undefined, value: unknown): string | null {
  if (!property) return 'PROPERTY_DOESNT_EXIST';
  if (property.readOnly) return 'READ_ONLY_VALUE';
  if (typeof value !== 'string') return 'INVALID_STRING';
  if (value === '') return null;
  const { type, fieldType, options = {}, externalOptions } = property;
  const ms = /^\d+$/.test(value) ? Number(value) : Date.parse(value);
  switch (type) {
    case 'enumeration': {
      if (externalOptions) return null;
      const chosen = fieldType === 'checkbox' ? value.split(';') : [value];
      return chosen.every((one) => Object.hasOwn(options, one)) ? null : 'INVALID_OPTION';
    }
    case 'date':
      return /^(?:\d+|\d{4}-\d\d-\d\d)$/.test(value) && ms % 86_400_000 === 0 ? null : 'INVALID_DATE';
    case 'datetime':
      return /^\d+$|T.*Z$/.test(value) && !Number.isNaN(ms) ? null : 'INVALID_DATE';
    case 'number':
      return Number.isNaN(Number(value)) ? 'INVALID_INTEGER' : null;
    case 'bool':
      return value === 'true' || value === 'false' ? null : 'INVALID_OPTION';
    default:
      return value.length > 65_536 ? 'INVALID_STRING' : null;
  }
}

/** Words of an address are what stands between its points, its @ and other marks. */
const tokensOf = (text: string) =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}_+-]+/u)
    .filter((token) => token !== '');

function filterOf(
  filter: unknown,
  properties: HubspotHeld['properties'],
): (values: { readonly [name: string]: string }) => boolean {
  const { propertyName, operator, value } = isJson(filter) ? filter : {};
  if (typeof propertyName !== 'string' || !properties.has(propertyName))
    throw new Refusal(
      `There was a problem with the request: property ${String(propertyName)} does not exist.`,
    );
  if (typeof value !== 'string') throw new Refusal('A filter needs a value.');
  if (operator === 'EQ')
    return (values) => (values[propertyName] ?? '').toLowerCase() === value.toLowerCase();
  if (operator !== 'CONTAINS_TOKEN') throw new Refusal(`Invalid operator ${String(operator)}.`);
  return (values) => {
    const there = tokensOf(values[propertyName] ?? '');
    return tokensOf(value).every((token) => there.includes(token));
  };
}

function propertyBody(name: string, property: HubspotProperty): object {
  const { label, type, options = {}, externalOptions = false, readOnly = false } = property;
  const fieldTypes = {
    enumeration: 'select',
    date: 'date',
    datetime: 'date',
    number: 'number',
    bool: 'booleancheckbox',
    string: 'text',
    phone_number: 'phonenumber',
  };
  return {
    name,
    label,
    type,
    fieldType: property.fieldType ?? fieldTypes[type],
    options: Object.entries(options).map(([value, shownAs], displayOrder) => ({
      label: shownAs,
      value,
      displayOrder,
      hidden: false,
    })),
    groupName: 'contactinformation',
    externalOptions,
    hidden: false,
    calculated: false,
    archived: false,
    modificationMetadata: { archivable: true, readOnlyDefinition: false, readOnlyValue: readOnly },
  };
}

function jsonOf(headers: IncomingHttpHeaders, body: string): Json {
  if (!headers['content-type']?.startsWith('application/json'))
    throw new Refusal('HTTP 415 Unsupported Media Type', 415);
  try {
    const json: unknown = JSON.parse(body);
    if (isJson(json)) return json;
  } catch {
    // The same as what is no object.
  }
  throw new Refusal('Invalid input JSON.');
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refusal(status: number, category: string, message: string): HubspotReply {
  return { status, body: { status: 'error', message, correlationId: randomUUID(), category } };
}

function ok(body: object): HubspotReply {
  return { status: 200, body };
}
