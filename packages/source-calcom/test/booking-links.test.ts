import { describe, expect, it } from 'vitest';
import { sampleWith, updateOf } from './samples.ts';

const linksOf = (fields: { [name: string]: unknown }) =>
  updateOf(sampleWith('BOOKING_CREATED', fields)).attendees.map(({ links }) => links);
const one = [{ email: 'guest@example.com' }];
const page = 'https://app.example.com';

describe('links to move and to cancel', () => {
  it("are the first attendee's alone", () => {
    expect(linksOf({ uid: 'a/b?c', bookerUrl: `${page}/` })).toEqual([
      {
        move: `${page}/reschedule/a%2Fb%3Fc`,
        cancel: `${page}/booking/a%2Fb%3Fc?cancel=true&allRemainingBookings=false`,
      },
      null,
    ]);
  });

  it('are not known without the booking page', () => {
    for (const bookerUrl of [undefined, null, '', 5]) expect(linksOf({ bookerUrl })[0]).toBeNull();
  });

  it('are known not to be there when the host switched them off', () => {
    const both = { disableRescheduling: true, disableCancelling: true };
    expect(linksOf(both)[0]).toEqual({ move: null, cancel: null });
    expect(linksOf({ disableRescheduling: true })[0]).toMatchObject({
      move: null,
      cancel: expect.any(String),
    });
    expect(linksOf({ disableCancelling: true })[0]).toMatchObject({ move: expect.any(String), cancel: null });
  });

  it.each([
    'http://app.example.com',
    'javascript:alert(1)//',
    '//app.example.com',
    'https://',
    'https://user:word@app.example.com',
    ` ${page}`,
    `${page} `,
    `${page}/${'a'.repeat(2_000)}`,
    `${page}/${'a'.repeat(1_960)}`,
  ])('are not made of the page %.40s', (bookerUrl) => {
    expect(linksOf({ bookerUrl })[0]).toEqual({ move: null, cancel: null });
  });

  it('with seats concern the one seat', () => {
    expect(linksOf({ attendees: one, seatsPerTimeSlot: 5, attendeeSeatId: 'seat', uid: 'u' })).toEqual([
      {
        move: `${page}/reschedule/seat`,
        cancel: `${page}/booking/u?cancel=true&allRemainingBookings=false&seatReferenceUid=seat`,
      },
    ]);
  });

  it('with seats are not known when it is not clear whose seat it is', () => {
    expect(linksOf({ attendees: one, seatsPerTimeSlot: 5 })).toEqual([null]);
    for (const attendeeSeatId of ['', 'a b', 'lone \ud83d', 5]) {
      expect(linksOf({ attendees: one, seatsPerTimeSlot: 5, attendeeSeatId })).toEqual([null]);
    }
    expect(linksOf({ attendees: [...one, ...one], seatsPerTimeSlot: 5, attendeeSeatId: 'seat' })).toEqual([
      null,
      null,
    ]);
  });

  it('without seats leave a stray seat out', () => {
    expect(linksOf({ attendeeSeatId: 'seat', uid: 'u' })[0]?.move).toBe(`${page}/reschedule/u`);
  });

  it("of a platform's customer are the platform's", () => {
    const platform = {
      platformClientId: 'client',
      platformRescheduleUrl: 'https://platform.example/move',
      platformCancelUrl: 'https://platform.example/cancel',
      uid: 'u',
      type: 'intro',
      team: { id: 7 },
    };
    expect(linksOf(platform)[0]).toEqual({
      move: 'https://platform.example/move/u?slug=intro&username=organizer-handle&teamId=7&reschedule=true',
      cancel:
        'https://platform.example/cancel/u?slug=intro&username=organizer-handle&teamId=7&cancel=true&allRemainingBookings=false',
    });
    const seat = { ...platform, attendees: one, seatsPerTimeSlot: 2, attendeeSeatId: 'seat', team: null };
    expect(linksOf({ ...seat, type: null, organizer: null })[0]).toEqual({
      move: 'https://platform.example/move/seat?reschedule=true',
      cancel:
        'https://platform.example/cancel/u?cancel=true&allRemainingBookings=false&seatReferenceUid=seat',
    });
    expect(linksOf({ ...platform, platformCancelUrl: null })[0]?.cancel).toBeNull();
    expect(linksOf({ ...platform, platformClientId: null, platformCancelUrl: null })[0]?.cancel).toContain(
      page,
    );
  });
});
