// What follows from the facts of one booking. Derived when needed, never stored.
import type { Facts, PersonFacts } from './facts.ts';
import type { RecipientId } from './ids.ts';
import { after, type Instant, isBefore, isoText, latest, Temporal } from './temporal.ts';

/** How a call stands. Derived from facts when asked, never stored. */
export type BookingStatus =
  | 'agreed'
  | 'awaiting'
  | 'cancelled'
  | 'declined'
  | 'superseded'
  | 'ended'
  | 'unknown';
/** `ended` needs the time; this is the rest. */
export type Standing = Exclude<BookingStatus, 'ended'>;

/** The first that holds (kernel.md section 3). */
export function standingOf(facts: Facts): Standing {
  if (Object.values(facts.replacedBy).some((link) => link.allAt)) return 'superseded';
  if (isCancelled(facts)) return 'cancelled';
  if (facts.declinedAt && !(facts.lastAgreedAt && isBefore(facts.declinedAt, facts.lastAgreedAt))) {
    return 'declined';
  }
  if (facts.time && facts.agreed[isoText(facts.time.value.startAt)]) return 'agreed';
  if (facts.requestedAt) return 'awaiting';
  return 'unknown';
}

/** How a call stands at that moment. */
export function statusOf(facts: Facts, now: Instant): BookingStatus {
  const standing = standingOf(facts);
  const over = facts.time && !isBefore(now, facts.time.value.endAt);
  return standing === 'agreed' && over ? 'ended' : standing;
}

/** Without seats a cancellation is final whatever its stamp; with seats the booking is off when nobody is left. */
function isCancelled(facts: Facts): boolean {
  if (!facts.seated) return facts.cancelled !== null;
  const anybodyEver = Object.values(facts.people).some(
    (person) => person.joinedAt ?? person.seenAt ?? person.leftAt,
  );
  return anybodyEver && attending(facts).length === 0;
}

/** Those who take part, booker first (with seats: in the order of joining). */
export function attending(facts: Facts): readonly RecipientId[] {
  const listed = facts.seated
    ? seats(facts)
        .map(({ recipient }) => recipient)
        .filter((recipient) => !hasLeft(facts, recipient))
    : (facts.roster?.value ?? []);
  return listed.filter((recipient) => !hasMovedAway(facts, recipient));
}

/**
 * Whom reminders are planned for: the booker, with guests everybody on the list; with seats everybody who ever
 * joined. Whether such a person still takes part is another question: see `attending`.
 */
export function concerned(facts: Facts, remindGuests: boolean): readonly RecipientId[] {
  if (facts.seated) return seats(facts).map(({ recipient }) => recipient);
  const listed = facts.roster?.value ?? [];
  return remindGuests ? listed : listed.slice(0, 1);
}

interface Seat {
  readonly recipient: RecipientId;
  readonly joinedAt: Instant;
}

/** Every seat that was ever taken, in the order of joining. */
function seats(facts: Facts): readonly Seat[] {
  return (Object.entries(facts.people) as [RecipientId, PersonFacts][])
    .flatMap(([recipient, person]) => {
      const joinedAt = person.joinedAt ?? person.seenAt;
      return joinedAt ? [{ recipient, joinedAt }] : [];
    })
    .sort(
      (a, b) =>
        a.joinedAt.epochMilliseconds - b.joinedAt.epochMilliseconds || (a.recipient < b.recipient ? -1 : 1),
    );
}

function hasLeft(facts: Facts, recipient: RecipientId): boolean {
  const leftAt = facts.people[recipient]?.leftAt;
  if (leftAt && !cameAfter(facts, recipient, leftAt)) return true;
  return leftBySnapshot(facts, recipient);
}

/** How far a fetched list and a webhook may differ about the same moment. */
const listTolerance = Temporal.Duration.from({ minutes: 1 });

/** Whether they joined, or were on the last fetched list, after they had gone. */
function cameAfter(facts: Facts, recipient: RecipientId, goneAt: Instant): boolean {
  const { snapshot } = facts;
  const joinedAt = facts.people[recipient]?.joinedAt;
  if (joinedAt && isBefore(goneAt, joinedAt)) return true;
  if (!snapshot?.stamp.saidAt || !snapshot.value.includes(recipient)) return false;
  return isBefore(after(goneAt, listTolerance), snapshot.stamp.saidAt);
}

/** Who joined over a minute before a fetched list of seats, or was on an earlier one, and is not on it has left. */
function leftBySnapshot({ snapshot, people }: Facts, recipient: RecipientId): boolean {
  const person = people[recipient];
  const listedAt = snapshot?.stamp.saidAt;
  if (!listedAt || snapshot.value.includes(recipient)) return false;
  if (person?.joinedAt) return isBefore(after(person.joinedAt, listTolerance), listedAt);
  return Boolean(person?.seenAt && isBefore(person.seenAt, listedAt));
}

/** A person who moved to another booking, with all or alone, and in the latter case did not join this one again later. */
export function hasMovedAway(facts: Facts, recipient: RecipientId): boolean {
  return Object.values(facts.replacedBy).some((link) => {
    if (link.allAt) return true;
    const movedAt = link.people[recipient]?.movedAt;
    return movedAt && !cameAfter(facts, recipient, movedAt);
  });
}

/** What was said last of whether a person came. */
export interface Attendance {
  readonly came: boolean;
  /** Since when it is known; the end of the call, where it was said without a moment. */
  readonly knownAt: Instant;
}

/** Whether a person came to the present call; null: nothing was said. A word older than its agreement is about an earlier start. */
export function attendanceOf(facts: Facts, recipient: RecipientId): Attendance | null {
  const said = facts.people[recipient]?.noShow;
  const time = facts.time?.value;
  if (!said || !time) return null;
  const knownAt = said.stamp.saidAt ?? time.endAt;
  const agreed = facts.agreed[isoText(time.startAt)]?.saidAt;
  return agreed && isBefore(knownAt, agreed) ? null : { came: !said.value, knownAt };
}

/**
 * When this start was agreed, as far as this person is concerned: with seats not before they joined.
 * Null when it never was.
 */
export function agreedAt(facts: Facts, startAt: Instant, recipient: RecipientId): Instant | null {
  const said = facts.agreed[isoText(startAt)]?.saidAt ?? null;
  if (!said || !facts.seated) return said;
  const person = facts.people[recipient];
  return latest(said, person?.joinedAt ?? person?.seenAt ?? null);
}
