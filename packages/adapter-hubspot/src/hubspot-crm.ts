// Crm on HubSpot: contacts and their properties. Campaigns and the marks of reminders are properties of the contact as well.
import {
  type Clock,
  type Crm,
  defaultProjection,
  Err,
  type Found,
  isToken,
  Ok,
  type Projection,
  type RuleName,
} from '@precall/core';
import { findSchemaFaults } from './describe.ts';
import { type Contact, contactPath, findContacts, readContact } from './find-contacts.ts';
import { type Ask, createHubspotCalls } from './hubspot-calls.ts';
import type { HubspotResult } from './hubspot-error.ts';
import { refusal, valuesFor } from './property-values.ts';
import { createSchema, optionNamed, type Property, propertyNamed } from './schema.ts';

/** Which account, and what the properties are called in it. */
export interface HubspotCrmOptions {
  /** The access token of a private app that may read and write contacts, and read their schema. */
  readonly token: string;
  readonly clock: Clock;
  /** Which contacts are in a campaign, and where reminders are marked; without it nobody is a member. */
  readonly membership?: MembershipOptions | null;
  /** What `describe` compares the properties with: the policy's projection. */
  readonly projection?: Projection;
  /** Instead of HubSpot's own address: that of a stand-in. */
  readonly baseUrl?: string | null;
}

/** Properties are given by the label that people see, or by internal name. */
export interface MembershipOptions {
  /** The property that says in which campaigns a contact is: checkboxes, a choice of one, or a text. */
  readonly campaignProperty: string;
  /**
   * By rule: the property of type date or date-and-time that its sending is marked in. None unless given: other mails may
   * depend on such a mark, and would not go out any more.
   */
  readonly sentProperties?: Readonly<Record<RuleName, string>>;
}

const ownAddress = 'https://api.hubapi.com';

/** Throws for options that cannot be right, naming the option and how to mend it. */
export function createHubspotCrm(options: HubspotCrmOptions): Crm {
  const { token, clock, membership = null, projection = defaultProjection } = options;
  const baseUrl = (options.baseUrl ?? ownAddress).replace(/\/+$/, '');
  check(token, baseUrl);
  const begin = createHubspotCalls({ token, baseUrl, clock });
  const schema = createSchema(clock);

  return {
    async findContact(email) {
      return (await findContacts(begin(), { email, names: ['email'] })).map(foundIn);
    },
    async findMembership(email, campaign) {
      if (!membership) return Ok({ kind: 'none' });
      const ask = begin();
      return schema.on(ask, async (properties) => {
        const property = propertyNamed(properties, membership.campaignProperty);
        if (!property) return noProperty(membership.campaignProperty);
        const found = await findContacts(ask, { email, names: [property.name] });
        return found.map((contacts) => foundIn(contacts.filter((one) => isIn(one, property, campaign))));
      });
    },
    async update(ref, fields) {
      if (Object.keys(fields).length === 0) return Ok.EMPTY;
      if (!isId(ref)) return noSuchContact();
      const ask = begin();
      return schema.on(ask, async (properties) => {
        const values = valuesFor(properties, fields);
        return values.isErr() ? values : write(ask, ref, values.value);
      });
    },
    async read(ref, names) {
      if (!isId(ref)) return noSuchContact();
      const ask = begin();
      return schema.on(ask, async (properties) => {
        const wanted = names.map((name) => [name, propertyNamed(properties, name)] as const);
        const [missing] = wanted.find(([, property]) => property === null) ?? [];
        if (missing !== undefined) return noProperty(missing);
        const path = `${contactPath(ref)}?`;
        const contact = await readContact(ask, { path, names: wanted.flatMap(([, one]) => one?.name ?? []) });
        if (contact.isErr()) return contact;
        const { value } = contact;
        if (!value) return noSuchContact();
        return Ok(Object.fromEntries(wanted.map(([name, one]) => [name, one && textIn(value, one)])));
      });
    },
    async recordSent(ref, step, at) {
      const name = membership?.sentProperties?.[step];
      if (name === undefined) return Ok.EMPTY;
      if (!isId(ref)) return noSuchContact();
      const ask = begin();
      return schema.on(ask, async (properties) => {
        const values = valuesFor(properties, { [name]: { type: 'moment', value: at } });
        if (values.isErr()) return values;
        const names = Object.keys(values.value);
        const contact = await readContact(ask, { path: `${contactPath(ref)}?`, names });
        if (contact.isErr()) return contact;
        if (!contact.value) return noSuchContact();
        // Whatever is there may be another's, and others may depend on it.
        if (names.some((each) => contact.value?.properties[each])) return Ok.EMPTY;
        return write(ask, ref, values.value);
      });
    },
    describe: () => findSchemaFaults(begin(), { membership, projection }),
  };
}

/** One PATCH; HubSpot takes all of it or nothing. */
async function write(
  ask: Ask,
  ref: string,
  properties: { readonly [name: string]: string },
): HubspotResult<void> {
  const names = Object.keys(properties);
  const answer = await ask({ kind: 'write', path: contactPath(ref), body: { properties }, names });
  return answer.andThen((done) => (done === null ? noSuchContact() : Ok.EMPTY));
}

function foundIn([contact, ...others]: readonly Contact[]): Found<string> {
  if (!contact) return { kind: 'none' };
  return others.length === 0 ? { kind: 'one', ref: contact.id } : { kind: 'many' };
}

function isIn({ properties }: Contact, property: Property, campaign: string): boolean {
  const held = properties[property.name] ?? '';
  const wanted = optionNamed(property, campaign);
  return wanted !== null && (property.isMultiple ? held.split(';') : [held]).includes(wanted);
}

/** Of a choice what people see. Several values are no text. */
function textIn({ properties }: Contact, { name, isMultiple, options }: Property): string | null {
  const held = properties[name];
  if (!held || isMultiple) return null;
  return options?.find(({ value }) => value === held)?.label ?? held;
}

/** HubSpot's ids are digits; anything else would lead to another path. */
const isId = (ref: string) => /^\d{1,20}$/.test(ref);

function noSuchContact() {
  return Err({ ...refusal('HubSpot has no such contact'), status: 404 });
}

function noProperty(name: string) {
  return Err(refusal(`contacts have no property "${name}"`));
}

function check(token: string, baseUrl: string): void {
  if (!isToken(token))
    throw new Error("token is no access token of a private app: copy it from the app's page.");
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  const isHere = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url?.hostname ?? '');
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isHere))
    throw new Error(
      'baseUrl is no address that the token may be sent to: give one with https:// (http:// on this machine only).',
    );
}
