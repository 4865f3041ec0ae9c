// The operator's desk: what the pages show beyond the lists, and what an operator may do. Every act is recorded in a
// history with who did it.
import type { IntakeAnswer } from './answer.ts';
import type { MailFacts } from './content.ts';
import type { BookingId, ReminderKey } from './ids.ts';
import type { OutcomeRow } from './outcomes.ts';
import type { Policy } from './policy.ts';
import type { Message, PortResult, TextMessage } from './ports.ts';
import type { Reason } from './reasons.ts';
import type { BookingStatus } from './standing.ts';
import type { Instant } from './temporal.ts';
import type { Trouble } from './trouble.ts';
import type { TriedReminder } from './try-policy.ts';
import type { BookingDetail, BookingView, ReminderView } from './views.ts';

/** The operator's desk: what the pages show beyond the lists, and what an operator may do. */
export interface Desk {
  /** One booking with all there is to say about it; null: unknown. */
  inspect(id: BookingId): PortResult<Inspection | null>;
  /**
   * By a part of a name, an address or a uid, or by the whole short hash by which logs and troubles name a booking.
   * Looks at no more than 1,000 bookings a time, newest change first.
   */
  search(query: Search): PortResult<SearchPage>;
  health(): PortResult<Health>;
  /** The rules for a call that was just agreed at `agreedAt`, and what they would do. */
  tryPolicy(call: TriedCall): Tried;

  /** What became of calls, by what was said before them. */
  outcomes(): PortResult<CountedOutcomes>;

  /** Sends a planned reminder before its moment. All else that the gate asks for is asked for all the same. */
  sendNow(id: BookingId, act: ReminderAct): PortResult<ActAnswer>;
  /** Drops a planned reminder, for good. */
  drop(id: BookingId, act: ReminderAct): PortResult<ActAnswer>;
  /** Says that somebody did not come, or came after all: as the source's own word, and against any word known so far. */
  mark(id: BookingId, act: AttendanceAct): PortResult<ActAnswer>;
  /** Derives what is due again, by the rules in force, and looks at once. */
  replan(id: BookingId, act: Act): PortResult<ActAnswer>;
  /** Writes everything wanted of the booking's people to the CRM again, and its event to the calendar, whatever was written before. */
  writeCrm(id: BookingId, act: Act): PortResult<ActAnswer>;
  /** No mail to this person any more, whatever the booking. */
  suppress(email: string, act: Act): PortResult<ActAnswer>;
  /** Takes a suppression back, also one that the person asked for. */
  lift(email: string, act: Act): PortResult<ActAnswer>;
  /** As `Precall.erase`; who asked for it is kept. */
  erase(email: string, act: Act): PortResult<{ readonly bookings: number }>;
  /** As `Precall.replay`; who asked for it is kept with the booking. */
  replay(id: string, act: Act): Promise<IntakeAnswer | null>;
}

/** Of the newest 5,000 bookings. */
export interface CountedOutcomes {
  readonly rows: readonly OutcomeRow[];
  readonly bookings: number;
  /** How many of these have a record that cannot be read, and stand in no row. */
  readonly unreadable: number;
  /** Whether these were all there are. */
  readonly isAll: boolean;
}

/** What every act of an operator says. */
export interface Act {
  /** Who does it: a name for the history, no address. */
  readonly by: string;
}
/** An act about one reminder. */
export interface ReminderAct extends Act {
  readonly key: ReminderKey;
}
/** An act about one person's attendance at a call that has begun. */
export interface AttendanceAct extends Act {
  readonly email: string;
  readonly came: boolean;
}
/** Done and durable, or not done, and why. */
export type ActAnswer = 'done' | { readonly refused: Refusal };
/** Why an act was not done: a reason of the gate's, or one of its own. */
export type Refusal =
  | Reason
  | 'no_such_booking'
  | 'no_such_reminder'
  | 'no_such_person'
  | 'not_begun'
  | 'already_sent'
  | 'being_sent'
  | 'changed_meanwhile'
  | 'no_crm';

/** What is looked for: a part of a name, an address or a uid, or a short hash; and from where to go on. */
export interface Search {
  readonly words: string;
  readonly status?: BookingStatus;
  readonly cursor: string | null;
}
/** What was found in one go, and how far it looked. */
export interface SearchPage {
  readonly items: readonly BookingView[];
  /** How many bookings were looked at for this page. */
  readonly looked: number;
  /** Where to go on; null: all were looked at. */
  readonly next: string | null;
}

/** A reminder with its message, as it was sent or would be. */
export interface InspectedReminder extends ReminderView {
  readonly startAt: Instant;
  readonly usefulUntil: Instant;
  /** The moment that its rule asks for, where quiet hours moved the reminder to `dueAt`; null: they did not. */
  readonly movedFrom: Instant | null;
  readonly name: string | null;
  /** IANA name of the recipient's zone; null: not known. */
  readonly timeZone: string | null;
  /**
   * As made from what is known now: for one that was sent, at the moment it was; else at its due moment. Null where it
   * cannot be made (the person was erased, the text failed), or speaks of a start that is not the call's any more.
   */
  readonly message: Message | null;
  /** The same as a text message: of a rule by text, and of one by mail that falls back to it where they may be texted. */
  readonly text: TextMessage | null;
}
/** One booking with all there is to say about it. */
export interface Inspection {
  readonly booking: BookingDetail;
  /** How logs, troubles and mails to the owner name it. */
  readonly shortHash: string;
  readonly about: MailFacts['about'];
  readonly place: MailFacts['place'];
  readonly host: MailFacts['host'];
  /** Each start that was ever agreed, in the order of saying. */
  readonly agreements: readonly { readonly startAt: Instant; readonly saidAt: Instant }[];
  readonly reminders: readonly InspectedReminder[];
  /** Addresses, telephone numbers among them, that get no messages from us. */
  readonly suppressed: readonly { readonly email: string; readonly at: Instant; readonly why: string }[];
  /** What the CRM should say of the booker, by property. */
  readonly wantedFields: { readonly [property: string]: string | null };
}

/** How each part is at this moment, without asking the outside. */
export interface Health {
  /** Rings are answered: started, and not stopping. */
  readonly started: boolean;
  /** The earliest moment at which each lane has something to do. */
  readonly nextMailAt: Instant | null;
  readonly nextCrmAt: Instant | null;
  /** Records that the CRM lane should have looked at by now, as far as 200. */
  readonly crmWaiting: number;
  readonly sending: number;
  /** Outcomes of sends that the store has not taken yet. */
  readonly unsaved: number;
  /** The mailer asked for patience until then. */
  readonly mailerPausedUntil: Instant | null;
  /** Up to when all was compared with the source; null: never, or it cannot be asked. */
  readonly comparedUntil: Instant | null;
  /** Where the upcoming calls can be subscribed to; null: nowhere. Whoever has it can read them. */
  readonly feedUrl: string | null;
  /** Newest first, the last 50 since this process began. */
  readonly troubles: readonly (Trouble & { readonly at: Instant })[];
}

/** A call that nobody made, to try the rules on. */
export interface TriedCall {
  readonly startAt: Instant;
  readonly agreedAt: Instant;
  /** IANA name of the recipient's zone. */
  readonly timeZone: string;
  /** Of the person in the CRM; none unless given. */
  readonly segment?: string;
}
/** The bounds in force, and what the rules would do for a call. */
export interface Tried {
  readonly policy: Omit<Policy, 'rules' | 'content' | 'textContent'>;
  readonly reminders: readonly TriedReminder[];
}
