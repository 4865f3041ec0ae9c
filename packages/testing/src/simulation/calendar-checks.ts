// What the calendar must show at the end: one event of each call that stands, none of any other.
import type { CalendarEvent } from '@precall/core';
import type { SharedCalendar } from './calendar-system.ts';
import type { EndContext, Settled } from './end-checks.ts';
import { iso } from './in-words.ts';

/** Longer than a write's lease and its longest wait together. */
const timeToWriteMs = 30 * 60_000;

export interface CalendarContext extends EndContext {
  /** Null: none is kept. */
  readonly calendar: SharedCalendar | null;
}

export function checkCalendar(settled: readonly Settled[], context: CalendarContext): void {
  const { calendar, policy, wasRestored } = context;
  // The calendar is not restored with the store, and knows more than it.
  if (!calendar || wasRestored) return;
  const events = new Map([...calendar.events.values()].map((event) => [event.title, event]));
  for (const one of settled) {
    // Of a call that was only paid for nobody said the title by which it is found here.
    if (!one.kept.facts.about) continue;
    const isUnplannable = policy.isPoisoned && one.kept.facts.about?.value.eventType === 'poison';
    const event = events.get(`Call ${one.uid}`) ?? null;
    // What is refused for good waits for the booking's next change, and there may be none before the call is over.
    const isRefused = calendar.refusedFor.has(`Call ${one.uid}`);
    if (!isUnplannable && !isRefused) checkEvent(one, event, context);
  }
}

function checkEvent(
  { uid, reading }: Settled,
  event: CalendarEvent | null,
  { heard, oracle, calmMs, nowMs }: CalendarContext,
): void {
  const { standing, startMs, endMs } = reading;
  if (standing !== 'agreed' || startMs === null || endMs === null) {
    if (event) oracle.violate(26, `the calendar shows ${uid}, which is ${standing}`);
    return;
  }
  const shown = event && [event.startAt.epochMilliseconds, event.endAt.epochMilliseconds];
  if (shown && (shown[0] !== startMs || shown[1] !== endMs))
    oracle.violate(26, `the calendar shows ${uid} at ${iso(shown[0] ?? 0)} and not at ${iso(startMs)}`);
  // A call that is over is written down no more.
  const hadTime = Math.min(endMs, nowMs) > Math.max(calmMs, heard.lastAnsweredMs(uid)) + timeToWriteMs;
  if (!event && hadTime) oracle.violate(26, `the calendar does not show ${uid} at ${iso(startMs)}`);
}
