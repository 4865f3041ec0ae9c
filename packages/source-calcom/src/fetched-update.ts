// A booking as Cal.com's API has it, in Precall's words.
import { type BookingUpdate, type Fetched, type Instant, nothingSaid } from '@precall/core';
import type { FetchedBooking } from './api-shapes.ts';
import { address, attendeeOf, type HostAddress, hostOf } from './person.ts';
import { placeOf } from './place.ts';

const standings: ReadonlyMap<string, Fetched['standing']> = new Map([
  ['accepted', 'agreed'],
  ['pending', 'awaiting'],
  ['cancelled', 'cancelled'],
  ['rejected', 'declined'],
]);

/** Null for a booking that is nothing to us: of another status (an instant meeting), or with an address that is none. */
export function fetchedUpdate(
  booking: FetchedBooking,
  { receivedAt, hostAddress }: { readonly receivedAt: Instant; readonly hostAddress: HostAddress },
): BookingUpdate | null {
  const standing = standings.get(booking.status);
  const attendees = attendeesOf(booking);
  if (!standing || !attendees || booking.end.epochMilliseconds < booking.start.epochMilliseconds) return null;
  const seated = booking.attendees.some(({ seatUid }) => Boolean(seatUid));
  const { uid, rescheduledFromUid, rescheduledToUid } = booking;
  const eventType = booking.eventType?.id ?? booking.eventTypeId;
  return {
    ...nothingSaid,
    kind: 'fetched',
    uid,
    saidAt: booking.updatedAt,
    receivedAt,
    time: { startAt: booking.start, endAt: booking.end },
    place: placeOf({
      location: booking.location,
      metadata: booking.metadata,
      videoCallData: { url: booking.meetingUrl },
      responses: {
        location: { value: { optionValue: booking.bookingFieldsResponses?.location?.optionValue } },
      },
      previousLocation: null,
    }),
    host: hostOf(booking.hosts, hostAddress),
    about: eventType == null ? null : { title: null, eventType: `${eventType}` },
    seated,
    attendees,
    by: canceller(booking),
    // With seats one person's move is no move of the booking: who is on the list of each says it all.
    replaces: rescheduledFromUid && !seated ? { uid: rescheduledFromUid, time: null } : null,
    fetched: {
      standing,
      madeAt: booking.createdAt,
      movedTo: (standing === 'cancelled' && !seated && rescheduledToUid) || null,
    },
  };
}

/** Booker first. Null when an address cannot be relied on: the list would be short of a person. */
function attendeesOf({
  attendees,
  bookingFieldsResponses,
}: FetchedBooking): BookingUpdate['attendees'] | null {
  const booker = bookingFieldsResponses?.email?.trim().toLowerCase();
  const isBooker = (email: string): boolean => email.trim().toLowerCase() === booker;
  const inOrder = [...attendees].sort((a, b) => Number(isBooker(b.email)) - Number(isBooker(a.email)));
  const read = inOrder.map(({ email, name, timeZone, language, phoneNumber }) => {
    const firstName = isBooker(email) ? bookingFieldsResponses?.name?.firstName : null;
    const parsed = address.safeParse(email);
    if (!parsed.success) return null;
    return attendeeOf(
      { email: parsed.data, name, firstName, timeZone, locale: language, phoneNumber, language: null },
      null,
    );
  });
  const known = read.filter((one) => one !== null);
  return known.length === read.length ? known : null;
}

function canceller({ cancelledByEmail, hosts, attendees }: FetchedBooking): BookingUpdate['by'] {
  const who = cancelledByEmail?.trim().toLowerCase();
  if (!who) return 'unknown';
  if (hosts?.email?.trim().toLowerCase() === who) return 'host';
  return attendees.some(({ email }) => email.trim().toLowerCase() === who) ? 'attendee' : 'unknown';
}
