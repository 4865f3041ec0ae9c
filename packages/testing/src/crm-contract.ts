// The contract of the Crm port.
import type { Crm, Fields, FieldValue, Instant } from '@precall/core';
import { Temporal } from '@precall/core';
import { expect } from 'vitest';
import { type ContractOptions, type Promised, registerContract, type Use } from './contract.ts';
import { okOf } from './expect-port.ts';

/** A contact as the contract wants it to be there. */
export interface SampleContact {
  readonly email: string;
  readonly fields: Fields;
  readonly campaigns: {
    readonly [campaign: string]: { readonly sent: { readonly [step: string]: Instant } };
  };
}

/** A CRM, and a way to see what it really holds. */
export interface CrmSubject {
  readonly crm: Crm;
  /** Property names and values of the first contact with that address, as text; null where empty. */
  readonly read: (email: string) => Promise<{ readonly [property: string]: string | null }>;
  /** The mark of that step in that campaign; null: none. */
  readonly readMark: (email: string, campaign: string, step: string) => Promise<Instant | null>;
}

/** A CRM to run the contract on, filled with the given contacts. */
export interface CrmContractOptions extends ContractOptions {
  /** A CRM with these contacts, the properties and steps of `crmContacts`, and if it can be read a tick `May Be Texted`. */
  create(contacts: readonly SampleContact[]): CrmSubject | Promise<CrmSubject>;
  close?(subject: CrmSubject): Promise<void>;
}

/** Skip what a CRM cannot have, such as two contacts with one address, and say why. */
export function crmContract(options: CrmContractOptions): void {
  registerContract('Crm', crmPromises, useCrm(options), options);
}

const noCampaigns = 'this CRM has no campaigns';
/** What to skip for a CRM without campaigns: one that finds no membership, and rejects every mark. */
export const withoutCampaigns = {
  'findMembership: of that campaign and address, regardless of case': noCampaigns,
  'findMembership: many where several are in the campaign': noCampaigns,
  'recordSent: marks the step, and only that': noCampaigns,
  'recordSent: the same mark again is harmless': noCampaigns,
  'recordSent: a mark that is there and not ours is left alone': noCampaigns,
} as const;

/** Makes a CRM for one promise, and closes it. */
export function useCrm({ create, close }: CrmContractOptions): Use<CrmSubject> {
  return async (run) => {
    const subject = await create(crmContacts);
    try {
      await run(subject);
    } finally {
      await close?.(subject);
    }
  };
}

const foreignAt = Temporal.Instant.from('2026-01-05T09:00:00Z');
const sentAt = Temporal.Instant.from('2026-03-02T12:00:00Z');
const campaign = 'Christmas 2025';
const choice = (value: string | null): FieldValue => ({ type: 'choice', value });
const date = (value: string | null): FieldValue => ({ type: 'date', value });
const status = 'Booking Status';
const callDate = 'Diagnostic Call Date';
const mayBeTexted = 'May Be Texted';

/** The contacts of the contract: two choices, a date, one campaign, the steps 72h, 24h and 2h. */
export const crmContacts: readonly SampleContact[] = [
  {
    email: 'Ada@Example.com',
    fields: { [status]: choice('Not Booked'), [callDate]: date('2026-01-01') },
    campaigns: { [campaign]: { sent: { '72h': foreignAt } }, Other: { sent: {} } },
  },
  { email: 'bob@example.com', fields: { [status]: choice('Not Booked') }, campaigns: {} },
  { email: 'twin@example.com', fields: {}, campaigns: { [campaign]: { sent: {} } } },
  { email: 'TWIN@example.com', fields: {}, campaigns: { [campaign]: { sent: {} } } },
];

async function contactRef(crm: Crm, email: string): Promise<string> {
  const found = await okOf(crm.findContact(email));
  if (found.kind !== 'one') throw new Error(`${found.kind} instead of one contact`);
  return found.ref;
}

async function memberRef(crm: Crm): Promise<string> {
  const found = await okOf(crm.findMembership('ada@example.com', campaign));
  if (found.kind !== 'one') throw new Error(`${found.kind} instead of one membership`);
  return found.ref;
}

