// One booking: what goes out next and what did not go out and why, drawn and in words; its messages, its CRM fields, its
// history, and what an operator can do about it.
import {
  type CalendarView,
  type CrmView,
  type Html,
  html,
  type InspectedReminder,
  type Inspection,
  type Instant,
  type Place,
} from '@precall/core';
import type { Asked, PageBody } from './frame.ts';
import { headline, reasonWords } from './headline.ts';
import { historySentence } from './history-words.ts';
import { shownMessages } from './shown-message.ts';
import { drawTimeline } from './timeline.ts';
import { channelWords, stateWord, wayChip } from './way.ts';
import { answerTo, movedWords, statusWords, stoppedWords } from './words.ts';

export function bookingPage(inspection: Inspection, asked: Asked): PageBody {
  const { booking, about } = inspection;
  const who = booking.attendees[0]?.name ?? booking.attendees[0]?.email ?? 'somebody';
  const main = html`${answerTo(asked.query)}
<section class="card" aria-labelledby="title">
<div class="heading"><h1 id="title">${about?.title ?? 'Call'} with ${who}</h1><span class="chip is-${booking.status}">${statusWords[booking.status]}</span></div>
${headline(inspection, asked).map((sentence) => html`<p class="headline">${sentence}</p>`)}
${facts(inspection, asked)}
${drawTimeline(inspection, asked)}
</section>
<section class="card" aria-labelledby="reminders">
<h2 id="reminders">Reminders</h2>
${inspection.reminders.length === 0 ? html`<p class="note">None.</p>` : null}
<ul class="rows">${inspection.reminders.map((one) => reminder(one, inspection, asked))}</ul>
<div class="acts">${button('replan', 'Plan again')}</div>
</section>
<div class="columns">
<section class="card" aria-labelledby="people"><h2 id="people">People</h2><ul class="rows">${booking.attendees.map((one) => person(one, inspection, asked))}${otherStopped(inspection, asked)}</ul></section>
<section class="card" aria-labelledby="crm"><h2 id="crm">CRM${booking.calendar ? ' and calendar' : null}</h2>${outside(inspection)}</section>
</div>
<section class="card" aria-labelledby="history">
<h2 id="history">What happened</h2>
<ol class="history">${booking.history.toReversed().map((entry) => html`<li>${asked.moments.exact(entry.at)} <span>${historySentence(entry)}</span></li>`)}</ol>
</section>`;
  return { title: `${who}, ${statusWords[booking.status]}`, here: null, main, isLive: true };
}

function facts({ booking, shortHash, place, host }: Inspection, { moments, now, to }: Asked): Html {
  const linked = (ids: Inspection['booking']['replaces'], words: string): Html | null =>
    ids.length === 0
      ? null
      : html`<p class="note">${words} ${ids.map((id) => html`<a href="${to(['bookings', id])}">${id}</a> `)}</p>`;
  return html`<p class="note">${booking.startAt ? html`The call: ${moments.beside(booking.startAt, now)}, ${placeWords(place)}${host ? `, with ${host.name}` : ''}. ` : null}Booking ${booking.id}, in the log ${shortHash}.${booking.checkedAt ? html` Compared with its source ${moments.beside(booking.checkedAt, now)}.` : null}</p>
${linked(booking.replacedBy, 'It was moved to')}${linked(booking.replaces, 'It takes the place of')}`;
}

function placeWords(place: Place | null): string {
  switch (place?.kind) {
    case 'link':
      return `at ${place.url}`;
    case 'phone':
      return `by phone, ${place.number}`;
    case 'address':
      return `at ${place.text}`;
    case 'pending':
      return 'the link is still to come';
    default:
      return 'without a place';
  }
}

