// What an intake answers. packages/http turns each kind into a status and a body.
import type { BookingId, ReminderKey, RuleName } from './ids.ts';
import type { SchemaIssue } from './ports.ts';
import type { DropReason, IgnoreReason, SkipReason } from './reasons.ts';
import type { Duration, Instant } from './temporal.ts';

/** Something a person could see changed, and is durable. */
export interface Taken {
  readonly kind: 'taken';
  readonly status: 'scheduled' | 'skipped' | 'awaiting' | 'updated';
  /** With `skipped`: why the whole sequence is. */
  readonly reason?: SkipReason;
  readonly booking: BookingId;
  readonly startAt: Instant | null;
  /** Those that will be sent as things stand. */
  readonly reminders: readonly {
    readonly key: ReminderKey;
    readonly rule: RuleName;
    readonly dueAt: Instant;
  }[];
  readonly skipped: readonly {
    readonly key: ReminderKey;
    readonly rule: RuleName;
    readonly dueAt: Instant;
    readonly reason: SkipReason;
  }[];
  /** Those that were planned until now and are not wanted any more. */
  readonly dropped: readonly { readonly key: ReminderKey; readonly reason: DropReason }[];
}

/** What became of one webhook. `taken` and `ignored` are given only after what was learnt is durable. */
export type IntakeAnswer =
  | Taken
  /** Nothing that a person could see changed; what was learnt is durable. */
  | { readonly kind: 'ignored'; readonly reason: IgnoreReason }
  | { readonly kind: 'too_large'; readonly limitBytes: number }
  | { readonly kind: 'forged' }
  /** Authentic, but not what we understand, or what the policy could not plan; kept in quarantine before this is answered. */
  | { readonly kind: 'wrong_type'; readonly quarantineId: string }
  | {
      readonly kind: 'not_understood';
      readonly issues: readonly SchemaIssue[];
      readonly quarantineId: string;
    }
  /** Nothing was kept: the store is away, too many are waiting, or this host is stopping. */
  | { readonly kind: 'away'; readonly retryAfter: Duration };

/** What a post of delivery events answers. */
export type EventsAnswer =
  /** All of them are durable, those that changed nothing included. */
  | { readonly kind: 'taken'; readonly events: number }
  /** The mailer has no delivery events, or they are not set up. */
  | { readonly kind: 'not_configured' }
  | { readonly kind: 'too_large'; readonly limitBytes: number }
  | { readonly kind: 'forged' }
  | { readonly kind: 'not_understood'; readonly issues: readonly SchemaIssue[] }
  /** Some may not have been kept: they are harmless to repeat. */
  | { readonly kind: 'away'; readonly retryAfter: Duration };
