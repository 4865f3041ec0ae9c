import { describe, expect, it } from 'vitest';
import { ada, campaign, errorOf, kindOf, membership, onBench } from './asking.ts';

describe('findContact', () => {
  it('asks once, by the address in lower case, without a search', async () => {
    await onBench({}, async ({ crm, hubspot, ref }) => {
      expect((await crm.findContact(' Ada@EXAMPLE.com ')).unwrap()).toEqual({ kind: 'one', ref });
      expect(hubspot.requests.map(({ method, path }) => [method, path])).toEqual([
        ['GET', '/crm/v3/objects/contacts/ada%40example.com?idProperty=email&properties=email'],
      ]);
    });
  });

  it.each(['search_only', 'everywhere'] as const)(
    'finds a contact by an address that it has from another merged into it (HubSpot: %s)',
    async (furtherAddresses) => {
      await onBench({ standIn: { furtherAddresses } }, async ({ crm, ref }) => {
        expect((await crm.findContact('Countess@example.org')).unwrap()).toEqual({ kind: 'one', ref });
      });
    },
  );

  it('finds nobody by words of an address', async () => {
    await onBench({}, async ({ crm, hubspot }) => {
      expect(await kindOf(crm.findContact('org@countess.example'))).toBe('none');
      expect(hubspot.count('search')).toBe(1);
      expect(hubspot.requests.at(-1)?.body).toContain('CONTAINS_TOKEN');
    });
  });

  it('sees a contact that was given the address a moment ago, though the search does not', async () => {
    await onBench({}, async ({ crm, hubspot, ref }) => {
      hubspot.setContact(ref, { email: 'new@example.com' });
      expect(await kindOf(crm.findContact('new@example.com'))).toBe('one');
      hubspot.setContact(ref, { hs_additional_emails: 'merged@example.com' });
      expect(await kindOf(crm.findContact('merged@example.com'))).toBe('none');
      hubspot.index();
      expect(await kindOf(crm.findContact('merged@example.com'))).toBe('one');
    });
  });

  it('says many where two contacts have the address among their further ones', async () => {
    await onBench({ contacts: [ada, { email: 'bob@example.com' }] }, async ({ crm, hubspot }) => {
      hubspot.setContact(hubspot.contacts()[1]?.id ?? '', { hs_additional_emails: 'countess@example.org' });
      hubspot.index();
      expect(await kindOf(crm.findContact('countess@example.org'))).toBe('many');
    });
  });

  it('keeps an address that looks like a path or a query an address', async () => {
    await onBench({}, async ({ crm, hubspot }) => {
      expect(await kindOf(crm.findContact('../ada?x=1#y@example.com'))).toBe('none');
      expect(hubspot.requests.map(({ kind }) => kind)).toEqual(['contact', 'search']);
    });
  });
});

describe('findMembership', () => {
  it('finds a campaign among checkboxes, by its label or its value', async () => {
    await onBench({}, async ({ crm, ref }) => {
      for (const name of [campaign, 'christmas_2025', 'Other'])
        expect((await crm.findMembership('ada@example.com', name)).unwrap()).toEqual({ kind: 'one', ref });
      expect(await kindOf(crm.findMembership('ada@example.com', 'Christmas'))).toBe('none');
    });
  });

  it.each([
    [{ label: 'Campaign', type: 'string' } as const, 'Christmas 2025'],
    [{ label: 'Campaign', type: 'enumeration', options: { c25: 'Christmas 2025' } } as const, 'c25'],
    [{ label: 'Campaign', type: 'enumeration', externalOptions: true } as const, 'Christmas 2025'],
  ])('finds it in %j', async (campaign_name, held) => {
    const contacts = [{ email: 'ada@example.com', campaign_name: held }, { email: 'bob@example.com' }];
    const crmOptions = { membership: { campaignProperty: 'Campaign' } };
    await onBench({ properties: { campaign_name }, contacts, crm: crmOptions }, async ({ crm }) => {
      expect(await kindOf(crm.findMembership('ada@example.com', campaign))).toBe('one');
      expect(await kindOf(crm.findMembership('ada@example.com', 'Christmas'))).toBe('none');
      expect(await kindOf(crm.findMembership('bob@example.com', campaign))).toBe('none');
    });
  });

  it('asks nobody where there are no campaigns', async () => {
    await onBench({ crm: { membership: null } }, async ({ crm, hubspot }) => {
      expect(await kindOf(crm.findMembership('ada@example.com', campaign))).toBe('none');
      expect(hubspot.requests).toEqual([]);
    });
  });

  it('refuses to look in a property that is not there, until it is', async () => {
    const crmOptions = { membership: { ...membership, campaignProperty: 'Campaign' } };
    await onBench({ crm: crmOptions }, async ({ crm, hubspot }) => {
      expect(await errorOf(crm.findMembership('ada@example.com', campaign))).toEqual({
        kind: 'rejected',
        reason: 'contacts have no property "Campaign"',
      });
      hubspot.setProperty('campaign_name', { label: 'Campaign', type: 'string' });
      expect(await kindOf(crm.findMembership('ada@example.com', campaign))).toBe('none');
    });
  });

  it('reads the properties once in ten minutes, however many ask', async () => {
    await onBench({}, async ({ crm, hubspot, clock }) => {
      const ask = () => crm.findMembership('ada@example.com', campaign);
      await Promise.all([ask(), ask(), ask()]);
      expect(hubspot.count('properties')).toBe(1);
      await clock.advanceTo(clock.now().add({ minutes: 9 }));
      await ask();
      expect(hubspot.count('properties')).toBe(1);
      await clock.advanceTo(clock.now().add({ minutes: 1 }));
      await ask();
      expect(hubspot.count('properties')).toBe(2);
    });
  });
});
