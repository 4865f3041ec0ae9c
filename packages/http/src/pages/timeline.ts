// A booking drawn as a line: what happened to it and what is to come, in its order, as far apart as there is room for
// their words. All of it stands in words below, so the drawing is hidden from screen readers.
import {
  type HistoryEntry,
  type Html,
  html,
  type InspectedReminder,
  type Inspection,
  type Instant,
} from '@precall/core';
import type { Moments } from './moments.ts';

interface Event {
  readonly at: Instant;
  readonly draw: (x: string) => Html;
}

const railY = 46;
/** A booking with seats can have hundreds; the line shows the first of them. */
const eventsShown = 40;

export function drawTimeline(
  inspection: Inspection,
  { moments, now }: { readonly moments: Moments; readonly now: Instant },
): Html | null {
  const events = eventsOf(inspection, moments)
    .sort((a, b) => a.at.epochMilliseconds - b.at.epochMilliseconds)
    .slice(0, eventsShown);
  if (events.length === 0) return null;
  const before = events.filter(({ at }) => at.epochMilliseconds <= now.epochMilliseconds).length;
  const all = [...events.slice(0, before), { at: now, draw: nowMark }, ...events.slice(before)];
  const place = (index: number): string => `${((100 * (index + 0.5)) / all.length).toFixed(2)}%`;
  return html`<div class="drawn" tabindex="0" role="group" aria-label="The course of the call; the same stands in words below"><svg class="room-${all.length}" width="100%" height="96" aria-hidden="true" focusable="false">
<line class="rail" x1="${place(0)}" x2="${place(all.length - 1)}" y1="${railY}" y2="${railY}"/>
<line class="past" x1="${place(0)}" x2="${place(before)}" y1="${railY}" y2="${railY}"/>
${all.map(({ draw }, index) => draw(place(index)))}
</svg></div>`;
}

function eventsOf({ booking, agreements, reminders }: Inspection, moments: Moments): Event[] {
  const under = (at: Instant): Html =>
    html`<text y="28">${moments.day(at)}</text><text y="44">${moments.time(at)}</text>`;
  const word = (at: Instant, name: string): Event => ({
    at,
    draw: (x) =>
      html`<svg x="${x}" y="${railY}" overflow="visible"><circle class="word" r="6"/><text class="name" y="-18">${name}</text>${under(at)}</svg>`,
  });
  const agreed = agreements.map(({ saidAt }, index) => word(saidAt, index === 0 ? 'agreed' : 'moved'));
  const ended = booking.history
    .filter(({ what, detail }) => what in endings && !('key' in detail))
    // An erasure stands in the booking's history and in the person's.
    .filter((one, n, all) => all.findIndex((other) => isSameEntry(one, other)) === n)
    .map(({ at, what }) => word(at, what));
  const coming = booking.history
    .filter(({ what }) => what === 'attendance_confirmed')
    .map(({ at }) => word(at, 'will come'));
  const isOff = !(booking.status === 'agreed' || booking.status === 'ended');
  const call = booking.startAt
    ? [{ at: booking.startAt, draw: callMark(isOff, under(booking.startAt)) }]
    : [];
  return [
    ...agreed,
    ...coming,
    ...ended,
    ...togetherDue(reminders).map((group) => reminderMark(group, under)),
    ...call,
  ];
}

function isSameEntry(a: HistoryEntry, b: HistoryEntry): boolean {
  return a.what === b.what && a.at.epochMilliseconds === b.at.epochMilliseconds;
}

const endings = { cancelled: true, declined: true, erased: true } as const;

/** Reminders of one rule about one start share a mark: with seats each person has one. */
function togetherDue(reminders: readonly InspectedReminder[]): readonly (readonly InspectedReminder[])[] {
  const groups = new Map<string, InspectedReminder[]>();
  for (const one of reminders) {
    const name = `${one.rule} ${one.dueAt.epochMilliseconds} ${one.state}`;
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups.values()];
}

function reminderMark(group: readonly InspectedReminder[], under: (at: Instant) => Html): Event {
  const [one] = group;
  const sent = one?.attempts.find(({ outcome }) => outcome === 'accepted');
  const at = sent?.at ?? one?.dueAt;
  if (!one || !at) throw new Error('a group has a member');
  const name = group.length > 1 ? `${one.rule} × ${group.length}` : one.rule;
  return {
    at,
    draw: (x) =>
      html`<svg class="is-${one.state}" x="${x}" y="${railY}" overflow="visible"><circle class="dot" r="11"/>${markOf(one, sent?.delivery ?? null)}<text class="name" y="-18">${name}</text>${under(at)}</svg>`,
  };
}

function markOf({ state }: InspectedReminder, delivery: string | null): Html | null {
  switch (state) {
    case 'sent':
      return delivery === 'delivered'
        ? html`<path class="mark" d="M-7 0 L-4 4 L1 -3 M-1 3 L0 4 L6 -4"/>`
        : html`<path class="mark" d="M-5 0 L-1.5 4 L5.5 -4"/>`;
    case 'dropped':
    case 'skipped':
      return html`<path class="cross" d="M-16 0 L16 0"/>`;
    case 'missed':
    case 'refused':
    case 'unknown':
      return html`<path class="mark" d="M0 -6 L0 1 M0 5 L0 5.5"/>`;
    case 'planned':
    case 'sending':
      return null;
    default:
      return state satisfies never;
  }
}

function callMark(isOff: boolean, words: Html): Event['draw'] {
  const [name, inside] = isOff
    ? ['off', html`<path class="cross" d="M-17 0 L17 0"/>`]
    : ['on', html`<path class="play" d="M-4 -6 L7 0 L-4 6 Z"/>`];
  return (x) =>
    html`<svg class="${name}" x="${x}" y="${railY}" overflow="visible"><rect class="end" x="-13" y="-13" width="26" height="26" rx="8"/>${inside}<text class="name" y="-18">call</text>${words}</svg>`;
}

function nowMark(x: string): Html {
  return html`<svg x="${x}" y="${railY}" overflow="visible"><path class="now" d="M0 -12 L0 12"/><text class="name" y="-18">now</text></svg>`;
}
