// Webhooks of bookings: Cal.com's documented sample under other names, signed.
import { readFileSync } from 'node:fs';
import type { WebhookDelivery } from '@precall/core';
import { signCalcom } from '@precall/source-calcom';

export const secret = 'a-secret-of-the-benchmarks';

const samples = {
  created: sampleOf('BOOKING_CREATED'),
  moved: sampleOf('BOOKING_RESCHEDULED'),
  cancelled: sampleOf('BOOKING_CANCELLED'),
};

export interface Booked {
  /** Names the booking; bookings of different numbers are different. */
  readonly number: number;
  readonly startMs: number;
  /** When it was said; now unless given. */
  readonly saidMs?: number;
  /** Of how many people the bookings are; one each unless given. */
  readonly contacts?: number;
}

/** One attendee, half an hour, a link: what most bookings are. The body is 3.5 kB. */
export function bookedBody(booked: Booked): Buffer {
  return bodyOf(samples.created, booked, { uid: uidOf(booked.number) });
}

/** Its call is moved to `startMs`, by another booking in the place of the first. */
export function movedBody(booked: Booked): Buffer {
  const uid = uidOf(booked.number);
  return bodyOf(samples.moved, booked, { uid: `${uid}-moved`, rescheduleUid: uid });
}

export function cancelledBody(booked: Booked): Buffer {
  return bodyOf(samples.cancelled, booked, { uid: uidOf(booked.number) });
}

/** Neighbours in number are not neighbours in order, as they are not at Cal.com: so they lie on different pages of a store. */
export function uidOf(number: number): string {
  return `${((number * 2_654_435_761) % 4_294_967_296).toString(36)}-booking-${number}`;
}

function bodyOf(
  sample: ReturnType<typeof sampleOf>,
  { number, startMs, saidMs = Date.now(), contacts }: Booked,
  ids: { readonly uid: string; readonly rescheduleUid?: string },
): Buffer {
  const who = contacts ? number % contacts : number;
  const attendee = {
    ...sample.payload.attendees[0],
    email: `guest-${who}@example.com`,
    name: `Guest ${who}`,
  };
  return Buffer.from(
    JSON.stringify({
      ...sample,
      createdAt: new Date(saidMs).toISOString(),
      payload: {
        ...sample.payload,
        ...ids,
        startTime: new Date(startMs).toISOString(),
        endTime: new Date(startMs + 1_800_000).toISOString(),
        attendees: [attendee],
      },
    }),
  );
}

function sampleOf(trigger: string) {
  const file = new URL(`../../packages/source-calcom/test/fixtures/${trigger}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

export function delivered(body: Buffer): WebhookDelivery {
  return {
    headers: { 'content-type': ['application/json'], 'x-cal-signature-256': [signCalcom(secret, body)] },
    body,
  };
}

/** So many deliveries of bookings ahead, numbered from `from`. */
export function deliveries(count: number, from = 0): readonly WebhookDelivery[] {
  const nowMs = Date.now();
  return Array.from({ length: count }, (_, index) =>
    delivered(bookedBody({ number: from + index, startMs: startAhead(nowMs, index) })),
  );
}

/** In four to thirty days, spread over the minutes. */
export function startAhead(nowMs: number, index: number): number {
  return nowMs + 4 * 86_400_000 + ((index * 7_919) % 37_440) * 60_000;
}
