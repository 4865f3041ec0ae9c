// A CRM on a stand-in of HubSpot, with a clock moved by hand; and how its tests write and read what is there.
import { createMemoryClock } from '@precall/adapter-memory';
import { type Found, type PortError, type PortResult, Temporal, textOf } from '@precall/core';
import type { SampleContact } from '@precall/testing';
import {
  type HubspotProperties,
  type HubspotStandIn,
  type HubspotStandInOptions,
  type HubspotValues,
  hubspotCampaign,
  startHubspotStandIn,
} from '@precall/testing/stand-ins';
import { vi } from 'vitest';
import { createHubspotCrm, type HubspotCrmOptions } from '../src/index.ts';

export const token = 'pat-eu1-of-the-tests';
export const noon = Temporal.Instant.from('2026-03-02T12:00:00Z');
export const campaign = 'Christmas 2025';
export const status = 'Booking Status';
export const callDate = 'Diagnostic Call Date';

export const seconds = (count: number) => Temporal.Duration.from({ milliseconds: Math.round(count * 1_000) });
export const choice = (value: string | null) => ({ type: 'choice', value }) as const;
export const date = (value: string | null) => ({ type: 'date', value }) as const;

export const membership = {
  campaignProperty: 'Campaigns',
  sentProperties: { '72h': 'Reminder 72h sent', '24h': 'Reminder 24h sent', '2h': 'Reminder 2h sent' },
};
export const ada: HubspotValues = {
  email: 'ada@example.com',
  hs_additional_emails: 'ada@example.org;countess@example.org',
  booking_status: 'not_booked',
  diagnostic_call_date: '2026-01-01',
  campaigns: 'other;christmas_2025',
  reminder_72h_sent: '2026-01-05T09:00:00Z',
};

export interface BenchOptions {
  /** Over those of a campaign. */
  readonly properties?: HubspotProperties;
  readonly contacts?: readonly HubspotValues[];
  readonly standIn?: Partial<HubspotStandInOptions>;
  readonly crm?: Partial<HubspotCrmOptions>;
}
export type Bench = Awaited<ReturnType<typeof startBench>>;

async function startBench({ properties, contacts = [ada], standIn, crm: options }: BenchOptions) {
  const clock = createMemoryClock(noon);
  const all = { ...hubspotCampaign, ...properties };
  const hubspot = await startHubspotStandIn({ token, properties: all, contacts, ...standIn });
  const crm = createHubspotCrm({ token, baseUrl: hubspot.url, clock, membership, ...options });
  return {
    clock,
    hubspot,
    crm,
    ref: hubspot.contacts()[0]?.id ?? '',
    values: () => hubspot.contacts()[0]?.values ?? {},
  };
}

/** Runs with a new bench and clears it away. */
export async function onBench(options: BenchOptions, run: (bench: Bench) => Promise<void>): Promise<void> {
  const bench = await startBench(options);
  try {
    await run(bench);
  } finally {
    await bench.hubspot.stop();
  }
}

/** The error of a call; an Ok is a failure of the test. */
export async function errorOf(answer: PortResult<unknown>): Promise<PortError> {
  const result = await answer;
  if (result.isOk()) throw new Error('The call was Ok.');
  return result.error;
}

export async function kindOf(found: PortResult<Found<string>>): Promise<string> {
  return (await found).unwrap().kind;
}

/** Until so many requests have come; fails when they do not. */
export async function requestsReach({ hubspot }: Pick<Bench, 'hubspot'>, count: number): Promise<void> {
  await vi.waitFor(() => {
    if (hubspot.requests.length < count) throw new Error(`only ${hubspot.requests.length} requests came`);
  });
}

const nameOf = (label: string) =>
  Object.entries(hubspotCampaign).find(([, one]) => one.label === label)?.[0] ?? '';
const markOf = (step: string) => `reminder_${step}_sent`;

function optionsOf(name: string): readonly (readonly [value: string, label: string])[] {
  const property: HubspotProperties[string] | undefined = Object.entries(hubspotCampaign).find(
    ([one]) => one === name,
  )?.[1];
  return Object.entries(property?.options ?? {});
}

const valueFor = (name: string, text: string) =>
  optionsOf(name).find(([, label]) => label === text)?.[0] ?? text;

/** As HubSpot keeps a contact of the contract; the marks of all its campaigns are the same properties. */
export function asKept({ email, fields, campaigns }: SampleContact): HubspotValues {
  const values = Object.entries(fields).map(([label, field]) => {
    const name = nameOf(label);
    return [name, valueFor(name, textOf(field) ?? '')];
  });
  const marks = Object.values(campaigns)
    .flatMap(({ sent }) => Object.entries(sent))
    .map(([step, at]) => [markOf(step), at.toString()]);
  const joined = Object.keys(campaigns).map((one) => valueFor('campaigns', one));
  return Object.fromEntries([['email', email], ['campaigns', joined.join(';')], ...values, ...marks]);
}

export function readContact(
  hubspot: HubspotStandIn,
  email: string,
): { readonly [label: string]: string | null } {
  const kept = hubspot.contacts().find(({ values }) => values.email === email.toLowerCase())?.values ?? {};
  return Object.fromEntries(
    Object.entries(hubspotCampaign).map(([name, { label }]) => {
      const value = kept[name] ?? '';
      return [label, (optionsOf(name).find(([one]) => one === value)?.[1] ?? value) || null];
    }),
  );
}

export function readMark(hubspot: HubspotStandIn, email: string, step: string): Temporal.Instant | null {
  const kept = hubspot.contacts().find(({ values }) => values.email === email.toLowerCase())?.values ?? {};
  const mark = kept[markOf(step)];
  return mark ? Temporal.Instant.from(mark) : null;
}
