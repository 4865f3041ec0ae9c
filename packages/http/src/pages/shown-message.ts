// The words of one reminder: its mail as plain text with the way to its HTML, its text message with what it weighs.
import {
  type Channel,
  type Html,
  html,
  type InspectedReminder,
  type Inspection,
  segmentsInWords,
} from '@precall/core';
import type { Asked } from './frame.ts';
import { wayOf } from './way.ts';

/** The message by the way it went or goes, then the one by the other way, where a rule falls back. None that cannot be made. */
export function shownMessages(
  one: InspectedReminder,
  { id }: Inspection['booking'],
  to: Asked['to'],
): readonly (Html | null)[] {
  const shown = { mail: shownMail, sms: shownText };
  const way = wayOf(one);
  const other = way === 'mail' ? 'sms' : 'mail';
  const inPlace = summaryOfOther(one, other);
  return [shown[way](summaryOf(one.state)), inPlace === null ? null : shown[other](inPlace)];

  function shownMail(summary: string): Html | null {
    const { key, message } = one;
    if (!message) return null;
    return html`<details data-of="${key}"><summary>${summary}</summary>
<p><strong>${message.subject}</strong> <span class="quiet">to ${message.to}</span></p><pre>${message.text}</pre>
<p><a href="${to(['bookings', id, 'mail'], { key })}">As its reader sees it</a></p></details>`;
  }

  function shownText(summary: string): Html | null {
    const { key, text } = one;
    if (!text) return null;
    return html`<details data-of="${key} text"><summary>${summary}</summary>
<p><span class="quiet">to ${text.to}</span></p><pre>${text.text}</pre>
<p class="quiet">${segmentsInWords(text.text)}</p></details>`;
  }
}

function summaryOf(state: InspectedReminder['state']): string {
  if (state === 'sent') return 'The message, made again from what is known now';
  return isToCome(state) ? 'The message as it would be sent' : 'The message as it would have been sent';
}

/** Null: whoever looks has no use for it. */
function summaryOfOther({ state, attempts }: InspectedReminder, other: Channel): string | null {
  if (other === 'mail') return 'The mail in whose place the text went';
  if (attempts.some(({ channel }) => channel === other)) return 'The text in the place of the mail';
  return isToCome(state) ? 'The text that goes where the mail fails' : null;
}

function isToCome(state: InspectedReminder['state']): boolean {
  return state === 'planned' || state === 'sending';
}
