// Facts of a call that was agreed, for the tests of planning.
import {
  type Facts,
  type Instant,
  nothingKnown,
  type RecipientId,
  recipientId,
  Temporal,
} from '@precall/core';

export const at = (text: string): Instant => Temporal.Instant.from(text);
export const hours = (count: number): Temporal.Duration => Temporal.Duration.from({ hours: count });
export const wallTime = (text: string): Temporal.PlainTime => Temporal.PlainTime.from(text);
export const ana: RecipientId = recipientId('a'.repeat(32));
export const ben: RecipientId = recipientId('b'.repeat(32));

export interface Attendee {
  readonly email?: string | null;
  readonly mailable?: boolean;
  readonly timeZone?: string | null;
  readonly joinedAt?: Instant;
  readonly leftAt?: Instant;
  readonly erasedAt?: Instant;
}

/** A half-hour call, booked by the first of `people` (Ana where left out). */
export function agreedCall(call: {
  readonly startAt: Instant;
  readonly agreedAt: Instant;
  readonly people?: { readonly [recipient: RecipientId]: Attendee };
  readonly hostZone?: string | null;
  readonly seated?: boolean;
}): Facts {
  const { startAt, agreedAt, people = { [ana]: {} }, hostZone = null, seated = false } = call;
  const stamp = { saidAt: agreedAt, rank: 4 };
  const endAt = Temporal.Instant.fromEpochMilliseconds(
    Math.min(8.64e15, startAt.epochMilliseconds + 30 * 60_000),
  );
  return {
    ...nothingKnown,
    time: { value: { startAt, endAt }, stamp },
    host: { value: { name: 'Jane Doe', timeZone: hostZone }, stamp },
    agreed: { [startAt.toString()]: { saidAt: agreedAt } },
    lastAgreedAt: agreedAt,
    seated,
    roster: seated ? null : { value: Object.keys(people) as RecipientId[], stamp },
    people: Object.fromEntries(
      Object.entries(people).map(([recipient, one]) => [recipient, attendance(one, agreedAt, stamp)]),
    ),
  };
}

function attendance(one: Attendee, agreedAt: Instant, stamp: { saidAt: Instant; rank: number }) {
  const { email = 'someone@example.com', mailable = true, timeZone = null } = one;
  return {
    details: {
      value: { email, mailable, name: 'Ana Ruiz', firstName: 'Ana', timeZone, locale: 'en' },
      stamp,
    },
    links: null,
    joinedAt: one.joinedAt ?? agreedAt,
    leftAt: one.leftAt ?? null,
    seenAt: null,
    erasedAt: one.erasedAt ?? null,
    noShow: null,
  };
}
