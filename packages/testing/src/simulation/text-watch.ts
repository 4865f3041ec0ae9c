// The oracle's eye on text messages (invariant 28): only to the number of somebody who consented, whose zone is known, at
// the documented hours there, and not after its owner said stop.
import type { TextMessage } from '@precall/core';
import { isTextingHour, type ReadReminder } from './reading-reminders.ts';
import { channelOf, type KeptAttempt, type KeptEntry } from './records.ts';

export interface TextWatch {
  /** The owner's stop was answered for. */
  stopped(number: string): void;
  /** The owner is about to take it back. */
  startsAgain(number: string): void;
  /** Gives what is wrong with this text; null: nothing. `numbers`: those that some reading of the booking allows, if any was looked at. */
  objection(
    message: TextMessage,
    claim: { readonly numbers: ReadonlySet<string>; readonly atMs: number },
  ): string | null;
  /** What a restored store knows nothing of. */
  forget(): void;
}

const badNews: ReadonlySet<string | null> = new Set(['bounced', 'dropped']);

/** Whether an attempt brought nothing to anybody: a mail that was taken, and came back. */
export function cameBack(attempt: KeptAttempt): boolean {
  return channelOf(attempt) === 'mail' && attempt.outcome === 'accepted' && badNews.has(attempt.delivery);
}

/** Whether a mail was refused for good, or came back; who was texted since is not mailed again. */
export function cameToNothing({ final, attempts }: KeptEntry): boolean {
  return (
    final?.reason === 'mailer_rejected' || attempts.some((one) => cameBack(one) || channelOf(one) === 'sms')
  );
}

/** Whether this reminder may be claimed to go this way at this moment. `mailFails`: that is known of their mail. */
export function mayGoBy(
  attempt: KeptAttempt,
  { channel, number, zone }: ReadReminder,
  mailFails: boolean,
): boolean {
  if (channelOf(attempt) === 'mail') return channel === 'mail';
  return channel === 'sms' || (number !== null && mailFails && isTextingHour(attempt.at, zone));
}

export function watchTexts(nowMs: () => number): TextWatch {
  const stops = new Map<string, number>();
  return {
    stopped: (number) => void stops.set(number, nowMs()),
    startsAgain: (number) => void stops.delete(number),
    objection({ to }, { numbers, atMs }) {
      if (atMs > (stops.get(to) ?? Infinity)) return 'goes to a number whose owner had said stop';
      return numbers.size > 0 && !numbers.has(to) ? `goes to ${to}, which is not theirs` : null;
    },
    forget: () => stops.clear(),
  };
}
