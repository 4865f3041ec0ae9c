// The words of one message: a mail as plain text with the way to its HTML, a text message with what it weighs.
import { type Html, html, type InspectedReminder, type Inspection, segmentsInWords } from '@precall/core';
import type { Asked } from './frame.ts';

/** Null: it cannot be made any more, or not yet. */
export function shownMessage(
  { state, key, message, text }: InspectedReminder,
  { id }: Inspection['booking'],
  to: Asked['to'],
): Html | null {
  const whole = message ?? text;
  if (!whole) return null;
  const under = message
    ? html`<p><a href="${to(['bookings', id, 'mail'], { key })}">As its reader sees it</a></p>`
    : html`<p class="quiet">${segmentsInWords(whole.text)}</p>`;
  return html`<details data-of="${key}"><summary>${summaryOf(state)}</summary>
<p>${message ? html`<strong>${message.subject}</strong> ` : null}<span class="quiet">to ${whole.to}</span></p><pre>${whole.text}</pre>
${under}</details>`;
}

function summaryOf(state: InspectedReminder['state']): string {
  if (state === 'sent') return 'The message, made again from what is known now';
  const isToCome = state === 'planned' || state === 'sending';
  return isToCome ? 'The message as it would be sent' : 'The message as it would have been sent';
}
