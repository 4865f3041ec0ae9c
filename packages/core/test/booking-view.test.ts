// A booking as an operator reads it: who takes part, and what CRM and calendar say.
import { describe, expect, it } from 'vitest';
import {
  attendeesOf,
  calendarView,
  crmView,
  knownAs,
  reminderView,
  unreadableView,
  wasFetched,
} from '../src/booking-view.ts';
import { type CalendarRecord, newCalendarRecord } from '../src/calendar-record.ts';
import type { Facts, PersonFacts } from '../src/facts.ts';
import { attemptId, bookingId, type ReminderKey, theHost } from '../src/ids.ts';
import { claim, newEntry } from '../src/ledger.ts';
import type { LedgerEntry } from '../src/ledger-types.ts';
import { newPerson, type PersonRecord } from '../src/person.ts';
import { planReminders } from '../src/plan.ts';
import { defaultPolicy } from '../src/policy.ts';
import { defaultProjection } from '../src/projection-settings.ts';
import { agreedCall, ana, at, ben } from './agreed-call.ts';

const id = bookingId('cal', 'a');
const endAt = at('2026-12-03T15:30:00Z');
const call = agreedCall({
  startAt: at('2026-12-03T15:00:00Z'),
  agreedAt: at('2026-11-23T12:00:00Z'),
  people: { [ana]: { timeZone: 'Europe/Paris' }, [ben]: { email: 'ben@example.com' } },
});
const stamp = { saidAt: endAt, rank: 0 };
const known = (facts: Facts, changes: Partial<PersonFacts>): Facts => ({
  ...facts,
  people: { ...facts.people, [ana]: { ...facts.people[ana], ...changes } as PersonFacts },
});
const attendees = (facts: Facts) => attendeesOf({ id, facts, ledger: {} });

describe('attendeesOf', () => {
  it('are those who take part, in their order, and after them those who do not', () => {
    expect(attendees(call)).toEqual([
      {
        email: 'someone@example.com',
        name: 'Ana Ruiz',
        timeZone: 'Europe/Paris',
        phone: null,
        status: 'attending',
        came: null,
      },
      {
        email: 'ben@example.com',
        name: 'Ana Ruiz',
        timeZone: null,
        phone: null,
        status: 'attending',
        came: null,
      },
    ]);
    const onlyBen = { ...call, roster: { value: [ben], stamp } };
    expect(attendees(onlyBen).map(({ email, status }) => [email, status])).toEqual([
      ['ben@example.com', 'attending'],
      ['someone@example.com', 'left'],
    ]);
  });

  it('are shown with their number, and whether they came', () => {
    const phone = { value: { number: '+33612345678', id: ben }, stamp };
    const came = { value: false, stamp };
    expect(attendees(known(call, { phone, noShow: came }))[0]).toMatchObject({
      phone: '+33612345678',
      status: 'attending',
      came: true,
    });
    const missed = { value: true, stamp };
    expect(attendees(known(call, { noShow: missed }))[0]).toMatchObject({ status: 'no_show', came: false });
  });

  it('are erased for as long as no address was said again', () => {
    const gone = {
      value: { email: null, mailable: false, name: null, firstName: null, timeZone: null, locale: null },
      stamp,
    };
    expect(attendees(known(call, { erasedAt: endAt, details: gone }))[0]?.status).toBe('erased');
    expect(attendees(known(call, { erasedAt: endAt, details: null }))[0]?.status).toBe('erased');
    expect(attendees(known(call, { erasedAt: endAt }))[0]?.status).toBe('attending');
    expect(attendees(known(call, { details: gone }))[0]?.status).toBe('attending');
    expect(attendees(known(call, { details: null }))[0]).toMatchObject({ email: null, name: null });
  });

  it('have moved where another booking took them, and left otherwise', () => {
    const seats = agreedCall({
      startAt: at('2026-12-03T15:00:00Z'),
      agreedAt: at('2026-11-23T12:00:00Z'),
      seated: true,
      people: { [ana]: {}, [ben]: { leftAt: at('2026-11-24T12:00:00Z') } },
    });
    const movedAt = at('2026-11-24T12:00:00Z');
    const moved: Facts = {
      ...seats,
      replacedBy: { [bookingId('cal', 'b')]: { allAt: null, people: { [ana]: { movedAt } } } },
    };
    expect(attendees(moved).map(({ status }) => status)).toEqual(['moved', 'left']);
  });
});

describe('wasFetched', () => {
  it('holds once the source showed anybody of it', () => {
    expect(wasFetched(call)).toBe(false);
    expect(wasFetched(known(call, { seenAt: endAt }))).toBe(true);
  });
});

