// What was attempted, per reminder. An entry exists only once something happened to the reminder.
import type { AttemptId, RecipientId, ReminderKey, RuleName } from './ids.ts';
import type { Channel } from './ports.ts';
import type {
  DropReason,
  MissReason,
  RefuseReason,
  SkipReason,
  UnknownReason,
  WaitReason,
} from './reasons.ts';
import type { Instant } from './temporal.ts';
import type { TextName } from './texts.ts';

/**
 * What a provider reported about an accepted message, weakest first; a later report never weakens an earlier one.
 * `blocked`: it was turned away, which says nothing about the address (a full mailbox, a quota of ours). `dropped`: the
 * provider did not try, since the address is bad.
 */
export type Delivery = 'delivered' | 'blocked' | 'bounced' | 'dropped' | 'complained' | 'unsubscribed';

/** `refused` it surely was not accepted; `released` no call was made; null while it runs. */
export type Outcome = 'accepted' | 'refused' | 'released' | 'unknown';

/** One attempt at a send: its claim, how long it holds, and its outcome. */
export interface Attempt {
  readonly id: AttemptId;
  /** When it was claimed, which is when the send began. */
  readonly at: Instant;
  /** A send that has not started by then must not start. */
  readonly startBy: Instant;
  /** After this moment nobody is working on it any more. */
  readonly leaseUntil: Instant;
  readonly outcome: Outcome | null;
  /** The mailer's own words about a refusal or a missing answer. */
  readonly words: string | null;
  readonly messageId: string | null;
  readonly delivery: Delivery | null;
  /** The way it went, and whose address that is; absent: by mail, to the recipient. */
  readonly by?: { readonly channel: Channel; readonly to: RecipientId };
}

/** How a reminder ended, and why, where it did not go out or nobody knows. */
export type Final =
  | { readonly state: 'skipped'; readonly reason: SkipReason; readonly at: Instant }
  | { readonly state: 'dropped'; readonly reason: DropReason; readonly at: Instant }
  | { readonly state: 'missed'; readonly reason: MissReason; readonly at: Instant }
  | { readonly state: 'refused'; readonly reason: RefuseReason; readonly at: Instant }
  | { readonly state: 'unknown'; readonly reason: UnknownReason; readonly at: Instant };

/** What was done about one reminder. */
export interface LedgerEntry {
  readonly rule: RuleName;
  readonly recipient: RecipientId;
  readonly startAt: Instant;
  readonly dueAt: Instant;
  readonly attempts: readonly Attempt[];
  readonly final: Final | null;
  /** Not before this moment again. */
  readonly retryAt: Instant | null;
  readonly waiting: WaitReason | null;
  /** The recipient said by this message's link that they will be there. */
  readonly attendingAt?: Instant;
  /** Which of two texts that are compared it has. */
  readonly text?: TextName;
}
/** What was done about a booking's reminders, by reminder key. It holds no plan. */
export type Ledger = { readonly [key: ReminderKey]: LedgerEntry };
