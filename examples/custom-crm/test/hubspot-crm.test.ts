// What the contract cannot know about HubSpot.
import { readFileSync } from 'node:fs';
import { type Crm, defaultProjection, Temporal } from '@precall/core';
import { crmContacts } from '@precall/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHubspotCrm } from '../src/hubspot-crm.ts';
import { asKept, schema, settings, token } from './hubspot-account.ts';
import { type HubspotStandIn, startHubspotStandIn } from './hubspot-stand-in.ts';
import { hubspot as hubspotOfReadme } from './readme-example.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

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

  it('is at most 90 lines of code', () => {
    const code = read('../src/hubspot-crm.ts')
      .split('\n')
      .filter((line) => !/^\s*(\/\/|\/?\*|$)/.test(line));
    expect(code.length).toBeGreaterThan(40);
    expect(code.length).toBeLessThanOrEqual(90);
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

  it('names every property of the projection that has no name in HubSpot, and refuses to write it', async () => {
    const { 'Booking Status': _, ...properties } = settings.properties;
    const other = createHubspotCrm({ ...settings, properties, baseUrl: hubspot.baseUrl });
    const fault = '"Booking Status" has no HubSpot name in properties';
    expect((await other.describe()).unwrap()).toMatchObject([{ where: 'policy.projection', fault }]);
    const refused = await other.update('101', booked);
    expect(refused.isErr() && refused.error).toEqual({ kind: 'rejected', reason: fault });
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

  it.each([401, 403])('says of %i that HubSpot refuses us, which somebody has to mend', async (status) => {
    hubspot.answerNext(status);
    const answer = await crm.findContact('ada@example.com');
    expect(answer.isErr() && answer.error).toMatchObject({ kind: 'unavailable', refusesUs: true });
  });

  it.each([423, 429, 503])('says no such thing of %i, which passes', async (status) => {
    hubspot.answerNext(status);
    const answer = await crm.findContact('ada@example.com');
    expect(answer.isErr() && answer.error).not.toHaveProperty('refusesUs');
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
