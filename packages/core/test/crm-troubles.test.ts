// What a person should know of once somebody's write to the CRM is saved: calls that may be one, and contacts not there.
import { type BookingId, bookingId, type Facts } from '@precall/core';
import { describe, expect, it } from 'vitest';
import type { BookingRecord } from '../src/booking-record.ts';
import { doublesAmong, troublesOf } from '../src/crm-troubles.ts';
import { newPerson, type PersonRecord } from '../src/person.ts';
import { agreedCall, ana, at, ben } from './agreed-call.ts';
import { bareShell } from './bare-shell.ts';

const now = at('2026-11-23T12:00:00Z');
const agreedAt = at('2026-11-20T12:00:00Z');
const [one, two, three] = ['u1', 'u2', 'u3'].map((uid) => bookingId('calcom', uid)) as [
  BookingId,
  BookingId,
  BookingId,
];

function call(id: BookingId, kind: string | null = 'intro', other: Partial<Facts> = {}): BookingRecord {
  const facts = agreedCall({ startAt: at('2026-12-03T15:00:00Z'), agreedAt });
  const about = { value: { title: 'A call', eventType: kind }, stamp: { saidAt: agreedAt, rank: 4 } };
  return { id, facts: { ...facts, about, ...other }, ledger: {} };
}

describe('calls that may be one', () => {
  const doubles = (...bookings: readonly BookingRecord[]) => doublesAmong(bookings, { id: ana, now });

  it('are of one kind, those of each kind together', () => {
    expect(doubles(call(one), call(two))).toEqual([[one, two]]);
    expect(doubles(call(one), call(two, 'coaching'))).toEqual([]);
    const four = bookingId('calcom', 'u4');
    expect(doubles(call(one), call(two, 'coaching'), call(three), call(four, 'coaching'))).toEqual([
      [one, three],
      [two, four],
    ]);
  });

  it.each<[string, BookingRecord]>([
    ['over', call(two, 'intro', agreedCall({ startAt: at('2026-11-23T11:00:00Z'), agreedAt }))],
    ['declined', call(two, 'intro', { declinedAt: now })],
    ['only asked for', call(two, 'intro', { agreed: {}, lastAgreedAt: null, requestedAt: now })],
    ["somebody else's", call(two, 'intro', { roster: { value: [ben], stamp: { saidAt: now, rank: 4 } } })],
  ])('are none where the other is %s', (_, other) => {
    expect(doubles(call(one), other)).toEqual([]);
  });

  it('are none where nobody knows of what kind they are', () => {
    expect(doubles(call(one, null), call(two, null))).toEqual([]);
    expect(doubles(call(one, 'intro', { about: null }), call(two, 'intro', { about: null }))).toEqual([]);
  });
});

describe('what a person is told', () => {
  const { shell } = bareShell();
  const short = (id: BookingId) => shell.names.short(id);
  const sought = (told: boolean) => ({ times: 3, told });
  const told = (
    outcome: { readonly sought?: PersonRecord['sought'] | null; readonly doubles?: readonly BookingId[][] },
    person: Partial<PersonRecord> = {},
  ) => {
    const whole = { sought: null, doubles: [], ...outcome } as unknown as Parameters<typeof troublesOf>[1];
    const bookings = [call(two), call(one)];
    return troublesOf(shell, whole, { person: { ...newPerson, ...person }, bookings });
  };

  it('of two calls is which they are, by their short names, and what may have happened', () => {
    expect(told({ doubles: [[two, one]] })).toEqual([
      {
        kind: 'possible_duplicate',
        booking: short(two),
        other: short(one),
        sentence:
          'A person has two upcoming calls of the same kind; one may have been moved without our being told.',
      },
    ]);
  });

  it('of three is one pair: a call that is news, and another', () => {
    expect(told({ doubles: [[three, two, one]] })).toMatchObject([
      { booking: short(three), other: short(two) },
    ]);
    expect(told({ doubles: [[three, two, one]] }, { doubles: [three, two] })).toMatchObject([
      { booking: short(one), other: short(three) },
    ]);
  });

  it('is nothing of calls that were told before', () => {
    expect(told({ doubles: [[two, one]] }, { doubles: [one, two] })).toEqual([]);
  });

  it('of a contact that is not there is the newest call, and what to do', () => {
    expect(told({ sought: sought(true) })).toEqual([
      {
        kind: 'contact_not_found',
        booking: short(two),
        sentence:
          'The CRM has no contact with the address of a booking, and none appeared within 71 minutes. ' +
          'Make the contact; then write the CRM again from the page of the booking.',
      },
    ]);
  });

  it('is nothing of a contact that is still sought, that was told before, or that is there', () => {
    expect(told({ sought: sought(false) })).toEqual([]);
    expect(told({ sought: sought(true) }, { sought: sought(true) })).toEqual([]);
    expect(told({ sought: null }, { sought: sought(true) })).toEqual([]);
    expect(told({ sought: sought(true) }, { sought: sought(false) })).toHaveLength(1);
  });
});
