import { describe, expect, it } from 'vitest';
import { ada, errorOf, onBench, status } from './asking.ts';

const properties = {
  segment: {
    label: 'Segment',
    type: 'enumeration',
    options: { c: 'CRITICAL', m: 'MODERATE' },
  },
  may_text: { label: 'May Be Texted', type: 'bool' },
  note: { label: 'Note', type: 'string' },
} as const;
const contacts = [{ ...ada, segment: 'c', may_text: 'true' }];

describe('read', () => {
  it('gives the text that people see, by label or by internal name, in one request for the contact', async () => {
    await onBench({ properties, contacts }, async ({ crm, hubspot, ref }) => {
      const found = await crm.read?.(ref, ['Segment', 'segment', 'May Be Texted', status, 'Note']);
      expect(found?.unwrap()).toEqual({
        Segment: 'CRITICAL',
        segment: 'CRITICAL',
        'May Be Texted': 'true',
        [status]: 'Not Booked',
        Note: null,
      });
      expect(hubspot.count('contact')).toBe(1);
    });
  });

  it('gives a value that is none of the options any more as it stands, and several values as none', async () => {
    const gone = [{ ...ada, segment: 'gone' }];
    await onBench({ properties, contacts: gone }, async ({ crm, ref }) => {
      const found = await crm.read?.(ref, ['Segment', 'Campaigns']);
      expect(found?.unwrap()).toEqual({ Segment: 'gone', Campaigns: null });
    });
  });

  it.each([
    ['a property that is not there', (ref: string) => ref, 'Missing', 'contacts have no property "Missing"'],
    ['a contact that is not there', () => '1', 'Segment', 'HubSpot has no such contact'],
    ['a ref that is none', () => '../151001', 'Segment', 'HubSpot has no such contact'],
  ])('refuses %s', async (_, refOf, name, reason) => {
    await onBench({ properties, contacts }, async ({ crm, ref }) => {
      const read = crm.read?.(refOf(ref), [name]);
      expect(read && (await errorOf(read))).toMatchObject({ kind: 'rejected', reason });
    });
  });

  it('is told that HubSpot is away', async () => {
    await onBench({ properties, contacts }, async ({ crm, hubspot, ref }) => {
      await crm.read?.(ref, ['Segment']);
      await hubspot.stop();
      const read = crm.read?.(ref, ['Segment']);
      expect(read && (await errorOf(read)).kind).toBe('unavailable');
    });
  });
});
