// The published contract, on HubSpot's stand-in; and what the contract cannot know about HubSpot.
import { readFileSync } from 'node:fs';
import { type Crm, defaultProjection, Temporal, textOf } from '@precall/core';
import { type CrmSubject, crmContacts, crmContract, type SampleContact } from '@precall/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHubspotCrm } from '../src/hubspot-crm.ts';
import { type HubspotStandIn, startHubspotStandIn } from './hubspot-stand-in.ts';
import { hubspot as hubspotOfReadme } from './readme-example.ts';

const token = 'pat-eu1-a-token-of-the-tests';
const settings = {
  token,
  properties: { 'Booking Status': 'booking_status', 'Diagnostic Call Date': 'diagnostic_call_date' },
  campaigns: 'campaigns',
  marks: { '72h': 'reminder_72h_sent', '24h': 'reminder_24h_sent', '2h': 'reminder_2h_sent' },
};
const schema = {
  email: { type: 'string' },
  booking_status: { type: 'enumeration', options: ['Booked', 'Not Booked', 'No-Show', 'Completed'] },
  christmas_campaign_status: { type: 'enumeration', options: ['Pre-Call Prep'] },
  diagnostic_call_date: { type: 'date' },
  campaigns: { type: 'enumeration', options: ['Christmas 2025', 'Other'] },
  reminder_72h_sent: { type: 'datetime' },
  reminder_24h_sent: { type: 'datetime' },
  reminder_2h_sent: { type: 'datetime' },
} as const;
const inHubspot = new Map<string, string>(Object.entries({ ...settings.properties, ...settings.marks }));

/** As HubSpot keeps it; the marks of all its campaigns are the same properties. */
function asKept({ email, fields, campaigns }: SampleContact): { readonly [property: string]: string } {
  const values = Object.entries(fields).map(([name, field]) => [inHubspot.get(name), textOf(field)]);
  const marks = Object.values(campaigns)
    .flatMap(({ sent }) => Object.entries(sent))
    .map(([step, at]) => [inHubspot.get(step), at.toString()]);
  return Object.fromEntries([
    ['email', email],
    ['campaigns', Object.keys(campaigns).join(';')],
    ...values,
    ...marks,
  ]);
}

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const standIns = new Map<CrmSubject, HubspotStandIn>();

async function create(contacts: readonly SampleContact[]): Promise<CrmSubject> {
  const hubspot = await startHubspotStandIn({ token, schema, contacts: contacts.map(asKept) });
  const subject: CrmSubject = {
    crm: createHubspotCrm({ ...settings, baseUrl: hubspot.baseUrl }),
    read: async (email) => {
      const kept = hubspot.valuesOf(email);
      return Object.fromEntries(
        Object.entries(settings.properties).map(([name, property]) => [name, kept[property] || null]),
      );
    },
    readMark: async (email, _campaign, step) => {
      const mark = hubspot.valuesOf(email)[inHubspot.get(step) ?? ''];
      return mark ? Temporal.Instant.from(mark) : null;
    },
  };
  standIns.set(subject, hubspot);
  return subject;
}

const once = 'HubSpot keeps an address once';
crmContract({
  create,
  close: async (subject) => await standIns.get(subject)?.close(),
  skipped: {
    'findContact: many where several have the address': once,
    'findMembership: many where several are in the campaign': once,
  },
});

