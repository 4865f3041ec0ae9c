// What a company wants: which reminders, when, in which words, and within which bounds. All of it plain data and
// plain functions; nothing here is stored with a booking, so a changed policy reaches bookings already known.
import type { Content } from './content.ts';
import type { Facts } from './facts.ts';
import type { RuleName } from './ids.ts';
import { defaultProjection, type Projection } from './projection-settings.ts';
import { defaultReminder } from './reminder-mail.ts';
import { type Duration, milliseconds, Temporal } from './temporal.ts';

export type When =
  /** An exact length before the start. */
  | { readonly before: Duration }
  /** That many calendar days before the start's day, at that wall-clock time, in the recipient's zone. */
  | { readonly daysBefore: number; readonly at: Temporal.PlainTime }
  /** An exact length after the end: a follow-up. */
  | { readonly after: Duration };

export interface Rule {
  /** The rule's identity, at most 40 characters, unique among the rules; shown to operators and used in reminder keys. */
  readonly name: RuleName;
  readonly when: When;
  /** Its offset in test mode; without it the offset divided by 720, at least a minute. */
  readonly testOffset?: Duration;
  /** Its words; without it the policy's. */
  readonly content?: Content;
}

/** Wall-clock hours in the recipient's zone in which no reminder falls due; `from` later than `to` spans midnight. */
export interface QuietHours {
  readonly from: Temporal.PlainTime;
  readonly to: Temporal.PlainTime;
}

export interface Policy {
  /** Or a function of what is known, which is how lead time and segment choose. Must be pure. */
  readonly rules: readonly Rule[] | ((facts: Facts) => readonly Rule[]);
  /** No reminders before a call that starts sooner than this after it was agreed; exactly this much is enough. */
  readonly minimumLead: Duration;
  readonly quietHours: QuietHours | null;
  readonly content: Content;
  /** Whether guests (attendees after the booker) get reminders too. */
  readonly remindGuests: boolean;
  /** Hosts whose https links become a button, besides Cal.com, Meet, Zoom, Teams and Whereby. */
  readonly meetingHosts: readonly string[];
  /** At most this many recipients of one booking without seats. */
  readonly recipientsPerBooking: number;
  /** At most this many messages to one recipient in 24 hours, at most 8; null: no cap. */
  readonly messagesPerDay: number | null;
  /** What to do about a message of unknown outcome once the wait is over. */
  readonly afterUnknown: 'resend_once' | 'never_resend';
  /** How long to wait for news of an unknown outcome, by the mailer's kind of doubt. */
  readonly doubtWait: { readonly once: Duration; readonly reported: Duration; readonly silent: Duration };
  /** Sends at the same time, at most 50. */
  readonly concurrency: number;
  readonly projection: Projection;
}

const hours = (count: number): Duration => Temporal.Duration.from({ hours: count });
const minutes = (count: number): Duration => Temporal.Duration.from({ minutes: count });
const seconds = (count: number): Duration => Temporal.Duration.from({ seconds: count });

/** 72 h, 24 h and 2 h before the call, by mail, at the exact moment; nothing for calls under 2 h away. */
export const defaultPolicy: Policy = {
  rules: [
    { name: '72h', when: { before: hours(72) }, testOffset: minutes(6) },
    { name: '24h', when: { before: hours(24) }, testOffset: minutes(3) },
    { name: '2h', when: { before: hours(2) }, testOffset: minutes(1) },
  ],
  minimumLead: hours(2),
  quietHours: null,
  content: defaultReminder,
  remindGuests: false,
  meetingHosts: [],
  recipientsPerBooking: 10,
  messagesPerDay: 8,
  afterUnknown: 'resend_once',
  doubtWait: { once: seconds(0), reported: minutes(10), silent: seconds(60) },
  concurrency: 16,
  projection: defaultProjection,
};

/**
 * The same plan in minutes: offsets shortened under the same names, no minimum lead, no quiet hours, no daily
 * cap, short waits. "N days before at" counts as N x 24 h.
 */
export function inTestMode(policy: Policy): Policy {
  const { rules } = policy;
  return {
    ...policy,
    rules: typeof rules === 'function' ? (facts) => rules(facts).map(shortened) : rules.map(shortened),
    minimumLead: seconds(0),
    quietHours: null,
    messagesPerDay: null,
    doubtWait: { once: seconds(0), reported: seconds(15), silent: seconds(5) },
  };
}

function shortened(rule: Rule): Rule {
  const { when } = rule;
  if ('after' in when) return { ...rule, when: { after: rule.testOffset ?? scaled(when.after) } };
  return {
    ...rule,
    when: { before: rule.testOffset ?? scaled('before' in when ? when.before : hours(24 * when.daysBefore)) },
  };
}

/** A 720th, so that 72 h become 6 min; at least a minute. */
function scaled(length: Duration): Duration {
  return Temporal.Duration.from({ milliseconds: Math.max(60_000, Math.round(milliseconds(length) / 720)) });
}
