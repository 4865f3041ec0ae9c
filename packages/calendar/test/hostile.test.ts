// Whatever people write into names, titles and places stays where it belongs: read again by a parser that is not ours.
import {
  bookingId,
  type Facts,
  nothingKnown,
  oneLine,
  type Place,
  recipientId,
  Temporal,
} from '@precall/core';
import fc from 'fast-check';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { naughty } from '../../core/test/naughty.ts';
import { calendarFile } from '../src/index.ts';

const at = (text: string) => Temporal.Instant.from(text);
const stamp = { saidAt: at('2026-11-23T12:00:00Z'), rank: 4 };
const ada = recipientId('a'.repeat(32));
const id = bookingId('calcom', 'u1');

interface Written {
  readonly title: string | null;
  readonly host: string;
  readonly place: Place;
  readonly name: string | null;
  readonly email: string;
  readonly organizer: string | null;
  readonly uid: string | null;
}

function factsOf({ title, host, place, name, email, uid }: Written): Facts {
  const details = { email, mailable: true, name, firstName: null, timeZone: null, locale: null };
  const startAt = at('2026-12-01T12:00:00Z');
  return {
    ...nothingKnown,
    time: { value: { startAt, endAt: at('2026-12-01T12:30:00.500Z') }, stamp },
    place: { value: place, stamp },
    host: { value: { name: host, timeZone: null }, stamp },
    about: { value: { title, eventType: null }, stamp },
    ...(uid !== null && { calendarUid: { value: uid, stamp } }),
    agreed: { [startAt.toString()]: { saidAt: stamp.saidAt } },
    lastAgreedAt: stamp.saidAt,
    roster: { value: [ada], stamp },
    people: {
      [ada]: {
        details: { value: details, stamp },
        links: null,
        joinedAt: null,
        leftAt: null,
        seenAt: null,
        erasedAt: null,
        noShow: null,
      },
    },
  };
}

function fileOf(written: Written): string {
  const file = calendarFile(
    { id, bookings: new Map([[id, factsOf(written)]]) },
    {
      recipient: ada,
      organizer: { email: 'calls+1@example.com', name: written.organizer },
      now: at('2026-11-30T12:00:00.999Z'),
    },
  );
  if (file === null) throw new Error('no file');
  return file;
}

const plain: Written = {
  title: 'Diagnostic Call',
  host: 'Ada',
  place: { kind: 'link', url: 'https://meet.example.com/1;x=2,3' },
  name: 'Bob',
  email: 'bob@example.com',
  organizer: 'Host',
  uid: null,
};

