// A call drawn as a line: booked on the left, the start on the right, its reminders between them, and where we are now.
// Positions are percentages, so that it fits any width with its text at full size. What it shows stands in words below
// it, so it is hidden from screen readers.
import { type Html, html, type Instant, type ReminderView } from '@precall/core';
import type { SceneCall } from './scene.ts';

/** In percent; what is left over is for the labels of the two ends. */
const left = 8;
const right = 92;

export function drawTimeline(
  { status, bookedAt, startAt, reminders }: SceneCall,
  now: Instant | null,
): Html | null {
  if (!startAt) return null;
  const fromMs = bookedAt.epochMilliseconds;
  const toMs = Math.max(startAt.epochMilliseconds, fromMs + 1);
  const place = (moment: Instant) => percent((moment.epochMilliseconds - fromMs) / (toMs - fromMs));
  const isOn = status === 'agreed' || status === 'ended';
  const here = now ? place(now) : `${left}%`;
  return html`<svg class="timeline" width="100%" height="96" aria-hidden="true">
<line class="rail" x1="${left}%" x2="${right}%" y1="52" y2="52"/>
${isOn ? html`<line class="past" x1="${left}%" x2="${here}" y1="52" y2="52" data-from="${fromMs}" data-to="${toMs}" data-left="${left}" data-right="${right}" data-attribute="x2"/>` : null}
<svg x="${left}%" y="52" overflow="visible"><circle class="end" r="6"/><text y="32">booked</text></svg>
${reminders.map((reminder) => marker(reminder, place(reminder.dueAt)))}
<svg class="start is-${status}" x="${right}%" y="52" overflow="visible"><rect x="-13" y="-13" width="26" height="26" rx="8"/>${
    isOn ? html`<path d="M-4 -6 L7 0 L-4 6 Z"/>` : html`<path class="struck" d="M-17 0 L17 0"/>`
  }<text y="32">call</text></svg>
${isOn ? html`<svg x="${here}" y="52" overflow="visible" data-from="${fromMs}" data-to="${toMs}" data-left="${left}" data-right="${right}" data-attribute="x"><path class="now" d="M0 -24 L0 18"/><circle class="now" cy="-26" r="4"/></svg>` : null}
</svg>`;
}

function marker({ rule, state }: ReminderView, x: string): Html {
  return html`<svg class="marker is-${state}" x="${x}" y="52" overflow="visible"><circle r="11"/>${mark(state)}<text class="rule" y="-22">${rule}</text></svg>`;
}

function mark(state: ReminderView['state']): Html | null {
  switch (state) {
    case 'sent':
      return html`<path class="tick" d="M-5 0 L-1.5 4 L5.5 -4"/>`;
    case 'dropped':
    case 'skipped':
      return html`<path class="struck" d="M-17 0 L17 0"/>`;
    case 'missed':
    case 'refused':
    case 'unknown':
      return html`<path class="tick" d="M0 -6 L0 1 M0 5 L0 5.5"/>`;
    case 'planned':
    case 'sending':
      return null;
    default:
      return state satisfies never;
  }
}

function percent(part: number): string {
  const bounded = Math.min(1, Math.max(0, part));
  return `${(left + (right - left) * bounded).toFixed(2)}%`;
}
