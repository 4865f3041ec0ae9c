import { readFileSync } from 'node:fs';
import { Temporal } from '@precall/core';
import { hubspotCampaign, startHubspotStandIn } from '@precall/testing/stand-ins';
import { describe, expect, it } from 'vitest';
import { choice, noon, token } from './asking.ts';
import { hubspot } from './readme-example.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the example of the README', () => {
  it('is the one that is compiled here', () => {
    expect(/```ts\n(.*?)```/s.exec(read('../README.md'))?.[1]).toBe(read('readme-example.ts'));
  });

  it('finds, writes and marks, with the clock of the machine', async () => {
    const contacts = [{ email: 'ada@example.com', campaigns: 'christmas_2025' }];
    const standIn = await startHubspotStandIn({ token, properties: hubspotCampaign, contacts });
    const crm = hubspot({ token, baseUrl: standIn.url });
    try {
      expect((await crm.describe()).unwrap()).toEqual([]);
      const contact = (await crm.findContact('Ada@Example.com')).unwrap();
      const member = (await crm.findMembership('ada@example.com', 'Christmas 2025')).unwrap();
      expect(contact.kind).toBe('one');
      expect(member).toEqual(contact);
      const ref = contact.kind === 'one' ? contact.ref : '';
      expect((await crm.update(ref, { 'Booking Status': choice('Booked') })).isOk()).toBe(true);
      expect((await crm.recordSent(ref, '72h', noon)).isOk()).toBe(true);
      const { booking_status, reminder_72h_sent } = standIn.contacts()[0]?.values ?? {};
      expect(booking_status).toBe('booked');
      expect(Temporal.Instant.from(`${reminder_72h_sent}`).equals(noon)).toBe(true);
    } finally {
      await standIn.stop();
    }
  });
});
