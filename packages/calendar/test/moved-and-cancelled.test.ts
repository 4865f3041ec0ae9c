// The files of a call on its way, made from the facts of Cal.com's samples: whatever order they are read in.
import type { BookingUpdate, Facts, RecipientId } from '@precall/core';
import { bookingUpdates } from '@precall/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contribution } from '../../core/src/contribution.ts';
import { at, joined, names, said, who } from '../../core/test/in-orders.ts';
import { calendarFile } from '../src/index.ts';
import { createCalendar } from './calendar-model.ts';

const ada = who('ada');
const day = (date: number, hour = 12) => `2026-11-${date}T${hour}:00:00Z`;
const call = (uid: string, start: string, when: string, payload = {}) => ({
  uid,
  start,
  said: when,
  attendees: ['ada@example.com'],
  payload: { rescheduleUid: undefined, seatsPerTimeSlot: null, iCalUID: undefined, ...payload },
});

const booked = said('BOOKING_CREATED', call('u1', day(27), day(23)));
const movedOnce = said('BOOKING_RESCHEDULED', call('u2', day(28), day(24), { rescheduleUid: 'u1' }));
const movedTwice = said('BOOKING_RESCHEDULED', call('u3', day(29), day(25), { rescheduleUid: 'u2' }));
const cancelled = said('BOOKING_CANCELLED', call('u3', day(29), day(26)));

/** The file about that booking once these were said. */
function fileOf(
  uid: string,
  updates: readonly BookingUpdate[],
  { now = day(26), recipient = ada as RecipientId } = {},
) {
  const bookings = joined(updates.map((update) => contribution(update, names)));
  const organizer = { email: 'calls@example.com', name: 'Host' };
  return calendarFile({ id: names.booking(uid), bookings }, { recipient, organizer, now: at(now) });
}

function file(...said: Parameters<typeof fileOf>): string {
  const text = fileOf(...said);
  if (text === null) throw new Error(`no file about ${said[0]}`);
  return text;
}

const onItsWay = [
  file('u1', [booked], { now: day(23) }),
  file('u2', [booked, movedOnce], { now: day(24) }),
  file('u3', [booked, movedOnce, movedTwice], { now: day(25) }),
  file('u3', [booked, movedOnce, movedTwice, cancelled]),
] as const;

describe('the files of a call that was moved twice and cancelled', () => {
  it('are about one entry, with numbers that rise, and end with none', () => {
    const calendar = createCalendar();
    const seen = onItsWay.map((one) => {
      calendar.take(one);
      return calendar.entries();
    });
    expect(seen).toEqual([
      [{ start: '2026-11-27T12:00:00Z', sequence: 0 }],
      [{ start: '2026-11-28T12:00:00Z', sequence: 1 }],
      [{ start: '2026-11-29T12:00:00Z', sequence: 2 }],
      [],
    ]);
    expect(onItsWay[3]).toContain('\r\nSEQUENCE:3\r\n');
  });

  it('leave no entry in whatever order, and however often, they are read', () => {
    for (const order of permutations(onItsWay)) {
      const calendar = createCalendar();
      for (const one of [...order, ...order]) calendar.take(one);
      expect(calendar.entries()).toEqual([]);
    }
  });

  it('leave the entry at its last time, whatever the order, as long as it is not cancelled', () => {
    for (const order of permutations(onItsWay.slice(0, 3))) {
      const calendar = createCalendar();
      for (const one of order) calendar.take(one);
      expect(calendar.entries()).toEqual([{ start: '2026-11-29T12:00:00Z', sequence: 2 }]);
    }
  });

  it('have the UID of the first booking, also when the webhook about it never came', () => {
    expect(file('u2', [movedOnce])).toContain('\r\nUID:u1@Cal.com\r\n');
    expect(file('u2', [movedOnce])).toContain('\r\nSEQUENCE:1\r\n');
  });
});

