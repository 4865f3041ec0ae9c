// The sentences of the pages: what a state or an act's answer means to a person.
import {
  type BookingStatus,
  explain,
  type Html,
  html,
  type Instant,
  type Reason,
  type Refusal,
} from '@precall/core';
import type { Moments } from './moments.ts';

export const statusWords: { readonly [S in BookingStatus]: string } = {
  agreed: 'booked',
  awaiting: 'awaiting confirmation',
  cancelled: 'cancelled',
  declined: 'declined',
  superseded: 'moved',
  ended: 'over',
  unknown: 'not known',
};

export const actWords = {
  send_now: 'The reminder was sent.',
  drop: 'The reminder was dropped.',
  no_show: 'This person did not come: that is noted.',
  came: 'This person came: that is noted.',
  replan: 'The plan was derived again.',
  write_crm: 'The CRM is written again, and the calendar where one is kept.',
  suppress: 'Nothing is sent to this address or number any more.',
  lift: 'Messages go to this address or number again.',
  erase: 'This person was erased.',
  replay: 'The webhook was taken in.',
} as const;
export type ActName = keyof typeof actWords;

export function isActName(text: string): text is ActName {
  return Object.hasOwn(actWords, text);
}

/** Those of the desk, and of a replay. */
const refusals = {
  no_such_booking: 'No such booking is known.',
  no_such_reminder: 'No such reminder is planned any more.',
  no_such_person: 'This person is not on the booking.',
  not_begun: 'The call has not begun.',
  already_sent: 'It was sent already.',
  being_sent: 'It is being sent, or it is not known yet what became of it.',
  changed_meanwhile: 'Something else changed it at the same time. Look again.',
  no_crm: 'No CRM is configured.',
  no_such_delivery: 'No such webhook is in quarantine.',
  not_understood: 'The webhook is still not understood.',
  wrong_type: 'The webhook is still not understood: its content type is none that is taken.',
  too_large: 'The webhook is too large.',
  forged: 'The signature of the webhook is wrong.',
  away: 'Nothing can be taken in at the moment.',
} as const satisfies { readonly [R in Exclude<Refusal, Reason>]: string } & {
  readonly [more: string]: string;
};

/** Null: no refusal of ours. The text may come from anywhere. */
export function refusalSentence(text: string): string | null {
  if (Object.hasOwn(refusals, text)) return refusals[text as keyof typeof refusals];
  const sentence: unknown = /^[a-z_]+$/.test(text) && text !== 'constructor' ? explain(text as Reason) : null;
  return typeof sentence === 'string' ? sentence : null;
}

/** The answer to an act, as the page that follows it says. */
export function answerTo(query: URLSearchParams): Html | null {
  const did = query.get('did') ?? '';
  const refused = refusalSentence(query.get('refused') ?? '');
  if (refused) return html`<p class="answer refused" role="alert">Not done: ${refused}</p>`;
  return isActName(did) ? html`<p class="answer" role="status">${actWords[did]}</p>` : null;
}

/** Of a reminder that falls due before the moment its rule asks for. */
export function movedWords(movedFrom: Instant, moments: Moments): Html {
  return html`Quiet hours moved it from ${moments.exact(movedFrom)}.`;
}

/** Why an address or number gets nothing, after a colon. */
export function stoppedWords(why: string): string {
  return stops.get(why) ?? why;
}

const stops: ReadonlyMap<string, string> = new Map([
  ['operator', 'an operator stopped them'],
  ['link', 'they asked for none, by the link in a mail'],
  ['stop', 'they answered STOP'],
  ['unsubscribed', 'they asked for none, at the mail provider'],
  ['complained', 'they called one spam'],
  ['bounced', 'the address does not take them'],
  ['dropped', 'the mail provider sends nothing to this address'],
]);
