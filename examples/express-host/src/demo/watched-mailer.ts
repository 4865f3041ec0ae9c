// The local mailbox, with a line in the journal for each reminder that arrived there, and how late it was.
import type { Mailbox } from '@precall/adapter-embedded';
import type { AttemptId, Mailer, Precall } from '@precall/core';
import { type Journal, timeOfDay } from './journal.ts';
import { bookingsRead, reminderOf } from './scene.ts';

export function createWatchedMailer(
  mailbox: Mailbox,
  { journal, bookings }: { readonly journal: Pick<Journal, 'say'>; readonly bookings: Precall['bookings'] },
): Mailer {
  return {
    doubt: mailbox.doubt,
    async send(message, call) {
      const sent = await mailbox.send(message, call);
      if (sent.isOk()) void tell(call.attemptId);
      return sent;
    },
  };

  /** As the mailbox and the booking have it: nothing here is remembered from the sending. */
  async function tell(attemptId: AttemptId): Promise<void> {
    const [mails, known] = await Promise.all([
      mailbox.list({ limit: 20, cursor: null }),
      bookings({ page: { limit: bookingsRead, cursor: null } }),
    ]);
    const mail = mails.isOk() ? mails.value.items.find((one) => one.attemptId === attemptId) : null;
    const reminder = known.isOk() ? reminderOf({ attemptId }, known.value.items) : null;
    if (!mail || !reminder) return journal.say('A mail arrived, and what it belongs to cannot be read.');
    const { rule, dueAt } = reminder;
    const lateMs = mail.at.epochMilliseconds - dueAt.epochMilliseconds;
    journal.say(`Reminder ${rule} (${timeOfDay(dueAt)}) arrived ${lateMs} ms late: “${mail.subject}”`);
  }
}