function reminder(one: InspectedReminder, inspection: Inspection, { moments, now, to }: Asked): Html {
  const { booking } = inspection;
  const reason = reasonWords(one, inspection, { moments });
  const { rule, state, dueAt, attempts, recipient, name, key } = one;
  const sent = attempts.find(({ outcome }) => outcome === 'accepted');
  const about = name ?? recipient ?? 'somebody who was erased';
  const word = stateWord(one);
  const moment = sent
    ? html`${word === 'sent' ? '' : 'sent '}${moments.exact(sent.at)}`
    : html`${dueWords(one, now)} ${state === 'planned' ? moments.beside(dueAt, now) : moments.exact(dueAt)}`;
  const earlier =
    one.startAt.epochMilliseconds === booking.startAt?.epochMilliseconds
      ? null
      : html`<span class="quiet">about the earlier start, ${moments.exact(one.startAt)}</span>`;
  return html`<li><div class="row"><strong>${rule}</strong> ${wayChip(one)} <span class="is-${state}">${word}</span> <span class="grow">${moment}, to ${about}</span> ${earlier}</div>
${one.movedFrom ? html`<p class="quiet">${movedWords(one.movedFrom, moments)}</p>` : null}
${reason ? html`<p>${reason}</p>` : null}
${attempts.length > 1 || attempts.some(({ outcome }) => outcome !== 'accepted') ? tries(one, moments) : null}
${shownMessages(one, booking, to)}
${
  state === 'planned'
    ? html`<div class="acts">${button('send_now', `Send ${rule} now`, { key, about })}${button('drop', `Drop ${rule}`, { key, about })}</div>`
    : null
}</li>`;
}

function dueWords({ state, dueAt }: InspectedReminder, now: Instant): string {
  if (state === 'planned') return 'due';
  return dueAt.epochMilliseconds > now.epochMilliseconds ? 'would have been due' : 'was due';
}

function tries({ attempts }: InspectedReminder, moments: Asked['moments']): Html {
  return html`<ul class="quiet">${attempts.map(({ at, channel, outcome }) => html`<li>Tried by ${channelWords[channel]} ${moments.exact(at)}: ${outcome ?? 'running'}</li>`)}</ul>`;
}

function person(
  { email, name, timeZone, phone, status, came }: Inspection['booking']['attendees'][number],
  { suppressed, booking }: Inspection,
  { moments, now, to }: Asked,
): Html {
  if (email === null) return html`<li>Somebody who was erased.</li>`;
  const about = name ?? email;
  const stopped = suppressed.find((one) => one.email === email);
  const mayBeTexted = phone !== null && !suppressed.some((one) => one.email === phone);
  return html`<li><p><strong>${about}</strong> <span class="quiet">${[came ? 'came' : standingWord(status, booking), timeZone].filter(Boolean).join(', ')}</span><br><a href="${to(['bookings'], { q: email })}">${email}</a>${phone ? html` <span class="quiet">${phone}</span>` : null}</p>
${stopped ? html`<p class="is-ill">No mails since ${moments.exact(stopped.at)}: ${stoppedWords(stopped.why)}.</p>` : null}
<div class="acts">${hasBegun(booking, now) ? attendance(status, { email, about }) : null}${stopped ? button('lift', 'Allow mails again', { email, about }) : button('suppress', 'Stop all mails', { email, about })}${mayBeTexted ? button('suppress', 'Stop all texts', { email: phone, about }) : null}</div>
<details data-of="${email}"><summary>Erase ${about}</summary>
<p class="quiet">Name, address and everything else known about this person is removed from every booking, for good. Nothing is sent to them any more. This cannot be undone.</p>
<form method="post"><input type="hidden" name="act" value="erase"><input type="hidden" name="email" value="${email}">
<label class="check"><input type="checkbox" name="sure" value="yes" required> Yes, erase ${about}</label>
<button class="grave" aria-label="Erase ${about}">Erase</button></form></details></li>`;
}

/** Nobody takes part in a call that is off, though they never left it. */
function standingWord(
  status: Inspection['booking']['attendees'][number]['status'],
  booking: Inspection['booking'],
): string | null {
  const isOn = booking.status === 'agreed' || booking.status === 'awaiting' || booking.status === 'ended';
  if (status === 'no_show') return 'did not come';
  return status === 'attending' && !isOn ? null : status;
}

