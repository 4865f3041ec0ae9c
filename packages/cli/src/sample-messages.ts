// The messages of every rule for a call that nobody booked, as they would be sent.
import type { Instant, Message, Policy, RuleName, TextMessage } from '@precall/core';
import { createDrawingBoard } from './drawing-board.ts';
import { type Moved, movedByQuiet } from './moved-by-quiet.ts';
import { consentQuestion, sampleWebhook } from './sample-webhook.ts';

/** Both where the text goes in the place of a mail that fails. */
export interface SampleMessage {
  readonly rule: RuleName;
  readonly mail: Message | null;
  readonly text: TextMessage | null;
  readonly dueAt: Instant;
  /** By quiet hours; null: it is due when its rule says. */
  readonly moved: Moved | null;
}

/** In the order in which they fall due. A rule without one has no text for such a call, and is left out. */
export async function sampleMessages(
  policy: Policy,
  call: {
    readonly now: Instant;
    readonly startAt: Instant;
    readonly timeZone: string;
    readonly locale: string;
    readonly email: string;
  },
): Promise<readonly SampleMessage[]> {
  const { now, ...told } = call;
  const board = createDrawingBoard({ policy, now, consentField: consentQuestion });
  const said = { uid: 'sample', name: 'Ada Lovelace', textedAt: '+14155550100', ...told };
  const booking = await board.take(sampleWebhook('BOOKING_CREATED', { ...said, saidAt: now }));
  // What is said to somebody who did not come, too, where the policy says something.
  const overAt = call.startAt.add({ hours: 1 });
  await board.take(sampleWebhook('BOOKING_NO_SHOW_UPDATED', { ...said, saidAt: overAt }));
  const { reminders } = await board.inspect(booking);
  // All mails to the one address, those to the host too.
  return reminders.flatMap((one) => {
    const { rule, message, text, dueAt } = one;
    const mail = message && { ...message, to: call.email };
    return mail || text ? [{ rule, mail, text, dueAt, moved: movedByQuiet(one, policy) }] : [];
  });
}
