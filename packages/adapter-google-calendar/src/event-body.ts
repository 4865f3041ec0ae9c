// An event as Google writes it.
import type { CalendarEvent } from '@precall/core';

/** Google names no limit for the description; 8,192 characters is what is known to pass. */
const longestDescription = 8_000;

/** With every field that is ours, also those that are to be empty: what was there before must go. */
export function eventBody({ id, startAt, endAt, title, place, names }: CalendarEvent): object {
  return {
    id,
    status: 'confirmed',
    summary: title,
    location: place ?? undefined,
    description: describing(names),
    start: { dateTime: startAt.toString() },
    end: { dateTime: endAt.toString() },
    // Whatever somebody made of it in Google: a call takes place once.
    recurrence: undefined,
  };
}

/** A name a line, as many as there is room for. Google shows a description as HTML, which a name is not. */
function describing(names: readonly string[]): string | undefined {
  let text = '';
  for (const name of names) {
    const longer = `${text}${text && '\n'}${name.replace(/[<>]/g, '')}`;
    if (longer.length > longestDescription) break;
    text = longer;
  }
  return text || undefined;
}