/** What every Crm promises, each as a test. */
export const crmPromises: readonly Promised<CrmSubject>[] = [
  {
    promise: 'findContact: regardless of case',
    async run({ crm }) {
      const ref = await contactRef(crm, 'ada@example.com');
      expect(await contactRef(crm, 'ADA@EXAMPLE.COM')).toBe(ref);
      expect(await contactRef(crm, 'Bob@example.com')).not.toBe(ref);
    },
  },
  {
    promise: 'findContact: none where there is none',
    async run({ crm }) {
      for (const email of ['nobody@example.com', 'da@example.com', 'ada@example.co']) {
        expect((await okOf(crm.findContact(email))).kind).toBe('none');
      }
    },
  },
  {
    promise: 'findContact: many where several have the address',
    async run({ crm }) {
      expect((await okOf(crm.findContact('twin@example.com'))).kind).toBe('many');
    },
  },
  {
    promise: 'findMembership: of that campaign and address, regardless of case',
    async run({ crm }) {
      const ref = await memberRef(crm);
      const found = await okOf(crm.findMembership('ADA@example.COM', campaign));
      expect(found).toEqual({ kind: 'one', ref });
    },
  },
  {
    promise: 'findMembership: none where the contact is not in that campaign',
    async run({ crm }) {
      for (const [email, name] of [
        ['bob@example.com', campaign],
        ['nobody@example.com', campaign],
        ['ada@example.com', 'Missing'],
      ] as const) {
        expect((await okOf(crm.findMembership(email, name))).kind).toBe('none');
      }
    },
  },
  {
    promise: 'findMembership: many where several are in the campaign',
    async run({ crm }) {
      expect((await okOf(crm.findMembership('twin@example.com', campaign))).kind).toBe('many');
    },
  },
  {
    promise: 'update: the values written are there',
    async run({ crm, read }) {
      const ref = await contactRef(crm, 'ada@example.com');
      await okOf(crm.update(ref, { [status]: choice('Booked'), [callDate]: date('2026-03-05') }));
      expect(await read('ada@example.com')).toMatchObject({ [status]: 'Booked', [callDate]: '2026-03-05' });
    },
  },
  {
    promise: 'read: the text of what stands there, null for what is empty, after a write what was written',
    notGivenBy: ({ crm }) => (crm.read ? null : 'this CRM is not read'),
    async run({ crm }) {
      const ref = await contactRef(crm, 'bob@example.com');
      const read = async () => (crm.read ? await okOf(crm.read(ref, [status])) : null);
      expect(await read()).toEqual({ [status]: 'Not Booked' });
      await okOf(crm.update(ref, { [status]: choice('Booked') }));
      expect(await read()).toEqual({ [status]: 'Booked' });
      await okOf(crm.update(ref, { [status]: choice(null) }));
      expect(await read()).toEqual({ [status]: null });
    },
  },
  {
    promise: 'read: a tick is true, and is not any more once it is taken away',
    notGivenBy: ({ crm }) => (crm.read ? null : 'this CRM is not read'),
    async run({ crm }) {
      const ref = await contactRef(crm, 'bob@example.com');
      const ticked = async (value: boolean) => {
        await okOf(crm.update(ref, { [mayBeTexted]: { type: 'flag', value } }));
        return crm.read ? (await okOf(crm.read(ref, [mayBeTexted, status])))[mayBeTexted] : null;
      };
      expect(await ticked(true)).toBe('true');
      expect(await ticked(false)).not.toBe('true');
    },
  },
  {
    promise: 'update: null clears',
    async run({ crm, read }) {
      await okOf(crm.update(await contactRef(crm, 'ada@example.com'), { [callDate]: date(null) }));
      expect((await read('ada@example.com'))[callDate] ?? null).toBe(null);
    },
  },
  {
    promise: 'update: leaves what it does not name alone, and other contacts',
    async run({ crm, read }) {
      await okOf(crm.update(await contactRef(crm, 'ada@example.com'), { [status]: choice('Booked') }));
      expect((await read('ada@example.com'))[callDate]).toBe('2026-01-01');
      expect((await read('bob@example.com'))[status]).toBe('Not Booked');
    },
  },
  {
    promise: 'update: the last writer wins, and the same values again are harmless',
    async run({ crm, read }) {
      const ref = await contactRef(crm, 'ada@example.com');
      for (const value of ['Booked', 'Not Booked', 'Booked', 'Booked']) {
        await okOf(crm.update(ref, { [status]: choice(value) }));
        expect((await read('ada@example.com'))[status]).toBe(value);
      }
    },
  },
  {
    promise: 'recordSent: marks the step, and only that',
    async run({ crm, readMark }) {
      await okOf(crm.recordSent(await memberRef(crm), '24h', sentAt));
      expect(`${await readMark('ada@example.com', campaign, '24h')}`).toBe(`${sentAt}`);
      expect(await readMark('ada@example.com', campaign, '2h')).toBe(null);
    },
  },
  {
    promise: 'recordSent: the same mark again is harmless',
    async run({ crm, readMark }) {
      const ref = await memberRef(crm);
      await okOf(crm.recordSent(ref, '24h', sentAt));
      await okOf(crm.recordSent(ref, '24h', sentAt));
      expect(`${await readMark('ada@example.com', campaign, '24h')}`).toBe(`${sentAt}`);
    },
  },
  {
    promise: 'recordSent: a mark that is there and not ours is left alone',
    async run({ crm, readMark }) {
      await okOf(crm.recordSent(await memberRef(crm), '72h', sentAt));
      expect(`${await readMark('ada@example.com', campaign, '72h')}`).toBe(`${foreignAt}`);
    },
  },
  {
    promise: 'describe: finds nothing wrong with a schema that fits',
    async run({ crm }) {
      expect(await okOf(crm.describe())).toEqual([]);
    },
  },
  {
    promise: 'update, recordSent: a reference that is none is rejected, not thrown',
    async run({ crm }) {
      const answers = [
        await crm.update('no such contact', { [status]: choice('Booked') }),
        await crm.recordSent('no such member', '24h', sentAt),
      ];
      expect(answers.map((answer) => (answer.isErr() ? answer.error.kind : 'Ok'))).toEqual([
        'rejected',
        'rejected',
      ]);
    },
  },
];
