import { Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { issuesOf, pathsOf, receivedAt, sample, sampleWith, source, updateOf } from '../samples.ts';

const bookingTriggers = [
  'BOOKING_CREATED',
  'BOOKING_RESCHEDULED',
  'BOOKING_REQUESTED',
  'BOOKING_PAYMENT_INITIATED',
  'BOOKING_PAID',
  'BOOKING_CANCELLED',
  'BOOKING_REJECTED',
  'BOOKING_REASSIGNED',
];

describe('Cal.com payload structure', () => {
  it.each(bookingTriggers)('%s needs uid, start, end and attendees, and names what is missing', (file) => {
    for (const field of ['uid', 'startTime', 'endTime', 'attendees']) {
      expect(issuesOf(sampleWith(file, { [field]: undefined }))).toEqual([
        { path: `payload.${field}`, message: 'is missing' },
      ]);
    }
  });

  it.each(bookingTriggers)('%s needs nothing else', (file) => {
    const { uid, startTime, endTime } = sample(file).payload;
    const payload = { uid, startTime, endTime, attendees: [{ email: 'guest@example.com' }] };
    expect(updateOf({ triggerEvent: file, payload })).toMatchObject({
      uid,
      saidAt: null,
      host: null,
      about: null,
    });
  });

  it('BOOKING_LOCATION_UPDATED is read as the other booking triggers are', () => {
    const webhook = { ...sample('BOOKING_REASSIGNED'), triggerEvent: 'BOOKING_LOCATION_UPDATED' };
    expect(updateOf(webhook).kind).toBe('place_changed');
    expect(pathsOf({ ...webhook, payload: {} })).toContain('payload.attendees');
  });

  it.each([
    ['nothing at all', null, ''],
    ['a list', [], ''],
    ['a text', 'BOOKING_CREATED', ''],
    ['no trigger', {}, 'triggerEvent'],
    ['an empty trigger', { triggerEvent: '' }, 'triggerEvent'],
    ['a trigger that is no text', { triggerEvent: 1 }, 'triggerEvent'],
    ['the Zapier format', sample('zapier-format.constructed'), 'triggerEvent'],
    ['no payload', { triggerEvent: 'BOOKING_CREATED' }, 'payload'],
    ['a payload that is null', { triggerEvent: 'BOOKING_CREATED', payload: null }, 'payload'],
    [
      'a createdAt without zone',
      { ...sample('BOOKING_CREATED'), createdAt: '2026-11-23T09:00:00' },
      'createdAt',
    ],
    ['no attendee', sampleWith('BOOKING_CREATED', { attendees: [] }), 'payload.attendees'],
    ['attendees that are no list', sampleWith('BOOKING_CREATED', { attendees: {} }), 'payload.attendees'],
    [
      'an attendee that is nobody',
      sampleWith('BOOKING_CREATED', { attendees: [null] }),
      'payload.attendees.0',
    ],
    [
      'an attendee without address',
      sampleWith('BOOKING_CREATED', { attendees: [{}] }),
      'payload.attendees.0.email',
    ],
    ['a uid with a blank', sampleWith('BOOKING_CREATED', { uid: 'a b' }), 'payload.uid'],
    ['a uid with a line break', sampleWith('BOOKING_CREATED', { uid: 'a\n' }), 'payload.uid'],
    ['an empty uid', sampleWith('BOOKING_CREATED', { uid: '' }), 'payload.uid'],
    ['an endless uid', sampleWith('BOOKING_CREATED', { uid: 'a'.repeat(201) }), 'payload.uid'],
    ['a uid that is an operator', sampleWith('BOOKING_CREATED', { uid: { $gt: '' } }), 'payload.uid'],
  ])('refuses %s at its place', (_case, json, path) => {
    expect(pathsOf(json)).toEqual([path]);
  });

  it('takes a uid of 200 printable characters', () => {
    expect(updateOf(sampleWith('BOOKING_CREATED', { uid: 'ü'.repeat(200) })).uid).toBe('ü'.repeat(200));
  });

  it('reads what is only nice to know as absent when it has another type', () => {
    const strange = {
      organizer: 'me',
      eventTitle: 5,
      eventTypeId: {},
      type: [],
      location: 7,
      metadata: 'x',
      videoCallData: [],
      responses: 'none',
      bookerUrl: {},
      disableRescheduling: 'yes',
      team: 'ours',
      cancelledBy: 1,
    };
    expect(updateOf(sampleWith('BOOKING_CANCELLED', strange))).toMatchObject({
      host: null,
      about: null,
      place: null,
    });
  });

  it('tells all that is wrong at once', () => {
    const fields = { uid: 5, startTime: 'today', attendees: [{ email: 'x' }], requestReschedule: 'no' };
    expect(pathsOf(sampleWith('BOOKING_CANCELLED', fields)).toSorted()).toEqual([
      'payload.attendees.0.email',
      'payload.requestReschedule',
      'payload.startTime',
      'payload.uid',
    ]);
  });
});

describe('the reduced payload', () => {
  const start = '2026-11-26T15:00:00Z';
  const attendees = [{ email: 'jane@example.com', name: 'Jane Doe' }];
  const reduced = (booking: unknown, triggerEvent = 'BOOKING_CREATED') => ({
    triggerEvent,
    createdAt: '2026-11-23T09:00:00Z',
    payload: { booking },
  });

  it('is an agreed call of half an hour without uid, said at no known moment', () => {
    const update = updateOf(reduced({ startTime: start, attendees }));
    expect(update).toMatchObject({
      kind: 'agreed',
      uid: null,
      saidAt: null,
      place: null,
      host: null,
      replaces: null,
    });
    expect(update.attendees).toMatchObject([{ email: 'jane@example.com', name: 'Jane Doe', links: null }]);
    expect(String(update.time?.startAt)).toBe(start);
    expect(String(update.time?.endAt)).toBe('2026-11-26T15:30:00Z');
  });

  it.each([
    [{ length: 45 }, '2026-11-26T15:45:00Z'],
    [{ length: 0.5 }, '2026-11-26T15:00:30Z'],
    [{ length: 45, endTime: '2026-11-26T16:00:00Z' }, '2026-11-26T16:00:00Z'],
    [{ endTime: null }, '2026-11-26T15:30:00Z'],
    [{ length: 0 }, '2026-11-26T15:30:00Z'],
    [{ length: -15 }, '2026-11-26T15:30:00Z'],
    [{ length: '15' }, '2026-11-26T15:30:00Z'],
    [{ length: 1e300 }, '2026-11-26T15:30:00Z'],
  ])('with %j ends at %s', (fields, end) => {
    expect(String(updateOf(reduced({ startTime: start, attendees, ...fields })).time?.endAt)).toBe(end);
  });

  it('can be cancelled', () => {
    expect(updateOf(reduced({ startTime: start, attendees }, 'BOOKING_CANCELLED'))).toMatchObject({
      kind: 'cancelled',
      uid: null,
      moving: false,
    });
    expect(updateOf(reduced({ startTime: start, attendees }, 'MEETING_ENDED')).kind).toBe('ended');
  });

  it('names what is missing', () => {
    expect(pathsOf(reduced({}))).toEqual(['payload.booking.startTime', 'payload.booking.attendees']);
    expect(pathsOf(reduced({ startTime: start, attendees: [] }))).toEqual(['payload.booking.attendees']);
    expect(pathsOf(reduced({ startTime: start, attendees: [{}] }))).toEqual([
      'payload.booking.attendees.0.email',
    ]);
    expect(pathsOf(reduced({ startTime: start, endTime: '2026-11-26T14:00Z', attendees }))).toEqual([
      'payload.booking.endTime',
    ]);
  });

  it('is not looked for where the payload has a start of its own', () => {
    const webhook = sampleWith('BOOKING_CREATED', { booking: { startTime: start, attendees } });
    expect(updateOf(webhook).uid).toBe('unique-booking-id');
  });

  it('takes a start at the end of the calendar', () => {
    const last = '9999-12-31T23:59:59.999Z';
    expect(source.parse(reduced({ startTime: last, attendees }), receivedAt).isOk()).toBe(true);
    expect(Temporal.Instant.from(last).epochMilliseconds).toBe(253402300799999);
  });
});
