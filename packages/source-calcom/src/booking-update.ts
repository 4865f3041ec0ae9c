// The standard booking payload in Precall's words.
import {
  type About,
  type BookingUpdate,
  type Instant,
  type Links,
  nothingSaid,
  plainText,
  type Responses,
  type UpdateAttendee,
  type UpdateKind,
} from '@precall/core';
import { linksOf } from './booking-links.ts';
import { spanOf } from './moment.ts';
import { attendeeOf, type HostAddress, hostOf, offsetsOf } from './person.ts';
import { newPlaceOf, placeOf } from './place.ts';
import { bookersPhone, consentIn } from './texting.ts';
import type { BookingWebhook } from './webhook-shapes.ts';

/** Which of the booking form's questions matter, by the names of their fields (slugs). */
export interface Asked {
  /** Whose answers are kept. */
  readonly answers: readonly string[];
  /** Whether they may be texted; null: nobody is asked. */
  readonly consentField: string | null;
}

/** What of a webhook is kept beyond what every booking needs. */
export interface Kept extends Asked {
  readonly hostAddress: HostAddress;
}

/** What a webhook with the standard payload says. Each trigger can be believed for some of its fields only. */
export function bookingUpdate(
  kind: UpdateKind,
  { createdAt, payload }: BookingWebhook,
  { receivedAt, answers, consentField, hostAddress }: { readonly receivedAt: Instant } & Kept,
): BookingUpdate {
  const seated = (payload.seatsPerTimeSlot ?? 0) >= 1;
  const calendarUid = plainText(payload.iCalUID, 250);
  const links = seated ? seatLinks(payload) : linksOf(payload, null);
  return {
    ...nothingSaid,
    kind,
    uid: payload.uid,
    saidAt: createdAt ?? null,
    receivedAt,
    time: { startAt: payload.startTime, endAt: payload.endTime },
    place: placeSaid(kind, payload),
    host: hostOf(payload.organizer ?? payload.user, hostAddress),
    about: aboutOf(payload),
    seated,
    attendees: payload.attendees.map((person, index) =>
      index === 0
        ? {
            ...attendeeOf(person, links),
            ...answersIn(payload, answers),
            ...textingOf(payload, consentField),
          }
        : attendeeOf(person, null),
    ),
    needsConfirmation: kind === 'paid' && payload.requiresConfirmation === true,
    by: actor(kind, payload),
    moving: kind === 'cancelled' && asksForAnotherTime(payload),
    replaces: replaced(kind, payload),
    offsets: offsetsOf(payload.attendees),
    ...(calendarUid !== null && { calendarUid }),
  };
}

/** The form is filled in by the booker: with seats by whose seat it is. Texts, numbers and choices; several of them as a list. */
function answersIn({ responses }: Payload, kept: readonly string[]): { readonly responses?: Responses } {
  const given = kept.flatMap((question) => {
    const answer = responses && Object.hasOwn(responses, question) ? responses[question]?.value : null;
    const texts = [answer].flat().filter((one) => ['string', 'number', 'boolean'].includes(typeof one));
    const text = plainText(texts.join(', '), 200);
    return text === null ? [] : [[question, text] as const];
  });
  return given.length > 0 ? { responses: Object.fromEntries(given) } : {};
}

type Payload = BookingWebhook['payload'];

/** The answers are the booker's: with several seats listed it is not clear whose. Absent fields say nothing. */
function textingOf(payload: Payload, consentField: string | null): Pick<UpdateAttendee, 'phone' | 'consent'> {
  const { attendees, seatsPerTimeSlot, responses, userFieldsResponses } = payload;
  if (seatsPerTimeSlot && attendees.length > 1) return {};
  const phone = bookersPhone(payload, responses);
  const consent = consentIn(consentField, [userFieldsResponses, responses]);
  return { ...(phone !== null && { phone }), ...(consent && { consent }) };
}

/** Not known without the seat's own id, or when it is not clear whose seat it is: they must not act on another's. */
function seatLinks(payload: Payload): Links | null {
  const { attendees, attendeeSeatId } = payload;
  return attendeeSeatId && attendees.length === 1 ? linksOf(payload, attendeeSeatId) : null;
}

function placeSaid(kind: UpdateKind, payload: Payload): BookingUpdate['place'] {
  // Around a payment the metadata is the payment's and the booking's link is missing.
  if (kind === 'paid' || kind === 'payment_opened') return null;
  return kind === 'place_changed' ? newPlaceOf(payload) : placeOf(payload);
}

/** `eventTitle` names the kind of call; `title` names the people who meet. */
function aboutOf({ eventTitle, eventTypeId, type }: Payload): About | null {
  const title = plainText(eventTitle, 200);
  const eventType = plainText(eventTypeId?.toString(), 200) ?? plainText(type, 200);
  return title === null && eventType === null ? null : { title, eventType };
}

function actor(kind: UpdateKind, payload: Payload): BookingUpdate['by'] {
  const written =
    kind === 'cancelled' ? payload.cancelledBy : kind === 'moved' ? payload.rescheduledBy : null;
  const who = written?.trim().toLowerCase();
  // Only the host can ask for another time on the booking's page.
  if (!who) return kind === 'cancelled' && payload.requestReschedule ? 'host' : 'unknown';
  const is = ({ email }: { email?: string | null | undefined }) => email?.trim().toLowerCase() === who;
  const hosts = [payload.organizer ?? {}, ...(payload.team?.members ?? [])];
  if (hosts.some(is)) return 'host';
  return payload.attendees.some(is) ? 'attendee' : 'unknown';
}

/** Older versions say it in the reason only. */
function asksForAnotherTime({ requestReschedule, cancellationReason }: Payload): boolean {
  return requestReschedule === true || cancellationReason?.startsWith('Please reschedule. ') === true;
}

/** A booking with its own uid in `rescheduleUid` was moved in place (the host moved a call with seats). */
function replaced(kind: UpdateKind, payload: Payload): BookingUpdate['replaces'] {
  const { uid, rescheduleUid, rescheduleStartTime, rescheduleEndTime } = payload;
  if ((kind !== 'moved' && kind !== 'requested') || !rescheduleUid || rescheduleUid === uid) return null;
  return { uid: rescheduleUid, time: spanOf(rescheduleStartTime, rescheduleEndTime) };
}
