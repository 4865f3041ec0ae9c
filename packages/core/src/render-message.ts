// From a reminder and its facts to the message: the words are made at the moment of sending, never before.
import type { BookingCase } from './booking-record.ts';
import type { MailFacts } from './content.ts';
import { oneLine } from './html.ts';
import { invariant } from './invariant.ts';
import type { Message } from './ports.ts';
import { Err, Ok, type Result } from './result.ts';

/** Err, with a sentence, when the text could not be made: a fault of the content, not of the booking. */
export function renderMessage(
  { reminder, facts, policy }: BookingCase,
  words: MailFacts,
): Result<Message, string> {
  const details = facts.people[reminder.recipient]?.details?.value;
  invariant(details?.email, 'a reminder that may be sent has an address');
  const { render } = reminder.rule.content ?? policy.content;
  try {
    const { subject, text, html } = render(words);
    const toName = oneLine(details.name ?? '', 100) || null;
    const unsubscribe = words.answers && { unsubscribe: words.answers.stop };
    return Ok({ to: details.email, toName, subject: oneLine(subject), text, html, ...unsubscribe });
  } catch {
    return Err(`The text of rule "${reminder.rule.name}" could not be made.`);
  }
}
