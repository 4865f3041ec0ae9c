// A call's reminders as a person reads them in a terminal: one line each, in the order they fall due, on the recipient's
// own clock, with every change of that clock on the way.
import { explain, type Inspection, type Instant, type Policy, Temporal } from '@precall/core';
import { movedByQuiet } from './moved-by-quiet.ts';

interface Mark {
  readonly at: Instant;
  readonly sign: string;
  readonly words: string;
}

/** For each recipient a drawing. */
export function drawPlan(found: Inspection, policy: Policy): string {
  const { booking, reminders } = found;
  const { startAt, agreedAt, status } = booking;
  if (!startAt) return `The booking is ${status}, and its start is not known.`;
  const people = [...new Set(reminders.map(personOf))];
  if (people.length === 0) return `The booking is ${status}: nobody gets a reminder.`;
  return people.map(drawingFor).join('\n\n');

  function drawingFor(person: string): string {
    const own = reminders.filter((one) => personOf(one) === person);
    const zone = own.find(({ timeZone }) => timeZone !== null)?.timeZone ?? 'UTC';
    const addresses = [
      ...new Set(own.map(({ recipient, name }) => recipient ?? name ?? 'somebody who was erased')),
    ];
    const marks: readonly Mark[] = [
      ...(agreedAt ? [{ at: agreedAt, sign: '+', words: 'agreed' }] : []),
      ...own.map((one) => markOf(one, zone, policy)),
      ...(startAt ? [{ at: startAt, sign: '>', words: `the call (${status})` }] : []),
    ];
    const ordered = [...marks, ...clockChanges(marks, zone)].sort(
      (a, b) => a.at.epochMilliseconds - b.at.epochMilliseconds,
    );
    const lines = ordered.map(
      ({ at, sign, words }) => `  ${clockTime(at, zone)}  ${utcTime(at)}  ${sign} ${words}`,
    );
    return [`${addresses.join(', ')}, in ${zone}`, ...lines].join('\n');
  }
}

/** A key ends with its recipient's id: a person has an address for mails and another for texts. */
function personOf({ key }: Inspection['reminders'][number]): string {
  return key.slice(key.lastIndexOf('|') + 1);
}

function markOf(reminder: Inspection['reminders'][number], zone: string, policy: Policy): Mark {
  const { rule, channel, text, dueAt, state, reason } = reminder;
  const moved = movedByQuiet(reminder, policy);
  const whence = moved ? `, moved from ${clockTime(moved.from, zone)} by quiet hours, ${moved.hours}` : '';
  const why = reason ? `: ${explain(reason)}` : '';
  const name = channel === 'sms' ? `${rule} by text` : text ? `${rule}, by text where the mail fails` : rule;
  if (state === 'planned') return { at: dueAt, sign: '*', words: `${name}${whence}${why}` };
  return { at: dueAt, sign: 'x', words: `${name}${whence} ${state}${why}` };
}

/** Between the first and the last of the marks. */
function clockChanges(marks: readonly Mark[], zone: string): readonly Mark[] {
  const moments = marks.map(({ at }) => at.epochMilliseconds);
  const untilMs = Math.max(...moments);
  const changes: Mark[] = [];
  let from = zoned(Math.min(...moments), zone);
  for (;;) {
    const next = from.getTimeZoneTransition('next');
    if (!next || next.epochMilliseconds > untilMs) return changes;
    const before = next.subtract({ nanoseconds: 1 });
    const minutes = (next.offsetNanoseconds - before.offsetNanoseconds) / 60e9;
    const way = minutes > 0 ? 'forward' : 'back';
    const words = `clocks go ${way} by ${Math.abs(minutes)} min, from ${before.offset} to ${next.offset}`;
    changes.push({ at: next.toInstant(), sign: '~', words });
    from = next;
  }
}

function zoned(ms: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
}

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Such as `Thu 2026-12-03 16:00:00+01:00`, of one width. */
export function clockTime(at: Instant, zone: string): string {
  const time = zoned(at.epochMilliseconds, zone);
  const clock = time.toPlainTime().toString({ smallestUnit: 'second' });
  return `${days[time.dayOfWeek - 1]} ${time.toPlainDate().toString()} ${clock}${time.offset}`;
}

const utcTime = (at: Instant): string =>
  `${at.toString({ smallestUnit: 'second' }).slice(5).replace('T', ' ')}`;
