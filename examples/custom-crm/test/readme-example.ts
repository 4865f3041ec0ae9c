import { type Crm, defaultProjection } from '@precall/core';
import { createHubspotCrm } from '../src/hubspot-crm.ts';

export function hubspot(token: string, baseUrl = 'https://api.hubapi.com'): Crm {
  return createHubspotCrm({
    token, // of a private app that may read and write contacts, and read their schema
    baseUrl,
    properties: {
      'Booking Status': 'booking_status', // drop-down: Booked, Not Booked, No-Show, Completed
      'Diagnostic Call Date': 'diagnostic_call_date', // date
      'Christmas Campaign Status': 'christmas_campaign_status', // drop-down: Pre-Call Prep
    },
    projection: defaultProjection, // or that of your policy
    campaigns: 'campaigns', // checkboxes: Christmas 2025
    marks: { '72h': 'reminder_72h_sent', '24h': 'reminder_24h_sent', '2h': 'reminder_2h_sent' }, // date and time
  });
}