describe('knownAs', () => {
  const named = (facts: Facts, recipient: typeof ana) =>
    knownAs({ reminder: { recipient }, facts } as unknown as Parameters<typeof knownAs>[0]);

  it('is the name and zone of whoever the reminder goes to, the host included', () => {
    expect(named(call, ana)).toEqual({ name: 'Ana Ruiz', timeZone: 'Europe/Paris' });
    expect(named(call, theHost)).toEqual({ name: 'Jane Doe', timeZone: null });
    const nothing = { name: null, timeZone: null };
    expect(named({ ...call, host: null, people: {} }, ana)).toEqual(nothing);
    expect(named({ ...call, host: null }, theHost)).toEqual(nothing);
    expect(named(known(call, { details: null }), ana)).toEqual(nothing);
  });
});

describe('reminderView', () => {
  const now = at('2026-12-03T13:00:00Z');
  const [reminder] = planReminders(call, defaultPolicy);
  if (!reminder) throw new Error('the default policy plans reminders');
  const one = { key: 'k' as ReminderKey, reminder, facts: call, entry: null, person: null, phone: null };
  const view = (entry: LedgerEntry | null) =>
    reminderView({ ...one, entry, bookings: null, policy: defaultPolicy, now });

  it('has each attempt with the way it went', () => {
    const by = { channel: 'sms', to: ben } as const;
    const claimed = claim(newEntry(reminder), attemptId('a1'), now, by);
    expect(view(claimed).attempts).toEqual([
      { id: 'a1', at: now, channel: 'sms', outcome: null, messageId: null, delivery: null },
    ]);
    expect(view(claim(newEntry(reminder), attemptId('a1'), now)).attempts[0]?.channel).toBe('mail');
  });

  it('has no attempt, and the address it would go to, where nothing was tried', () => {
    expect(view(null)).toMatchObject({ key: 'k', rule: '72h', recipient: 'someone@example.com' });
    expect(view(null).attempts).toEqual([]);
  });
});

describe('crmView', () => {
  const found = { state: 'found', ref: 'c1' as never } as const;
  const view = (changes: Partial<PersonRecord>, campaign: string | null = 'Christmas 2025') =>
    crmView({ ...newPerson, ...changes }, { ...defaultProjection, campaign });

  it('is written once the contact was found and has seen everything that is wanted', () => {
    const written = { Status: 'Booked' };
    expect(view({ contact: found, wanted: 2, seen: 2, written }).contact).toEqual({
      state: 'written',
      ref: 'c1',
      fields: written,
      lastError: null,
    });
    expect(view({ contact: found, wanted: 3, seen: 2 }).contact.state).toBe('pending');
    expect(view({ contact: found, wanted: 2, seen: 2, lastError: 'away' }).contact).toMatchObject({
      state: 'pending',
      lastError: 'away',
    });
  });

  it('says what stands in its way: nobody found, several, or a refusal', () => {
    for (const state of ['pending', 'not_found', 'ambiguous'] as const)
      expect(view({ contact: { state } }).contact).toMatchObject({ state, ref: null });
    expect(view({ contact: found, refused: true }).contact.state).toBe('refused');
  });

  it('finds nobody, and no member, where nobody is sought any more', () => {
    expect(view({ wanted: 1, seen: 1 }).contact).toMatchObject({ state: 'not_found', ref: null });
    expect(view({ wanted: 1, seen: 1 }).campaign).toEqual({ state: 'not_a_member', ref: null });
  });

  it('says whether they are a member of the campaign, if there is one', () => {
    const membership = { state: 'member', ref: 'm1' as never } as const;
    expect(view({ membership }).campaign).toEqual({ state: 'member', ref: 'm1' });
    expect(view({}).campaign).toEqual({ state: 'pending', ref: null });
    expect(view({ membership: { state: 'not_a_member' } }).campaign.state).toBe('not_a_member');
    expect(view({}, null).campaign.state).toBe('not_configured');
  });
});

describe('calendarView', () => {
  const view = (changes: Partial<CalendarRecord>) => calendarView({ ...newCalendarRecord, ...changes });
  const there = { state: 'there', digest: 'd', endAt } as const;

  it('is written where the event is there, and none where none is wanted', () => {
    expect(view({ event: there, wanted: 1, seen: 1 })).toEqual({ state: 'written', lastError: null });
    expect(view({}).state).toBe('none');
  });

  it('is pending while something is wanted, went wrong or is not known', () => {
    expect(view({ event: there, wanted: 2, seen: 1 }).state).toBe('pending');
    expect(view({ event: there, lastError: 'away' })).toEqual({ state: 'pending', lastError: 'away' });
    expect(view({ event: { state: 'unsure', endAt } }).state).toBe('pending');
  });

  it('is refused where the calendar said no, whatever is wanted', () => {
    expect(view({ event: there, wanted: 2, seen: 1, refused: true }).state).toBe('refused');
  });
});

describe('unreadableView', () => {
  it('has the name of the booking, and nothing that would have to be read', () => {
    expect(unreadableView(id)).toEqual({
      id,
      status: 'unknown',
      startAt: null,
      endAt: null,
      agreedAt: null,
      checkedAt: null,
      replaces: [],
      replacedBy: [],
      attendees: [],
      reminders: [],
      crm: null,
      unreadable: true,
    });
  });
});
