// The shapes Cal.com's API v2 answers in. They differ by version without a word, so whatever carries meaning must be
// there under the name and with the type that the version asked for has; everything else passes and is dropped.
import { z } from 'zod';
import { moment } from './moment.ts';
import { hostShape } from './person.ts';
import { placeFields } from './place.ts';
import { text, uid } from './text-shapes.ts';

/** Older versions say `startTime`, `endTime` and `user`, and write the status in capitals. */
export const fetchedShape = z.object({
  uid,
  status: z.string().regex(/^[a-z_]+$/, 'must be in small letters'),
  start: moment,
  end: moment,
  createdAt: moment,
  updatedAt: moment,
  hosts: z.array(z.unknown()).transform(([first]) => hostShape.parse(first)),
  attendees: z.array(
    z.object({
      email: z.string(),
      name: text,
      timeZone: text,
      language: text,
      phoneNumber: text,
      seatUid: text,
    }),
  ),
  eventType: z.object({ id: z.number() }).nullish().catch(null),
  eventTypeId: z.number().nullish().catch(null),
  location: text,
  meetingUrl: text,
  metadata: placeFields.metadata,
  bookingFieldsResponses: z
    .object({
      email: text,
      name: z.object({ firstName: text }).nullish().catch(null),
      location: z.object({ optionValue: text }).nullish().catch(null),
    })
    .nullish()
    .catch(null),
  cancelledByEmail: text,
  rescheduledFromUid: uid.nullish(),
  rescheduledToUid: uid.nullish(),
});
export type FetchedBooking = z.infer<typeof fetchedShape>;

/** Versions before 2026-05-01 count pages and have no cursor. */
export const listShape = z.object({
  status: z.literal('success'),
  data: z.array(fetchedShape),
  pagination: z
    .object({ nextCursor: z.string().min(1).nullable(), hasMore: z.boolean() })
    .refine(
      ({ nextCursor, hasMore }) => hasMore === (nextCursor !== null),
      'must have a cursor if there is more',
    ),
});

/** The uid of a whole series answers with all of its bookings: no booking of ours has one. */
export const oneShape = z.object({ status: z.literal('success'), data: fetchedShape });
