// Bookings in the calendar: each has a record that says how far its event is written.
import { type BookingRecord, readBooking } from './booking-record.ts';
import { eventOf } from './calendar-event.ts';
import {
  bookingOfEvent,
  type CalendarRecord,
  calendarWrite,
  type EventKept,
  newCalendarRecord,
  readCalendar,
} from './calendar-record.ts';
import { canonicalText } from './canonical.ts';
import { type BookingId, bookingRecord, calendarRecord } from './ids.ts';
import type { Kept, WriteOutcome } from './keep-true.ts';
import { createPatience } from './patience.ts';
import type { Calendar, CalendarEvent, HistoryEntry, PortResult } from './ports.ts';
import { Err, Ok } from './result.ts';
import type { Shell } from './shell.ts';
import { after, type Instant, isBefore, Temporal } from './temporal.ts';
import { within } from './within.ts';

/** A call that takes longer is given up; doing it again is harmless. */
const callTimeout = Temporal.Duration.from({ seconds: 20 });

/** What is asked about events. */
export type CalendarCalls = Omit<Calendar, 'describe'>;

interface CalendarOutcome extends WriteOutcome {
  readonly did: 'put' | 'removed' | null;
  readonly event: EventKept;
}

export function bookingsInCalendar(
  shell: Shell,
  calendar: CalendarCalls,
): Kept<BookingId, CalendarRecord, CalendarOutcome> {
  const { store, clock, policy, names } = shell;
  const patiently = createPatience(clock, 'The calendar');

  async function write(
    id: BookingId,
    { event }: CalendarRecord,
    leaseUntil: Instant,
  ): PortResult<CalendarOutcome> {
    const found = await store.find([bookingRecord(id)]);
    if (found.isErr()) return found;
    const [stored] = found.value;
    const wanted = stored ? wantedOf(readBooking(stored).value, event) : null;
    if (wanted) {
      const digest = names.digest(canonicalText(wanted));
      const { endAt } = wanted;
      if (event.state === 'there' && event.digest === digest) return Ok(nothing(event));
      return Ok(
        await called(() => calendar.put(wanted), {
          leaseUntil,
          done: { did: 'put', event: { state: 'there', digest, endAt } },
          failed: event,
          doubted: { state: 'unsure', endAt },
        }),
      );
    }
    if (event.state === 'none') return Ok(nothing(event));
    return Ok(
      await called(() => calendar.remove(names.event(id)), {
        leaseUntil,
        done: { did: 'removed', event: { state: 'none' } },
        failed: event,
        doubted: unsure(event),
      }),
    );
  }

  function wantedOf({ id, facts }: BookingRecord, { state }: EventKept): CalendarEvent | null {
    return eventOf(facts, {
      id: names.event(id),
      names: policy.namesInCalendar,
      mayBeThere: state !== 'none',
      now: clock.now(),
    });
  }

  async function called(
    call: () => PortResult<void>,
    {
      leaseUntil,
      done,
      failed,
      doubted,
    }: {
      readonly leaseUntil: Instant;
      readonly done: Pick<CalendarOutcome, 'did' | 'event'>;
      readonly failed: EventKept;
      readonly doubted: EventKept;
    },
  ): Promise<CalendarOutcome> {
    const startedAt = clock.now();
    const limits = { clock, limit: callTimeout, who: 'The calendar' };
    // Whoever was held up until another may write is not to write over them.
    const isLate = !isBefore(after(startedAt, callTimeout), leaseUntil);
    const answer = isLate ? tooLate : await patiently(() => within(limits, call()));
    const error = answer.isErr() ? answer.error : null;
    shell.observe({ kind: 'calendar_write', error: error?.kind ?? null, startedAt, endedAt: clock.now() });
    if (!error) return { ...done, more: false, error };
    return { did: null, event: error.kind === 'unknown' ? doubted : failed, more: false, error };
  }

  return {
    newRecord: newCalendarRecord,
    recordOf: calendarRecord,
    idOf: bookingOfEvent,
    read: readCalendar,
    put: calendarWrite,
    unsure: (record) => ({ ...record, event: unsure(record.event) }),
    write,
    withOutcome: (record, { event }) => ({ ...record, event }),
    historyOf,
    refusal: (id, reason) => ({
      kind: 'calendar_refused',
      booking: names.short(id),
      sentence: `The calendar refused a write: ${reason}`,
    }),
    outage: (id, reason) => ({
      kind: 'calendar_away',
      booking: names.short(id),
      sentence: `The calendar has not taken an event for half an hour: ${reason}. "precall doctor" names the cure.`,
    }),
  };
}

const tooLate = Err({ kind: 'unavailable', reason: 'The write was held up for too long.' } as const);

function nothing(event: EventKept): CalendarOutcome {
  return { did: null, event, more: false, error: null };
}

function unsure(event: EventKept): EventKept {
  return { state: 'unsure', endAt: 'endAt' in event ? event.endAt : null };
}

function historyOf({ did, error }: CalendarOutcome, now: Instant): readonly HistoryEntry[] {
  const what = { put: 'calendar_written', removed: 'calendar_removed' };
  return [
    ...(did ? [{ at: now, what: what[did], detail: {} }] : []),
    ...(error?.kind === 'rejected'
      ? [{ at: now, what: 'calendar_refused', detail: { reason: error.reason } }]
      : []),
  ];
}
