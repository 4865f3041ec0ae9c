// By what a calendar knows a call again, and which of two files about it is the newer.
import type { BookingId, Facts, RecipientId } from '@precall/core';

/** A person's call, and the facts of it and of those it took the place of. */
export interface Call {
  readonly id: BookingId;
  readonly bookings: ReadonlyMap<BookingId, Facts>;
  readonly recipient: RecipientId;
}

/** The booking that this one goes back to, move by move; of several, by mistake of a source, always the same. */
export function firstOf(call: Call): BookingId {
  return chainOf(call).at(-1) ?? call.id;
}

/** The UID that the source gave the entry, by the earliest booking of which it said one; null: it said none. */
export function saidUid(call: Call): string | null {
  const said = chainOf(call).flatMap((id) => call.bookings.get(id)?.calendarUid?.value ?? []);
  return said.at(-1) ?? null;
}

/** From this booking back to the first, move by move. */
function chainOf(call: Call): readonly BookingId[] {
  const chain: BookingId[] = [];
  let before: BookingId | undefined = call.id;
  while (before !== undefined) {
    chain.push(before);
    [before] = replacedBy(before, call)
      .filter((id) => !chain.includes(id))
      .sort();
  }
  return chain;
}

/**
 * Counts what changed the entry: each start that was ever agreed, and each way in which it was off. Facts only grow, and what is
 * counted with them, so that no later file has a lower number. As Cal.com counts: 0 when made, one more with each move, and with
 * the cancellation. Who leaves and comes back again and again gets the same number: then the later DTSTAMP holds.
 */
export function sequenceOf(call: Call): number {
  const family = [call.id];
  for (const id of family) family.push(...replacedBy(id, call).filter((one) => !family.includes(one)));
  const changes = family.map((id) => changesIn(call.bookings.get(id), call.recipient));
  return changes.reduce((sum, count) => sum + count, -1);
}

/** Which bookings this one took the place of, as far as that person is concerned. */
function replacedBy(id: BookingId, { bookings, recipient }: Call): readonly BookingId[] {
  return Object.entries(bookings.get(id)?.replaces ?? {}).flatMap(([name, link]) =>
    link.allAt || link.people[recipient] ? [name as BookingId] : [],
  );
}

function changesIn(facts: Facts | undefined, recipient: RecipientId): number {
  if (!facts) return 1;
  const ends = Object.values(endsOf(facts, recipient)).filter(Boolean).length;
  return Math.max(1, Object.keys(facts.agreed).length) + ends;
}

/** What was ever said to the effect that the call is off for them; of what was declined before it was agreed nobody had an entry. */
export function endsOf({ agreed, cancelled, declinedAt, seated, people }: Facts, recipient: RecipientId) {
  return {
    isCancelled: cancelled !== null,
    isLeft: seated && Boolean(people[recipient]?.leftAt),
    isDeclined:
      declinedAt !== null &&
      Object.values(agreed).some(({ saidAt }) => saidAt.epochMilliseconds <= declinedAt.epochMilliseconds),
  };
}
