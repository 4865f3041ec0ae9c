// What the CRM should say about a person, from the facts of all their calls.
import { describe, expect, it } from 'vitest';
import type { BookingRecord } from '../src/booking-record.ts';
import type { Facts } from '../src/facts.ts';
import { attemptId, bookingId, type ReminderKey } from '../src/ids.ts';
import { claim, newEntry, settle } from '../src/ledger.ts';
import type { LedgerEntry } from '../src/ledger-types.ts';
import { changedFields, desiredFields, sentSteps, textOf } from '../src/projection.ts';
import { defaultProjection, type Projection } from '../src/projection-settings.ts';
import type { Instant } from '../src/temporal.ts';
import { agreedCall, ana, at, ben, hours } from './agreed-call.ts';

const agreedAt = at('2026-11-23T12:00:00Z');
const startAt = at('2026-12-03T15:00:00Z');
const endAt = at('2026-12-03T15:30:00Z');
const now = at('2026-11-24T12:00:00Z');
const stamp = { saidAt: agreedAt, rank: 4 };
const call = agreedCall({ startAt, agreedAt, people: { [ana]: {}, [ben]: {} } });
const other = bookingId('cal', 'other');
const callAt = (start: string) => agreedCall({ startAt: at(start), agreedAt });
const record = (facts: Facts, ...entries: readonly LedgerEntry[]): BookingRecord => ({
  id: bookingId('cal', 'a'),
  facts,
  ledger: Object.fromEntries(entries.map((entry, n) => [`${n}` as ReminderKey, entry])),
});
const cancelled = (saidAt: Instant, moving = false) =>
  ({ cancelled: { value: { by: 'attendee', moving }, stamp }, cancelledAt: saidAt }) as const;
const marked = (noShow: boolean, known: Facts = call): Facts => ({
  ...known,
  people: {
    ...known.people,
    [ana]: { ...known.people[ana], noShow: { value: noShow, stamp: { saidAt: endAt, rank: 0 } } } as never,
  },
});

function wanted(
  facts: readonly Facts[],
  {
    of = ana,
    when = now,
    settings = {},
  }: { of?: typeof ana; when?: Instant; settings?: Partial<Projection> } = {},
) {
  const fields = desiredFields(
    of,
    facts.map((one) => record(one)),
    { settings: { ...defaultProjection, ...settings }, now: when },
  );
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, textOf(field)]));
}
const status = (...args: Parameters<typeof wanted>) => wanted(...args)['Booking Status'];
const date = (...args: Parameters<typeof wanted>) => wanted(...args)['Diagnostic Call Date'];

