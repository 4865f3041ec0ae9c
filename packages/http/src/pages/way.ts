// By which way a reminder goes, and what became of it: each in one word.
import { type Channel, type Html, html, type ReminderView } from '@precall/core';

type Sent = Pick<ReminderView, 'state' | 'attempts' | 'channel'>;

/** The way in which a message goes. */
export const channelWords: { readonly [C in Channel]: string } = { mail: 'mail', sms: 'text' };

/** The way in which it went in the end, else the one in which it is meant to go. */
export function wayOf({ channel, attempts }: Omit<Sent, 'state'>): Channel {
  return attempts.findLast(({ outcome }) => outcome === 'accepted')?.channel ?? channel;
}

/** That way, as it stands beside a rule's name. */
export function wayChip(one: Omit<Sent, 'state'>): Html {
  return channelChip(wayOf(one));
}

export function channelChip(channel: Channel): Html {
  return html`<span class="way">${channelWords[channel]}</span>`;
}

/** What the operator sees of a reminder, in one word. */
export function stateWord(one: Sent): string {
  const way = wayOf(one);
  const reported = one.attempts.findLast(({ delivery, channel }) => delivery !== null && channel === way);
  return one.state === 'sent' ? (reported?.delivery ?? one.state) : one.state;
}