describe('calendarFile', () => {
  it('says nothing of a call that was moved, was never agreed, is over, is unknown, or of somebody who is', () => {
    expect(fileOf('u1', [booked, movedOnce])).toBe(null);
    expect(fileOf('u1', [cancelled])).toBe(null);
    expect(fileOf('u1', [said('BOOKING_REQUESTED', call('u1', day(27), day(23)))])).toBe(null);
    expect(fileOf('u1', [booked], { now: day(28) })).toBe(null);
    expect(fileOf('u9', [booked])).toBe(null);
    expect(fileOf('u1', [booked], { recipient: who('bob') })).toBe(null);
    expect(
      fileOf('u1', [
        said('BOOKING_REQUESTED', call('u1', day(27), day(22))),
        said('BOOKING_REJECTED', call('u1', day(27), day(23))),
      ]),
    ).toBe(null);
  });

  it('takes the entry away when an agreed call is declined', () => {
    const declined = said('BOOKING_REJECTED', call('u1', day(27), day(24)));
    expect(file('u1', [booked, declined])).toContain('METHOD:CANCEL');
  });

  it('tells nobody who was erased, or has no address', () => {
    const phone = said('BOOKING_CREATED', {
      ...call('u1', day(27), day(23)),
      attendees: ['123456@sms.cal.com'],
    });
    expect(fileOf('u1', [phone], { recipient: names.recipient('123456@sms.cal.com') })).toBe(null);
    const bookings = joined([contribution(booked, names)]);
    const [id, facts] = [...bookings][0] ?? [];
    const gone = (facts as Facts).people[ada];
    const erased = { ...(facts as Facts), people: { [ada]: { ...gone, details: null } } } as unknown as Facts;
    const organizer = { email: 'calls@example.com', name: null };
    expect(
      calendarFile(
        { id: id ?? names.booking('u1'), bookings: new Map([[names.booking('u1'), erased]]) },
        { recipient: ada, organizer, now: at(day(23)) },
      ),
    ).toBe(null);
  });

  it('takes the entry of the one who left away, and lets it come back with them', () => {
    const seat = (email: string, when: string) => ({
      ...call('u1', day(27), when, { seatsPerTimeSlot: 5 }),
      attendees: [`${email}@example.com`],
    });
    const both = [
      said('BOOKING_CREATED', seat('ada', day(23))),
      said('BOOKING_CREATED', seat('bob', day(23, 13))),
    ];
    const left = [...both, said('BOOKING_CANCELLED', seat('ada', day(24)))];
    const back = [...left, said('BOOKING_CREATED', seat('ada', day(25)))];
    const calendar = createCalendar();
    calendar.take(file('u1', both, { now: day(23, 14) }));
    expect(calendar.entries()).toHaveLength(1);
    calendar.take(file('u1', left, { now: day(24) }));
    expect(calendar.entries()).toHaveLength(0);
    expect(file('u1', left, { recipient: who('bob') })).toContain('METHOD:REQUEST');
    calendar.take(file('u1', back, { now: day(25) }));
    expect(calendar.entries()).toMatchObject([{ start: '2026-11-27T12:00:00Z' }]);
  });

  it('moves the entry of the one whose seat was moved, and nobody else', () => {
    const seat = (uid: string, email: string, when: string, payload = {}) => ({
      ...call(uid, uid === 'u1' ? day(27) : day(28), when, { seatsPerTimeSlot: 5, ...payload }),
      attendees: [`${email}@example.com`],
    });
    const all = [
      said('BOOKING_CREATED', seat('u1', 'ada', day(23))),
      said('BOOKING_CREATED', seat('u1', 'bob', day(23, 13))),
      said('BOOKING_CREATED', seat('u2', 'bob', day(23, 14))),
      said('BOOKING_RESCHEDULED', seat('u2', 'ada', day(24), { rescheduleUid: 'u1' })),
    ];
    expect(fileOf('u1', all)).toBe(null);
    expect(file('u2', all)).toContain('UID:u1@Cal.com');
    expect(file('u1', all, { recipient: who('bob') })).toContain('UID:u1@Cal.com');
    expect(file('u2', all, { recipient: who('bob') })).toContain('UID:u2@Cal.com');
  });

  it('moves the entry of a call that was moved in place, keeping its uid', () => {
    const inPlace = said('BOOKING_RESCHEDULED', call('u1', day(29), day(24), { rescheduleUid: 'u1' }));
    const calendar = createCalendar();
    for (const one of [
      file('u1', [booked, inPlace], { now: day(24) }),
      file('u1', [booked], { now: day(25) }),
    ])
      calendar.take(one);
    expect(calendar.entries()).toEqual([{ start: '2026-11-29T12:00:00Z', sequence: 1 }]);
  });

  it('brings the entry back when a declined call is agreed again, and takes it away for good', () => {
    const declined = said('BOOKING_REJECTED', call('u1', day(27), day(24)));
    const again = said('BOOKING_CREATED', call('u1', day(27), day(25)));
    const off = said('BOOKING_CANCELLED', call('u1', day(27), day(26)));
    const told = [[booked], [booked, declined], [booked, declined, again], [booked, declined, again, off]];
    const numbers = told.map((updates) => /SEQUENCE:(\d+)/.exec(file('u1', updates))?.[1]);
    expect(numbers).toEqual(['0', '1', '1', '2']);
  });

  it('never has a lower number than a file before it about that call, whatever is said in whatever order', () => {
    fc.assert(
      fc.property(fc.array(bookingUpdates(), { maxLength: 12 }), (updates) => {
        const numbers = new Map<string, number>();
        for (let count = 1; count <= updates.length; count += 1) {
          const bookings = joined(updates.slice(0, count).map((update) => contribution(update, names)));
          for (const [id, { people }] of bookings) {
            for (const recipient of Object.keys(people) as RecipientId[]) {
              const organizer = { email: 'calls@example.com', name: null };
              const text = calendarFile(
                { id, bookings },
                { recipient, organizer, now: at('1990-01-01T00:00:00Z') },
              );
              if (text === null) continue;
              const number = Number(/SEQUENCE:(\d+)/.exec(text)?.[1]);
              expect(number).toBeGreaterThanOrEqual(numbers.get(`${id} ${recipient}`) ?? 0);
              numbers.set(`${id} ${recipient}`, number);
            }
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('does not walk in a circle where a source says that two bookings replaced each other', () => {
    const circle = [
      booked,
      movedOnce,
      said('BOOKING_RESCHEDULED', call('u1', day(27), day(22), { rescheduleUid: 'u2' })),
    ];
    expect([fileOf('u1', circle), fileOf('u2', circle)]).toEqual([null, null]);
  });
});

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((one, index) =>
    permutations(items.toSpliced(index, 1)).map((others) => [one, ...others]),
  );
}
