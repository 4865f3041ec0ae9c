// The messages of every rule for a call that nobody booked, as they would be sent.
import type { Instant, Message, Policy, RuleName } from '@precall/core';
import { createDrawingBoard } from './drawing-board.ts';
import { sampleWebhook } from './sample-webhook.ts';

export interface SampleMessage {
  readonly rule: RuleName;
  readonly message: Message;
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
  const board = createDrawingBoard({ policy, now });
  const said = { uid: 'sample', name: 'Ada Lovelace', ...told };
  const booking = await board.take(sampleWebhook('BOOKING_CREATED', { ...said, saidAt: now }));
  // What is said to somebody who did not come, too, where the policy says something.
  const overAt = call.startAt.add({ hours: 1 });
  await board.take(sampleWebhook('BOOKING_NO_SHOW_UPDATED', { ...said, saidAt: overAt }));
  const { reminders } = await board.inspect(booking);
  return reminders.flatMap(({ rule, message }) => (message ? [{ rule, message }] : []));
}
