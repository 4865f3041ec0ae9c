// The shapes Cal.com's webhooks come in. Unknown keys pass and are dropped. What changes the meaning of a webhook must
// have its type; what is only nice to know counts as absent when it has not.
import type { Instant } from '@precall/core';
import { z } from 'zod';
import { linkFields } from './booking-links.ts';
import { moment } from './moment.ts';
import { address, attendeeShape, hostShape } from './person.ts';
import { placeFields } from './place.ts';
import { text, uid } from './text-shapes.ts';
import { textingFields } from './texting.ts';

const someone = z.array(attendeeShape).min(1, 'must list at least one attendee');
const endFirst = { path: ['endTime'], message: 'must not be before startTime' };
const laxMoment = moment.nullish().catch(null);

/** Any webhook but Zapier's has a trigger. */
export const triggerShape = z.object({ triggerEvent: z.string().min(1, 'must not be empty') });

export const bookingShape = enveloped(
  z
    .object({
      ...linkFields,
      ...placeFields,
      ...textingFields,
      uid,
      startTime: moment,
      endTime: moment,
      attendees: someone,
      user: hostShape,
      eventTitle: text,
      eventTypeId: z.union([z.string(), z.number()]).nullish().catch(null),
      seatsPerTimeSlot: z.number().nullish(),
      attendeeSeatId: uid.nullish().catch(null),
      requiresConfirmation: z.boolean().nullish(),
      requestReschedule: z.boolean().nullish(),
      cancellationReason: text,
      cancelledBy: text,
      rescheduledBy: text,
      rescheduleUid: uid.nullish(),
      iCalUID: text,
      rescheduleStartTime: laxMoment,
      rescheduleEndTime: laxMoment,
    })
    .refine(inOrder, endFirst),
);
export type BookingWebhook = z.infer<typeof bookingShape>;

/** MEETING_ENDED is frozen when the booking is made: only its uid and its times are of use. */
const ended = z
  .object({
    uid,
    startTime: moment.nullish(),
    endTime: moment.nullish(),
    organizer: hostShape,
    user: hostShape,
  })
  .refine(inOrder, endFirst);
/** The newer form. */
export const endedShape = enveloped(ended);
/** The documented form: the booking's columns beside the trigger; its `createdAt` is the booking's. */
export const flatEndedShape = ended.transform((payload) => ({ createdAt: null, payload }));

export const noShowMarkedShape = enveloped(
  z.object({ bookingUid: uid, attendees: z.array(z.object({ email: address, noShow: z.boolean() })) }),
);

const noted = z.array(z.object({ email: address, noShow: z.boolean().nullish().catch(null) }));
const seen = { bookingUid: uid, startTime: moment.nullish(), endTime: moment.nullish() };
export const hostsAbsentShape = enveloped(z.object(seen).refine(inOrder, endFirst));
/** `guests`: the attendees without those who are hosts, in newer versions. */
export const guestsAbsentShape = enveloped(
  z.object({ ...seen, attendees: noted, guests: noted.nullish() }).refine(inOrder, endFirst),
);

/** The body of the service that came before: no uid, no moment of saying. */
export const reducedShape = z.object({
  payload: z.object({
    booking: z
      .object({
        startTime: moment,
        endTime: moment.nullish(),
        length: z.number().nullish().catch(null),
        attendees: someone,
      })
      .refine(inOrder, endFirst),
  }),
});
function enveloped<Payload extends z.ZodType>(payload: Payload) {
  return z.object({ createdAt: moment.nullish(), payload });
}

function inOrder(times: {
  startTime?: Instant | null | undefined;
  endTime?: Instant | null | undefined;
}): boolean {
  const { startTime, endTime } = times;
  return !startTime || !endTime || startTime.epochMilliseconds <= endTime.epochMilliseconds;
}