describe('desiredFields', () => {
  it('are those of the soonest of the calls to come, whatever is known of those before', () => {
    const calls = [callAt('2026-12-10T15:00:00Z'), call, callAt('2026-12-05T15:00:00Z')];
    expect(wanted(calls)).toEqual({
      'Booking Status': 'Booked',
      'Diagnostic Call Date': '2026-12-03',
      'Christmas Campaign Status': 'Pre-Call Prep',
    });
    expect(date(calls, { when: endAt })).toBe('2026-12-05');
    expect(date([...calls, { ...call, ...cancelled(now) }])).toBe('2026-12-03');
  });

  it('have the type of what they are', () => {
    const properties = { ...defaultProjection.properties, confirmed: 'Confirmed' };
    const settings = { ...defaultProjection, properties };
    const none = { type: 'moment', value: null };
    expect(desiredFields(ana, [record(call)], { settings, now })).toEqual({
      'Booking Status': { type: 'choice', value: 'Booked' },
      'Diagnostic Call Date': { type: 'date', value: '2026-12-03' },
      'Christmas Campaign Status': { type: 'choice', value: 'Pre-Call Prep' },
      Confirmed: none,
    });
    const values = { ...settings.values, confirmed: 'Will come' };
    const chosen = desiredFields(ana, [record(call)], { settings: { ...settings, values }, now });
    expect(chosen.Confirmed).toEqual({ type: 'choice', value: null });
  });

  it('are those of the next call where it is said before its end that they did not come to this one', () => {
    const calls = [marked(true), callAt('2026-12-10T15:00:00Z')];
    const when = at('2026-12-03T15:15:00Z');
    expect(date(calls, { when })).toBe('2026-12-10');
    expect(status([marked(true)], { when })).toBe('No-Show');
  });

  it('are those of what happened last, where no call is to come', () => {
    const before = { ...callAt('2026-12-01T15:00:00Z'), ...cancelled(agreedAt) };
    const after = { ...callAt('2026-12-02T15:00:00Z'), ...cancelled(at('2026-12-05T12:00:00Z')) };
    const when = at('2026-12-06T12:00:00Z');
    expect(status([before, call], { when })).toBe('Completed');
    expect(status([call, before], { when })).toBe('Completed');
    expect(status([call, after], { when })).toBe('Not Booked');
    expect(status([after, call], { when })).toBe('Not Booked');
  });

  it('count a call as held an hour after its end, and at its end where it is known that they came', () => {
    expect(status([call], { when: at('2026-12-03T16:29:59Z') })).toBe('Booked');
    expect(status([call], { when: at('2026-12-03T16:30:00Z') })).toBe('Completed');
    expect(status([marked(false)], { when: at('2026-12-03T15:29:59Z') })).toBe('Booked');
    expect(status([marked(false)], { when: endAt })).toBe('Completed');
    expect(status([marked(true)], { when: endAt })).toBe('No-Show');
  });

  it('say nothing of a person where the host did not come', () => {
    const missed: Facts = { ...call, hostNoShow: { value: true, stamp } };
    expect(status([missed], { when: at('2026-12-04T12:00:00Z') })).toBe('Booked');
    expect(
      status([{ ...call, hostNoShow: { value: false, stamp } }], { when: at('2026-12-04T12:00:00Z') }),
    ).toBe('Completed');
  });

  it('take the date and leave the status while a move is under way', () => {
    const moving = { 'Diagnostic Call Date': null };
    expect(wanted([{ ...call, ...cancelled(now, true) }])).toEqual(moving);
    const asked: Facts = {
      ...call,
      agreed: {},
      requestedAt: now,
      replaces: { [other]: { allAt: now, people: {} } },
    };
    expect(wanted([asked])).toEqual(moving);
  });

  it('are none of a booking that was only ever asked for, declined or called off before', () => {
    const asked: Facts = { ...call, agreed: {}, lastAgreedAt: null, requestedAt: now };
    expect(wanted([asked])).toEqual({});
    expect(wanted([{ ...asked, declinedAt: now }])).toEqual({});
    expect(wanted([{ ...asked, ...cancelled(now) }])).toEqual({});
  });

  it('hold by how a call stands, not by what was said of it before', () => {
    const asked: Facts = { ...call, requestedAt: agreedAt, declinedAt: at('2026-11-23T11:00:00Z') };
    expect(status([{ ...asked, ...cancelled(now) }])).toBe('Not Booked');
    const gone = { replacedBy: { [other]: { allAt: now, people: {} } } };
    expect(wanted([{ ...asked, ...gone }])).toEqual({});
  });

  it('say of an agreed call that was declined later that it is off', () => {
    const declined = { ...call, declinedAt: at('2026-11-24T11:00:00Z') };
    expect(wanted([declined])).toEqual({ 'Booking Status': 'Not Booked', 'Diagnostic Call Date': null });
  });

  it('are none for guests, who have no call of their own to keep or to lose', () => {
    expect(wanted([call], { of: ben })).toEqual({});
    expect(wanted([{ ...call, ...cancelled(now) }], { of: ben })).toEqual({});
  });

  it('say of a seat that was given back that it is off, and of the others’ that they are booked', () => {
    const people = { [ana]: { leftAt: now }, [ben]: {} };
    const seats = agreedCall({ startAt, agreedAt, seated: true, people });
    expect(status([seats])).toBe('Not Booked');
    expect(status([seats], { of: ben })).toBe('Booked');
  });

  it('leave the booking that took its place to speak for one that was moved', () => {
    expect(
      wanted([{ ...call, ...cancelled(now), replacedBy: { [other]: { allAt: now, people: {} } } }]),
    ).toEqual({});
  });

  it('say that it is off once somebody else has it, and nothing before it is known whose it is', () => {
    const moved = { ...call, replacedBy: { [other]: { allAt: now, people: {} } } };
    const next = (people: Facts['people']): BookingRecord => ({ ...record({ ...call, people }), id: other });
    const settings = { settings: defaultProjection, now };
    const desired = (first: Facts, ...others: readonly BookingRecord[]) =>
      desiredFields(ana, [record(first), ...others], settings)['Booking Status']?.value;
    const { [ana]: hers, [ben]: his } = call.people;
    expect(desired(moved, next({ [ben]: his } as Facts['people']))).toBe('Not Booked');
    expect(desired(moved, next({ [ana]: hers } as Facts['people']))).toBe('Booked');
    expect(desired(moved)).toBeUndefined();
    // Where seats are moved the source names one person for all.
    expect(desired({ ...moved, seated: true }, next({ [ben]: his } as Facts['people']))).toBeUndefined();
  });

  it('have the day of the call where the business is, else where the host is', () => {
    const late = { startAt: at('2026-12-03T23:30:00Z'), agreedAt };
    expect(date([agreedCall({ ...late, hostZone: 'Europe/Paris' })])).toBe('2026-12-04');
    expect(date([agreedCall({ ...late, hostZone: 'Europe/Paris' })], { settings: { timeZone: 'UTC' } })).toBe(
      '2026-12-03',
    );
    expect(date([{ ...agreedCall(late), host: null }])).toBe('2026-12-03');
  });

  it('have no property that is not configured, and no value that is not', () => {
    const none = { status: null, callDate: null, campaignStatus: null, confirmed: null };
    const properties = { ...defaultProjection.properties, ...none };
    expect(wanted([call], { settings: { properties } })).toEqual({});
    const values = { ...defaultProjection.values, noShow: null, completed: null };
    const when = at('2026-12-04T12:00:00Z');
    expect(wanted([call], { when, settings: { values } })).toEqual({ 'Diagnostic Call Date': '2026-12-03' });
    expect(wanted([marked(true)], { when, settings: { values } })).toEqual({
      'Diagnostic Call Date': '2026-12-03',
    });
  });

  it('show the first word of theirs that they will be there, about this call and by them', () => {
    const properties = { ...defaultProjection.properties, confirmed: 'Confirmed' };
    const rule = { name: '2h', when: { before: hours(2) } };
    const said = (moment: string, { recipient = ana, start = startAt } = {}) => ({
      ...newEntry({ rule, recipient, startAt: start, dueAt: startAt }),
      attendingAt: at(moment),
    });
    const confirmed = (...entries: readonly LedgerEntry[]) =>
      desiredFields(ana, [record(call, ...entries)], {
        settings: { ...defaultProjection, properties },
        now,
      }).Confirmed?.value?.toString() ?? null;
    const [first, second] = ['2026-11-24T10:00:00Z', '2026-11-24T11:00:00Z'];
    expect(confirmed(said(second), said(first))).toBe(first);
    expect(confirmed(said(first, { recipient: ben }), said(second))).toBe(second);
    expect(confirmed(said(first, { start: endAt }))).toBeNull();
    expect(confirmed()).toBeNull();
    const values = { ...defaultProjection.values, confirmed: 'Will come' };
    const settings = { ...defaultProjection, properties, values };
    expect(desiredFields(ana, [record(call, said(first))], { settings, now }).Confirmed).toEqual({
      type: 'choice',
      value: 'Will come',
    });
  });
});

