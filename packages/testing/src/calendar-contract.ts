// The contract of the Calendar port.
import type { Calendar, CalendarEvent } from '@precall/core';
import { Temporal } from '@precall/core';
import { expect } from 'vitest';
import { type ContractOptions, type Promised, registerContract, type Use } from './contract.ts';
import { okOf } from './expect-port.ts';

/** A calendar, and a way to see what it really shows. */
export interface CalendarSubject {
  readonly calendar: Calendar;
  /** Every event that is there, in any order. */
  readonly events: () => Promise<readonly CalendarEvent[]>;
}

/** An empty calendar to run the contract on. */
export interface CalendarContractOptions extends ContractOptions {
  create(): CalendarSubject | Promise<CalendarSubject>;
  close?(subject: CalendarSubject): Promise<void>;
}

/** One test for each promise of the port. */
export function calendarContract(options: CalendarContractOptions): void {
  registerContract('Calendar', calendarPromises, useCalendar(options), options);
}

/** Makes a calendar for one promise, and closes it. */
export function useCalendar({ create, close }: CalendarContractOptions): Use<CalendarSubject> {
  return async (run) => {
    const subject = await create();
    try {
      await run(subject);
    } finally {
      await close?.(subject);
    }
  };
}

const call: CalendarEvent = {
  id: 'precall0123456789abcdef0123456789abcdef',
  startAt: Temporal.Instant.from('2026-03-05T15:00:00Z'),
  endAt: Temporal.Instant.from('2026-03-05T15:30:00Z'),
  title: 'Diagnostic call: <b>50 %</b> & "more"',
  place: 'https://meet.example.com/abc?x=1&y=2',
  names: ['Ana Ruiz', 'Ben Łukasz'],
};
const other: CalendarEvent = { ...call, id: 'precallfedcba9876543210fedcba9876543210', names: [] };
/** At another time, in other words, and with nothing of what may be left out. */
const moved: CalendarEvent = {
  ...call,
  startAt: Temporal.Instant.from('2026-10-25T00:45:00Z'),
  endAt: Temporal.Instant.from('2026-10-25T01:15:00Z'),
  title: 'Call',
  place: null,
  names: [],
};

/** Moments as text, in order of the ids. */
const shown = (events: readonly CalendarEvent[]) =>
  events
    .map((event) => ({ ...event, startAt: event.startAt.toString(), endAt: event.endAt.toString() }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

async function expectEvents({ events }: CalendarSubject, wanted: readonly CalendarEvent[]): Promise<void> {
  expect(shown(await events())).toEqual(shown(wanted));
}

/** What every Calendar promises, each as a test. */
export const calendarPromises: readonly Promised<CalendarSubject>[] = [
  {
    promise: 'put: the event is there, as given',
    async run(subject) {
      await okOf(subject.calendar.put(call));
      await expectEvents(subject, [call]);
    },
  },
  {
    promise: 'put: the same event again changes nothing',
    async run(subject) {
      for (const event of [call, other, call, call]) await okOf(subject.calendar.put(event));
      await expectEvents(subject, [call, other]);
    },
  },
  {
    promise: 'put: what the event said before is gone, and other events are left alone',
    async run(subject) {
      for (const event of [call, other, moved]) await okOf(subject.calendar.put(event));
      await expectEvents(subject, [moved, other]);
      await okOf(subject.calendar.put(call));
      await expectEvents(subject, [call, other]);
    },
  },
  {
    promise: 'put: an event that was removed is there again',
    async run(subject) {
      await okOf(subject.calendar.put(call));
      await okOf(subject.calendar.remove(call.id));
      await okOf(subject.calendar.put(moved));
      await expectEvents(subject, [moved]);
    },
  },
  {
    promise: 'remove: the event is gone, and other events are left alone',
    async run(subject) {
      for (const event of [call, other]) await okOf(subject.calendar.put(event));
      await okOf(subject.calendar.remove(call.id));
      await expectEvents(subject, [other]);
    },
  },
  {
    promise: 'remove: Ok where there is no such event, or none any more',
    async run(subject) {
      await okOf(subject.calendar.put(call));
      for (const id of [other.id, call.id, call.id]) await okOf(subject.calendar.remove(id));
      await expectEvents(subject, []);
    },
  },
  {
    promise: 'describe: finds nothing wrong with a calendar that may be written',
    async run({ calendar }) {
      expect(await okOf(calendar.describe())).toEqual([]);
    },
  },
];
