// The Crm contract, on a stand-in that is strict where Notion is.
import { Temporal, textOf } from '@precall/core';
import { createSystemClock } from '@precall/node';
import { type CrmSubject, crmContract, type SampleContact } from '@precall/testing';
import { campaignDatabases, type NotionStandIn, startNotionStandIn } from '@precall/testing/stand-ins';
import { createNotionCrm } from '../src/index.ts';

const token = 'ntn_of-the-tests';
const sentProperties = { '72h': 'Email 1 Sent', '24h': 'Email 2 Sent', '2h': 'Email 3 Sent' };
const running = new Map<CrmSubject, NotionStandIn>();

crmContract({
  async create(samples) {
    const { contacts: people, sequence } = campaignDatabases(rowsOf(samples));
    const contacts = {
      ...people,
      properties: { ...people.properties, 'May Be Texted': { type: 'checkbox' } },
    } as const;
    const notion = await startNotionStandIn({
      token,
      databases: [contacts, sequence],
    });
    const subject: CrmSubject = {
      crm: createNotionCrm({
        token,
        baseUrl: notion.url,
        clock: createSystemClock(),
        contacts: { database: contacts.id },
        sequence: { database: sequence.id, sentProperties },
      }),
      async read(email) {
        const row = notion.rows(contacts.id).find(({ values }) => sameAddress(values.email, email));
        const shown = Object.entries(row?.values ?? {});
        return Object.fromEntries(shown.map(([name, value]) => [name, value === null ? null : `${value}`]));
      },
      async readMark(email, campaign, step) {
        const rows = notion.rows(sequence.id).map(({ values }) => values);
        const row = rows.find((one) => sameAddress(one.Email, email) && one.Campaign === campaign);
        const property = Object.entries(sentProperties).find(([rule]) => rule === step)?.[1] ?? '';
        const mark = row?.[property];
        return typeof mark === 'string' ? Temporal.Instant.from(mark) : null;
      },
    };
    running.set(subject, notion);
    return subject;
  },
  close: async (subject) => {
    await running.get(subject)?.stop();
    running.delete(subject);
  },
});

function rowsOf(samples: readonly SampleContact[]) {
  return {
    contacts: samples.map(({ email, fields }) => ({
      email,
      ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, textOf(field)])),
    })),
    sequence: samples.flatMap(({ email, campaigns }) =>
      Object.entries(campaigns).map(([campaign, { sent }]) => ({
        Email: email,
        Campaign: campaign,
        ...Object.fromEntries(
          Object.entries(sent).map(([step, at]) => [
            Object.entries(sentProperties).find(([rule]) => rule === step)?.[1] ?? '',
            at.toString(),
          ]),
        ),
      })),
    ),
  };
}

function sameAddress(value: unknown, email: string): boolean {
  return String(value).toLowerCase() === email.toLowerCase();
}
