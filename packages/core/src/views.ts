// What an operator reads: INTERFACE.md section 3. Plain data whose moments turn into ISO text in JSON.
import type { AttemptId, BookingId, ReminderKey, RuleName } from './ids.ts';
import type { Delivery, Outcome } from './ledger-types.ts';
import type { Channel, HistoryEntry } from './ports.ts';
import type { Reason } from './reasons.ts';
import type { BookingStatus } from './standing.ts';
import type { Instant } from './temporal.ts';

/** What became of a reminder, in one word. */
export type ReminderState =
  | 'planned'
  | 'sending'
  | 'sent'
  | 'dropped'
  | 'skipped'
  | 'missed'
  | 'refused'
  | 'unknown';

/** A reminder as an operator reads it. */
export interface ReminderView {
  readonly key: ReminderKey;
  readonly rule: RuleName;
  /** The way it is meant to go. */
  readonly channel: Channel;
  /** The address for that; null once erased. */
  readonly recipient: string | null;
  readonly dueAt: Instant;
  readonly state: ReminderState;
  readonly reason: Reason | null;
  readonly attempts: readonly {
    readonly id: AttemptId;
    readonly at: Instant;
    readonly channel: Channel;
    readonly outcome: Outcome | null;
    readonly messageId: string | null;
    readonly delivery: Delivery | null;
  }[];
}

/** How a booking stands in the CRM. */
export interface CrmView {
  readonly contact: {
    /** `not_found` also where there is nobody to look for, such as after an erasure. */
    readonly state: 'pending' | 'written' | 'not_found' | 'ambiguous' | 'refused';
    readonly ref: string | null;
    /** As last written, by property name. */
    readonly fields: { readonly [property: string]: string | null };
    readonly lastError: string | null;
  };
  readonly campaign: {
    readonly state: 'pending' | 'member' | 'not_a_member' | 'ambiguous' | 'not_configured';
    readonly ref: string | null;
  };
}

/** How a booking stands in the calendar. */
export interface CalendarView {
  /** `none`: there is no event, and none is wanted. */
  readonly state: 'pending' | 'written' | 'none' | 'refused';
  readonly lastError: string | null;
}

/** A booking as an operator reads it. */
export interface BookingView {
  readonly id: BookingId;
  readonly status: BookingStatus;
  readonly startAt: Instant | null;
  readonly endAt: Instant | null;
  readonly agreedAt: Instant | null;
  /** When the source was last asked; null: never. */
  readonly checkedAt: Instant | null;
  readonly replaces: readonly BookingId[];
  readonly replacedBy: readonly BookingId[];
  readonly attendees: readonly {
    readonly email: string | null;
    readonly name: string | null;
    readonly timeZone: string | null;
    /** The number they may be texted at, with its country; null: none is known. */
    readonly phone: string | null;
    /** `asked`: of a call that was never agreed with them. */
    readonly status: 'attending' | 'asked' | 'left' | 'moved' | 'no_show' | 'erased';
    /** Whether they came, as far as it was said; null: nobody said so. */
    readonly came: boolean | null;
  }[];
  readonly reminders: readonly ReminderView[];
  /** Of the booker (with seats: of the first who takes part); null without a CRM. */
  readonly crm: CrmView | null;
  /** The record cannot be read, or the policy cannot plan it: of the rest nothing is known. */
  readonly unreadable?: true;
}

/** A booking with what happened to it. */
export interface BookingDetail extends BookingView {
  /** Oldest first, the newest 500. */
  readonly history: readonly HistoryEntry[];
  /** Null without a calendar, or where what is kept about the event cannot be read. */
  readonly calendar: CalendarView | null;
}

/** A reminder that is still to go out, with its booking. */
export interface UpcomingReminder extends ReminderView {
  readonly booking: BookingId;
  readonly startAt: Instant;
  /** Of whom it goes to; null: not known. */
  readonly name: string | null;
}

/** An authentic delivery that was not understood. */
export interface QuarantinedDelivery {
  readonly id: string;
  readonly receivedAt: Instant;
  readonly reason: string;
}
