// What of a call is not in the CRM as it should be.
import { Temporal } from '@precall/core';
import type { Json } from './host-access.ts';

export interface CrmConcern {
  readonly booking: unknown;
  readonly state: string;
  readonly why: string;
}

/** For so long a contact that is not there is looked for before anybody is told: a form may be about to make it. */
const soughtFor = { minutes: 71 } as const;

/** `booking` as the operator API has it. Null: all is written, there is no CRM, or it was not asked yet. */
export function crmConcernOf(booking: Json, now: Temporal.Instant): CrmConcern | null {
  const { contact } = objectIn(booking.crm);
  const { state, lastError } = objectIn(contact);
  const concern = (why: string): CrmConcern => ({ booking: booking.id, state: String(state), why });
  if (state === 'refused') return concern(`it refused the write: ${lastError}`);
  if (state === 'pending' && typeof lastError === 'string') return concern(`tried again: ${lastError}`);
  if (state === 'ambiguous') return concern('several contacts have this address');
  if (state === 'not_found' && isLookedForEnough(booking, now))
    return concern('no contact has this address: make it, then write the CRM again');
  return null;
}

/** Whoever was erased is not looked for. */
function isLookedForEnough({ agreedAt, attendees }: Json, now: Temporal.Instant): boolean {
  const isKnown = Array.isArray(attendees) && attendees.some(({ email }: Json) => email !== null);
  if (!isKnown || typeof agreedAt !== 'string') return false;
  return Temporal.Instant.compare(Temporal.Instant.from(agreedAt).add(soughtFor), now) <= 0;
}

function objectIn(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
