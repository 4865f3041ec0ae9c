// The facade.
import type { IntakeAnswer } from './answer.ts';
import type { BookingId } from './ids.ts';
import type { Headers, Page, PortResult, Slice } from './ports.ts';
import type { Reason } from './reasons.ts';
import type { BookingStatus } from './standing.ts';
import type { BookingDetail, BookingView, QuarantinedDelivery, UpcomingReminder } from './views.ts';

/** One webhook delivery as it came in. `headers` names in lower case, one entry per header line. */
export interface WebhookDelivery {
  readonly headers: Headers;
  readonly body: Uint8Array;
}

export interface Precall {
  /** Takes in one webhook. Never rejects. The answer is given only after everything it says is durable. */
  receive(delivery: WebhookDelivery): Promise<IntakeAnswer>;
  /** Does everything that is due now, and resolves when it is done. For callers without a scheduler. */
  tick(): Promise<void>;
  /** Starts the scheduler, looks for what is due, and derives the plans of all upcoming calls again in the background. */
  start(): PortResult<void>;
  /** Takes no new work, lets running sends end and their outcomes be saved. */
  stop(): Promise<void>;
  /** Whether it is started, not stopping, and the store answers. */
  ready(): Promise<boolean>;
  /** Forgets everything about a person, for good: what was said before cannot bring them back. */
  erase(email: string): PortResult<{ readonly bookings: number }>;
  explain(reason: Reason): string;
  bookings(query: {
    readonly status?: BookingStatus;
    readonly email?: string;
    readonly page: Page;
  }): PortResult<Slice<BookingView>>;
  booking(id: BookingId): PortResult<BookingDetail | null>;
  /** Planned reminders, soonest first. */
  upcoming(page: Page): PortResult<Slice<UpcomingReminder>>;
  quarantine(page: Page): PortResult<Slice<QuarantinedDelivery>>;
  /** Takes a quarantined delivery in again, as if it came now, and answers as the webhook would; null: no such delivery. */
  replay(id: string): Promise<IntakeAnswer | null>;
  /** The first 12 hex digits of a keyed hash of the booking's id: how logs name it. */
  shortName(id: BookingId): string;
}
