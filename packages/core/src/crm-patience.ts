// The CRM's calls, each made with patience.
import { createPatience } from './patience.ts';
import type { Clock, Crm } from './ports.ts';

/** What is called about people. */
export type CrmCalls = Omit<Crm, 'describe'>;

/** The same CRM, left alone until the moment that it asked for. */
export function patientCrm(crm: CrmCalls, clock: Clock): CrmCalls {
  const patiently = createPatience(clock, 'The CRM');
  const { read } = crm;
  return {
    ...(read && { read: (ref, properties) => patiently(() => read(ref, properties)) }),
    findContact: (email) => patiently(() => crm.findContact(email)),
    findMembership: (email, campaign) => patiently(() => crm.findMembership(email, campaign)),
    update: (ref, fields) => patiently(() => crm.update(ref, fields)),
    recordSent: (ref, step, at) => patiently(() => crm.recordSent(ref, step, at)),
  };
}
