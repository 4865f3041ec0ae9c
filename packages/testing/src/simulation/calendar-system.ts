// The calendar that all workers share, and the view of it that one worker has: it fails before and after its effect.
import {
  type Calendar,
  type CalendarEvent,
  Err,
  Ok,
  type PortError,
  type Result,
  Temporal,
} from '@precall/core';
import type { Call } from './calls.ts';
import type { Random } from './random.ts';
import type { Tally } from './tally.ts';
import type { Weather } from './weather.ts';

export interface SharedCalendar {
  /** By their ids. */
  readonly events: ReadonlyMap<string, CalendarEvent>;
  /** Titles of events whose last write was refused for good. */
  readonly refusedFor: ReadonlySet<string>;
  put(event: CalendarEvent): void;
  remove(id: string): void;
  refuse(title: string): void;
}

/** `violate` is told when one booking has two events at a time: their titles name it. */
export function createSharedCalendar(violate: (invariant: number, sentence: string) => void): SharedCalendar {
  const events = new Map<string, CalendarEvent>();
  const refusedFor = new Set<string>();
  return {
    events,
    refusedFor,
    put(event) {
      const { id, title } = event;
      // Of a call that was only paid for nobody said the title.
      if (title !== 'Call' && [...events.values()].some((other) => other.id !== id && other.title === title))
        violate(26, `the calendar has two events of ${title}`);
      events.set(id, event);
      refusedFor.delete(title);
    },
    remove(id) {
      refusedFor.delete(events.get(id)?.title ?? '');
      events.delete(id);
    },
    refuse: (title) => void refusedFor.add(title),
  };
}

export function calendarFor({
  calendar,
  call,
  weather,
  random,
  tally,
  isCalm,
}: {
  readonly calendar: SharedCalendar;
  readonly call: Call;
  readonly weather: Weather;
  readonly random: Random;
  readonly tally: Tally;
  readonly isCalm: () => boolean;
}): Calendar {
  const port = 'calendar';

  /** Nothing happens, and it says so. */
  function refusal(title: string): Result<never, PortError> | null {
    if (isCalm() || !random.chance(weather.refusal / 4)) return null;
    if (random.chance(0.8)) {
      tally.count('calendar asks for patience');
      const retryAfter = Temporal.Duration.from({ seconds: random.between(1, 60) });
      return Err({ kind: 'unavailable', reason: 'too many', retryAfter });
    }
    tally.count('calendar refuses for good');
    calendar.refuse(title);
    return Err({ kind: 'rejected', reason: '400, by chance' });
  }

  return {
    put: (event) =>
      call({ port, method: 'put', describe: () => `${event.title} ${event.startAt}` }, () => {
        const refused = refusal(event.title);
        if (refused) return refused;
        calendar.put(event);
        return Ok(undefined);
      }),
    remove: (id) =>
      call({ port, method: 'remove', describe: () => calendar.events.get(id)?.title ?? 'nothing' }, () => {
        const refused = refusal(calendar.events.get(id)?.title ?? '');
        if (refused) return refused;
        if (!calendar.events.has(id)) tally.count('event removed that is not there');
        calendar.remove(id);
        return Ok(undefined);
      }),
    describe: () => call({ port, method: 'describe', describe: () => '' }, () => Ok([])),
  };
}
