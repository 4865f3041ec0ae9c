// The call on the page: how it stands, when it starts, its reminders drawn on a line and told in words.
import { explain, type Html, html, type Instant, type ReminderView } from '@precall/core';
import { timeOfDay } from './journal.ts';
import type { Scene, SceneCall } from './scene.ts';
import { drawTimeline } from './timeline.ts';

export function renderCalls({ calls, mails }: Scene, now: Instant | null): Html {
  const [call, ...earlier] = calls;
  if (!call) return html`<h2 id="call-title">No call yet</h2><p class="note">Book one.</p>`;
  const arrivals = new Map(
    mails.flatMap(({ message, reminder }) => (reminder ? [[reminder.key, message.at] as const] : [])),
  );
  return html`<div class="heading"><h2 id="call-title">Call with ${nameOf(call)}</h2>${chip(call)}${countdown(call, now)}</div>
${drawTimeline(call, now)}
<ol class="reminders">${call.reminders.map((reminder) => line(reminder, arrivals))}</ol>
${earlier.map(
  (one) => html`<div class="earlier"><div class="heading"><h3>Before it was moved</h3>${chip(one)}</div>
${drawTimeline(one, now)}
<ol class="reminders">${one.reminders.map((reminder) => line(reminder, arrivals))}</ol></div>`,
)}`;
}

function nameOf({ attendees }: SceneCall): string {
  return attendees[0]?.name ?? attendees[0]?.email ?? 'somebody';
}

const statusWords: { readonly [S in SceneCall['status']]: string } = {
  agreed: 'booked',
  awaiting: 'awaiting confirmation',
  cancelled: 'cancelled',
  declined: 'declined',
  superseded: 'moved',
  ended: 'over',
  unknown: 'not known',
};

function chip({ status }: SceneCall): Html {
  return html`<span class="chip is-${status}">${statusWords[status]}</span>`;
}

/** The script counts down; without it the page says how things stood when it was asked for. */
function countdown({ status, startAt }: SceneCall, now: Instant | null): Html | null {
  if (status !== 'agreed' || !startAt) return null;
  const startMs = startAt.epochMilliseconds;
  const left = now ? Math.max(0, Math.ceil((startMs - now.epochMilliseconds) / 1_000)) : null;
  const words = left === null ? '' : left > 0 ? `0:${String(left).padStart(2, '0')}` : 'now';
  return html`<p class="countdown"><span class="quiet">starts at ${timeOfDay(startAt)}</span> <strong role="timer" data-start="${startMs}">${words}</strong></p>`;
}

function line(reminder: ReminderView, arrivals: ReadonlyMap<string, Instant>): Html {
  const { rule, state } = reminder;
  return html`<li class="is-${state}"><strong>${rule}</strong> <span class="state">${state}</span> <span class="quiet">${detail(reminder, arrivals)}</span></li>`;
}

function detail({ key, dueAt, reason }: ReminderView, arrivals: ReadonlyMap<string, Instant>): string {
  const arrivedAt = arrivals.get(key);
  if (arrivedAt) {
    return `${timeOfDay(dueAt)}, arrived ${arrivedAt.epochMilliseconds - dueAt.epochMilliseconds} ms after its moment`;
  }
  return reason ? explain(reason) : `at ${timeOfDay(dueAt)}`;
}
