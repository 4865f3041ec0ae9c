// The sentences of the pages: what a state, an entry of a history or an act's answer means to a person.
import {
  type BookingStatus,
  explain,
  type HistoryEntry,
  type Html,
  html,
  type InspectedReminder,
  type Inspection,
  type Instant,
  type Reason,
  type Refusal,
  type ReminderState,
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

/** What goes out next, and what did not go out and why: the first line of a booking's page. */
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
  return [...absent(booking), next ? nextUp(next) : html`Nothing more goes out.`, ...notSent(present)];

  function nextUp(one: InspectedReminder): Html {
    const { rule, state, dueAt, reason, name, recipient } = one;
    const who = `${name ?? recipient ?? 'somebody'}${wayOf(one) === 'sms' ? ' by text' : ''}`;
    if (state === 'sending') return html`The ${rule} reminder to ${who} is being sent.`;
    const held = reason ? ` It is held back for now: ${explain(reason)}` : '';
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
function notSent(reminders: readonly InspectedReminder[]): readonly Html[] {
  const bySentence = new Map<string, string[]>();
  for (const { rule, state, reason } of reminders) {
    const sentence = whyNot(state, reason);
    if (sentence === null) continue;
    const rules = bySentence.get(sentence) ?? [];
    bySentence.set(sentence, rules.includes(rule) ? rules : [...rules, rule]);
  }
  return [...bySentence].map(([sentence, rules]) => {
    const [one, isMany] = [listed(rules), rules.length > 1];
    return html`${one} ${isMany ? 'were' : 'was'} not sent: ${sentence}`;
  });
}

function whyNot(state: ReminderState, reason: Reason | null): string | null {
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
  write_crm: 'The CRM is written again.',
  suppress: 'Nothing is sent to this address or number any more.',
  lift: 'Messages go to this address or number again.',
  erase: 'This person was erased.',
  replay: 'The delivery was taken in.',
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
  no_such_delivery: 'No such delivery is in quarantine.',
  not_understood: 'The delivery is still not understood.',
  wrong_type: 'The delivery is still not understood: its content type is none that is taken.',
  too_large: 'The delivery is too large.',
  forged: 'The signature of the delivery is wrong.',
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

const happened: { readonly [what: string]: string } = {
  booked: 'Booked.',
  moved: 'Moved.',
  cancelled: 'Cancelled.',
  declined: 'Declined.',
  no_show: 'It became known that somebody did not come.',
  attended: 'It was said that somebody came after all.',
  updated: 'Something about the booking changed.',
  segment_read: 'The segment was read from the CRM.',
  consent_read: 'The CRM said whether this person may be texted.',
  reminder_sent: 'Reminder sent.',
  reminder_reported: 'The mail provider reported about a message.',
  reminder_dropped: 'Reminder dropped.',
  reminder_missed: 'Reminder missed.',
  reminder_refused: 'Reminder refused.',
  reminder_unknown: 'It is not known whether a reminder went out.',
  crm_written: 'CRM written.',
  crm_refused: 'The CRM refused a write.',
  calendar_written: 'Calendar written.',
  calendar_removed: 'Taken out of the calendar.',
  calendar_refused: 'The calendar refused a write.',
  quarantined: 'A delivery was not understood.',
  erased: 'A person was erased.',
  send_asked: 'Asked to send a reminder now.',
  replanned: 'The plan was derived again.',
  crm_write_asked: 'Asked to write the CRM again.',
  calendar_write_asked: 'Asked to write the calendar again.',
  attendance_confirmed: 'They said, by the link in a mail, that they will be there.',
  stopped_by_link: 'They stopped the mails by the link in one.',
  suppressed: 'Messages to an address or number of this person were stopped.',
  suppression_lifted: 'Messages to an address or number of this person were allowed again.',
  erasure_asked: 'Asked to erase a person.',
  replayed: 'A delivery was taken in again.',
};

/** Which reminder, why, and who did it, where the entry says so. */
export function historySentence({ what, detail }: HistoryEntry): string {
  const { key, reason, by, delivery, written } = detail;
  const rule = typeof key === 'string' ? (key.split('|')[2] ?? null) : null;
  const why = typeof reason === 'string' ? (refusalSentence(reason) ?? reason) : null;
  return [
    Object.hasOwn(happened, what) ? happened[what] : what,
    rule && `Rule ${rule}.`,
    typeof delivery === 'string' && `It said: ${delivery}.`,
    Array.isArray(written) && `${written.join(', ')}.`,
    why,
    typeof by === 'string' && `By ${by}.`,
  ]
    .filter(Boolean)
    .join(' ');
}
