import { Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import {
  issuesOf,
  pathsOf,
  receivedAt,
  sample,
  sampleFiles,
  sampleWith,
  source,
  updateOf,
} from './samples.ts';

const at = (text: string) => Temporal.Instant.from(text);

describe('parse on the documented samples', () => {
  const meaning: { readonly [file: string]: string } = {
    AFTER_GUESTS_CAL_VIDEO_NO_SHOW: 'no_show',
    AFTER_HOSTS_CAL_VIDEO_NO_SHOW: 'no_show',
    BOOKING_CANCELLED: 'cancelled',
    'BOOKING_CANCELLED.request-reschedule.constructed': 'cancelled',
    BOOKING_CREATED: 'agreed',
    BOOKING_NO_SHOW_UPDATED: 'no_show',
    BOOKING_PAID: 'paid',
    BOOKING_PAYMENT_INITIATED: 'payment_opened',
    BOOKING_REASSIGNED: 'host_changed',
    BOOKING_REJECTED: 'declined',
    BOOKING_REQUESTED: 'requested',
    BOOKING_RESCHEDULED: 'moved',
    INSTANT_MEETING: 'trigger_not_used',
    MEETING_ENDED: 'ended',
    MEETING_STARTED: 'trigger_not_used',
    OOO_CREATED: 'trigger_not_used',
    'PING.constructed': 'test_ping',
    RECORDING_READY: 'trigger_not_used',
    'zapier-format.constructed': 'error at triggerEvent',
  };

  it('leaves out none', () => {
    expect(Object.keys(meaning).map((file) => `${file}.json`)).toEqual(sampleFiles.toSorted());
  });

  it.each(Object.entries(meaning))('reads %s as %s', (file, expected) => {
    const result = source.parse(sample(file), receivedAt);
    if (result.isErr()) expect(`error at ${result.error.map(({ path }) => path).join()}`).toBe(expected);
    else if ('ignored' in result.value) expect(result.value.ignored).toBe(expected);
    else expect(result.value.updates.map(({ kind }) => kind)).toEqual([expected]);
  });

  it('reads every field of BOOKING_CREATED', () => {
    expect(updateOf(sample('BOOKING_CREATED'))).toEqual({
      kind: 'agreed',
      uid: 'unique-booking-id',
      saidAt: at('2026-11-23T09:00Z'),
      receivedAt,
      time: { startAt: at('2026-11-23T19:00Z'), endAt: at('2026-11-23T19:15Z') },
      place: { kind: 'link', url: 'https://app.example.com/video/unique-booking-id' },
      host: { name: 'Organizer Name', timeZone: 'UTC' },
      about: { title: 'Strategy Session', eventType: '123' },
      seated: false,
      attendees: [
        {
          email: 'guest@example.com',
          mailable: true,
          name: 'Guest User',
          firstName: 'Guest',
          timeZone: 'UTC',
          locale: 'en',
          links: {
            move: 'https://app.example.com/reschedule/unique-booking-id',
            cancel:
              'https://app.example.com/booking/unique-booking-id?cancel=true&allRemainingBookings=false',
          },
        },
        {
          email: 'additional-guest@example.com',
          mailable: true,
          name: 'Additional Guest',
          firstName: null,
          timeZone: 'UTC',
          locale: 'en',
          links: null,
        },
      ],
      calendarUid: 'unique-identifier-string@example.com',
      needsConfirmation: false,
      by: 'unknown',
      moving: false,
      replaces: null,
      noShows: [],
      offsets: [
        { timeZone: 'UTC', minutes: 0 },
        { timeZone: 'UTC', minutes: 0 },
      ],
    });
  });
});

describe('parse', () => {
  it.each([
    'FORM_SUBMITTED',
    'RECORDING_TRANSCRIPTION_GENERATED',
    'OOO_CREATED',
    'constructor',
    '__proto__',
    ' ',
  ])('ignores the trigger %s whatever its payload', (triggerEvent) => {
    for (const payload of [undefined, null, 'text', [], {}, { uid: 5 }]) {
      expect(source.parse({ triggerEvent, payload }, receivedAt).unwrap()).toEqual({
        ignored: 'trigger_not_used',
      });
    }
  });

  it('says null for when it was said where there is no createdAt', () => {
    const { createdAt: _, ...webhook } = sample('BOOKING_CREATED');
    expect(updateOf(webhook).saidAt).toBeNull();
    expect(updateOf({ ...webhook, createdAt: null }).saidAt).toBeNull();
  });

  it('gives at most twenty issues', () => {
    const attendees = Array.from({ length: 300 }, () => ({ email: 'nobody' }));
    expect(issuesOf(sampleWith('BOOKING_CREATED', { attendees }))).toHaveLength(20);
  });
});

describe('a move', () => {
  it('names the booking it takes the place of, with its time', () => {
    const { uid, replaces } = updateOf(sample('BOOKING_RESCHEDULED'));
    expect(uid).toBe('new-booking-unique-id');
    expect(replaces).toEqual({
      uid: 'previous-booking-unique-id',
      time: { startAt: at('2026-11-27T13:30Z'), endAt: at('2026-11-27T13:45Z') },
    });
  });

  it('takes the place of nothing when it was moved in place (the host moved a call with seats)', () => {
    expect(
      updateOf(sampleWith('BOOKING_RESCHEDULED', { rescheduleUid: 'new-booking-unique-id' })).replaces,
    ).toBeNull();
  });

  it('that needs confirmation arrives as a request and takes the place all the same', () => {
    const request = updateOf(sampleWith('BOOKING_REQUESTED', { rescheduleUid: 'old' }));
    expect(request).toMatchObject({ kind: 'requested', replaces: { uid: 'old', time: null } });
  });

  it('loses only the old time when that makes no sense', () => {
    for (const rescheduleEndTime of ['soon', 5, null, '2020-01-01T00:00:00Z']) {
      expect(updateOf(sampleWith('BOOKING_RESCHEDULED', { rescheduleEndTime })).replaces).toEqual({
        uid: 'previous-booking-unique-id',
        time: null,
      });
    }
  });

  it('is not understood when the booking it replaces has no proper uid', () => {
    expect(pathsOf(sampleWith('BOOKING_RESCHEDULED', { rescheduleUid: 7 }))).toEqual([
      'payload.rescheduleUid',
    ]);
  });

  it.each([
    ['Organizer@Example.com ', 'host'],
    ['guest@example.com', 'attendee'],
    ['somebody@example.com', 'unknown'],
    [null, 'unknown'],
  ])('by %s is by the %s', (rescheduledBy, by) => {
    expect(updateOf(sampleWith('BOOKING_RESCHEDULED', { rescheduledBy })).by).toBe(by);
  });

  it('ignores rescheduleUid in other triggers', () => {
    expect(updateOf(sampleWith('BOOKING_CREATED', { rescheduleUid: 'old' })).replaces).toBeNull();
  });
});

describe('a cancellation', () => {
  it('does not ask for another time', () => {
    expect(updateOf(sample('BOOKING_CANCELLED'))).toMatchObject({ moving: false, by: 'unknown' });
  });

  it('asks for another time when the host requested one', () => {
    const asked = 'BOOKING_CANCELLED.request-reschedule.constructed';
    expect(updateOf(sample(asked))).toMatchObject({ moving: true, by: 'host' });
    expect(updateOf(sampleWith(asked, { requestReschedule: undefined })).moving).toBe(true);
    expect(updateOf(sampleWith(asked, { cancellationReason: null })).moving).toBe(true);
    expect(updateOf(sampleWith(asked, { cancelledBy: null })).by).toBe('host');
  });

  it('with a reason that only speaks of another time does not', () => {
    const cancellationReason = 'I said: Please reschedule. ';
    expect(updateOf(sampleWith('BOOKING_CANCELLED', { cancellationReason })).moving).toBe(false);
  });

  it('by a member of the team is by the host', () => {
    const fields = {
      cancelledBy: 'member@example.com',
      team: { members: [{ email: 'Member@example.com' }] },
    };
    expect(updateOf(sampleWith('BOOKING_CANCELLED', fields)).by).toBe('host');
  });

  it('of a seat concerns the listed', () => {
    const [leaver] = [{ email: 'leaver@example.com', name: 'L', bookingId: 3, noShow: false, locale: 'de' }];
    const update = updateOf(sampleWith('BOOKING_CANCELLED', { seatsPerTimeSlot: 5, attendees: [leaver] }));
    expect(update.seated).toBe(true);
    expect(update.attendees).toMatchObject([{ email: 'leaver@example.com', locale: 'de' }]);
  });
});

describe('seats', () => {
  it.each([
    [1, true],
    [10, true],
    [0, false],
    [null, false],
    [undefined, false],
  ])('%s per slot: seated is %s', (seatsPerTimeSlot, seated) => {
    expect(updateOf(sampleWith('BOOKING_CREATED', { seatsPerTimeSlot })).seated).toBe(seated);
  });

  it('of another type are not guessed at: a wrong guess would cancel for everybody', () => {
    expect(pathsOf(sampleWith('BOOKING_CANCELLED', { seatsPerTimeSlot: '5' }))).toEqual([
      'payload.seatsPerTimeSlot',
    ]);
  });
});

describe('a payment', () => {
  it('needs confirmation exactly if the booking does', () => {
    expect(updateOf(sample('BOOKING_PAID')).needsConfirmation).toBe(true);
    expect(updateOf(sampleWith('BOOKING_PAID', { requiresConfirmation: null })).needsConfirmation).toBe(
      false,
    );
    expect(updateOf(sampleWith('BOOKING_CREATED', { requiresConfirmation: true })).needsConfirmation).toBe(
      false,
    );
  });

  it('says nothing about the place, whatever its metadata', () => {
    const metadata = { videoCallUrl: 'https://video.example.com/not-the-booking' };
    expect(updateOf(sampleWith('BOOKING_PAID', { metadata })).place).toBeNull();
    expect(updateOf(sampleWith('BOOKING_PAYMENT_INITIATED', { metadata })).place).toBeNull();
  });
});

describe('MEETING_ENDED', () => {
  const { triggerEvent, createdAt, ...columns } = sample('MEETING_ENDED');

  it("in the flat form does not tell when it was said: its createdAt is the booking's", () => {
    expect(updateOf({ triggerEvent, createdAt, ...columns })).toMatchObject({ kind: 'ended', saidAt: null });
  });

  it('in an envelope was said then, and says the same', () => {
    const enveloped = { triggerEvent, createdAt: '2026-11-23T09:00:00.000Z', payload: columns };
    expect(updateOf(enveloped)).toEqual({
      ...updateOf({ triggerEvent, createdAt, ...columns }),
      saidAt: at('2026-11-23T09:00Z'),
    });
  });

  it('says nothing of attendees and place: both are frozen when the booking is made', () => {
    expect(updateOf({ triggerEvent, ...columns })).toMatchObject({ attendees: [], place: null, about: null });
  });

  it('needs no times, but no false ones either', () => {
    expect(updateOf({ triggerEvent, uid: 'u' }).time).toBeNull();
    expect(pathsOf({ triggerEvent, uid: 'u', startTime: 'soon' })).toEqual(['startTime']);
    expect(pathsOf({ triggerEvent })).toEqual(['uid']);
    expect(pathsOf({ triggerEvent, payload: {} })).toEqual(['payload.uid']);
  });
});

describe('a no-show', () => {
  it('marked by hand names who, and can be taken back', () => {
    const attendees = [
      { email: ' a@example.com', noShow: true },
      { email: 'b@example.com', noShow: false },
    ];
    const update = updateOf(sampleWith('BOOKING_NO_SHOW_UPDATED', { attendees }));
    expect(update.saidAt).toEqual(at('2026-11-23T09:00Z'));
    expect(update).toMatchObject({
      kind: 'no_show',
      uid: '5vQFqxDFMjdgKGMijqtqRw',
      time: null,
      attendees: [],
      noShows: [
        { email: 'a@example.com', noShow: true },
        { email: 'b@example.com', noShow: false },
      ],
    });
  });

  it('of the guests is of all listed, unless some are flagged', () => {
    const absent = (fields: { [name: string]: unknown }) =>
      updateOf(sampleWith('AFTER_GUESTS_CAL_VIDEO_NO_SHOW', fields)).noShows;
    const [a, b] = ['a@example.com', 'b@example.com'];
    const all = [
      { email: a, noShow: true },
      { email: b, noShow: true },
    ];
    expect(absent({ attendees: [{ email: a, noShow: false }, { email: b }] })).toEqual(all);
    expect(
      absent({
        attendees: [
          { email: a, noShow: false },
          { email: b, noShow: true },
        ],
      }),
    ).toEqual(all.slice(1));
    expect(absent({ guests: [{ email: a, noShow: true }] })).toEqual(all.slice(0, 1));
    expect(absent({ guests: [], attendees: [{ email: b }] })).toEqual(all.slice(1));
  });

  it('of the host names nobody', () => {
    expect(updateOf(sample('AFTER_HOSTS_CAL_VIDEO_NO_SHOW')).noShows).toEqual([
      { email: null, noShow: true },
    ]);
  });

  it.each(['BOOKING_NO_SHOW_UPDATED', 'AFTER_GUESTS_CAL_VIDEO_NO_SHOW', 'AFTER_HOSTS_CAL_VIDEO_NO_SHOW'])(
    'of %s needs the booking',
    (file) => {
      expect(pathsOf(sampleWith(file, { bookingUid: undefined }))).toEqual(['payload.bookingUid']);
    },
  );
});