describe('a calendar file', () => {
  it('is what the RFC asks for, line by line', () => {
    expect(fileOf(plain).split('\r\n')).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Precall//Calendar//EN',
      'METHOD:REQUEST',
      'BEGIN:VEVENT',
      'UID:u1@Cal.com',
      'DTSTAMP:20261130T120000Z',
      'SEQUENCE:0',
      'STATUS:CONFIRMED',
      'DTSTART:20261201T120000Z',
      'DTEND:20261201T123000Z',
      'SUMMARY:Diagnostic Call',
      'LOCATION:https://meet.example.com/1\\;x=2\\,3',
      'ORGANIZER;CN="Host":mailto:calls+1@example.com',
      'ATTENDEE;CN="Bob";ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:',
      ' bob@example.com',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ]);
  });

  it('is called by the host where the call has no title, and has no place where there is none', () => {
    const bare = fileOf({ ...plain, title: ' ', place: { kind: 'pending' }, name: null, organizer: ' ' });
    expect(bare).toContain('SUMMARY:Ada\r\n');
    expect(bare).not.toMatch(/LOCATION|CN=/);
    expect(fileOf({ ...plain, title: null, host: '' })).toContain('SUMMARY:Call\r\n');
    expect(fileOf({ ...plain, place: { kind: 'phone', number: '+1 404' } })).toContain('LOCATION:+1 404\r\n');
  });

  const breaking = fc.constantFrom(
    '\r\nATTENDEE:mailto:x@example.com',
    '";X="',
    '^n',
    '\\n',
    '\r',
    '\n ',
    ';',
    ',',
    ':',
    '"',
    '^',
    '\\',
    '\u2028',
    '\u0000',
    '\ud83d',
    'é'.repeat(80),
    '👩‍👩‍👧'.repeat(20),
    'BEGIN:VALARM',
  );
  const words = fc
    .array(fc.oneof(breaking, fc.string({ unit: 'binary' })), { maxLength: 6 })
    .map((parts) => parts.join(''));
  const places: fc.Arbitrary<Place> = fc.oneof(
    words.map((text) => ({ kind: 'address', text }) as const),
    words.map((rest) => ({ kind: 'link', url: `https://meet.example.com/${rest}` }) as const),
    fc.constant({ kind: 'none' } as const),
  );
  const written: fc.Arbitrary<Written> = fc.record({
    title: fc.option(words),
    host: words,
    place: places,
    name: fc.option(words),
    email: fc.oneof(
      fc.constantFrom('a"b;c:d@example.com', 'a?subject=x&b@example.com', 'ü%0d@exämple.com'),
      words.map((local) => `${local}@example.com`),
    ),
    organizer: fc.option(words),
    uid: fc.option(words),
  });

  it('always says what was given and nothing else, in lines of at most 75 octets, whatever was given', () => {
    fc.assert(
      fc.property(written, (one) => {
        const file = fileOf(one);
        for (const line of file.split('\r\n')) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
          expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        }
        expect(Buffer.from(file).toString()).toBe(file);
        const event = new ICAL.Component(ICAL.parse(file)).getFirstSubcomponent('vevent');
        const held = event?.getAllProperties() ?? [];
        const place =
          one.place.kind === 'address' ? one.place.text : one.place.kind === 'link' ? one.place.url : '';
        const where = oneLine(place, 2_000);
        expect(held.map(({ name }) => name)).toEqual([
          'uid',
          'dtstamp',
          'sequence',
          'status',
          'dtstart',
          'dtend',
          'summary',
          ...(where === '' ? [] : ['location']),
          'organizer',
          'attendee',
        ]);
        expect(event?.getAllSubcomponents()).toEqual([]);
        expect(event?.getFirstPropertyValue('uid')).toBe(oneLine(one.uid ?? '', 250) || 'u1@Cal.com');
        expect(event?.getFirstPropertyValue('summary')).toBe(
          oneLine(one.title ?? '') || oneLine(one.host) || 'Call',
        );
        expect(event?.getFirstPropertyValue('location') ?? '').toBe(where);
        const attendee = event?.getFirstProperty('attendee');
        expect(attendee?.getFirstParameter('cn') ?? '').toBe(nameIn(one.name));
        const wellFormed = Buffer.from(one.email).toString();
        expect(decodeURIComponent(String(attendee?.getFirstValue()))).toBe(`mailto:${wellFormed}`);
        expect(event?.getFirstProperty('organizer')?.getFirstParameter('cn') ?? '').toBe(
          nameIn(one.organizer),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('says a name, a title, a place and a UID from the list of naughty strings as they are', () => {
    expect(naughty.length).toBeGreaterThan(500);
    for (const text of naughty) {
      const place = { kind: 'address', text } as const;
      const file = fileOf({ ...plain, title: text, host: '', place, name: text, organizer: text, uid: text });
      const event = new ICAL.Component(ICAL.parse(file)).getFirstSubcomponent('vevent');
      expect(event?.getFirstPropertyValue('summary')).toBe(oneLine(text) || 'Call');
      expect(event?.getFirstPropertyValue('location') ?? '').toBe(oneLine(text, 2_000));
      expect(event?.getFirstPropertyValue('uid')).toBe(oneLine(text, 250) || 'u1@Cal.com');
      expect(event?.getFirstProperty('attendee')?.getFirstParameter('cn') ?? '').toBe(nameIn(text));
    }
  });
});

function nameIn(name: string | null): string {
  return oneLine(name ?? '').replaceAll('\\', '/');
}
