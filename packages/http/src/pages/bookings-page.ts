// Bookings: search and filters, page by page, and how far the search looked.
import { type BookingView, counted, type Html, html } from '@precall/core';
import type { Asked, PageBody } from './frame.ts';
import { statusWords } from './words.ts';

export interface Found {
  readonly items: readonly BookingView[];
  readonly next: string | null;
  /** How many were looked at; null where the store could look it up. */
  readonly looked: number | null;
}

export function bookingsPage(found: Found, asked: Asked): PageBody {
  const { query, to } = asked;
  const words = query.get('q') ?? '';
  const status = query.get('status') ?? '';
  const isHash = /^[0-9a-f]{12}$/i.test(words.trim());
  const more = found.next
    ? html`<p><a href="${to(['bookings'], { q: words || null, status: status || null, cursor: found.next })}">${found.looked === null ? 'Older ones' : 'Look further'}</a></p>`
    : null;
  const main = html`<h1>Bookings</h1>
<section class="card" aria-label="Search">
<form class="line" method="get" role="search">
<label class="wide">Part of a name, an address or a uid, or a short hash <input name="q" value="${words}" type="search"></label>
<label>Status <select name="status"><option value="">any</option>${Object.entries(statusWords).map(([value, shown]) => option(value, shown, status))}</select></label>
<button class="first">Search</button>
</form>
</section>
<section class="card" aria-label="Found">
${found.items.length === 0 ? html`<p>${isHash ? notByHash(found) : 'Nothing found.'}</p>` : null}
<ul class="rows lined found">${found.items.map((one) => row(one, asked))}</ul>
${found.looked === null ? null : html`<p class="note">${lookedSentence(found.looked, found.next)}</p>`}
${more}
</section>`;
  return { title: 'Bookings', here: 'bookings', main };
}

function option(value: string, words: string, chosen: string): Html {
  return value === chosen
    ? html`<option value="${value}" selected>${words}</option>`
    : html`<option value="${value}">${words}</option>`;
}

/** A hash cannot be followed back to its booking: it is known only once that booking was looked at. */
function notByHash({ next }: Found): string {
  return next === null
    ? 'No booking has this short hash, nor this in a name, an address or a uid.'
    : 'Not among the bookings looked at so far. A short hash is compared with one booking after the other: look further.';
}

function lookedSentence(looked: number, next: Found['next']): string {
  const count = counted(looked, 'booking');
  return next === null
    ? `Looked at ${count}; there are no others.`
    : `Looked at ${count}, newest change first; there are older ones.`;
}

function row(view: BookingView, { moments, now, to }: Asked): Html {
  const { id, status, startAt, attendees, reminders } = view;
  if (view.unreadable)
    return html`<li class="row"><span class="grow">${id}</span> <span class="is-ill">Its record cannot be read.</span></li>`;
  const who = attendees[0]?.name ?? attendees[0]?.email ?? 'somebody who was erased';
  const count = (state: string): number => reminders.filter((one) => one.state === state).length;
  const [sent, planned] = [count('sent'), count('planned') + count('sending')];
  const unsent = reminders.length - sent - planned;
  return html`<li class="row"><span class="grow"><a href="${to(['bookings', id])}">${who}</a> <span class="quiet">${attendees[0]?.email ?? ''}</span></span>
<span class="chip is-${status}">${statusWords[status]}</span>
<span>${startAt ? moments.beside(startAt, now) : 'no start known'}</span>
<span class="quiet">${sent} sent, ${planned} planned${unsent > 0 ? `, ${unsent} not sent` : null}</span></li>`;
}
