import { defaultProjection } from '@precall/core';
import type { HubspotProperties } from '@precall/testing/stand-ins';
import { describe, expect, it } from 'vitest';
import { type BenchOptions, errorOf, membership, onBench, status } from './asking.ts';

async function faultsOn(options: BenchOptions) {
  let found: readonly { readonly where: string; readonly fault: string; readonly cure: string }[] = [];
  await onBench(options, async ({ crm }) => {
    found = (await crm.describe()).unwrap();
  });
  return found;
}

const confirmed = (name: string, value: string | null) => ({
  projection: {
    ...defaultProjection,
    properties: { ...defaultProjection.properties, confirmed: name },
    values: { ...defaultProjection.values, confirmed: value },
  },
});

describe('describe', () => {
  it('finds nothing wrong with what fits, by label or by internal name', async () => {
    expect(await faultsOn({})).toEqual([]);
    expect(await faultsOn({ crm: { membership: { campaignProperty: 'campaigns' } } })).toEqual([]);
    expect(await faultsOn({ crm: { membership: null } })).toEqual([]);
  });

  it('looks at what is only read as well: a segment that holds one value, and a tick', async () => {
    const crm = {
      projection: {
        ...defaultProjection,
        properties: { ...defaultProjection.properties, segment: 'Segment', smsConsent: 'May Be Texted' },
      },
    };
    const choice = { label: 'Segment', type: 'enumeration', options: { c: 'CRITICAL' } } as const;
    const tick = { label: 'May Be Texted', type: 'bool' } as const;
    expect(await faultsOn({ crm, properties: { segment: { ...choice, readOnly: true }, tick } })).toEqual([]);
    const wrong = { segment: { ...choice, fieldType: 'checkbox' }, tick: { ...tick, type: 'date' } } as const;
    expect((await faultsOn({ crm, properties: wrong })).map(({ fault }) => fault)).toEqual([
      'It is of type checkboxes, which hold several values.',
      'It is of type date.',
    ]);
  });

  it.each<[string, HubspotProperties, string, string]>([
    [
      'no property',
      { booking_status: { label: 'Status', type: 'string' } },
      'No property has this label or internal name.',
      'Make it in',
    ],
    [
      'two properties',
      { another: { label: status, type: 'string' } },
      'Several properties have this label.',
      'Give the internal name',
    ],
    [
      'another type',
      { booking_status: { label: status, type: 'date' } },
      'It is of type date.',
      'Make another of type enumeration or string',
    ],
    [
      'checkboxes',
      { booking_status: { label: status, type: 'enumeration', fieldType: 'checkbox' } },
      'It is of type checkboxes, which hold several values.',
      'Make another',
    ],
    [
      'one that HubSpot writes',
      { booking_status: { label: status, type: 'string', readOnly: true } },
      'HubSpot alone may write it.',
      'Make another',
    ],
    [
      'an option less',
      {
        booking_status: {
          label: status,
          type: 'enumeration',
          options: { b: 'Booked', n: 'No-Show', c: 'Completed' },
        },
      },
      'It has no option "Not Booked".',
      'Add the option "Not Booked"',
    ],
  ])('names %s, and the cure', async (_case, properties, fault, cure) => {
    expect(await faultsOn({ properties })).toEqual([
      { where: `HubSpot, contact property "${status}"`, fault, cure: expect.stringContaining(cure) },
    ]);
  });

  it('looks at the campaign, and at what reminders are marked in', async () => {
    const crm = {
      membership: { ...membership, sentProperties: { '24h': 'Campaigns', '2h': 'Nowhere' } },
      projection: { ...defaultProjection, campaign: 'Easter' },
    };
    const faults = await faultsOn({ crm });
    expect(faults.map(({ where, fault }) => `${where}: ${fault}`)).toEqual([
      'HubSpot, contact property "Campaigns": It has no option "Easter".',
      'HubSpot, contact property "Campaigns": It is of type checkboxes, which hold several values.',
      'HubSpot, contact property "Nowhere": No property has this label or internal name.',
    ]);
    expect(
      await faultsOn({ crm: { ...crm, membership, projection: { ...defaultProjection, campaign: null } } }),
    ).toEqual([]);
  });

  it.each([
    ['bool', null, 0],
    ['datetime', null, 0],
    ['number', null, 1],
    ['string', 'Coming', 0],
    ['bool', 'Coming', 1],
  ] as const)(
    'looks whether a confirmation can be written into a %s (option %s): %s faults',
    async (type, value, count) => {
      const properties = { coming: { label: 'Coming?', type } };
      expect(await faultsOn({ properties, crm: confirmed('Coming?', value) })).toHaveLength(count);
    },
  );

  it('tells a token that is not taken, and a scope that is missing, with the cure', async () => {
    expect(await faultsOn({ crm: { token: 'pat-another' } })).toEqual([
      {
        where: 'HubSpot, token',
        fault: 'HubSpot does not take the token.',
        cure: expect.stringContaining('Copy'),
      },
    ]);
    await onBench({}, async ({ crm, hubspot }) => {
      hubspot.failNext({ status: 403 }, { kind: 'properties' });
      expect((await crm.describe()).unwrap()).toMatchObject([
        { fault: 'The token lacks the scope crm.schemas.contacts.read.' },
      ]);
      hubspot.failNext({ status: 403 }, { kind: 'contacts' });
      expect((await crm.describe()).unwrap()).toMatchObject([
        {
          fault: 'The token lacks the scope crm.objects.contacts.read.',
          cure: expect.stringContaining('scopes'),
        },
      ]);
    });
  });

  it('says that it could not ask, where it could not', async () => {
    await onBench({}, async ({ crm, hubspot }) => {
      hubspot.failNext({ status: 502 }, { kind: 'properties' });
      expect((await errorOf(crm.describe())).kind).toBe('unavailable');
      hubspot.failNext({ status: 502 }, { kind: 'contacts' });
      expect((await errorOf(crm.describe())).kind).toBe('unavailable');
    });
  });
});
