// A booking that is moved twice and cancelled, as calendars see it. Prints what they show at each step, and ends with 1 if a step
// is wrong. The files are those of the host's reminders with CALENDAR_FILES=true, in the order of sending, and the one of the
// cancelled call; the calendar that reads them knows ical.js and RFC 5546, and nothing of Precall. Takes seconds: the clock is
// moved by hand.
import type { BookingId } from '@precall/core';
import { createCalendar } from '../../../packages/calendar/test/calendar-model.ts';
import { createWorld, guest } from '../../../packages/core/test/world.ts';
import { readConfiguration } from '../src/configuration.ts';
import { policyFor } from '../src/policy.ts';

const variables = { CALCOM_WEBHOOK_SECRET: 'a-secret-of-the-calendar', CALENDAR_FILES: 'true' };
const settings = readConfiguration(variables, []).unwrap();
if (settings.kind !== 'host') throw new Error('These variables make a host.');
const world = createWorld({ scheduler: 'none', policy: policyFor(settings) });
const calendar = createCalendar();
let wrong = 0;

const starts = ['2026-12-03T15:00:00Z', '2026-12-10T15:00:00Z', '2026-12-17T15:00:00Z'] as const;
const reminded = ['2026-12-02T15:00:00Z', '2026-12-09T15:00:00Z', '2026-12-16T15:00:00Z'] as const;
const said = ['2026-11-23T12:00:00Z', reminded[0], reminded[1]] as const;

for (const [n, start] of starts.entries()) {
  const uid = `u${n + 1}`;
  const payload = n === 0 ? { iCalUID: 'u1@Cal.com' } : { rescheduleUid: `u${n}` };
  await world.change(n === 0 ? 'BOOKING_CREATED' : 'BOOKING_RESCHEDULED', {
    uid,
    start,
    said: said[n] ?? start,
    payload,
  });
  const before = world.mailer.sent.length;
  await world.tickAt(reminded[n] ?? start);
  for (const { message } of world.mailer.sent.slice(before)) calendar.take(message.calendar?.content ?? '');
  step(n === 0 ? 'booked, reminded' : 'moved, reminded', [`${start} (SEQUENCE ${n})`]);
}
await world.change('BOOKING_CANCELLED', { uid: 'u3', start: starts[2], said: reminded[2] });
const file = (await world.precall.calendarFile('calcom:u3' as BookingId, guest)).unwrap();
if (file) calendar.take(file.content);
step('cancelled', []);
process.exitCode = wrong > 0 ? 1 : 0;

/** Exactly these entries are what the calendar shows now. */
function step(what: string, expected: readonly string[]): void {
  const shown = calendar.entries().map(({ start, sequence }) => `${start} (SEQUENCE ${sequence})`);
  const isRight = shown.join() === expected.join();
  if (!isRight) wrong += 1;
  console.log(`${isRight ? 'pass' : 'FAIL'}  ${what}: ${shown.join(', ') || 'no entry'}`);
}
