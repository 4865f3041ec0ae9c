// Webhooks in the form that Cal.com documents, about a call that nobody booked.
import type { Instant } from '@precall/core';

export interface SampleCall {
  /** Of BOOKING_RESCHEDULED that of the call which is moved; its new one ends with `-moved`. */
  readonly uid: string;
  readonly startAt: Instant;
  /** When the source says it. */
  readonly saidAt: Instant;
  readonly email: string;
  readonly name: string;
  readonly timeZone: string;
  /** Such as `fr` or `en-CA`. */
  readonly locale: string;
  /** A number at which they said that they may be texted, by a yes to `consentQuestion`. */
  readonly textedAt?: string;
}

export const consentQuestion = 'sms-consent';

export const sampleTriggers = [
  'BOOKING_CREATED',
  'BOOKING_REQUESTED',
  'BOOKING_RESCHEDULED',
  'BOOKING_CANCELLED',
  'BOOKING_NO_SHOW_UPDATED',
  'PING',
] as const;
export type SampleTrigger = (typeof sampleTriggers)[number];

/** A half-hour call by link; moved, it is another booking in the place of the one with the uid given. */
export function sampleWebhook(trigger: SampleTrigger, call: SampleCall): object {
  const createdAt = call.saidAt.toString();
  if (trigger === 'PING') return { triggerEvent: 'PING', createdAt, payload: {} };
  const { uid, startAt, email, name, timeZone, locale, textedAt } = call;
  if (trigger === 'BOOKING_NO_SHOW_UPDATED') {
    const message = `${email} marked as no-show`;
    return {
      triggerEvent: trigger,
      createdAt,
      payload: { message, bookingUid: uid, attendees: [{ email, noShow: true }] },
    };
  }
  const uidNow = trigger === 'BOOKING_RESCHEDULED' ? `${uid}-moved` : uid;
  const [firstName = name, ...others] = name.split(' ');
  const payload = {
    bookerUrl: 'https://cal.com',
    title: `Strategy call between Jane Doe and ${name}`,
    eventTitle: 'Strategy call',
    type: 'strategy-call',
    eventTypeId: 100,
    startTime: startAt.toString(),
    endTime: startAt.add({ minutes: 30 }).toString(),
    length: 30,
    organizer: {
      name: 'Jane Doe',
      email: 'jane@example.com',
      timeZone: 'America/Toronto',
      language: { locale },
    },
    attendees: [{ email, name, firstName, lastName: others.join(' '), timeZone, language: { locale } }],
    responses: textedAt ? textingAnswers(textedAt) : {},
    location: 'integrations:daily',
    metadata: { videoCallUrl: `https://app.cal.com/video/${uidNow}` },
    iCalUID: `${uidNow}@cal.com`,
    requiresConfirmation: trigger === 'BOOKING_REQUESTED',
    seatsPerTimeSlot: null,
    uid: uidNow,
  };
  return { triggerEvent: trigger, createdAt, payload: { ...payload, ...differences[trigger](call) } };
}

function textingAnswers(number: string): object {
  return {
    attendeePhoneNumber: { label: 'Phone number', value: number },
    [consentQuestion]: { label: 'Remind me by text message.', value: true },
  };
}

const differences: {
  readonly [T in Exclude<SampleTrigger, 'PING' | 'BOOKING_NO_SHOW_UPDATED'>]: (call: SampleCall) => object;
} = {
  BOOKING_CREATED: () => ({ status: 'ACCEPTED' }),
  BOOKING_REQUESTED: () => ({ status: 'PENDING' }),
  BOOKING_RESCHEDULED: ({ uid, startAt }) => ({
    status: 'ACCEPTED',
    rescheduleUid: uid,
    rescheduleStartTime: startAt.subtract({ hours: 24 }).toString(),
    rescheduleEndTime: startAt.subtract({ hours: 23, minutes: 30 }).toString(),
  }),
  BOOKING_CANCELLED: () => ({ status: 'CANCELLED', cancellationReason: 'Another time suits better.' }),
};
