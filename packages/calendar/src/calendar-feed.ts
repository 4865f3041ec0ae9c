// Calls as a calendar that others subscribe to (RFC 5545, METHOD:PUBLISH): each reading replaces what was read before.
import { type CalendarEvent, type Instant, oneLine } from '@precall/core';
import { escaped, type Line, momentText, written } from './lines.ts';

/** The text of a calendar with these events and no other. `now`: when it is made. */
export function calendarFeed(events: readonly CalendarEvent[], now: Instant): string {
  return written([
    { name: 'BEGIN', value: 'VCALENDAR' },
    { name: 'VERSION', value: '2.0' },
    { name: 'PRODID', value: '-//Precall//Calendar//EN' },
    { name: 'METHOD', value: 'PUBLISH' },
    ...events.flatMap((event) => eventLines(event, now)),
    { name: 'END', value: 'VCALENDAR' },
  ]);
}

function eventLines(
  { id, startAt, endAt, title, place, names }: CalendarEvent,
  now: Instant,
): readonly Line[] {
  const summary = names.length > 0 ? `${title}: ${names.join(', ')}` : title;
  return [
    { name: 'BEGIN', value: 'VEVENT' },
    { name: 'UID', value: `${id}@precall` },
    { name: 'DTSTAMP', value: momentText(now) },
    { name: 'DTSTART', value: momentText(startAt) },
    { name: 'DTEND', value: momentText(endAt) },
    { name: 'SUMMARY', value: escaped(oneLine(summary, longestSummary)) },
    ...(place === null ? [] : [{ name: 'LOCATION', value: escaped(place) }]),
    { name: 'END', value: 'VEVENT' },
  ];
}

const longestSummary = 500;