describe('changedFields', () => {
  it('are those that differ from what was last written, whatever their type', () => {
    const fields = {
      Same: { type: 'moment', value: startAt },
      Gone: { type: 'date', value: null },
      New: { type: 'choice', value: 'Booked' },
    } as const;
    const written = { Same: '2026-12-03T15:00:00Z', Gone: '2026-12-03', Other: 'x' };
    expect(changedFields(fields, written)).toEqual({ Gone: fields.Gone, New: fields.New });
    expect(changedFields(fields, { ...written, Gone: null, New: 'Booked' })).toEqual({});
  });
});

describe('sentSteps', () => {
  const rule = (name: string) => ({ name, when: { before: hours(2) } });
  const sent = (name: string, moment: string, { recipient = ana, accepted = true } = {}) => {
    const claimed = claim(
      newEntry({ rule: rule(name), recipient, startAt, dueAt: startAt }),
      attemptId('a'),
      at(moment),
    );
    const error = { kind: 'rejected', reason: 'no' } as const;
    return settle(
      claimed,
      attemptId('a'),
      accepted ? { kind: 'accepted', messageId: null } : { kind: 'failed', error },
      { now: at(moment), doubtWait: hours(1) },
    );
  };
  const steps = (...entries: readonly LedgerEntry[]) =>
    sentSteps(ana, [record(call, ...entries)]).map(({ rule: name, sentAt }) => `${name} ${sentAt}`);

  it('have each rule once, with the moment at which its first message was sent', () => {
    const [first, second] = ['2026-11-30T15:00:00Z', '2026-12-01T15:00:00Z'];
    expect(steps(sent('72h', second), sent('72h', first), sent('24h', second))).toEqual([
      `72h ${first}`,
      `24h ${second}`,
    ]);
    expect(steps(sent('72h', first), sent('72h', second))).toEqual([`72h ${first}`]);
  });

  it('have nothing that was refused, or went to somebody else', () => {
    const moment = '2026-11-30T15:00:00Z';
    expect(steps(sent('72h', moment, { accepted: false }), sent('24h', moment, { recipient: ben }))).toEqual(
      [],
    );
  });

  it('count the attempt that was accepted, not the one that was refused before it', () => {
    const refused = sent('72h', '2026-11-30T15:00:00Z', { accepted: false });
    const again = claim(refused, attemptId('b'), at('2026-11-30T15:05:00Z'));
    const accepted = settle(
      again,
      attemptId('b'),
      { kind: 'accepted', messageId: null },
      {
        now: startAt,
        doubtWait: hours(1),
      },
    );
    expect(steps(accepted)).toEqual(['72h 2026-11-30T15:05:00Z']);
  });
});
