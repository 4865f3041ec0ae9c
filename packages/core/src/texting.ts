// Whether somebody may be texted, and when: by a number they gave with its country, with their consent, at hours that
// are fit where they are.
import type { Facts, Phone } from './facts.ts';
import type { RecipientId } from './ids.ts';
import type { QuietHours } from './policy.ts';
import type { SkipReason } from './reasons.ts';
import { attending, concerned } from './standing.ts';
import { type Instant, isBefore } from './temporal.ts';
import { isKnownZone, outsideQuietHours, quietFrom } from './wall-clock.ts';

/** So long before the hours end the last text falls due, so that it has left by then. */
const timeToLeave = { minutes: 15 };

export function phoneOf(facts: Facts, recipient: RecipientId): Phone | null {
  return facts.people[recipient]?.phone?.value ?? null;
}

/** Every number that somebody of the booking may be texted at. */
export function phonesIn({ people }: Facts): readonly Phone[] {
  return Object.values(people).flatMap(({ phone }) => phone?.value ?? []);
}

/** The host's zone does not count, and an area code tells no zone: who carries a phone moves about. */
export function whyNotTexted(facts: Facts, recipient: RecipientId): SkipReason | null {
  const person = facts.people[recipient];
  if (!phoneOf(facts, recipient)) return 'no_phone';
  if (!person?.consent?.value?.given) return 'no_consent';
  return isKnownZone(person.details?.value.timeZone) ? null : 'no_zone';
}

/**
 * Whether all who get reminders, and take part still, may be texted: for rules that text them then, and mail them
 * otherwise. Give it the policy where guests get reminders, too: theirs go by the same rules. False where there is nobody.
 */
export function mayBeTexted(
  facts: Facts,
  { remindGuests }: { readonly remindGuests: boolean } = { remindGuests: false },
): boolean {
  const present = attending(facts);
  const people = concerned(facts, remindGuests).filter((recipient) => present.includes(recipient));
  return people.length > 0 && people.every((recipient) => whyNotTexted(facts, recipient) === null);
}

/** When a text that was asked for at `planned` falls due: then, or earlier. */
export function textDueAt(planned: Instant, quiet: QuietHours, zone: string): Instant {
  return outsideQuietHours(planned, withTimeToLeave(quiet), zone);
}

/** The moment from which on a text that fell due at `dueAt` may leave no more; null: there is none. */
export function textUntil(dueAt: Instant, quiet: QuietHours, zone: string): Instant | null {
  return quietFrom(dueAt, quiet, zone);
}

/** Whether it is an hour at which they may be texted. */
export function mayBeTextedAt(
  now: Instant,
  {
    facts,
    recipient,
    quiet,
  }: { readonly facts: Facts; readonly recipient: RecipientId; readonly quiet: QuietHours | null },
): boolean {
  const zone = facts.people[recipient]?.details?.value.timeZone;
  return isKnownZone(zone) && (!quiet || !isBefore(outsideQuietHours(now, quiet, zone), now));
}

const shortened = new WeakMap<QuietHours, QuietHours>();

function withTimeToLeave(quiet: QuietHours): QuietHours {
  const known = shortened.get(quiet);
  if (known) return known;
  const { from, to } = quiet;
  const found = from.equals(to) ? quiet : { from: from.subtract(timeToLeave), to };
  shortened.set(quiet, found);
  return found;
}
