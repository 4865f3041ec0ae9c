// From a reminder and its facts to the message, and to whoever sends such messages. The words are made at the moment of
// sending, never before.
import type { BookingCase } from './booking-record.ts';
import { addressOf, ownId } from './channel.ts';
import type { MailFacts } from './content.ts';
import { oneLine } from './html.ts';
import { type AttemptId, type BookingId, type RecipientId, theHost } from './ids.ts';
import { invariant } from './invariant.ts';
import type { Attempt } from './ledger-types.ts';
import { isToHost } from './plan.ts';
import type { Channel, Mailer, Message, SendCall, Sender, Texter, TextMessage } from './ports.ts';
import type { FactsBehind } from './reminder-file.ts';
import { Err, Ok, type Result } from './result.ts';
import { withinReason } from './retry-after.ts';
import { answersIn, type SignedLinks } from './signed-links.ts';
import { contentFor } from './texts.ts';

/** Whoever sends, by channel. */
export interface Senders {
  readonly mail: Mailer;
  readonly sms?: Texter | undefined;
}

export type Outgoing =
  | { readonly channel: 'mail'; readonly message: Message }
  | { readonly channel: 'sms'; readonly message: TextMessage };

/** What can be known of a channel's sends. Of a texter that was taken away since: nothing. */
export function senderOf(senders: Senders, channel: Channel): Pick<Sender<never>, 'doubt' | 'find'> {
  return channel === 'mail' ? senders.mail : (senders.sms ?? takenAway);
}

const takenAway: Pick<Sender<never>, 'doubt'> = { doubt: 'silent' };

export async function sendBy(
  senders: Senders,
  outgoing: Outgoing,
  call: SendCall,
): ReturnType<Mailer['send']> {
  const sent = await (outgoing.channel === 'mail'
    ? senders.mail.send(outgoing.message, call)
    : texterOf(senders).send(outgoing.message, call));
  return sent.mapErr(withinReason);
}

/** Throws where there is none, which only a function that gives rules can come to. */
export function texterOf({ sms }: Senders): Texter {
  invariant(sms, 'a rule that goes by sms has a texter: give createPrecall its `texter`');
  return sms;
}

/** The mark of an attempt by this channel, as the ledger keeps it. */
export function markOf({ reminder, facts }: BookingCase, channel: Channel): Attempt['by'] {
  const address = addressOf(facts, reminder.recipient, channel);
  const isPlain = channel === 'mail' && reminder.recipient !== theHost;
  return isPlain || !address ? undefined : { channel, to: address.id };
}

/** Whose records count a message that bears this mark. */
export function countedFor(
  { reminder: { recipient } }: BookingCase,
  by: Attempt['by'],
): readonly RecipientId[] {
  if (!by) return [recipient];
  return recipient === theHost ? [by.to] : [recipient, by.to];
}

/** What the message of one attempt carries besides its words. */
export interface Carried {
  readonly links: SignedLinks | null;
  readonly attempt: AttemptId;
  readonly booking: BookingId;
  readonly behind: FactsBehind;
}

/** The message of one attempt, with its links and its calendar file. Err as of `renderMessage`. */
export function messageOf(
  one: BookingCase,
  { channel, facts }: { readonly channel: Channel; readonly facts: MailFacts },
  { links, attempt, booking, behind }: Carried,
): Result<Outgoing, string> {
  const recipient = ownId(one.facts, one.reminder.recipient);
  const act = isToHost(one.reminder.rule) ? 'who_came' : 'attend';
  const made = renderMessage(one, channel, {
    ...facts,
    answers: answersIn(links, { recipient, attempt, act }),
  });
  return made.andThen((outgoing) => withFile(outgoing, one, { booking, behind }));
}

function withFile(
  outgoing: Outgoing,
  { reminder, policy, now }: BookingCase,
  { booking: id, behind: bookings }: Pick<Carried, 'booking' | 'behind'>,
): Result<Outgoing, string> {
  if (outgoing.channel !== 'mail' || !policy.calendarFile) return Ok(outgoing);
  try {
    const calendar = policy.calendarFile({ id, bookings, recipient: reminder.recipient, now });
    return Ok(calendar ? { channel: 'mail', message: { ...outgoing.message, calendar } } : outgoing);
  } catch {
    return Err(`The calendar file of rule "${reminder.rule.name}" could not be made.`);
  }
}

/** Err, with a sentence, when the text could not be made: a fault of the content, not of the booking. */
export function renderMessage(
  one: BookingCase,
  channel: Channel,
  words: MailFacts,
): Result<Outgoing, string> {
  const { reminder, facts } = one;
  const found = addressOf(facts, reminder.recipient, channel);
  invariant(found, 'a reminder that may be sent has an address');
  try {
    return Ok(
      channel === 'mail'
        ? { channel, message: mailTo(found.address, one, words) }
        : { channel, message: textTo(found.address, one, words) },
    );
  } catch {
    return Err(`The text of rule "${reminder.rule.name}" could not be made.`);
  }
}

function mailTo(to: string, { reminder, policy }: BookingCase, words: MailFacts): Message {
  const { subject, text, html } = contentFor(reminder.rule, reminder.recipient, policy).render(words);
  const toName = oneLine(words.name ?? '', 100) || null;
  const unsubscribe = words.answers && { unsubscribe: words.answers.stop };
  return { to, toName, subject: oneLine(subject), text, html, ...unsubscribe };
}

function textTo(to: string, { reminder, policy }: BookingCase, words: MailFacts): TextMessage {
  return { to, text: (reminder.rule.textContent ?? policy.textContent).render(words).trim() };
}
