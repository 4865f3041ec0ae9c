// A CRM in memory: contacts with properties, and memberships of campaigns with a mark for each reminder sent.
import {
  type ContactRef,
  type Crm,
  Err,
  type Fields,
  type FieldValue,
  type Found,
  type Instant,
  type MemberRef,
  Ok,
  type PortError,
  type RuleName,
  textOf,
} from '@precall/core';

/** One contact, with the campaigns it is in. */
export interface MemoryContact {
  readonly email: string;
  readonly fields: Fields;
  /** By name; in each the marks of the reminders sent. */
  readonly campaigns: {
    readonly [campaign: string]: { readonly sent: Readonly<Record<RuleName, Instant>> };
  };
}

/** What was asked of it: the method and its arguments. */
export type CrmCall = readonly [method: keyof Crm, ...args: readonly unknown[]];

/** A Crm for tests, with what it holds, what it was asked, and a way to have it fail. */
export interface MemoryCrm extends Crm {
  /** As they stand now, in the order they came. */
  contacts(): readonly MemoryContact[];
  /** Every call, oldest first. */
  readonly seen: readonly CrmCall[];
  /** The answer to the next call that has none yet; nothing is changed by that call. */
  answerNext(answer: PortError): void;
}

interface Contact {
  readonly ref: ContactRef;
  readonly email: string;
  fields: { [property: string]: FieldValue };
  readonly members: { readonly ref: MemberRef; readonly campaign: string; marks: Map<RuleName, Mark> }[];
}
/** Marks that were there from the start belong to somebody else. */
interface Mark {
  readonly at: Instant;
  readonly isOurs: boolean;
}

/** With `unknown: 'add'` a contact that is looked for and not known is made; otherwise it is `none`. */
export function createMemoryCrm({
  contacts: given = [],
  unknown = 'none',
}: {
  readonly contacts?: readonly (Pick<MemoryContact, 'email'> & Partial<MemoryContact>)[];
  readonly unknown?: 'none' | 'add';
} = {}): MemoryCrm {
  const contacts: Contact[] = [];
  const seen: CrmCall[] = [];
  const script: PortError[] = [];

  function add({ email, fields = {}, campaigns = {} }: (typeof given)[number]): Contact {
    const ref = `contact-${contacts.length + 1}`;
    const members = Object.entries(campaigns).map(([campaign, { sent }]) => ({
      ref: `${ref}/${campaign}`,
      campaign,
      marks: new Map(Object.entries(sent).map(([rule, at]) => [rule, { at, isOurs: false }])),
    }));
    const contact = { ref, email, fields: { ...fields }, members };
    contacts.push(contact);
    return contact;
  }

  /** Notes the call; the scripted answer to it, if there is one. */
  function scripted(...call: CrmCall): PortError | undefined {
    seen.push(call);
    return script.shift();
  }

  const byAddress = (email: string) => contacts.filter((contact) => sameAddress(contact.email, email));
  given.forEach(add);

  return {
    seen,
    contacts: () => contacts.map(shown),
    answerNext(answer) {
      script.push(answer);
    },
    async findContact(email) {
      const error = scripted('findContact', email);
      if (error) return Err(error);
      const known = byAddress(email);
      return Ok(foundAmong(known.length === 0 && unknown === 'add' ? [add({ email })] : known));
    },
    async findMembership(email, campaign) {
      const error = scripted('findMembership', email, campaign);
      if (error) return Err(error);
      const members = byAddress(email).flatMap((contact) => contact.members);
      return Ok(foundAmong(members.filter((member) => member.campaign === campaign)));
    },
    async update(ref, fields) {
      const error = scripted('update', ref, fields);
      if (error) return Err(error);
      const contact = contacts.find((each) => each.ref === ref);
      if (!contact) return Err({ kind: 'rejected', reason: 'There is no such contact.' });
      contact.fields = { ...contact.fields, ...fields };
      return Ok.EMPTY;
    },
    async read(ref, properties) {
      const error = scripted('read', ref, properties);
      if (error) return Err(error);
      const contact = contacts.find((each) => each.ref === ref);
      if (!contact) return Err({ kind: 'rejected', reason: 'There is no such contact.' });
      const { fields } = contact;
      const textIn = (name: string): string | null => (fields[name] ? textOf(fields[name]) : null);
      return Ok(Object.fromEntries(properties.map((name) => [name, textIn(name)])));
    },
    async recordSent(ref, step, at) {
      const error = scripted('recordSent', ref, step, at);
      if (error) return Err(error);
      const member = contacts.flatMap((contact) => contact.members).find((each) => each.ref === ref);
      if (!member) return Err({ kind: 'rejected', reason: 'There is no such member.' });
      const isForeign = member.marks.get(step)?.isOurs === false;
      if (!isForeign) member.marks.set(step, { at, isOurs: true });
      return Ok.EMPTY;
    },
    async describe() {
      const error = scripted('describe');
      return error ? Err(error) : Ok([]);
    },
  };
}

function foundAmong<T extends { readonly ref: string }>(all: readonly T[]): Found<string> {
  const [first, second] = all;
  if (!first) return { kind: 'none' };
  return second ? { kind: 'many' } : { kind: 'one', ref: first.ref };
}

function sameAddress(a: string, b: string): boolean {
  return a.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase();
}

function shown({ email, fields, members }: Contact): MemoryContact {
  const campaigns = members.map(({ campaign, marks }) => {
    const sent = Object.fromEntries([...marks].map(([rule, { at }]) => [rule, at]));
    return [campaign, { sent }] as const;
  });
  return { email, fields: { ...fields }, campaigns: Object.fromEntries(campaigns) };
}
