// The local mailbox, with a line in the journal for each reminder that arrived there, and how late it was.
import type { AttemptId, Clock, Mailer, Precall } from '@precall/core';
import { type Journal, timeOfDay } from './journal.ts';
import { reminderOf } from './scene.ts';

export function createWatchedMailer(
  mailer: Mailer,
  {
    journal,
    clock,
    bookings,
  }: {
    readonly journal: Pick<Journal, 'say'>;
    readonly clock: Pick<Clock, 'now'>;
    readonly bookings: Precall['bookings'];
  },
): Mailer {
  return {
    doubt: mailer.doubt,
    async send(message, call) {
      const sent = await mailer.send(message, call);
      if (sent.isOk()) void tell(call.attemptId, message.subject);
      return sent;
    },
  };

  async function tell(attemptId: AttemptId, subject: string): Promise<void> {
    const arrivedAt = clock.now();
    const known = await bookings({ page: { limit: 50, cursor: null } });
    const reminder = known.isOk() ? reminderOf({ attemptId }, known.value.items) : null;
    if (!reminder) return journal.say(`A mail arrived: ${subject}`);
    const { rule, recipient, dueAt } = reminder;
    const lateMs = arrivedAt.epochMilliseconds - dueAt.epochMilliseconds;
    journal.say(
      `Reminder ${rule} arrived at ${recipient}, ${lateMs} ms after its moment ${timeOfDay(dueAt)}: ${subject}`,
    );
  }
}
