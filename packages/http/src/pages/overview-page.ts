// The overview: what goes out next, what went out and what did not, what the CRM lacks, trouble, and how each part is.
import {
  type BookingView,
  counted,
  explain,
  type Health,
  type Html,
  html,
  type Instant,
  type QuarantinedDelivery,
  type ReminderView,
  type UpcomingReminder,
} from '@precall/core';
import { button } from './booking-page.ts';
import { drawToday, drawWeek } from './calendar.ts';
import type { Asked, PageBody } from './frame.ts';
import { stateWord, wayChip } from './way.ts';
import { answerTo } from './words.ts';

export interface Overview {
  readonly upcoming: readonly UpcomingReminder[];
  readonly isMoreUpcoming: boolean;
  /** The bookings that changed last. */
  readonly recent: readonly BookingView[];
  readonly isMoreRecent: boolean;
  readonly quarantine: readonly QuarantinedDelivery[];
  readonly health: Health;
  readonly isReady: boolean;
}

const shownAtOnce = 12;

export function overviewPage(overview: Overview, asked: Asked): PageBody {
  const { upcoming, isMoreUpcoming, recent, quarantine } = overview;
  const main = html`${answerTo(asked.query)}
<h1>Overview</h1>
<section class="card" aria-labelledby="next">
<h2 id="next">What goes out next</h2>
${drawToday(upcoming, asked)}${drawWeek(upcoming, asked)}
${upcoming.length === 0 ? html`<p class="note">Nothing is planned.</p>` : null}
<ul class="rows lined upcoming">${upcoming.slice(0, shownAtOnce).map((one) => next(one, asked))}</ul>
${upcoming.length > shownAtOnce ? html`<p class="note">And ${isMoreUpcoming ? 'at least ' : ''}${String(upcoming.length - shownAtOnce)} more.</p>` : null}
</section>
<div class="columns">
<div class="column">
<section class="card" aria-labelledby="unsent"><h2 id="unsent">What was not sent, and why</h2>${list(unsentOf(recent), overview, asked)}</section>
<section class="card" aria-labelledby="crm"><h2 id="crm">CRM backlog</h2>${backlog(overview, asked)}</section>
</div>
<div class="column">
<section class="card" aria-labelledby="sent"><h2 id="sent">What was sent</h2>${list(sentOf(recent), overview, asked)}</section>
<section class="card" aria-labelledby="health"><h2 id="health">Health</h2>${health(overview, asked)}</section>
</div>
</div>
<section class="card" aria-labelledby="trouble"><h2 id="trouble">Trouble</h2>${troubles(overview.health, asked)}</section>
<section class="card" aria-labelledby="quarantine"><h2 id="quarantine">Webhooks not understood</h2>
${quarantine.length === 0 ? html`<p class="note">None.</p>` : null}
<ul class="rows">${quarantine.map(({ id, receivedAt, reason }) => html`<li class="row"><span class="grow">${asked.moments.exact(receivedAt)}: ${reason}</span>${button('replay', 'Take in again', { id, about: receivedAt.toString() })}</li>`)}</ul>
</section>`;
  return { title: 'Overview', here: 'overview', main, isLive: true };
}

function next(one: UpcomingReminder, { moments, now, to }: Asked): Html {
  const { booking, rule, name, recipient, dueAt, startAt, reason } = one;
  return html`<li class="row"><strong>${rule}</strong> ${wayChip(one)} <span class="grow">to <a href="${to(['bookings', booking])}">${name ?? recipient ?? 'somebody'}</a>${reason ? html` <span class="is-ill">${explain(reason)}</span>` : null}</span> <span>${moments.beside(dueAt, now)}</span> <span class="quiet">call ${moments.exact(startAt)}</span></li>`;
}

interface Shown {
  readonly at: Instant;
  readonly booking: BookingView;
  readonly reminder: ReminderView;
}

function sentOf(bookings: readonly BookingView[]): readonly Shown[] {
  return newest(
    bookings.flatMap((booking) =>
      booking.reminders.flatMap((reminder) => {
        const sent = reminder.attempts.find(({ outcome }) => outcome === 'accepted');
        return sent ? [{ at: sent.at, booking, reminder }] : [];
      }),
    ),
  );
}

function unsentOf(bookings: readonly BookingView[]): readonly Shown[] {
  return newest(
    bookings.flatMap((booking) =>
      booking.reminders
        .filter(({ state }) => state !== 'sent' && state !== 'planned' && state !== 'sending')
        .map((reminder) => ({ at: reminder.dueAt, booking, reminder })),
    ),
  );
}

function newest(shown: readonly Shown[]): readonly Shown[] {
  return [...shown].sort((a, b) => b.at.epochMilliseconds - a.at.epochMilliseconds);
}

