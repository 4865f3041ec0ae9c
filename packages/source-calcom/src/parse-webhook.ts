// One webhook of Cal.com in Precall's words: which trigger, in which shape. What follows from it is core's to decide.
import {
  type BookingUpdate,
  Err,
  type Instant,
  nothingSaid,
  Ok,
  type Parsed,
  type Result,
  type SchemaIssue,
  Temporal,
  type UpdateKind,
} from '@precall/core';
import type { z } from 'zod';
import { bookingUpdate, type Kept } from './booking-update.ts';
import { spanOf } from './moment.ts';
import { attendeeOf, hostOf } from './person.ts';
import {
  bookingShape,
  endedShape,
  flatEndedShape,
  guestsAbsentShape,
  hostsAbsentShape,
  noShowMarkedShape,
  reducedShape,
  triggerShape,
} from './webhook-shapes.ts';

/** Never throws. Issues name the field, such as `payload.attendees`, and repeat nothing of the webhook. */
export function parseWebhook(
  json: unknown,
  receivedAt: Instant,
  kept: Kept = { answers: [], consentField: null, hostAddress: 'drop' },
): Result<Parsed, readonly SchemaIssue[]> {
  const named = read(triggerShape, json);
  if (named.isErr()) return named;
  const { triggerEvent } = named.value;
  if (triggerEvent === 'PING') return Ok({ ignored: 'test_ping' });
  const reader = readers.get(triggerEvent);
  if (!reader) return Ok({ ignored: 'trigger_not_used' });
  return reader(json, receivedAt, kept).map((update) => ({ updates: [update] }));
}

type Read = (json: unknown, receivedAt: Instant, kept: Kept) => Result<BookingUpdate, readonly SchemaIssue[]>;

/** The triggers that say something about a booking; there is no BOOKING_CONFIRMED. */
const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['BOOKING_CREATED', booking('agreed')],
  ['BOOKING_RESCHEDULED', booking('moved')],
  ['BOOKING_REQUESTED', booking('requested')],
  ['BOOKING_PAYMENT_INITIATED', booking('payment_opened')],
  ['BOOKING_PAID', booking('paid')],
  ['BOOKING_CANCELLED', booking('cancelled')],
  ['BOOKING_REJECTED', booking('declined')],
  ['BOOKING_REASSIGNED', booking('host_changed')],
  ['BOOKING_LOCATION_UPDATED', booking('place_changed')],
  ['MEETING_ENDED', ended],
  ['BOOKING_NO_SHOW_UPDATED', noShowMarked],
  ['AFTER_GUESTS_CAL_VIDEO_NO_SHOW', guestsAbsent],
  ['AFTER_HOSTS_CAL_VIDEO_NO_SHOW', hostsAbsent],
]);

function booking(kind: UpdateKind): Read {
  return (json, receivedAt, kept) =>
    isReduced(json)
      ? reduced(kind, json, receivedAt)
      : read(bookingShape, json).map((webhook) => bookingUpdate(kind, webhook, { receivedAt, ...kept }));
}

/** No uid and no moment of saying. Without an end the call lasts `length` minutes, else half an hour. */
function reduced(kind: UpdateKind, json: unknown, receivedAt: Instant): ReturnType<Read> {
  return read(reducedShape, json).map(({ payload: { booking: call } }) => ({
    ...nothingSaid,
    kind,
    uid: null,
    receivedAt,
    time: { startAt: call.startTime, endAt: call.endTime ?? call.startTime.add(lasting(call.length)) },
    attendees: call.attendees.map((person) => attendeeOf(person, null)),
  }));
}

function lasting(minutes: number | null | undefined): Temporal.Duration {
  const sensible = minutes && minutes > 0 && minutes <= 7 * 24 * 60 ? minutes : 30;
  return Temporal.Duration.from({ milliseconds: Math.round(sensible * 60_000) });
}

/** The enveloped form is made when the call ends; the flat one carries the moment at which the booking was made. */
function ended(json: unknown, receivedAt: Instant, { hostAddress }: Kept): ReturnType<Read> {
  if (isReduced(json)) return reduced('ended', json, receivedAt);
  const shape = isRecord(payloadOf(json)) ? endedShape : flatEndedShape;
  return read(shape, json).map(({ createdAt, payload }) => ({
    ...nothingSaid,
    kind: 'ended',
    uid: payload.uid,
    saidAt: createdAt ?? null,
    receivedAt,
    time: spanOf(payload.startTime, payload.endTime),
    host: hostOf(payload.organizer ?? payload.user, hostAddress),
  }));
}

/** Marked, or the mark taken back, by hand. */
function noShowMarked(json: unknown, receivedAt: Instant): ReturnType<Read> {
  return read(noShowMarkedShape, json).map(({ createdAt, payload }) =>
    noShow({ uid: payload.bookingUid, createdAt, receivedAt }, payload.attendees),
  );
}

/** Newer versions flag who was missing; where nobody is flagged, everybody listed was. */
function guestsAbsent(json: unknown, receivedAt: Instant): ReturnType<Read> {
  return read(guestsAbsentShape, json).map(({ createdAt, payload }) => {
    const listed = payload.guests?.length ? payload.guests : payload.attendees;
    const flagged = listed.filter(({ noShow }) => noShow === true);
    const absent = (flagged.length > 0 ? flagged : listed).map(({ email }) => ({ email, noShow: true }));
    const time = spanOf(payload.startTime, payload.endTime);
    return { ...noShow({ uid: payload.bookingUid, createdAt, receivedAt }, absent), time };
  });
}

function hostsAbsent(json: unknown, receivedAt: Instant): ReturnType<Read> {
  return read(hostsAbsentShape, json).map(({ createdAt, payload }) => {
    const time = spanOf(payload.startTime, payload.endTime);
    return {
      ...noShow({ uid: payload.bookingUid, createdAt, receivedAt }, [{ email: null, noShow: true }]),
      time,
    };
  });
}

function noShow(
  said: {
    readonly uid: string;
    readonly createdAt?: Instant | null | undefined;
    readonly receivedAt: Instant;
  },
  noShows: BookingUpdate['noShows'],
): BookingUpdate {
  const { uid, createdAt, receivedAt } = said;
  return { ...nothingSaid, kind: 'no_show', uid, saidAt: createdAt ?? null, receivedAt, noShows };
}

function isReduced(json: unknown): boolean {
  const payload = payloadOf(json);
  return isRecord(payload) && isRecord(payload.booking) && payload.startTime === undefined;
}

function payloadOf(json: unknown): unknown {
  return isRecord(json) ? json.payload : undefined;
}

function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null;
}

const mostIssues = 20;

function read<Shape extends z.ZodType>(
  shape: Shape,
  json: unknown,
): Result<z.infer<Shape>, readonly SchemaIssue[]> {
  const result = shape.safeParse(json, { error: inWords });
  if (result.success) return Ok(result.data);
  const issues = result.error.issues.slice(0, mostIssues);
  return Err(issues.map(({ path, message }) => ({ path: path.join('.'), message })));
}

function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.input === undefined) return 'is missing';
  return issue.code === 'invalid_type' ? `must be of type ${issue.expected}` : undefined;
}
