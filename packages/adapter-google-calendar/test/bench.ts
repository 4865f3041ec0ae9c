// A calendar on a stand-in of Google's, with a clock moved by hand for both.
import { createMemoryClock } from '@precall/adapter-memory';
import { type CalendarEvent, type PortError, type PortResult, Temporal } from '@precall/core';
import {
  type GoogleCalendarStandIn,
  type GoogleEvent,
  startGoogleCalendarStandIn,
} from '@precall/testing/stand-ins';
import { vi } from 'vitest';
import { createGoogleCalendar } from '../src/index.ts';

export const calendarId = 'calls@group.calendar.google.com';
export const noon = Temporal.Instant.from('2026-03-02T12:00:00Z');
export const call: CalendarEvent = {
  id: 'precall0123456789abcdef0123456789abcdef',
  startAt: Temporal.Instant.from('2026-03-05T15:00:00Z'),
  endAt: Temporal.Instant.from('2026-03-05T15:30:00Z'),
  title: 'Diagnostic call',
  place: 'https://meet.example.com/abc',
  names: ['Ana Ruiz', 'Ben Łukasz'],
};
export const moved: CalendarEvent = {
  ...call,
  startAt: call.startAt.add({ hours: 24 }),
  endAt: call.endAt.add({ hours: 24 }),
  place: null,
  names: [],
};

export const seconds = (count: number) => Temporal.Duration.from({ seconds: count });

export type Bench = Awaited<ReturnType<typeof startBench>>;

export async function startBench() {
  const clock = createMemoryClock(noon);
  const google = await startGoogleCalendarStandIn({ calendarId, nowMs: () => clock.now().epochMilliseconds });
  const calendar = createGoogleCalendar({ calendarId, key: google.key, baseUrl: google.url, clock });
  return { clock, google, calendar };
}

/** Runs with a new bench and clears it away. */
export async function onBench(run: (bench: Bench) => Promise<void>): Promise<void> {
  const bench = await startBench();
  try {
    await run(bench);
  } finally {
    await bench.google.stop();
  }
}

/** The error of a call; an Ok is a failure of the test. */
export async function errorOf(answer: PortResult<unknown>): Promise<PortError> {
  const result = await answer;
  if (result.isOk()) throw new Error('The call was Ok.');
  return result.error;
}

export function kindsAsked({ requests }: GoogleCalendarStandIn): readonly string[] {
  return requests.map(({ kind }) => kind);
}

/** As our port says it. */
export function eventShown({
  id,
  summary = '',
  location,
  description,
  start,
  end,
}: GoogleEvent): CalendarEvent {
  return {
    id,
    title: summary,
    place: location ?? null,
    names: description?.split('\n') ?? [],
    startAt: Temporal.Instant.from(start.dateTime),
    endAt: Temporal.Instant.from(end.dateTime),
  };
}

/** Until so many requests have come; fails when they do not. */
export async function requestsReach({ google }: Pick<Bench, 'google'>, count: number): Promise<void> {
  await vi.waitUntil(() => google.requests.length >= count, { timeout: 5_000, interval: 5 });
}
