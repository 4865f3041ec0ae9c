// Bookings whose first reminder in test mode is due in seconds, kept, cancelled or moved; and whether each came to the
// end it should.
import { Temporal } from '@precall/core';
import { type Answer, askOperator } from './host-process.ts';
import { readSample, redated } from './sample-webhooks.ts';

/** A booking that a host answered 202 for, and the one reminder of it that is looked at. */
export interface Watched {
  readonly id: string;
  readonly rule: string;
  readonly dueAtMs: number;
  /** Its fate is not looked at before: a move or a cancellation may be on its way. */
  readonly lookAtMs: number;
  /** When its cancellation or move was answered 202; null: not at all. */
  calledOffAtMs: number | null;
}

export type Fate =
  | 'right'
  /** Due, and neither sent nor dropped. */
  | 'due'
  /** As it should be, but not yet in the CRM. */
  | 'crm'
  | 'lost'
  | 'not sent'
  | 'sent though called off'
  | 'sent twice';

const created = readSample('BOOKING_CREATED');
const cancelled = readSample('BOOKING_CANCELLED');
const rescheduled = readSample('BOOKING_RESCHEDULED');

/** The rules by name, and how long before the call their reminders are due in test mode. */
const leads = [
  { rule: '72h', beforeMs: 360_000 },
  { rule: '24h', beforeMs: 180_000 },
  { rule: '2h', beforeMs: 60_000 },
];

export interface Call {
  readonly uid: string;
  readonly rule: string;
  readonly dueAtMs: number;
  readonly webhook: object;
}

/** A call whose next reminder is due in 3 to 12 seconds; `moved`: the call it takes the place of. */
export function aCall(email: string, moved: Call | null): Call {
  const now = Temporal.Now.instant();
  const { payload, ...said } = redated(moved ? rescheduled : created, now);
  const { uid }: { uid: string } = Object(payload);
  const { rule, beforeMs } = leads[Math.floor(Math.random() * leads.length)] ?? { rule: '', beforeMs: 0 };
  const dueAtMs = Math.round(now.epochMilliseconds + 3_000 + Math.random() * 9_000);
  const startTime = Temporal.Instant.fromEpochMilliseconds(dueAtMs + beforeMs);
  return {
    uid,
    rule,
    dueAtMs,
    webhook: {
      ...said,
      payload: {
        ...Object(payload),
        ...(moved && { rescheduleUid: moved.uid }),
        ...times(startTime),
        ...guest(email),
      },
    },
  };
}

export function aCancellation(call: Call, email: string): object {
  const { payload, ...said } = redated(cancelled, Temporal.Now.instant());
  const { startTime, endTime }: { startTime: string; endTime: string } = Object(Object(call.webhook).payload);
  return { ...said, payload: { ...Object(payload), uid: call.uid, startTime, endTime, ...guest(email) } };
}

export async function fateOf(
  { id, rule, calledOffAtMs, dueAtMs }: Watched,
  host: { readonly baseUrl: string; readonly password: string },
): Promise<Fate> {
  const path = `bookings/${encodeURIComponent(id)}`;
  const { status, body }: Answer = await askOperator(host.baseUrl, host.password, path);
  if (status === 404) return 'lost';
  const all: readonly ReminderSeen[] = Array.isArray(body.reminders) ? body.reminders : [];
  const reminder = all.find((one) => one.rule === rule);
  if (!reminder) return 'not sent';
  const { state, attempts } = reminder;
  if (state === 'planned' || state === 'sending') return 'due';
  if (attempts.filter(({ outcome }) => outcome === 'accepted').length > 1) return 'sent twice';
  const isCalledOffInTime = calledOffAtMs !== null && calledOffAtMs < dueAtMs;
  if (state === 'sent' && isCalledOffInTime) return 'sent though called off';
  if (state !== 'sent' && !(state === 'dropped' && calledOffAtMs !== null)) return 'not sent';
  return Object(Object(body.crm).contact).state === 'pending' ? 'crm' : 'right';
}

interface ReminderSeen {
  readonly rule: string;
  readonly state: string;
  readonly attempts: readonly { readonly outcome: string | null }[];
}

function times(startTime: Temporal.Instant): object {
  return { startTime, endTime: startTime.add({ minutes: 15 }) };
}

function guest(email: string): object {
  return { attendees: [{ email, name: 'Guest User', timeZone: 'UTC', language: { locale: 'en' } }] };
}
