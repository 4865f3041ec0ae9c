// HubSpot as the CRM of Precall, over fetch: campaigns are the checkboxes of one contact property, and the mark of a
// reminder is a date-and-time property.
import type { Crm, Found, PortError, PortResult, Projection } from '@precall/core';
import { Err, Ok, textOf } from '@precall/core';

export interface HubspotCrmOptions {
  /** Of a private app that may read and write contacts, and read their schema. */
  readonly token: string;
  /** By property name in the policy's projection: HubSpot's internal name. */
  readonly properties: { readonly [property: string]: string };
  /** The policy's: `describe` looks whether each property that it names has a name above. */
  readonly projection: Projection;
  /** The property whose checkboxes say in which campaigns a contact is. */
  readonly campaigns: string;
  /** By reminder rule, such as `24h`: the property that marks it as sent. */
  readonly marks: { readonly [rule: string]: string };
  /** `https://api.hubapi.com`, or a stand-in. */
  readonly baseUrl: string;
}

/** A ref is a contact's record id. HubSpot keeps an address once and in lower case, so nothing is ever `many`. */
export function createHubspotCrm(options: HubspotCrmOptions): Crm {
  const { token, properties, projection, campaigns, marks, baseUrl } = options;
  return {
    findContact: async (email) => (await byAddress(email)).map(foundOrNone),
    async findMembership(email, campaign) {
      const isIn = (contact: Contact | null) => contact?.properties[campaigns]?.split(';').includes(campaign);
      return (await byAddress(email)).map((contact) => foundOrNone(isIn(contact) ? contact : null));
    },
    async update(ref, fields) {
      const unnamed = Object.keys(fields).find((name) => !properties[name]);
      if (unnamed) return Err({ kind: 'rejected', reason: unnamedFault(unnamed).fault });
      const values = Object.entries(fields).map(([name, field]) => [properties[name], textOf(field) ?? '']);
      return await write(ref, Object.fromEntries(values));
    },
    async recordSent(ref, step, at) {
      const mark = marks[step];
      if (!mark) return Ok.EMPTY;
      const contact = await call<Contact>(`${pathTo(ref)}?properties=${mark}`);
      // A mark that is there may be another's: it stays.
      if (contact.isErr() || contact.value?.properties[mark]) return contact.map(() => undefined);
      return await write(ref, { [mark]: at.toString() });
    },
    async describe() {
      const schema = await call<{ results: { name: string }[] }>('/crm/v3/properties/contacts');
      const needed = [campaigns, ...Object.values(properties), ...Object.values(marks)];
      const projected = Object.values(projection.properties).filter((name) => name !== null);
      return schema.map((known) => {
        const names = known?.results.map(({ name }) => name) ?? [];
        return [
          ...projected.filter((name) => !properties[name]).map(unnamedFault),
          ...needed.filter((name) => !names.includes(name)).map(missingFault),
        ];
      });
    },
  };

  function byAddress(email: string): PortResult<Contact | null> {
    return call(`${pathTo(email.toLowerCase())}?idProperty=email&properties=${campaigns}`);
  }

  async function write(ref: string, values: object): PortResult<void> {
    const answer = await call(pathTo(ref), { properties: values });
    return answer.andThen((contact) => (contact ? Ok.EMPTY : Err(noSuchContact)));
  }

  /** Reads, or writes `changes`. Null where HubSpot has nothing. */
  async function call<T>(path: string, changes?: object): PortResult<T | null> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const how = changes ? { method: 'PATCH', body: JSON.stringify(changes) } : {};
    try {
      const response = await fetch(baseUrl + path, { ...how, headers, signal: AbortSignal.timeout(10_000) });
      if (response.ok) return Ok((await response.json()) as T);
      if (response.status === 404) return Ok(null);
      // HubSpot's words about a write are about properties; those about a question may hold the address.
      return Err(refusal(response.status, changes ? await response.text() : ''));
    } catch (cause) {
      return Err(toPortError(cause, changes ? 'unknown' : 'unavailable'));
    }
  }
}

interface Contact {
  readonly id: string;
  readonly properties: { readonly [name: string]: string | null };
}

const noSuchContact = { kind: 'rejected', reason: 'HubSpot has no such contact' } as const;

const pathTo = (idOrEmail: string) => `/crm/v3/objects/contacts/${encodeURIComponent(idOrEmail)}`;

function foundOrNone(contact: Contact | null): Found<string> {
  return contact ? { kind: 'one', ref: contact.id } : { kind: 'none' };
}

function unnamedFault(name: string) {
  const cure = 'give it one, or set the property to null in policy.projection';
  return { where: 'policy.projection', fault: `"${name}" has no HubSpot name in properties`, cure };
}

function missingFault(name: string) {
  const cure = 'make it in HubSpot: Settings, Properties, Contact properties';
  return { where: `contact property ${name}`, fault: 'there is none with this internal name', cure };
}

/** A token may be mended, and a lock or a limit passes; what else is refused is refused for good. */
function refusal(status: number, words: string): PortError {
  const reason = `HubSpot answered ${status} ${words.slice(0, 300)}`;
  if ([401, 403].includes(status)) return { kind: 'unavailable', reason, refusesUs: true };
  const mayPass = status >= 500 || [423, 429].includes(status);
  return { kind: mayPass ? 'unavailable' : 'rejected', reason };
}

/** Nobody knows whether a write without an answer was done. */
function toPortError(cause: unknown, kind: 'unavailable' | 'unknown'): PortError {
  return { kind, reason: `HubSpot does not answer (${cause instanceof Error ? cause.name : 'no error'})` };
}
