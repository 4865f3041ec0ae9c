// What a company wants: which reminders, when, in which words, and within which bounds. All of it plain data and
// plain functions; nothing here is stored with a booking, so a changed policy reaches bookings already known.
import type { Content, TextContent } from './content.ts';
import type { Facts } from './facts.ts';
import type { BookingId, RecipientId, RuleName } from './ids.ts';
import { demand } from './invariant.ts';
import type { CalendarFile, Channel } from './ports.ts';
import { defaultProjection, type Projection } from './projection-settings.ts';
import { rebookMail } from './rebook-mail.ts';
import { defaultReminder } from './reminder-mail.ts';
import { defaultText } from './reminder-text.ts';
import { type Duration, type Instant, milliseconds, Temporal } from './temporal.ts';

/** When a reminder falls due. */
export type When =
  /** An exact length before the start, longer than nothing. */
  | { readonly before: Duration }
  /** That many calendar days (0 to 366) before the start's day, at that wall-clock time, in the recipient's zone. */
  | { readonly daysBefore: number; readonly at: Temporal.PlainTime }
  /** An exact length after the end: a follow-up to a call that was held. */
  | { readonly after: Duration }
  /**
   * An exact length after it became known that the recipient did not come. Marked again, it is the same message: one that
   * was sent is not sent a second time.
   */
  | { readonly afterNoShow: Duration };

/** One line of a policy, such as "24 h before, by mail". */
export interface Rule {
  /** The rule's identity, unique among the rules: 1 to 40 letters, digits, `-`, `_`, `.`; part of reminder keys. */
  readonly name: RuleName;
  readonly when: When;
  /**
   * To the host instead of those who take part, as `askWhoCame` does: after the call, by mail, in words of its own. Nothing
   * goes where it is known already who came, or where no address of the host is kept.
   */
  readonly to?: 'host';
  /** Its offset in test mode; without it the offset divided by 720, at least a minute. */
  readonly testOffset?: Duration;
  /** By mail unless said otherwise. */
  readonly channel?: Channel;
  /** For a rule by mail: the way to take when the mail is refused, comes back, or has no address to go to. */
  readonly fallback?: 'sms';
  /** Its words; without it the policy's. */
  readonly content?: Content;
  /** Its words where it goes as a text message. */
  readonly textContent?: TextContent;
  /** Other words, to be compared with these by what becomes of the calls: half of the people get them, each always the same. */
  readonly otherContent?: Content;
}

/**
 * Wall-clock hours in the recipient's zone, at most 20 of them, in which no reminder falls due; at `from` and at `to`
 * themselves one still may. `from` later than `to` spans midnight; equal: no quiet hours.
 */
export interface QuietHours {
  readonly from: Temporal.PlainTime;
  readonly to: Temporal.PlainTime;
}

/** Whose call a calendar file is asked for, at the moment of sending. */
export interface CallForFile {
  readonly id: BookingId;
  /** What is known of this booking, and of those it took the place of. */
  readonly bookings: ReadonlyMap<BookingId, Facts>;
  readonly recipient: RecipientId;
  readonly now: Instant;
}

/** Which reminders, when, in which words, within which bounds. Nothing of it is stored with a booking. */
export interface Policy {
  /**
   * Or a function of what is known, which is how lead time and segment choose. It is asked for each recipient, the
   * host among them, and need not heed which. Must be pure.
   */
  readonly rules: readonly Rule[] | ((facts: Facts, recipient: RecipientId) => readonly Rule[]);
  /** No reminders before a call that starts sooner than this after it was agreed; exactly this much is enough. */
  readonly minimumLead: Duration;
  /** For mails. */
  readonly quietHours: QuietHours | null;
  /** For text messages: none falls due in them, and none leaves in them however late it is. */
  readonly smsQuietHours: QuietHours | null;
  readonly content: Content;
  readonly textContent: TextContent;
  /** Whether guests (attendees after the booker) get reminders too. */
  readonly remindGuests: boolean;
  /** Hosts whose https links become a button, besides Cal.com, Meet, Zoom, Teams and Whereby. */
  readonly meetingHosts: readonly string[];
  /** At most this many recipients of one booking without seats. */
  readonly recipientsPerBooking: number;
  /** At most this many messages to one recipient in 24 hours, at most 8; null: no cap. */
  readonly messagesPerDay: number | null;
  /** At most this many messages after a no-show to one person in 30 days, whatever the booking; null: no cap. */
  readonly rebooksPerMonth: number | null;
  /** What to do about a message of unknown outcome once the wait is over. */
  readonly afterUnknown: 'resend_once' | 'never_resend';
  /** How long to wait for news of an unknown outcome, by the mailer's kind of doubt. */
  readonly doubtWait: { readonly once: Duration; readonly reported: Duration; readonly silent: Duration };
  /** Sends at the same time, at most 50. */
  readonly concurrency: number;
  readonly projection: Projection;
  /**
   * The file that goes with a mail, as `calendarFiles` of `@precall/calendar` makes it; null, or null from it: none. Must be
   * pure; where it throws the mail is refused. Off by default: Cal.com writes to those who book by itself, with a file
   * (its webhook version 2026-07-27 hands that over "for a subscriber that sends its own" mails). Turn it on
   * where it does not, or where its own mails are turned off.
   */
  readonly calendarFile: ((call: CallForFile) => CalendarFile | null) | null;
  /**
   * Whether the calendar's events name who takes part, and say a place that may be a person's own: a telephone number or an
   * address. Links are said in any case.
   */
  readonly namesInCalendar: boolean;
}

