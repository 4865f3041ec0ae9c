// What a visitor can make happen: a call is booked, moved, cancelled. Each goes through the webhook route, and is told.
import {
  type BookingId,
  bookingId,
  type Clock,
  counted,
  type Entropy,
  explain,
  Temporal,
} from '@precall/core';
import { lead } from './demonstration-policy.ts';
import { type Journal, timeOfDay } from './journal.ts';
import { bookedBody, cancelledBody, type DemoCall, movedBody, sampleGuest } from './sample-booking.ts';
import type { SendWebhook, WebhookAnswer } from './webhook-sender.ts';

export interface Story {
  book(): Promise<void>;
  move(): Promise<void>;
  cancel(): Promise<void>;
  /** The present call, and after it the ones it was moved from. */
  calls(): readonly DemoCall[];
}

export function createStory({
  send,
  clock,
  entropy,
  journal,
}: {
  readonly send: SendWebhook;
  readonly clock: Pick<Clock, 'now'>;
  readonly entropy: Pick<Entropy, 'id'>;
  readonly journal: Journal;
}): Story {
  let calls: readonly DemoCall[] = [];
  let booked = 0;

  return {
    calls: () => calls,
    async book() {
      booked += 1;
      const call = { ...newCall(), guest: guestNumber(booked) };
      calls = [call];
      journal.say(`${call.guest} books a call for ${timeOfDay(call.startAt)} (Cal.com's documented sample).`);
      tell(await send(bookedBody(call, call.bookedAt)));
    },
    async move() {
      const [from] = calls;
      if (!from) return journal.say('There is no call to move: book one first.');
      const call = { ...newCall(), guest: from.guest };
      calls = [call, ...calls];
      journal.say(`${call.guest} moves the call to ${timeOfDay(call.startAt)}.`);
      tell(await send(movedBody(call, call.bookedAt, { from })));
    },
    async cancel() {
      const [call] = calls;
      if (!call) return journal.say('There is no call to cancel: book one first.');
      journal.say(`${call.guest} cancels the call.`);
      tell(await send(cancelledBody(call, clock.now())));
    },
  };

  function newCall(): Omit<DemoCall, 'guest'> {
    const bookedAt = clock.now();
    return { uid: entropy.id(), bookedAt, startAt: bookedAt.add(lead) };
  }

  function tell({ status, body }: WebhookAnswer): void {
    const plan = (body.reminders ?? []).map(
      ({ rule, dueAt }) => `${rule} at ${timeOfDay(Temporal.Instant.from(dueAt))}`,
    );
    const why = body.reason ? explain(body.reason) : body.detail;
    journal.say(
      [`Webhook answered ${status} ${body.status ?? ''}`.trim(), plan.join(', ') || why]
        .filter(Boolean)
        .join(': '),
    );
    const reasons = new Set((body.dropped ?? []).map(({ reason }) => reason));
    for (const reason of reasons) {
      const count = (body.dropped ?? []).filter((one) => one.reason === reason).length;
      journal.say(`${counted(count, 'reminder')} dropped. ${explain(reason)}`);
    }
  }
}

/** The id under which Precall keeps the call. */
export function bookingOf({ uid }: DemoCall): BookingId {
  return bookingId('calcom', uid);
}

/** The sample's guest; a further booking is another guest's, so that each has a contact of its own. */
function guestNumber(count: number): string {
  return count === 1 ? sampleGuest : sampleGuest.replace('@', `-${count}@`);
}
