// The account of the tests: its token, how its properties are called there, and a contact as it keeps it.
import { defaultProjection, textOf } from '@precall/core';
import type { SampleContact } from '@precall/testing';

export const token = 'pat-eu1-a-token-of-the-tests';
export const settings = {
  token,
  properties: {
    'Booking Status': 'booking_status',
    'Diagnostic Call Date': 'diagnostic_call_date',
    'Christmas Campaign Status': 'christmas_campaign_status',
  },
  projection: defaultProjection,
  campaigns: 'campaigns',
  marks: { '72h': 'reminder_72h_sent', '24h': 'reminder_24h_sent', '2h': 'reminder_2h_sent' },
};
export const schema = {
  email: { type: 'string' },
  booking_status: { type: 'enumeration', options: ['Booked', 'Not Booked', 'No-Show', 'Completed'] },
  christmas_campaign_status: { type: 'enumeration', options: ['Pre-Call Prep'] },
  diagnostic_call_date: { type: 'date' },
  campaigns: { type: 'enumeration', options: ['Christmas 2025', 'Other'] },
  reminder_72h_sent: { type: 'datetime' },
  reminder_24h_sent: { type: 'datetime' },
  reminder_2h_sent: { type: 'datetime' },
} as const;
export const inHubspot = new Map<string, string>(
  Object.entries({ ...settings.properties, ...settings.marks }),
);

/** As HubSpot keeps it; the marks of all its campaigns are the same properties. */
export function asKept({ email, fields, campaigns }: SampleContact): { readonly [property: string]: string } {
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
