// What is kept about a booking's event in the calendar. No word of the event itself: there may be names in it.
import { type Loaded, retention } from './booking-record.ts';
import { decode, encode, type Upgrade } from './codec.ts';
import { type BookingId, calendarRecord } from './ids.ts';
import { type Progress, untold } from './keep-true.ts';
import type { HistoryEntry, Stored, Write } from './ports.ts';
import { after, type Instant, isBefore } from './temporal.ts';

/** Its progress is the calendar's. */
export interface CalendarRecord extends Progress {
  readonly event: EventKept;
}

/** `unsure`: it is not known what the calendar took of the last write. */
export type EventKept =
  | { readonly state: 'none' }
  | { readonly state: 'there'; readonly digest: string; readonly endAt: Instant }
  | { readonly state: 'unsure'; readonly endAt: Instant | null };

export const newCalendarRecord: CalendarRecord = {
  event: { state: 'none' },
  ...untold,
};

const upgrades: readonly Upgrade[] = [];

export function readCalendar(stored: Stored): Loaded<CalendarRecord> {
  return { stored, value: decode<CalendarRecord>(stored, upgrades) };
}

/** Whose event it is. */
export function bookingOfEvent({ id }: Stored): BookingId {
  return id.slice('calendar:'.length) as BookingId;
}

export function calendarWrite(
  id: BookingId,
  record: CalendarRecord,
  options: {
    readonly over: Stored | null;
    readonly now: Instant;
    readonly crmAt: Instant | null;
    readonly history?: readonly HistoryEntry[];
  },
): Write {
  const { over, now, crmAt, history = [] } = options;
  const expected = over?.revision ?? 0;
  const { event } = record;
  const endAt = 'endAt' in event ? event.endAt : null;
  return {
    put: {
      id: calendarRecord(id),
      kind: 'calendar',
      version: upgrades.length + 1,
      revision: expected + 1,
      changedAt: now,
      lanes: {
        mail: null,
        crm: crmAt,
        // An event is known for as long as its booking.
        forget: after(endAt && isBefore(now, endAt) ? endAt : now, retention),
      },
      keys: [],
      body: encode(record),
    },
    expected,
    history,
  };
}
