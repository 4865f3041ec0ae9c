// Cal.com's documented samples as if said now: moved to a moment, with a uid, and with whatever a test changes.
import { readFileSync } from 'node:fs';
import { Temporal } from '../src/temporal.ts';

export type Trigger =
  | 'BOOKING_CREATED'
  | 'BOOKING_RESCHEDULED'
  | 'BOOKING_CANCELLED'
  | 'BOOKING_REQUESTED'
  | 'BOOKING_REJECTED'
  | 'BOOKING_PAID'
  | 'BOOKING_PAYMENT_INITIATED'
  | 'BOOKING_REASSIGNED'
  | 'BOOKING_LOCATION_UPDATED'
  | 'BOOKING_NO_SHOW_UPDATED'
  | 'MEETING_ENDED';

type Json = { readonly [name: string]: unknown };

export interface Said {
  readonly uid?: string;
  readonly start?: string;
  readonly minutes?: number;
  readonly said?: string;
  /** Over the payload; undefined takes a field away. */
  readonly payload?: Json;
  readonly attendees?: readonly string[];
}

const fixtures = new URL('../../source-calcom/test/fixtures/', import.meta.url);

/** The body of a webhook, as an object. */
export function saying(trigger: Trigger, said: Said = {}): Json {
  const { uid = 'u1', start = '2026-12-03T15:00:00Z', minutes = 30, attendees } = said;
  const file = trigger === 'BOOKING_LOCATION_UPDATED' ? 'BOOKING_REASSIGNED' : trigger;
  const sample = JSON.parse(readFileSync(new URL(`${file}.json`, fixtures), 'utf8')) as Json;
  const end = Temporal.Instant.from(start).add({ minutes }).toString();
  const people = attendees?.map((email) => ({
    email,
    name: `${email.split('@')[0]}`,
    timeZone: 'Europe/Paris',
  }));
  const changes = {
    uid,
    startTime: start,
    endTime: end,
    ...(people && { attendees: people }),
    ...said.payload,
  };
  const createdAt = said.said ?? '2026-11-23T12:00:00.000Z';
  if (!('payload' in sample)) return { ...sample, ...changes, triggerEvent: trigger };
  const payload = { ...(sample.payload as Json), ...changes };
  if (trigger === 'BOOKING_NO_SHOW_UPDATED')
    return { ...sample, createdAt, payload: { ...payload, bookingUid: uid } };
  return { ...sample, triggerEvent: trigger, createdAt, payload };
}
