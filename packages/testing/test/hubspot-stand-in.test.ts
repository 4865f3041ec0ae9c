// What the stand-in of HubSpot is strict about.
import { describe, expect, it } from 'vitest';
import { type HubspotStandIn, hubspotCampaign, startHubspotStandIn } from '../src/stand-ins.ts';

const token = 'pat-eu1-of-the-tests';
const contacts = [
  { email: 'Ada@Example.com', hs_additional_emails: 'ada@example.org', booking_status: 'booked' },
  { email: 'bob@example.com' },
];

interface Said {
  readonly method?: 'GET' | 'PATCH' | 'POST';
  readonly body?: unknown;
  readonly headers?: { readonly [name: string]: string };
}
type Ask = (path: string, said?: Said) => Promise<{ readonly status: number; readonly json: unknown }>;

async function onHubspot(run: (ask: Ask, hubspot: HubspotStandIn) => Promise<void>): Promise<void> {
  const hubspot = await startHubspotStandIn({ token, properties: hubspotCampaign, contacts });
  const ask: Ask = async (path, { method = 'GET', body, headers = {} } = {}) => {
    const response = await fetch(`${hubspot.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, json: await response.json() };
  };
  try {
    await run(ask, hubspot);
  } finally {
    await hubspot.stop();
  }
}

const path = '/crm/v3/objects/contacts';
const change = (properties: unknown): Said => ({ method: 'PATCH', body: { properties } });
const search = (filterGroups: unknown, more: object = {}): Said => ({
  method: 'POST',
  body: { filterGroups, properties: ['email'], ...more },
});
const byEmail = (operator: string, value: unknown) => [
  { filters: [{ propertyName: 'email', operator, value }] },
];

describe('the HubSpot stand-in', () => {
  it('refuses another token, other routes and bodies that are no JSON', async () => {
    await onHubspot(async (ask) => {
      expect((await ask(path, { headers: { authorization: 'Bearer another' } })).status).toBe(401);
      expect((await ask('/crm/v3/objects/companies')).status).toBe(404);
      expect((await ask(`${path}/151001/associations`)).status).toBe(404);
      expect((await ask(`${path}/151001`, { method: 'PATCH', body: '{' })).status).toBe(400);
      expect((await ask(`${path}/151001`, { method: 'PATCH', body: '[]' })).status).toBe(400);
      const plain = { ...change({ booking_status: '' }), headers: { 'content-type': 'text/plain' } };
      expect((await ask(`${path}/151001`, plain)).status).toBe(415);
    });
  });

  it('finds by id or by address, shows what was asked for and exists, and is silent about the rest', async () => {
    await onHubspot(async (ask) => {
      const asked = 'properties=booking_status,campaigns,nothing';
      const ada = {
        id: '151001',
        properties: { hs_object_id: '151001', booking_status: 'booked', campaigns: null },
      };
      expect(await ask(`${path}/151001?${asked}`)).toMatchObject({ status: 200, json: ada });
      expect(await ask(`${path}/ADA%40example.com?idProperty=email&${asked}`)).toMatchObject({ json: ada });
      expect((await ask(`${path}/ada%40example.com`)).status).toBe(404);
      expect((await ask(`${path}/ada%40example.org?idProperty=email`)).status).toBe(404);
      expect((await ask(`${path}/booked?idProperty=booking_status`)).status).toBe(400);
      expect(await ask(path)).toMatchObject({ json: { results: [{ id: '151001' }, { id: '151002' }] } });
    });
  });

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['no properties', undefined],
    ['a property that is not there', { nothing: 'x' }],
    ["an option's label", { booking_status: 'Booked' }],
    ['two of what takes one', { booking_status: 'booked;no_show' }],
    ['a moment for a date', { diagnostic_call_date: '2026-03-05T12:00:00Z' }],
    ['milliseconds within a day for a date', { diagnostic_call_date: '1767225600001' }],
    ['a day for a moment', { reminder_24h_sent: '2026-03-05' }],
    ['a moment with an offset', { reminder_24h_sent: '2026-03-05T12:00:00+01:00' }],
    ['what is no text', { booking_status: null }],
    ['what HubSpot writes', { hs_object_id: '7' }],
  ])('refuses %s, and with it the whole change', async (_case, properties) => {
    await onHubspot(async (ask, hubspot) => {
      const good =
        properties === undefined
          ? undefined
          : {
              ...(properties as object),
              ...(Object.keys(properties as object).length > 0 && { christmas_campaign_status: 'pre_call' }),
            };
      const answer = await ask(`${path}/151001`, change(good));
      expect(answer).toMatchObject({ status: 400, json: { category: 'VALIDATION_ERROR' } });
      expect(hubspot.contacts()[0]?.values).not.toHaveProperty('christmas_campaign_status');
    });
  });

  it('writes what fits: values, several of checkboxes, milliseconds, and empty texts to clear', async () => {
    await onHubspot(async (ask, hubspot) => {
      hubspot.setProperty('score', { label: 'Score', type: 'number' });
      hubspot.setProperty('coming', { label: 'Coming', type: 'bool' });
      hubspot.setProperty('owner', { label: 'Owner', type: 'enumeration', externalOptions: true });
      const written = {
        booking_status: '',
        campaigns: 'other;christmas_2025',
        diagnostic_call_date: '1767225600000',
        reminder_24h_sent: '1767225600001',
        score: '7',
        coming: 'false',
        owner: '12',
        email: 'Ada@Example.net',
      };
      expect((await ask(`${path}/151001`, change(written))).status).toBe(200);
      expect(hubspot.contacts()[0]?.values).toMatchObject({ ...written, email: 'ada@example.net' });
      for (const wrong of [{ score: 'x' }, { coming: 'yes' }, { booking_status: 'x'.repeat(70_000) }])
        expect((await ask(`${path}/151001`, change(wrong))).status).toBe(400);
    });
  });

  it('keeps an address once, further ones included', async () => {
    await onHubspot(async (ask) => {
      for (const email of ['ADA@example.com', 'ada@example.org'])
        expect(await ask(`${path}/151002`, change({ email }))).toMatchObject({
          status: 409,
          json: { category: 'CONFLICT' },
        });
    });
    const twice = startHubspotStandIn({
      token,
      properties: {},
      contacts: [...contacts, { email: 'ada@example.ORG' }],
    });
    await expect(twice).rejects.toThrow('keeps an address once');
  });

  it('searches by equality or by words, as of when it was last indexed', async () => {
    await onHubspot(async (ask, hubspot) => {
      const idsOf = async (said: Said) => {
        const { json } = await ask(`${path}/search`, said);
        return JSON.stringify((json as { results: { id: string }[] }).results.map(({ id }) => id));
      };
      expect(await idsOf(search(byEmail('EQ', 'BOB@example.com')))).toBe('["151002"]');
      expect(await idsOf(search(byEmail('CONTAINS_TOKEN', 'com.example')))).toBe('["151001","151002"]');
      expect(await idsOf(search(byEmail('CONTAINS_TOKEN', 'example'), { limit: 1 }))).toBe('["151001"]');
      hubspot.setContact('151002', { email: 'new@example.com' });
      expect(await idsOf(search(byEmail('EQ', 'new@example.com')))).toBe('[]');
      hubspot.index();
      expect(await idsOf(search(byEmail('EQ', 'new@example.com')))).toBe('["151002"]');
      expect(() => hubspot.setContact('7', {})).toThrow('no contact 7');
    });
  });

  it.each<[string, Said]>([
    ['no groups', search([])],
    ['a group without filters', search([{ filters: [] }])],
    ['more than five groups', search(Array(6).fill(byEmail('EQ', 'x')[0]))],
    ['another operator', search(byEmail('LIKE', 'x'))],
    ['a filter without a value', search(byEmail('EQ', undefined))],
    [
      'a property that is not there',
      search([{ filters: [{ propertyName: 'mail', operator: 'EQ', value: 'x' }] }]),
    ],
    ['more than 200 at once', search(byEmail('EQ', 'x'), { limit: 201 })],
    ['properties that are no list', search(byEmail('EQ', 'x'), { properties: 'email' })],
  ])('refuses to search by %s', async (_case, said) => {
    await onHubspot(async (ask) => {
      expect((await ask(`${path}/search`, said)).status).toBe(400);
    });
  });

  it('has enough after 5 searches in a second, and after 100 requests in ten', async () => {
    await onHubspot(async (ask) => {
      const searches = await Promise.all(
        Array.from({ length: 6 }, () => ask(`${path}/search`, search(byEmail('EQ', 'x')))),
      );
      expect(searches.filter(({ status }) => status === 429)).toMatchObject([
        { json: { policyName: 'SECONDLY' } },
      ]);
      const reads = await Promise.all(Array.from({ length: 95 }, () => ask(path)));
      expect(reads.filter(({ status }) => status === 429)).toMatchObject([
        { json: { policyName: 'TEN_SECONDLY_ROLLING' } },
      ]);
    });
  });

  it('is as bad as it is told to be', async () => {
    await onHubspot(async (ask, hubspot) => {
      hubspot.failNext({ status: 503 }, { kind: 'patch', times: 2 });
      expect((await ask(path)).status).toBe(200);
      expect((await ask(`${path}/151001`, change({ booking_status: '' }))).status).toBe(503);
      hubspot.failNext('cut_after', { kind: 'contacts' });
      await expect(ask(path)).rejects.toThrow();
      hubspot.failNext('cut_before', { kind: 'contacts' });
      await expect(ask(path)).rejects.toThrow();
      hubspot.failNext(
        { status: 429, policyName: 'DAILY', headers: { 'retry-after': '7' }, body: '{}' },
        { kind: 'contacts' },
      );
      expect(await ask(path)).toEqual({ status: 429, json: {} });
      expect(hubspot.count('contacts')).toBe(4);
    });
  });

  it('tells of its properties what HubSpot tells', async () => {
    await onHubspot(async (ask, hubspot) => {
      hubspot.setProperty('campaigns', null);
      const { json } = await ask('/crm/v3/properties/contacts');
      const { results } = json as { results: readonly { readonly name: string }[] };
      expect(results.map(({ name }) => name)).not.toContain('campaigns');
      expect(results.find(({ name }) => name === 'booking_status')).toMatchObject({
        label: 'Booking Status',
        type: 'enumeration',
        fieldType: 'select',
        options: expect.arrayContaining([
          expect.objectContaining({ value: 'not_booked', label: 'Not Booked' }),
        ]),
        modificationMetadata: { readOnlyValue: false },
      });
      expect(results.find(({ name }) => name === 'hs_additional_emails')).toMatchObject({
        modificationMetadata: { readOnlyValue: true },
      });
    });
  });
});
