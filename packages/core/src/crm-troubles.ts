// What a person should know of once somebody's write to the CRM is saved, each once.
import type { BookingRecord } from './booking-record.ts';
import type { CrmOutcome } from './crm-write.ts';
import type { BookingId, RecipientId } from './ids.ts';
import type { PersonRecord } from './person.ts';
import type { Shell } from './shell.ts';
import { attending, statusOf } from './standing.ts';
import type { Instant } from './temporal.ts';
import type { Trouble } from './trouble.ts';

/** Two or more upcoming calls of one kind: of those kinds each. */
export type Doubles = readonly (readonly BookingId[])[];

export function doublesAmong(
  bookings: readonly BookingRecord[],
  { id, now }: { readonly id: RecipientId; readonly now: Instant },
): Doubles {
  const upcoming = bookings.filter(
    ({ facts }) => statusOf(facts, now) === 'agreed' && attending(facts).includes(id),
  );
  const kindOf = ({ facts }: BookingRecord) => facts.about?.value.eventType;
  const kinds = new Set(upcoming.map(kindOf).filter((kind) => kind));
  return [...kinds]
    .map((kind) => upcoming.filter((one) => kindOf(one) === kind).map((one) => one.id))
    .filter((ids) => ids.length > 1);
}

/** `person`: as it was before the write. `bookings`: newest first. */
export function troublesOf(
  { names }: Pick<Shell, 'names'>,
  { sought, doubles }: CrmOutcome,
  { person, bookings }: { readonly person: PersonRecord; readonly bookings: readonly BookingRecord[] },
): readonly Trouble[] {
  const told = person.doubles ?? [];
  const untold = doubles.flatMap((ids) => untoldPair(ids, told));
  const isMissing = sought?.told && !person.sought?.told;
  const missed = isMissing ? bookings.slice(0, 1) : [];
  return [
    ...missed.map(({ id }) => contactNotFound(names.short(id))),
    ...untold.map(([one, other]) => possibleDuplicate(names.short(one), names.short(other))),
  ];
}

/** Where nobody was told of one of them yet: that one, and another of its kind. */
function untoldPair(
  ids: readonly BookingId[],
  told: readonly BookingId[],
): readonly (readonly [BookingId, BookingId])[] {
  return ids
    .filter((id) => !told.includes(id))
    .slice(0, 1)
    .flatMap((one) => ids.filter((id) => id !== one).map((other) => [one, other] as const))
    .slice(0, 1);
}

function contactNotFound(booking: string): Trouble {
  const sentence =
    'The CRM has no contact with the address of a booking, and none appeared within 71 minutes. ' +
    'Make the contact; then write the CRM again from the page of the booking.';
  return { kind: 'contact_not_found', booking, sentence };
}

function possibleDuplicate(booking: string, other: string): Trouble {
  const sentence =
    'A person has two upcoming calls of the same kind; one may have been moved without our being told.';
  return { kind: 'possible_duplicate', booking, other, sentence };
}
