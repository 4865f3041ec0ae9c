import { readFileSync } from 'node:fs';
import { Temporal } from '@precall/core';
import { campaignDatabases, startNotionStandIn } from '@precall/testing/stand-ins';
import { describe, expect, it } from 'vitest';
import { choice, noon, refOf, token } from './asking.ts';
import { notion } from './readme-example.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the example of the README', () => {
  it('is the one that is compiled here', () => {
    expect(/```ts\n(.*?)```/s.exec(read('../README.md'))?.[1]).toBe(read('readme-example.ts'));
  });

  it('finds, writes and marks, with the clock of the machine', async () => {
    const { contacts, sequence } = campaignDatabases({
      contacts: [{ email: 'ada@example.com' }],
      sequence: [{ Email: 'ada@example.com', Campaign: 'Christmas 2025' }],
    });
    const properties = { ...sequence.properties, 'Call mail 1 sent': { type: 'date' } } as const;
    const databases = [contacts, { ...sequence, properties }];
    const standIn = await startNotionStandIn({ token, databases });
    const crm = notion({ token, baseUrl: standIn.url });
    try {
      const contact = await refOf(crm.findContact('Ada@Example.com'));
      expect((await crm.update(contact, { 'Booking Status': choice('Booked') })).isOk()).toBe(true);
      const member = await refOf(crm.findMembership('ada@example.com', 'Christmas 2025'));
      expect((await crm.recordSent(member, '72h', noon)).isOk()).toBe(true);
      expect(standIn.rows(contacts.id)[0]?.values).toMatchObject({ 'Booking Status': 'Booked' });
      const mark = standIn.rows(sequence.id)[0]?.values['Call mail 1 sent'];
      expect(Temporal.Instant.from(`${mark}`).equals(noon)).toBe(true);
    } finally {
      await standIn.stop();
    }
  });
});
