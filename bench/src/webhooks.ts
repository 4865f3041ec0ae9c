// Signed bookings as Cal.com sends them: its documented sample, with a uid, a guest and a start of their own.
import { readFileSync } from 'node:fs';
import { type Instant, Temporal, type WebhookDelivery } from '@precall/core';
import { createCalcomSource, signCalcom } from '@precall/source-calcom';

export const secret = 'a-secret-of-the-benchmarks';
export const source = createCalcomSource({ secrets: [secret] });

interface Sample {
  readonly payload: { readonly attendees: readonly { readonly name: string }[] };
}
const sample: Sample = JSON.parse(
  readFileSync(
    new URL('../../packages/source-calcom/test/fixtures/BOOKING_CREATED.json', import.meta.url),
    'utf8',
  ),
);

export interface BookingSaid {
  readonly uid: string;
  readonly startAt: Instant;
  readonly saidAt: Instant;
  /** Such as BOOKING_CREATED, which it is unless given. */
  readonly trigger?: string;
}

/** One guest, one link, 15 minutes: three reminders under the default policy. About 2 kB. */
export function webhookBody({ uid, startAt, saidAt, trigger = 'BOOKING_CREATED' }: BookingSaid): Buffer {
  const { payload } = sample;
  const guest = {
    ...payload.attendees[0],
    email: `guest-${uid}@example.com`,
    timeZone: 'Europe/Berlin',
  };
  return Buffer.from(
    JSON.stringify({
      ...sample,
      triggerEvent: trigger,
      createdAt: saidAt.toString(),
      payload: {
        ...payload,
        uid,
        startTime: startAt.toString(),
        endTime: startAt.add({ minutes: 15 }).toString(),
        attendees: [guest],
        location: 'https://meet.google.com/abc-defg-hij',
      },
    }),
  );
}

export function signed(body: Buffer): WebhookDelivery {
  return {
    headers: {
      'content-type': ['application/json'],
      'x-cal-signature-256': [signCalcom(secret, body)],
    },
    body,
  };
}

export function bookings(
  count: number,
  { startAt, saidAt, prefix = 'b' }: { startAt: Instant; saidAt: Instant; prefix?: string },
): readonly WebhookDelivery[] {
  return Array.from({ length: count }, (_, index) =>
    signed(webhookBody({ uid: `${prefix}${index}`, startAt, saidAt })),
  );
}

export function now(): Instant {
  return Temporal.Instant.fromEpochMilliseconds(Date.now());
}
