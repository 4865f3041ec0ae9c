// The sentences of the pages: what a state or an act's answer means to a person.
import {
  type BookingStatus,
  explain,
  type Html,
  html,
  type InspectedReminder,
  type Inspection,
  type Instant,
  type Reason,
  type Refusal,
} from '@precall/core';
import type { Moments } from './moments.ts';
import { wayOf } from './way.ts';

export const statusWords: { readonly [S in BookingStatus]: string } = {
  agreed: 'booked',
  awaiting: 'awaiting confirmation',
  cancelled: 'cancelled',
  declined: 'declined',
  superseded: 'moved',
  ended: 'over',
  unknown: 'not known',
};

/** What did not go out and why, then what goes out next: the first lines of a booking's page. */
export function headline(
  { booking, reminders }: Inspection,
  { moments, now }: { readonly moments: Moments; readonly now: Instant },
): readonly Html[] {
  const present = reminders.filter(
    ({ startAt }) => startAt.epochMilliseconds === booking.startAt?.epochMilliseconds,
  );
  if (present.length === 0) return [html`${nothingPlanned[booking.status]}`];
  const [next] = present
    .filter(({ state }) => state === 'planned' || state === 'sending')
    .sort((a, b) => a.dueAt.epochMilliseconds - b.dueAt.epochMilliseconds);
  return [...absent(booking), ...notSent(present, now), next ? nextUp(next) : html`Nothing more goes out.`];

  function nextUp(one: InspectedReminder): Html {
    const { rule, state, dueAt, reason, name, recipient } = one;
    const who = `${name ?? recipient ?? 'somebody'}${wayOf(one) === 'sms' ? ' by text' : ''}`;
    if (state === 'sending') return html`The ${rule} reminder to ${who} is being sent.`;
    const held = reason ? ` It is held back for now: ${afterColon(explain(reason))}` : '';
    if (dueAt.epochMilliseconds <= now.epochMilliseconds)
      return html`The ${rule} reminder to ${who} is due and goes out next.${held}`;
    return html`Next, the ${rule} reminder goes to ${who}: ${moments.beside(dueAt, now)}.${held}`;
  }
}

/** What matters most of a call that is over. */
function absent({ attendees }: Inspection['booking']): readonly Html[] {
  const names = attendees.flatMap(({ came, name, email }) =>
    came === false ? [name ?? email ?? 'Somebody'] : [],
  );
  return names.length === 0 ? [] : [html`${listed(names)} did not come.`];
}

/** One sentence for all that share their reason. */
function notSent(reminders: readonly InspectedReminder[], now: Instant): readonly Html[] {
  const bySentence = new Map<string, InspectedReminder[]>();
  for (const one of reminders) {
    const sentence = whyNot(one);
    if (sentence === null) continue;
    bySentence.set(sentence, [...(bySentence.get(sentence) ?? []), one]);
  }
  return [...bySentence].map(([sentence, alike]) => {
    const rules = [...new Set(alike.map(({ rule }) => rule))];
    const [word, was] = rules.length > 1 ? ['reminders', 'were'] : ['reminder', 'was'];
    const isAhead = alike.every(({ dueAt }) => dueAt.epochMilliseconds > now.epochMilliseconds);
    return html`The ${listed(rules)} ${word} ${isAhead ? 'will not be' : `${was} not`} sent: ${afterColon(sentence)}`;
  });
}

function afterColon(sentence: string): string {
  return `${sentence.slice(0, 1).toLowerCase()}${sentence.slice(1)}`;
}

function whyNot({ state, reason }: InspectedReminder): string | null {
  if (state === 'planned' || state === 'sending' || state === 'sent') return null;
  return reason ? explain(reason) : 'No reason is known.';
}

function listed(words: readonly string[]): string {
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : (words[0] ?? '');
}

const nothingPlanned: { readonly [S in BookingStatus]: string } = {
  agreed: 'Nothing goes out: no rule of the policy asks for a reminder of this call.',
  awaiting: 'Nothing goes out: the call is not confirmed.',
  cancelled: 'Nothing goes out: the call was cancelled.',
  declined: 'Nothing goes out: the call was declined.',
  superseded: 'Nothing goes out: the call was moved to another time.',
  ended: 'Nothing went out: no rule of the policy asked for a reminder of this call.',
  unknown: 'Nothing goes out: the booking itself was never told, only that something changed about it.',
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
