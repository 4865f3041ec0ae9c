// Plans: a policy's reminders for one booking, against the least that any program would have to do for them.
import {
  type BookingId,
  bookingId,
  defaultPolicy,
  type Facts,
  nothingKnown,
  type PlannedReminder,
  type Policy,
  planReminders,
  type Rule,
  recipientId,
  reminderKey,
} from '@precall/core';
import { Temporal } from 'temporal-polyfill/implementation';
import { compare, type Measured, type Row, timeOf } from './measure.ts';
import { scaled } from './rig.ts';

const count = Math.max(250, scaled(20_000));
const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Asia/Tokyo',
  'Australia/Sydney',
  'America/Sao_Paulo',
  'Asia/Kolkata',
];
const recipient = recipientId('0123456789abcdef');

export async function plans(name: string): Promise<readonly Row[]> {
  const exact = await compare(
    {
      name,
      what: 'plans of three reminders at exact offsets, with their keys',
      unit: 'ns/plan',
      target: { atMost: 1.5 },
      rounds: 9,
    },
    {
      ours: () => nanosecondsEach((one, id) => keyed(one, id, defaultPolicy)),
      baseline: {
        name: 'three Instant subtractions, three objects, three keys',
        run: () => nanosecondsEach(threeSubtractions),
      },
    },
  );
  const atNine: Policy = { ...defaultPolicy, rules: [eve] };
  const dayBefore: Policy = { ...defaultPolicy, rules: [{ name: 'eve', when: { before: day } }] };
  const byPolyfill = {
    name: 'the same moment from temporal-polyfill',
    run: () => nanosecondsEach(eveByPolyfill),
  };
  const whole = await compare(
    {
      name,
      what: 'plans of one reminder at 09:00 on the day before, with its key',
      unit: 'ns/plan',
      rounds: 9,
    },
    { ours: () => nanosecondsEach((one, id) => keyed(one, id, atNine)), baseline: byPolyfill },
  );
  const wallClock = await compare(
    {
      name,
      what: 'what 09:00 on the day before costs over exactly 24 hours before',
      unit: 'ns/plan',
      target: { atMost: 0.05 },
      rounds: 9,
    },
    {
      ours: async () => {
        const exactly = await nanosecondsEach((one, id) => keyed(one, id, dayBefore));
        const onTheWall = await nanosecondsEach((one, id) => keyed(one, id, atNine));
        return { figure: onTheWall.figure - exactly.figure, cpuSeconds: null };
      },
      baseline: byPolyfill,
    },
  );
  return [exact, whole, wallClock];
}

const day = Temporal.Duration.from({ hours: 24 });
const eve: Rule = { name: 'eve', when: { daysBefore: 1, at: Temporal.PlainTime.from('09:00') } };

/** So many bookings are held at a time, as by a page of due ones: with thousands, collecting garbage is what is measured. */
const page = 250;

/** Every booking of its own, since a plan is kept beside the facts it was made from. */
function facts(from: number): readonly Facts[] {
  const saidAt = Temporal.Instant.from('2026-01-01T00:00:00Z');
  const stamp = { saidAt, rank: 0 };
  return Array.from({ length: page }, (_, place) => {
    const index = from + place;
    const startAt = Temporal.Instant.fromEpochMilliseconds(
      Date.UTC(2026, 1) + ((index * 7_919) % 17_520) * 3_600_000,
    );
    const details = {
      email: 'ada@example.com',
      mailable: true,
      name: 'Ada',
      firstName: 'Ada',
      timeZone: zones[index % zones.length] ?? 'UTC',
      locale: 'en',
    };
    return {
      ...nothingKnown,
      time: { value: { startAt, endAt: startAt.add({ minutes: 30 }) }, stamp },
      agreed: { [startAt.toString()]: { saidAt } },
      lastAgreedAt: saidAt,
      roster: { value: [recipient], stamp },
      people: {
        [recipient]: {
          details: { value: details, stamp },
          links: null,
          joinedAt: null,
          leftAt: null,
          seenAt: null,
          erasedAt: null,
          noShow: null,
        },
      },
    };
  });
}

interface Planned {
  readonly key: string;
  readonly dueAt: Temporal.Instant;
}

function keyed(one: Facts, id: BookingId, policy: Policy): readonly Planned[] {
  return planReminders(one, policy).map((reminder: PlannedReminder) => ({
    key: reminderKey(id, reminder),
    dueAt: reminder.dueAt,
  }));
}

const offsets = [
  { rule: '72h', length: Temporal.Duration.from({ hours: 72 }) },
  { rule: '24h', length: Temporal.Duration.from({ hours: 24 }) },
  { rule: '2h', length: Temporal.Duration.from({ hours: 2 }) },
];

function threeSubtractions({ time }: Facts, id: BookingId): readonly Planned[] {
  if (!time) return [];
  const { startAt } = time.value;
  const start = startAt.toString();
  return offsets.map(({ rule, length }) => ({
    key: `${id}|${start}|${rule}|${recipient}`,
    dueAt: startAt.subtract(length),
  }));
}

const nine = Temporal.PlainTime.from('09:00');

function eveByPolyfill({ time, people }: Facts, id: BookingId): readonly Planned[] {
  const zone = people[recipient]?.details?.value.timeZone;
  if (!time || !zone) return [];
  const { startAt } = time.value;
  const day = startAt.toZonedDateTimeISO(zone).toPlainDate().subtract({ days: 1 });
  const dueAt = day.toZonedDateTime({ timeZone: zone, plainTime: nine }).toInstant();
  return [{ key: `${id}|${startAt.toString()}|eve|${recipient}`, dueAt }];
}

async function nanosecondsEach(plan: (one: Facts, id: BookingId) => readonly Planned[]): Promise<Measured> {
  const id = bookingId('calcom', 'one');
  let moments = 0;
  let cpuSeconds = 0;
  for (let from = 0; from < count; from += page) {
    const all = facts(from);
    const took = await timeOf(async () => {
      for (const one of all) moments += plan(one, id).length;
    });
    cpuSeconds += took.cpuSeconds;
  }
  if (moments < count) throw new Error('there was a booking without a plan');
  // Nothing is waited for: CPU time is the time.
  return { figure: (cpuSeconds / count) * 1e9, cpuSeconds };
}
