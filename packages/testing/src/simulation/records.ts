// Records as they lie in the store: the documented JSON, read without core.
import type { Stored } from '@precall/core';
import type { Said } from './delivery-events.ts';

export interface KeptAttempt {
  readonly id: string;
  readonly at: number;
  readonly startBy: number;
  readonly leaseUntil: number;
  readonly outcome: 'accepted' | 'refused' | 'released' | 'unknown' | null;
  readonly delivery: Said | null;
  /** Absent: by mail, to the recipient. */
  readonly by?: { readonly channel: 'mail' | 'sms'; readonly to: string };
}

export function channelOf({ by }: KeptAttempt): 'mail' | 'sms' {
  return by?.channel ?? 'mail';
}

export function isText(attempt: KeptAttempt): boolean {
  return channelOf(attempt) === 'sms';
}

export interface KeptEntry {
  readonly rule: string;
  readonly recipient: string;
  readonly attempts: readonly KeptAttempt[];
  readonly final: { readonly state: string; readonly reason: string; readonly at: number } | null;
  readonly retryAt: number | null;
}

export interface KeptBooking {
  readonly uid: string;
  readonly facts: {
    readonly time: { readonly value: { readonly startAt: number; readonly endAt: number } } | null;
    readonly about: { readonly value: { readonly eventType: string | null } } | null;
    readonly cancelled: object | null;
    readonly replacedBy: { readonly [id: string]: { readonly allAt: number | null } };
    readonly people: {
      readonly [rid: string]: {
        readonly details: { readonly value: { readonly email: string | null } } | null;
      };
    };
  };
  readonly ledger: { readonly [key: string]: KeptEntry };
}

/** Each version is read when it is written and again when it is replaced. */
const lately = new WeakMap<Stored, KeptBooking>();

export function keptBooking(stored: Stored | null): KeptBooking | null {
  if (stored?.kind !== 'booking') return null;
  const known = lately.get(stored);
  if (known) return known;
  const kept = readBooking(stored);
  lately.set(stored, kept);
  return kept;
}

function readBooking(stored: Stored): KeptBooking {
  return { uid: uidOf(stored.id), ...JSON.parse(stored.body) };
}

/** Why nothing more goes to an address, by the id of whoever has it; null: it is no such record, or nothing is known. */
export function keptWish(stored: Stored | null): { readonly owner: string; readonly why: string } | null {
  if (stored?.kind !== 'person') return null;
  const { suppressed } = JSON.parse(stored.body) as { readonly suppressed?: { readonly why: string } | null };
  return suppressed ? { owner: stored.id.slice('person:'.length), why: suppressed.why } : null;
}

export interface ReminderName {
  readonly uid: string;
  readonly startMs: number;
  readonly rule: string;
  readonly recipient: string;
}

/** Of a booking's id, or of its record's: `booking:<source>:<uid>`. */
export function uidOf(id: string): string {
  return id.split(':').at(-1) ?? '';
}

/** `<source>:<uid>|<start>|<rule>|<recipient id>` */
export function reminderName(key: string): ReminderName {
  const [booking = '', start = '', rule = '', recipient = ''] = key.split('|');
  return { uid: uidOf(booking), startMs: Date.parse(start), rule, recipient };
}
