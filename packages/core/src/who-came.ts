// Asking the host who came: about whom, and when there is nothing to ask.
import type { Facts } from './facts.ts';
import type { RecipientId } from './ids.ts';
import type { DropReason } from './reasons.ts';
import { attendanceOf, attending, concerned } from './standing.ts';

/** Whose coming matters: the booker's, with seats everybody's who has one. Not of who was erased. */
export function askedAbout(facts: Facts): readonly RecipientId[] {
  const present = attending(facts);
  return concerned(facts, false).filter(
    (recipient) => present.includes(recipient) && facts.people[recipient]?.details?.value.email,
  );
}

/** Where the host did not come either, they cannot tell. */
export function whyNotAsked(facts: Facts): DropReason | null {
  if (facts.hostNoShow?.value) return 'host_absent';
  const known = askedAbout(facts).every((recipient) => attendanceOf(facts, recipient));
  return known ? 'attendance_known' : null;
}