function list(shown: readonly Shown[], { recent, isMoreRecent }: Overview, { moments, to }: Asked): Html {
  const from = isMoreRecent
    ? `Of the ${counted(recent.length, 'booking')} that changed last.`
    : 'Of all bookings.';
  return html`<p class="note">${from}${shown.length > shownAtOnce ? ` The last ${shownAtOnce} of ${shown.length}.` : ''}${shown.length === 0 ? ' None.' : ''}</p>
<ul class="rows">${shown
    .slice(0, shownAtOnce)
    .map(
      ({ at, booking, reminder }) =>
        html`<li><div class="row"><strong>${reminder.rule}</strong> ${wayChip(reminder)} <span class="is-${reminder.state}">${stateWord(reminder)}</span> <a class="grow" href="${to(['bookings', booking.id])}">${booking.attendees.find(({ email }) => email === reminder.recipient)?.name ?? reminder.recipient ?? 'somebody who was erased'}</a> <span class="quiet">${reminder.state === 'sent' ? null : 'due '}${moments.exact(at)}</span></div>${reminder.reason ? html`<p class="quiet">${explain(reminder.reason)}</p>` : null}</li>`,
    )}</ul>`;
}

function backlog({ recent, health }: Overview, { to }: Asked): Html {
  const behind = recent.filter(({ crm }) => crm && crm.contact.state !== 'written');
  return html`<p class="note">${waitingWords(health.crmWaiting)} Of the bookings that changed last, ${behind.length === 0 ? 'all are as wanted' : `${counted(behind.length, 'is', 'are')} not as wanted`}.</p>
<ul class="rows">${behind.slice(0, shownAtOnce).map(({ id, attendees, crm }) => html`<li><a href="${to(['bookings', id])}">${attendees[0]?.name ?? attendees[0]?.email ?? 'somebody who was erased'}</a> <span class="is-ill">${(crm?.contact.state ?? '').replaceAll('_', ' ')}</span>${crm?.contact.lastError ? html`<p class="quiet">${crm.contact.lastError}</p>` : null}</li>`)}</ul>`;
}

function waitingWords(count: number): string {
  if (count === 0) return 'Nothing waits to be written.';
  return `To be looked at now: ${count >= 200 ? '200 records or more' : counted(count, 'record')}.`;
}

function health({ health, isReady }: Overview, { moments, now }: Asked): Html {
  const well = (is: boolean, words: string | Html): Html =>
    html`<span class="${is ? 'is-well' : 'is-ill'}">${words}</span>`;
  const at = (moment: Instant | null, none: string): Html =>
    moment ? moments.beside(moment, now) : html`${none}`;
  const lateMs = health.nextMailAt ? now.epochMilliseconds - health.nextMailAt.epochMilliseconds : 0;
  const rows: readonly (readonly [string, Html])[] = [
    ['Host and store', well(isReady, isReady ? 'ready' : 'not ready')],
    ['Scheduler', well(health.started, health.started ? 'running' : 'none, or stopping')],
    ['Mail, next look', well(lateMs < 60_000, at(health.nextMailAt, 'nothing'))],
    [
      'Mailer',
      health.mailerPausedUntil
        ? well(false, html`asked for patience until ${moments.exact(health.mailerPausedUntil)}`)
        : well(true, `${health.sending} sending`),
    ],
    ['Outcomes not saved yet', well(health.unsaved < 50, String(health.unsaved))],
    ['CRM, next look', at(health.nextCrmAt, 'nothing')],
    // As text: it is for pasting into a calendar, and no page of ours links to a plain http address.
    ['Calendar to subscribe to', health.feedUrl ? html`<code>${health.feedUrl}</code>` : html`none`],
    ['Compared with the source', at(health.comparedUntil, 'never')],
  ];
  return html`<dl>${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function troubles({ troubles }: Health, asked: Asked): Html {
  if (troubles.length === 0) return html`<p class="note">None since this process began.</p>`;
  return html`<p class="note">Since this process began, the last 50 at most. A booking is named by its short hash, as in the log.</p>
<ol class="history">${troubles.map(({ at, sentence, booking, other }) => html`<li>${asked.moments.exact(at)} <span>${sentence} ${bookingLinks([booking, other], asked)}</span></li>`)}</ol>`;
}

/** By the search, which finds a booking by its hash: the trouble itself knows no more of it. */
function bookingLinks(hashes: readonly (string | null | undefined)[], { to }: Asked): Html | null {
  const links = hashes.flatMap((hash) =>
    hash ? html` <a href="${to(['bookings'], { q: hash })}">${hash}</a>` : [],
  );
  if (links.length === 0) return null;
  return html`<span class="quiet">${links.length === 1 ? 'Booking' : 'Bookings'}${links}</span>`;
}