describe('the HubSpot adapter', () => {
  let hubspot: HubspotStandIn;
  let crm: Crm;
  beforeEach(async () => {
    hubspot = await startHubspotStandIn({ token, schema, contacts: crmContacts.map(asKept) });
    crm = createHubspotCrm({ ...settings, baseUrl: hubspot.baseUrl });
  });
  afterEach(async () => await hubspot.close());
  const empty = { type: 'text', value: null } as const;
  const booked = { 'Booking Status': { type: 'choice', value: 'Booked' } } as const;

  it('is at most 80 lines of code', () => {
    const code = read('../src/hubspot-crm.ts')
      .split('\n')
      .filter((line) => !/^\s*(\/\/|\/?\*|$)/.test(line));
    expect(code.length).toBeGreaterThan(40);
    expect(code.length).toBeLessThanOrEqual(80);
  });

  it('is set up as the README shows', async () => {
    expect(/```ts\n(.*?)```/s.exec(read('../README.md'))?.[1]).toBe(read('readme-example.ts'));
    const shown = hubspotOfReadme(token, hubspot.baseUrl);
    expect((await shown.describe()).unwrap()).toEqual([]);
    const { callDate, status, campaignStatus } = defaultProjection.properties;
    const names = Object.fromEntries([callDate, status, campaignStatus].map((name) => [name, empty]));
    expect((await shown.update('101', names)).isOk()).toBe(true);
  });

  it('names every property that HubSpot lacks, with its cure', async () => {
    const { properties, marks } = settings;
    const other = createHubspotCrm({
      ...settings,
      properties: { ...properties, 'Booking Status': 'Booking_Status' },
      marks: { ...marks, '2h': 'reminder_2h' },
      baseUrl: hubspot.baseUrl,
    });
    const faults = (await other.describe()).unwrap();
    expect(faults.map(({ where }) => where)).toEqual([
      'contact property Booking_Status',
      'contact property reminder_2h',
    ]);
    for (const { cure } of faults) expect(cure).toContain('Contact properties');
  });

  it('refuses a choice that HubSpot does not know, in its words, and writes nothing of that change', async () => {
    const fields = { 'Diagnostic Call Date': { type: 'date', value: '2026-03-05' } } as const;
    const typo = { 'Booking Status': { type: 'choice', value: 'Boked' } } as const;
    const refused = await crm.update('101', { ...fields, ...typo });
    expect(refused.isErr() && refused.error).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('booking_status: INVALID_OPTION'),
    });
    expect(hubspot.valuesOf('ada@example.com').diagnostic_call_date).toBe('2026-01-01');
  });

  it('marks nothing for a rule that has no property', async () => {
    const before = hubspot.valuesOf('ada@example.com');
    const at = Temporal.Instant.from('2026-03-02T12:00:00Z');
    expect((await crm.recordSent('101', 'follow-up', at)).isOk()).toBe(true);
    expect(hubspot.valuesOf('ada@example.com')).toEqual(before);
  });

  it('takes up again what another token, a lock, a limit or a fault of HubSpot stopped', async () => {
    const stranger = createHubspotCrm({ ...settings, token: 'another', baseUrl: hubspot.baseUrl });
    const answers = [await stranger.findContact('ada@example.com')];
    for (const status of [403, 423, 429, 500, 502]) {
      hubspot.answerNext(status);
      answers.push(await crm.findContact('ada@example.com'));
    }
    const kinds = answers.map((answer) => (answer.isErr() ? answer.error.kind : 'Ok'));
    expect(new Set(kinds)).toEqual(new Set(['unavailable']));
    expect((await crm.findContact('ada@example.com')).isOk()).toBe(true);
  });

  it('does not know what became of a write that was not answered, and knows that a read did nothing', async () => {
    hubspot.answerNext('cut');
    const written = await crm.update('101', booked);
    hubspot.answerNext('cut');
    const read = await crm.findContact('ada@example.com');
    expect(written.isErr() && written.error.kind).toBe('unknown');
    expect(read.isErr() && read.error.kind).toBe('unavailable');
  });

  it('never names an address in a reason, nor the token', async () => {
    const reasons: string[] = [];
    for (const answer of [400, 401, 429, 500, 'cut'] as const) {
      hubspot.answerNext(answer);
      const found = await crm.findContact('ada@example.com');
      reasons.push(found.isErr() ? found.error.reason : '');
    }
    expect(reasons).toHaveLength(5);
    expect(reasons.join()).toContain('HubSpot answered 400');
    expect(reasons.join()).not.toMatch(/ada|example|pat-/);
  });
});
