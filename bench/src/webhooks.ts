// Webhooks of bookings: Cal.com's documented sample under other names, signed.
import { readFileSync } from 'node:fs';
import type { WebhookDelivery } from '@precall/core';
import { signCalcom } from '@precall/source-calcom';

export const secret = 'a-secret-of-the-benchmarks';

const sample = JSON.parse(
  readFileSync(
    new URL('../../packages/source-calcom/test/fixtures/BOOKING_CREATED.json', import.meta.url),
    'utf8',
  ),
);

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
export function bookedBody({ number, startMs, saidMs = Date.now(), contacts }: Booked): Buffer {
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
        uid: `booking-${number}-${(number * 2_654_435_761) % 4_294_967_296}`,
        startTime: new Date(startMs).toISOString(),
        endTime: new Date(startMs + 1_800_000).toISOString(),
        attendees: [attendee],
      },
    }),
  );
}

export function delivered(body: Buffer): WebhookDelivery {
  return {
    headers: { 'content-type': ['application/json'], 'x-cal-signature-256': [signCalcom(secret, body)] },
    body,
  };
}

/** So many deliveries of bookings ahead, in four to thirty days from now, numbered from `from`. */
export function deliveries(count: number, from = 0): readonly WebhookDelivery[] {
  const nowMs = Date.now();
  return Array.from({ length: count }, (_, index) => {
    const startMs = nowMs + 4 * 86_400_000 + ((index * 7_919) % 37_440) * 60_000;
    return delivered(bookedBody({ number: from + index, startMs }));
  });
}
