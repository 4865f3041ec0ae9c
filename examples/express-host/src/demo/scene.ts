// Everything there is to see at one moment.
import type { Mailbox, MailboxMessage } from '@precall/adapter-embedded';
import type { BookingView, Instant, Precall, ReminderView } from '@precall/core';
import { readAddressBookEntry } from './address-book-entry.ts';
import type { SwitchedCrm } from './crm-switch.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { bookingOf, type Story } from './story.ts';

export interface SceneCall extends BookingView {
  /** When the visitor booked it, or moved it here: known also where nobody agrees to the call any more. */
  readonly bookedAt: Instant;
}

export interface SceneMail {
  readonly message: MailboxMessage;
  readonly reminder: ReminderView | null;
}

export interface Scene {
  /** The present call, and after it the ones it was moved from. */
  readonly calls: readonly SceneCall[];
  readonly contact: {
    readonly email: string;
    /** As the CRM holds them; null: it does not know the person yet. */
    readonly fields: { readonly [property: string]: unknown } | null;
    readonly isPending: boolean;
  } | null;
  /** Newest first. */
  readonly mails: readonly SceneMail[];
  readonly crmIsAway: boolean;
  readonly entries: readonly JournalEntry[];
}

export type ReadScene = () => Promise<Scene>;

const mailsShown = 20;
/** More than anybody books here in one sitting. */
export const bookingsRead = 50;

export function createSceneReader({
  precall,
  story,
  mailbox,
  crm,
  journal,
  folder,
}: {
  readonly precall: Pick<Precall, 'bookings'>;
  readonly story: Pick<Story, 'calls'>;
  readonly mailbox: Pick<Mailbox, 'list'>;
  readonly crm: Pick<SwitchedCrm, 'isAway'>;
  readonly journal: Pick<Journal, 'entries'>;
  readonly folder: string;
}): ReadScene {
  return async () => {
    const [call] = story.calls();
    const [bookings, messages, entry] = await Promise.all([
      precall.bookings({ page: { limit: bookingsRead, cursor: null } }),
      mailbox.list({ limit: mailsShown, cursor: null }),
      call ? readAddressBookEntry(folder, call.guest) : null,
    ]);
    const known = bookings.isOk() ? bookings.value.items : [];
    const calls = story.calls().flatMap((one) => {
      const booking = known.find(({ id }) => id === bookingOf(one));
      return booking ? [{ ...booking, bookedAt: one.bookedAt }] : [];
    });
    const contactState = calls[0]?.crm?.contact.state ?? 'pending';
    return {
      calls,
      contact: call
        ? { email: call.guest, fields: entry?.fields ?? null, isPending: contactState === 'pending' }
        : null,
      mails: (messages.isOk() ? messages.value.items : []).map((message) => ({
        message,
        reminder: reminderOf(message, known),
      })),
      crmIsAway: crm.isAway(),
      entries: journal.entries(),
    };
  };
}

/** The reminder that a message is an attempt at. */
export function reminderOf(
  { attemptId }: Pick<MailboxMessage, 'attemptId'>,
  bookings: readonly BookingView[],
): ReminderView | null {
  const reminders = bookings.flatMap((booking) => booking.reminders);
  return reminders.find(({ attempts }) => attempts.some(({ id }) => id === attemptId)) ?? null;
}
