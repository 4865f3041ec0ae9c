// What the calendar should show of a booking. Derived, so that a later look always wins.
import type { Facts } from './facts.ts';
import { oneLine } from './html.ts';
import type { RecipientId } from './ids.ts';
import type { CalendarEvent } from './ports.ts';
import { attending, statusOf } from './standing.ts';
import type { Instant } from './temporal.ts';

/**
 * The event that is wanted; null: none. A call that is over is history: its event stays, and is kept true where it may be
 * there (somebody in it may have been erased), but is not made any more.
 */
export function eventOf(
  facts: Facts,
  {
    id,
    names,
    mayBeThere,
    now,
  }: {
    readonly id: string;
    /** As `Policy.namesInCalendar`. */
    readonly names: boolean;
    readonly mayBeThere: boolean;
    readonly now: Instant;
  },
): CalendarEvent | null {
  const status = statusOf(facts, now);
  const isWanted = status === 'agreed' || (status === 'ended' && mayBeThere);
  if (!isWanted || !facts.time) return null;
  const { startAt, endAt } = facts.time.value;
  const title = oneLine(facts.about?.value.title ?? '') || 'Call';
  return { id, startAt, endAt, title, place: placeOf(facts, names), names: names ? namesOf(facts) : [] };
}

function namesOf(facts: Facts): readonly string[] {
  return attending(facts).flatMap((id) => oneLine(facts.people[id]?.details?.value.name ?? '') || []);
}

/** A number or an address may be that of somebody who was erased. */
function placeOf(facts: Facts, names: boolean): string | null {
  const place = facts.place?.value;
  if (place?.kind === 'link') return shown(place.url);
  const isErased = (Object.keys(facts.people) as RecipientId[]).some((id) => facts.people[id]?.erasedAt);
  if (!names || isErased) return null;
  if (place?.kind === 'phone') return shown(place.number);
  return place?.kind === 'address' ? shown(place.text) : null;
}

const longestPlace = 2_000;

function shown(text: string): string {
  return oneLine(text, longestPlace);
}
