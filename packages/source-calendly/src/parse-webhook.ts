// One webhook of Calendly in Precall's words. What follows from it is core's to decide.
//
// A booking is one invitee's: Calendly moves and cancels by invitee, tells of each on its own, and counts on an event of a
// group only how many there are. So a group's event is as many bookings, and nobody's cancellation touches another's.
import {
  type BookingUpdate,
  Err,
  type Instant,
  type Links,
  nothingSaid,
  Ok,
  type Parsed,
  plainText,
  type Result,
  type SchemaIssue,
} from '@precall/core';
import type { z } from 'zod';
import { guestOf, type HostAddress, hostOf, inviteeOf } from './person.ts';
import { placeOf } from './place.ts';
import { pageLink } from './text-shapes.ts';
import { eventNameShape, type InviteeWebhook, inviteeShape, noShowShape } from './webhook-shapes.ts';

/** Never throws. Issues name the field, such as `payload.email`, and repeat nothing of the webhook. */
export function parseWebhook(
  json: unknown,
  receivedAt: Instant,
  hostAddress: HostAddress = 'drop',
): Result<Parsed, readonly SchemaIssue[]> {
  const named = read(eventNameShape, json);
  if (named.isErr()) return named;
  const reader = readers.get(named.value.event);
  if (!reader) return Ok({ ignored: 'trigger_not_used' });
  return reader(json, { receivedAt, hostAddress }).map((update) => ({ updates: [update] }));
}

/** When it came, and what of it is kept. */
interface Received {
  readonly receivedAt: Instant;
  readonly hostAddress: HostAddress;
}
type Read = (json: unknown, received: Received) => Result<BookingUpdate, readonly SchemaIssue[]>;

/** Routing forms, recaps, contacts and event types say nothing about a booking. */
const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['invitee.created', (json, received) => read(inviteeShape, json).map((said) => booked(said, received))],
  ['invitee.canceled', (json, received) => read(inviteeShape, json).map((said) => cancelled(said, received))],
  ['invitee_no_show.created', noShow(true)],
  ['invitee_no_show.deleted', noShow(false)],
]);

/** Booked, or with `old_invitee` booked in place of another. */
function booked(webhook: InviteeWebhook, received: Received): BookingUpdate {
  const { old_invitee: old } = webhook.payload;
  return {
    ...about(webhook, received),
    kind: old ? 'moved' : 'agreed',
    replaces: old ? { uid: old, time: null } : null,
  };
}

/** Of a call that was moved too: the new one names this one, in a webhook of its own, before or after. */
function cancelled(webhook: InviteeWebhook, received: Received): BookingUpdate {
  const { cancellation, rescheduled } = webhook.payload;
  const who = cancellation?.canceler_type;
  return {
    ...about(webhook, received),
    kind: 'cancelled',
    by: who === 'host' ? 'host' : who === 'invitee' ? 'attendee' : 'unknown',
    moving: rescheduled === true,
  };
}

function about(
  { created_at, payload }: InviteeWebhook,
  { receivedAt, hostAddress }: Received,
): Omit<BookingUpdate, 'kind'> {
  const { scheduled_event: event } = payload;
  const title = plainText(event.name, 200);
  const eventType = plainText(event.event_type?.split('/').at(-1), 200);
  // Guests of a group's event are not told apart by invitee.
  const guests = (event.invitees_counter?.limit ?? 1) > 1 ? [] : event.event_guests;
  return {
    ...nothingSaid,
    uid: payload.uri,
    saidAt: created_at,
    receivedAt,
    time: { startAt: event.start_time, endAt: event.end_time },
    place: placeOf(event.location, payload.text_reminder_number),
    host: hostOf(event.event_memberships ?? [], hostAddress),
    about: title === null && eventType === null ? null : { title, eventType },
    attendees: [inviteeOf(payload, linksOf(payload)), ...guests.map(guestOf)],
  };
}

/** The invitee's own. */
function linksOf(invitee: InviteeWebhook['payload']): Links | null {
  const links = { move: pageLink(invitee.reschedule_url), cancel: pageLink(invitee.cancel_url) };
  return links.move === null && links.cancel === null ? null : links;
}

/** Marked, or the mark taken back, by the host. */
function noShow(marked: boolean): Read {
  return (json, { receivedAt }) =>
    read(noShowShape, json).map(({ created_at, payload }) => {
      const { uri, email, scheduled_event: event } = payload;
      return {
        ...nothingSaid,
        kind: 'no_show',
        uid: uri,
        saidAt: created_at,
        receivedAt,
        time: event ? { startAt: event.start_time, endAt: event.end_time } : null,
        noShows: [{ email, noShow: marked }],
      };
    });
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
