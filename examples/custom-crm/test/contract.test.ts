// The published contract, on HubSpot's stand-in.
import { Temporal } from '@precall/core';
import { type CrmSubject, crmContract, type SampleContact } from '@precall/testing';
import { createHubspotCrm } from '../src/hubspot-crm.ts';
import { asKept, inHubspot, schema, settings, token } from './hubspot-account.ts';
import { type HubspotStandIn, startHubspotStandIn } from './hubspot-stand-in.ts';

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
