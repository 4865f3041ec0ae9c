// What is kept about a person across bookings: the CRM's side, and whether they want to hear from us. No name and no
// address in it; the address is read from their bookings.
import type { BookingId } from './ids.ts';
import { type Progress, untold } from './keep-true.ts';
import type { ContactRef, MemberRef } from './ports.ts';
import { type Instant, isBefore } from './temporal.ts';

/** Since when nothing more is sent to an address, and why. */
export interface Suppressed {
  readonly at: Instant;
  readonly why: string;
}

/** Looks for a contact that the CRM does not have. */
export interface Sought {
  /** Since something last changed. */
  readonly times: number;
  /** A person was told that it is not there. */
  readonly told: boolean;
}

/** Its progress is the CRM's. */
export interface PersonRecord extends Progress {
  readonly contact:
    | { readonly state: 'pending' | 'not_found' | 'ambiguous' }
    | { readonly state: 'found'; readonly ref: ContactRef };
  readonly membership:
    | { readonly state: 'pending' | 'not_a_member' | 'ambiguous' }
    | { readonly state: 'member'; readonly ref: MemberRef };
  /** Absent: the contact was found, or not looked for yet. */
  readonly sought?: Sought;
  /** Upcoming calls of which a person was told that two of them may be one. Absent: none. */
  readonly doubles?: readonly BookingId[];
  /** As last written, by property name. A moment is kept as ISO text. */
  readonly written: { readonly [property: string]: string | null };
  /** Rules whose sending was recorded with the membership. */
  readonly marked: readonly string[];
  readonly suppressed: Suppressed | null;
  readonly erasedAt: Instant | null;
  /** The last moments at which a message was claimed for them, newest last, at most 8. */
  readonly sent: readonly { readonly at: Instant }[];
}

export const newPerson: PersonRecord = {
  contact: { state: 'pending' },
  membership: { state: 'pending' },
  written: {},
  marked: [],
  ...untold,
  suppressed: null,
  erasedAt: null,
  sent: [],
};

const badNews: ReadonlySet<string> = new Set(['bounced', 'dropped']);

/** Whether it says of the address that nothing reaches it, and of its owner nothing. */
export function isBadNews(why: string | null | undefined): boolean {
  return why != null && badNews.has(why);
}

/**
 * An operator's word, which nobody else takes back, outweighs the owner's, and that news of the address, whichever came
 * first; of equals the earlier stands.
 */
export function weightier(known: Suppressed | null, said: Suppressed): Suppressed {
  if (!known) return said;
  if (weightOf(said) !== weightOf(known)) return weightOf(said) > weightOf(known) ? said : known;
  return isBefore(said.at, known.at) ? said : known;
}

function weightOf({ why }: Suppressed): number {
  if (why === 'operator') return 2;
  return isBadNews(why) ? 0 : 1;
}

const sentKept = 8;

export function noteSent(person: PersonRecord, at: Instant): PersonRecord {
  return { ...person, sent: [...person.sent, { at }].slice(-sentKept) };
}
