// The Crm contract, on a stand-in that is strict where HubSpot is; and that it fails when HubSpot's answers get lost.
import type { Crm } from '@precall/core';
import { createSystemClock } from '@precall/node';
import {
  brokenPromises,
  type CrmSubject,
  crmContract,
  crmPromises,
  type Fault,
  faults,
  type SampleContact,
  useCrm,
  withFaults,
} from '@precall/testing';
import { type HubspotStandIn, hubspotCampaign, startHubspotStandIn } from '@precall/testing/stand-ins';
import { describe, expect, it } from 'vitest';
import { createHubspotCrm } from '../src/index.ts';
import { asKept, membership, readContact, readMark, token } from './asking.ts';

const running = new Map<CrmSubject, HubspotStandIn>();
const once = 'HubSpot keeps an address once';
const skipped = {
  'findContact: many where several have the address': once,
  'findMembership: many where several are in the campaign': once,
};

async function create(samples: readonly SampleContact[], over = (crm: Crm) => crm): Promise<CrmSubject> {
  const emails = samples.map(({ email }) => email.toLowerCase());
  const contacts = samples.filter((_, index) => emails.indexOf(emails[index] ?? '') === index).map(asKept);
  const properties = { ...hubspotCampaign, may_be_texted: { label: 'May Be Texted', type: 'bool' } } as const;
  const hubspot = await startHubspotStandIn({ token, properties, contacts });
  const crm = createHubspotCrm({ token, baseUrl: hubspot.url, clock: createSystemClock(), membership });
  const subject: CrmSubject = {
    crm: over(crm),
    read: async (email) => readContact(hubspot, email),
    readMark: async (email, _campaign, step) => readMark(hubspot, email, step),
  };
  running.set(subject, hubspot);
  return subject;
}

async function close(subject: CrmSubject): Promise<void> {
  await running.get(subject)?.stop();
  running.delete(subject);
}

crmContract({ create, close, skipped });

describe('the contract', () => {
  const promises = crmPromises.filter(({ promise }) => !Object.hasOwn(skipped, promise));
  const broken = (fault: Fault, method: string) =>
    brokenPromises(
      promises,
      useCrm({
        create: (samples) =>
          create(samples, (crm) => withFaults(crm, (call) => (call.method === method ? fault : null))),
        close,
      }),
    );

  it.each(['findContact', 'findMembership', 'update', 'read', 'recordSent', 'describe'])(
    'is broken by an adapter whose %s is lost, and says so by name',
    async (method) => {
      const names = await broken(faults.lost, method);
      expect(names.length).toBeGreaterThan(0);
      expect(names.some((name) => name.startsWith(method))).toBe(true);
    },
  );
});
