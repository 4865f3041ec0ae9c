// An operator asks that a booking's event be written again, whatever the calendar was told before.
import { type CalendarRecord, calendarWrite, newCalendarRecord, readCalendar } from './calendar-record.ts';
import type { ActAnswer } from './desk.ts';
import { type BookingId, calendarRecord } from './ids.ts';
import { acted } from './operator-acts.ts';
import type { PortResult } from './ports.ts';
import { Ok } from './result.ts';
import type { Shell } from './shell.ts';

const tries = 5;

export async function writeEventAgain(
  { store, clock, wake }: Shell,
  id: BookingId,
  by: string,
): PortResult<ActAnswer> {
  for (let n = 0; n < tries; n += 1) {
    const found = await store.find([calendarRecord(id)]);
    if (found.isErr()) return found;
    const [over = null] = found.value;
    const record = over ? readCalendar(over).value : newCalendarRecord;
    const now = clock.now();
    // A write that is running is left to end: it sees by `wanted` that there is more to do.
    const crmAt = record.writing?.leaseUntil ?? now;
    const history = [acted('calendar_write_asked', now, { by })];
    const saved = await store.save([calendarWrite(id, asked(record), { over, now, crmAt, history })]);
    if (saved.isErr()) return saved;
    if (saved.value[0] === 'conflict') continue;
    wake(crmAt);
    return Ok('done');
  }
  return Ok({ refused: 'changed_meanwhile' });
}

function asked(record: CalendarRecord): CalendarRecord {
  const { event, wanted } = record;
  const isNone = event.state === 'none';
  return {
    ...record,
    event: isNone ? event : { state: 'unsure', endAt: event.endAt },
    refused: false,
    tries: 0,
    wanted: wanted + 1,
  };
}