const hours = (count: number): Duration => Temporal.Duration.from({ hours: count });
const minutes = (count: number): Duration => Temporal.Duration.from({ minutes: count });
const seconds = (count: number): Duration => Temporal.Duration.from({ seconds: count });

/**
 * 72 h, 24 h and 2 h before the call, by mail, at the exact moment; nothing for calls under 2 h away. An hour after it
 * became known that somebody did not come, one message to find another time: long enough to take a mark back.
 */
export const defaultPolicy: Policy = {
  rules: [
    { name: '72h', when: { before: hours(72) }, testOffset: minutes(6) },
    { name: '24h', when: { before: hours(24) }, testOffset: minutes(3) },
    { name: '2h', when: { before: hours(2) }, testOffset: minutes(1) },
    { name: 'rebook', when: { afterNoShow: hours(1) }, testOffset: minutes(1), content: rebookMail },
  ],
  minimumLead: hours(2),
  quietHours: null,
  smsQuietHours: { from: Temporal.PlainTime.from('20:30'), to: Temporal.PlainTime.from('08:00') },
  content: defaultReminder,
  textContent: defaultText,
  remindGuests: false,
  meetingHosts: [],
  recipientsPerBooking: 10,
  messagesPerDay: 8,
  rebooksPerMonth: 3,
  afterUnknown: 'resend_once',
  doubtWait: { once: seconds(0), reported: minutes(10), silent: seconds(60) },
  concurrency: 16,
  projection: defaultProjection,
  calendarFile: null,
  namesInCalendar: false,
};

/**
 * The rules for this recipient of this booking. Throws on bad configuration: a name that is not one, a name used twice, a length that
 * makes no sense. The same list is looked at once.
 */
export function rulesFor(
  facts: Facts,
  { rules }: Pick<Policy, 'rules'>,
  recipient: RecipientId,
): readonly Rule[] {
  const listed = typeof rules === 'function' ? rules(facts, recipient) : rules;
  if (!sound.has(listed)) {
    checkRules(listed);
    sound.add(listed);
  }
  return listed;
}

const sound = new WeakSet<readonly Rule[]>();

function checkRules(rules: readonly Rule[]): void {
  const names = new Set<RuleName>();
  for (const { name, when, channel, fallback, to, content } of rules) {
    const says = (sentence: string) => `policy.rules: the rule "${name}" ${sentence}.`;
    demand(
      /^[\w.-]{1,40}$/.test(name ?? ''),
      says('is misnamed: take 1 to 40 letters, digits, "-", "_" or "."'),
    );
    demand(!names.has(name), says('is there twice: give each a name of its own'));
    names.add(name);
    demand(
      fallback === undefined || channel !== fallback,
      says('falls back to its own way: give the other one, or no fallback'),
    );
    demand(
      to === undefined || ('after' in when && channel !== 'sms' && !fallback && content),
      says('goes to the host: let it come after the call, by mail, with content of its own'),
    );
    demand(
      isSound(when),
      says(
        'has no moment: daysBefore is a whole number up to 366; before and after are lengths such as Temporal.Duration.from({ hours: 48 }), before more than nothing',
      ),
    );
  }
}

function isSound(when: When): boolean {
  if (typeof when !== 'object') return false;
  if ('before' in when) return isLength(when.before) && milliseconds(when.before) > 0;
  if ('after' in when) return isLength(when.after) && milliseconds(when.after) >= 0;
  if ('afterNoShow' in when) return isLength(when.afterNoShow) && milliseconds(when.afterNoShow) >= 0;
  return Number.isInteger(when.daysBefore) && when.daysBefore >= 0 && when.daysBefore <= 366;
}

/** A number or a text is none; whose Temporal made it does not matter. */
function isLength(length: Partial<Duration>): length is Duration {
  return typeof length.total === 'function';
}

/**
 * The same plan in minutes: offsets shortened under the same names, no minimum lead, no quiet hours, no caps on
 * messages, short waits. "N days before at" counts as N x 24 h.
 */
export function inTestMode(policy: Policy): Policy {
  const { rules } = policy;
  return {
    ...policy,
    rules: typeof rules === 'function' ? (...asked) => rules(...asked).map(shortened) : rules.map(shortened),
    minimumLead: seconds(0),
    quietHours: null,
    smsQuietHours: null,
    messagesPerDay: null,
    rebooksPerMonth: null,
    projection: { ...policy.projection, completedAfter: seconds(5) },
    doubtWait: { once: seconds(0), reported: seconds(15), silent: seconds(5) },
  };
}

function shortened(rule: Rule): Rule {
  const { when } = rule;
  if ('after' in when) return { ...rule, when: { after: rule.testOffset ?? scaled(when.after) } };
  if ('afterNoShow' in when)
    return { ...rule, when: { afterNoShow: rule.testOffset ?? scaled(when.afterNoShow) } };
  return {
    ...rule,
    when: { before: rule.testOffset ?? scaled('before' in when ? when.before : hours(24 * when.daysBefore)) },
  };
}

/** A 720th, so that 72 h become 6 min; at least a minute. */
function scaled(length: Duration): Duration {
  return Temporal.Duration.from({ milliseconds: Math.max(60_000, Math.round(milliseconds(length) / 720)) });
}