/** Addresses that get nothing and are none of an attendee's: telephone numbers, and the host's. */
function otherStopped({ suppressed, booking }: Inspection, { moments }: Asked): readonly Html[] {
  return suppressed
    .filter((one) => !booking.attendees.some(({ email }) => email === one.email))
    .map(({ email: address, at, why }) => {
      const what = address.includes('@') ? 'mails' : 'texts';
      return html`<li><p><strong>${address}</strong></p><p class="is-ill">No ${what} since ${moments.exact(at)}: ${stoppedWords(why)}.</p>
<div class="acts">${button('lift', `Allow ${what} again`, { email: address, about: address })}</div></li>`;
    });
}

/** Of a call that is on or over; whoever left it or moved away is none who could come. */
function attendance(
  status: Inspection['booking']['attendees'][number]['status'],
  who: { readonly email: string; readonly about: string },
): Html | null {
  if (status !== 'attending' && status !== 'no_show') return null;
  const came = button('came', 'They came', who);
  return status === 'no_show' ? came : html`${came}${button('no_show', 'They did not come', who)}`;
}

function hasBegun({ startAt, status }: Inspection['booking'], now: Instant): boolean {
  return (
    (status === 'agreed' || status === 'ended') &&
    startAt !== null &&
    startAt.epochMilliseconds <= now.epochMilliseconds
  );
}

/** What is kept true outside: the CRM, and the calendar. */
function outside(inspection: Inspection): Html {
  const { crm: inCrm, calendar: inCalendar } = inspection.booking;
  return html`${inCrm ? crm(inCrm, inspection) : html`<p class="note">No CRM is kept, or the booking is about nobody.</p>`}
${inCalendar ? calendar(inCalendar) : null}
${inCrm || inCalendar ? html`<div class="acts">${button('write_crm', inCalendar ? 'Write CRM and calendar again' : 'Write the CRM again')}</div>` : null}`;
}

function calendar({ state, lastError }: CalendarView): Html {
  const words = { pending: 'pending', written: 'written', none: 'no event', refused: 'refused' }[state];
  return html`<p class="note">Calendar: <span class="${state === 'refused' ? 'is-ill' : 'is-well'}">${words}</span>.</p>
${lastError ? html`<p class="is-ill">${lastError}</p>` : null}`;
}

function crm({ contact, campaign }: CrmView, { wantedFields }: Inspection): Html {
  const properties = [...new Set([...Object.keys(wantedFields), ...Object.keys(contact.fields)])];
  return html`<p class="note">Contact: <span class="${contactIll.has(contact.state) ? 'is-ill' : 'is-well'}">${contact.state.replaceAll('_', ' ')}</span>. Campaign: ${campaign.state.replaceAll('_', ' ')}.</p>
${contact.lastError ? html`<p class="is-ill">${contact.lastError}</p>` : null}
${
  properties.length === 0
    ? null
    : html`<table class="table"><thead><tr><th scope="col">Property</th><th scope="col">As last written</th><th scope="col">As wanted</th></tr></thead>
<tbody>${properties.map((property) => html`<tr><th scope="row">${property}</th><td>${value(contact.fields, property, 'nothing yet')}</td><td>${value(wantedFields, property, 'left as it is')}</td></tr>`)}</tbody></table>`
}`;
}

function value(fields: CrmView['contact']['fields'], property: string, none: string): Html {
  if (!Object.hasOwn(fields, property)) return html`<span class="quiet">${none}</span>`;
  const text = fields[property] ?? 'empty';
  // Browsers break a date after its hyphens.
  return /^[\d-]+$/.test(text) ? html`<span class="whole">${text}</span>` : html`${text}`;
}

const contactIll: ReadonlySet<string> = new Set(['not_found', 'ambiguous', 'refused']);

/**
 * An act is a form that posts to the page it stands on. `about` tells it, for who cannot see where it stands, from others
 * with the same words.
 */
export function button(
  act: string,
  words: string,
  { about, ...fields }: { readonly about?: string; readonly [name: string]: string } = {},
): Html {
  return html`<form method="post"><input type="hidden" name="act" value="${act}">${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}${about === undefined ? html`<button>${words}</button>` : html`<button aria-label="${words}: ${about}">${words}</button>`}</form>`;
}
