// The feed of calls, read again by a parser that is not ours.
import { type CalendarEvent, oneLine, Temporal } from '@precall/core';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { naughty } from '../../core/test/naughty.ts';
import { calendarFeed } from '../src/index.ts';

const at = (text: string) => Temporal.Instant.from(text);
const now = at('2026-11-23T12:00:00Z');
const call: CalendarEvent = {
  id: `precall${'0'.repeat(32)}`,
  startAt: at('2026-12-01T12:00:00Z'),
  endAt: at('2026-12-01T12:30:00Z'),
  title: 'Diagnostic Call',
  place: 'https://meet.example.com/1;x=2,3',
  names: [],
};

function eventsIn(text: string) {
  return new ICAL.Component(ICAL.parse(text)).getAllSubcomponents().map((event) => ({
    kind: event.name,
    summary: String(event.getFirstPropertyValue('summary')),
    where: event.getFirstPropertyValue('location'),
    properties: event.getAllProperties().map(({ name }) => name),
  }));
}

describe('calendarFeed', () => {
  it('is what the RFC asks for, line by line', () => {
    expect(calendarFeed([{ ...call, names: ['Ada', 'Bob'] }], now).split('\r\n')).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Precall//Calendar//EN',
      'METHOD:PUBLISH',
      'BEGIN:VEVENT',
      'UID:precall00000000000000000000000000000000@precall',
      'DTSTAMP:20261123T120000Z',
      'DTSTART:20261201T120000Z',
      'DTEND:20261201T123000Z',
      'SUMMARY:Diagnostic Call: Ada\\, Bob',
      'LOCATION:https://meet.example.com/1\\;x=2\\,3',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ]);
  });

  it('is a calendar also while there are no calls, and says no place where there is none', () => {
    expect(eventsIn(calendarFeed([], now))).toEqual([]);
    expect(eventsIn(calendarFeed([{ ...call, place: null }], now))[0]?.where).toBeNull();
  });

  it('says what was given and nothing else, whatever the names', () => {
    const events = naughty.map((words) => ({
      ...call,
      title: oneLine(words) || 'Call',
      place: oneLine(words),
      names: [oneLine(words)],
    }));
    const read = eventsIn(calendarFeed(events, now));
    expect(read.map(({ where }) => where)).toEqual(events.map(({ place }) => place));
    expect(read.map(({ summary }) => summary)).toEqual(
      events.map(({ title, names }) => oneLine(`${title}: ${names.join()}`, 500)),
    );
    const properties = ['uid', 'dtstamp', 'dtstart', 'dtend', 'summary', 'location'];
    for (const one of read) expect(one).toMatchObject({ kind: 'vevent', properties });
  });
});
