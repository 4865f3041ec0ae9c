// The first lines of a booking's page: whether its messages went out and, where not, why.
import {
  type BookingStatus,
  explain,
  type Html,
  html,
  type InspectedReminder,
  type Inspection,
  type Instant,
} from '@precall/core';
import type { Moments } from './moments.ts';
import { stateWord, wayOf } from './way.ts';
import { stoppedWords } from './words.ts';

/** What the moments on a page are shown by. */
interface Shown {
  readonly moments: Moments;
  readonly now: Instant;
}

/** What did not go out and why, what went out, and what goes out next. */
export function headline(inspection: Inspection, shown: Shown): readonly Html[] {
  const { booking, reminders } = inspection;
  const present = reminders.filter(
    ({ startAt }) => startAt.epochMilliseconds === booking.startAt?.epochMilliseconds,
  );
  if (present.length === 0) return [html`${nothingPlanned[booking.status]}`];
  const [next] = present
    .filter(({ state }) => state === 'planned' || state === 'sending')
    .sort((a, b) => a.dueAt.epochMilliseconds - b.dueAt.epochMilliseconds);
  return [
    ...absent(booking),
    ...notSent(present, inspection, shown),
    ...wentOut(present, shown),
    next ? nextUp(next, shown) : html`Nothing more goes out.`,
  ];
}

/** The sentence for its reason; of a person who gets no messages, what stopped them and when. */
export function reasonWords(
  { reason, recipient, dueAt }: InspectedReminder,
  { suppressed }: Inspection,
  { moments }: Pick<Shown, 'moments'>,
): string | null {
  const stop = reason === 'suppressed' && suppressed.find(({ email }) => email === recipient);
  // One that came later is not why this one did not go.
  if (!stop || stop.at.epochMilliseconds > dueAt.epochMilliseconds) return reason && explain(reason);
  const since = `${moments.weekday(stop.at)} ${moments.day(stop.at)}, ${moments.time(stop.at)}`;
  return `From ${since} on this person gets no messages: ${stoppedWords(stop.why)}.`;
}

function nextUp(one: InspectedReminder, { moments, now }: Shown): Html {
  const { rule, state, dueAt, reason } = one;
  const who = `${one.name ?? one.recipient ?? 'somebody'}${wayOf(one) === 'sms' ? ' by text' : ''}`;
  if (state === 'sending') return html`The ${rule} reminder to ${who} is being sent.`;
  const held = reason ? ` It is held back for now: ${afterColon(explain(reason))}` : '';
  if (isOver(dueAt, now)) return html`The ${rule} reminder to ${who} is due and goes out next.${held}`;
  return html`Next, the ${rule} reminder goes to ${who}: ${moments.beside(dueAt, now)}.${held}`;
}

/** What matters most of a call that is over. */
function absent({ attendees }: Inspection['booking']): readonly Html[] {
  const names = attendees.flatMap(({ came, name, email }) =>
    came === false ? [name ?? email ?? 'Somebody'] : [],
  );
  return names.length === 0 ? [] : [html`${listed(names)} did not come.`];
}

/** One sentence for all that share their reason. */
function notSent(
  reminders: readonly InspectedReminder[],
  inspection: Inspection,
  shown: Shown,
): readonly Html[] {
  const unsent = reminders.filter(({ state }) => !['planned', 'sending', 'sent'].includes(state));
  const alike = groupedBy(unsent, (one) => reasonWords(one, inspection, shown) ?? 'No reason is known.');
  return alike.map(([why, group]) => {
    const past = group.filter(({ dueAt }) => isOver(dueAt, shown.now));
    const ahead = group.filter(({ dueAt }) => !isOver(dueAt, shown.now));
    const said = [
      ...(past.length > 0 ? [`the ${rulesOf(past)} ${wasOrWere(past)} not sent`] : []),
      ...(ahead.length > 0 ? [`the ${rulesOf(ahead)} will not be${past.length > 0 ? '' : ' sent'}`] : []),
    ].join(', and ');
    return html`${said.replace('the', 'The')}: ${afterColon(why)}`;
  });
}

/** What a provider reported of a message is part of whether it went out. */
function wentOut(reminders: readonly InspectedReminder[], { moments }: Shown): readonly Html[] {
  const sent = reminders.flatMap((one) => {
    const at = one.attempts.findLast(({ outcome }) => outcome === 'accepted')?.at;
    return one.state === 'sent' && at ? [{ ...one, at }] : [];
  });
  return groupedBy(sent, stateWord).map(([word, group]) => {
    const [latest] = group.map(({ at }) => at).sort((a, b) => b.epochMilliseconds - a.epochMilliseconds);
    const last = group.length > 1 ? 'the last ' : '';
    return html`The ${rulesOf(group)} ${wasOrWere(group)} ${outcomeWords.get(word) ?? word}, ${last}${latest ? moments.exact(latest) : null}.`;
  });
}

const outcomeWords: ReadonlyMap<string, string> = new Map([
  ['delivered', 'sent and delivered'],
  ['blocked', 'sent and turned away, not because of the address'],
  ['bounced', 'sent and came back from the address'],
  ['dropped', 'handed over, and the provider did not send it'],
  ['complained', 'delivered and called spam'],
  ['unsubscribed', 'delivered, and its reader asked for no more'],
]);

function groupedBy<T>(all: readonly T[], wordOf: (one: T) => string): readonly (readonly [string, T[]])[] {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(wordOf(one), [...(groups.get(wordOf(one)) ?? []), one]);
  return [...groups];
}

function isOver(moment: Instant, now: Instant): boolean {
  return moment.epochMilliseconds <= now.epochMilliseconds;
}

const rulesIn = (reminders: readonly InspectedReminder[]) => [...new Set(reminders.map(({ rule }) => rule))];

function rulesOf(reminders: readonly InspectedReminder[]): string {
  const rules = rulesIn(reminders);
  return `${listed(rules)} ${rules.length > 1 ? 'reminders' : 'reminder'}`;
}

function wasOrWere(reminders: readonly InspectedReminder[]): string {
  return rulesIn(reminders).length > 1 ? 'were' : 'was';
}

function afterColon(sentence: string): string {
  return `${sentence.slice(0, 1).toLowerCase()}${sentence.slice(1)}`;
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
