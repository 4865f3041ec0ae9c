// What is kept about a person across bookings: the CRM's side, and whether they want to hear from us. No name and no
// address in it; the address is read from their bookings.
import type { Progress } from './keep-true.ts';
import type { ContactRef, MemberRef } from './ports.ts';
import type { Instant } from './temporal.ts';

/** Its progress is the CRM's. */
export interface PersonRecord extends Progress {
  readonly contact:
    | { readonly state: 'pending' | 'not_found' | 'ambiguous' }
    | { readonly state: 'found'; readonly ref: ContactRef };
  readonly membership:
    | { readonly state: 'pending' | 'not_a_member' | 'ambiguous' }
    | { readonly state: 'member'; readonly ref: MemberRef };
  /** As last written, by property name. A moment is kept as ISO text. */
  readonly written: { readonly [property: string]: string | null };
  /** Rules whose sending was recorded with the membership. */
  readonly marked: readonly string[];
  readonly suppressed: { readonly at: Instant; readonly why: string } | null;
  readonly erasedAt: Instant | null;
  /** The last moments at which a message was claimed for them, newest last, at most 8. */
  readonly sent: readonly { readonly at: Instant }[];
}

export const newPerson: PersonRecord = {
  contact: { state: 'pending' },
  membership: { state: 'pending' },
  written: {},
  marked: [],
  wanted: 0,
  seen: 0,
  writing: null,
  tries: 0,
  refused: false,
  lastError: null,
  suppressed: null,
  erasedAt: null,
  sent: [],
};

const sentKept = 8;

export function noteSent(person: PersonRecord, at: Instant): PersonRecord {
  return { ...person, sent: [...person.sent, { at }].slice(-sentKept) };
}
