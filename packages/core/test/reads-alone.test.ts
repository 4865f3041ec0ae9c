// What operators read, from records put into the store by hand: order, pages, and what each view rests on.
import { createMemoryStore } from '@precall/adapter-memory';
import {
  bookingId,
  bookingRecord,
  type Facts,
  type HistoryEntry,
  nothingKnown,
  type Policy,
  type RecipientId,
  type Store,
  type Stored,
  type UpcomingReminder,
} from '@precall/core';
import { faults, withFaults } from '@precall/testing';
import { describe, expect, it } from 'vitest';
import { bookingWrite } from '../src/booking-record.ts';
import { calendarWrite, newCalendarRecord } from '../src/calendar-record.ts';
import { calendarRecord, recipientKey } from '../src/ids.ts';
import { newPerson } from '../src/person.ts';
import { personWrite } from '../src/person-record.ts';
import { createReads } from '../src/reads.ts';
import { agreedCall, ana, at, ben, hours } from './agreed-call.ts';
import { bareShell } from './bare-shell.ts';

const now = at('2026-11-23T12:00:00Z');
const startAt = at('2026-12-03T15:00:00Z');
const agreedAt = at('2026-11-20T12:00:00Z');
const stamp = { saidAt: agreedAt, rank: 4 };
const page = { limit: 100, cursor: null };
const id = bookingId('calcom', 'u1');
const day: Policy['rules'] = [{ name: '24h', when: { before: hours(24) } }];
const call = (start = startAt, people: readonly RecipientId[] = [ana]) =>
  agreedCall({ startAt: start, agreedAt, people: Object.fromEntries(people.map((one) => [one, {}])) });

/** Reads of these bookings, all planned by one policy. */
async function reading(
  bookings: { readonly [uid: string]: Facts },
  options: {
    readonly rules?: Policy['rules'];
    readonly faultOf?: Parameters<typeof withFaults<Store>>[1];
    readonly checkedUntil?: ReturnType<typeof at>;
  } = {},
) {
  const memory = createMemoryStore();
  const looks: string[] = [];
  const store = withFaults(memory, (one) => {
    looks.push(one.method);
    return options.faultOf?.(one) ?? null;
  });
  const { shell, clock } = bareShell({ store, policy: { rules: options.rules ?? day } });
  const { policy } = shell;
  const writes = Object.entries(bookings).map(([uid, facts]) =>
    bookingWrite(
      { id: bookingId('calcom', uid), facts, ledger: {} },
      { over: null, policy, now, crm: 'done', history: [] },
    ),
  );
  for (let from = 0; from < writes.length; from += 50) await memory.save(writes.slice(from, from + 50));
  const reads = createReads(shell, { checkedUntil: () => options.checkedUntil ?? null });
  return { ...reads, memory, clock, looks };
}

/** All pages of reminders to come, each of so many. */
async function walked({ upcoming }: Awaited<ReturnType<typeof reading>>, limit: number) {
  const pages: (readonly UpcomingReminder[])[] = [];
  let cursor: string | null = null;
  do {
    const found: Awaited<ReturnType<typeof upcoming>> = await upcoming({ limit, cursor });
    pages.push(found.unwrap().items);
    cursor = found.unwrap().next;
  } while (cursor !== null);
  return pages;
}

const anHourApart = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`u${n}`, call(startAt.add({ hours: n }))]));

describe('the reminders to come', () => {
  it('of one moment stand in the order of their keys, each on one page', async () => {
    const reads = await reading({ b: call(), a: call(), c: call() });
    const pages = await walked(reads, 1);
    expect(pages.map((items) => items.map(({ booking }) => booking))).toEqual([
      ['calcom:a'],
      ['calcom:b'],
      ['calcom:c'],
    ]);
    expect(pages[0]?.[0]).toMatchObject({ rule: '24h', name: 'Ana Ruiz', state: 'planned' });
    expect(`${pages[0]?.[0]?.startAt}`).toBe(`${startAt}`);
  });

  it('are all there, soonest first, however many bookings have to be looked through', async () => {
    const rules: Policy['rules'] = [...day, { name: '2h', when: { before: hours(2) } }];
    const pages = await walked(await reading(anHourApart(205), { rules }), 390);
    expect(pages.map(({ length }) => length)).toEqual([390, 20]);
    const dues = pages.flat().map(({ dueAt }) => dueAt.epochMilliseconds);
    expect(dues).toEqual([...dues].sort((a, b) => a - b));
    expect(new Set(pages.flat().map(({ key }) => key)).size).toBe(410);
  });

  it('are looked for no further than the page needs', async () => {
    const { upcoming, looks } = await reading(anHourApart(205));
    const first = (await upcoming({ limit: 199, cursor: null })).unwrap();
    expect([first.items.length, looks.filter((one) => one === 'due').length]).toEqual([199, 1]);
    const more = (await upcoming({ limit: 200, cursor: null })).unwrap();
    expect([more.items.length, looks.filter((one) => one === 'due').length]).toEqual([200, 3]);
    const rest = (await upcoming({ limit: 5, cursor: more.next })).unwrap();
    expect([rest.items.length, rest.next]).toEqual([5, null]);
  });

  it.each(['', '1', '1 ', ' key', 'key', 'x1 key', `${'1'.repeat(16)} key`])(
    'do not begin after a cursor that is not one of theirs: %j',
    async (cursor) => {
      const { upcoming } = await reading({});
      expect((await upcoming({ limit: 1, cursor })).unwrapErr()).toEqual({
        kind: 'rejected',
        reason: 'the cursor is not one of ours',
      });
    },
  );

  it.each(['due', 'find'])('are not known while the store does not answer: %s', async (method) => {
    const { upcoming } = await reading(
      { u1: call() },
      { faultOf: (one) => (one.method === method ? faults.unavailable : null) },
    );
    expect((await upcoming(page)).isErr()).toBe(true);
  });
});

describe('a list of bookings', () => {
  it('holds those alone that are of the status by now', async () => {
    const { bookings, clock } = await reading({ u1: call() });
    const listed = async (status: 'agreed' | 'ended') =>
      (await bookings({ status, page })).unwrap().items.map(({ id }) => id);
    expect(await listed('agreed')).toEqual([id]);
    await clock.advanceTo(at('2026-12-03T15:30:00Z'));
    // Nobody has written it since, so that it is filed as it was.
    expect(await listed('agreed')).toEqual([]);
  });

  it('of a person holds what they have of every status, or of one', async () => {
    const declined = { ...call(), declinedAt: now };
    const reads = await reading({ u1: declined, u2: call(), u3: call(startAt, [ben]) });
    const { shell } = bareShell();
    const email = 'ana@example.com';
    const theirs = recipientKey(shell.names.recipient(email));
    for (const uid of ['u1', 'u2']) {
      const [stored] = (await reads.memory.find([bookingRecord(bookingId('calcom', uid))])).unwrap();
      if (!stored) throw new Error('it was saved');
      const put = { ...stored, revision: 2, keys: [...stored.keys, theirs] };
      await reads.memory.save([{ put, expected: 1, history: [] }]);
    }
    const listed = async (query: { readonly status?: 'agreed' }) =>
      (await reads.bookings({ ...query, email: ` ${email} `, page })).unwrap().items.map(({ id }) => id);
    expect((await listed({})).toSorted()).toEqual(['calcom:u1', 'calcom:u2']);
    expect(await listed({ status: 'agreed' })).toEqual(['calcom:u2']);
  });

  it('holds nothing that is no booking, whatever it is filed under', async () => {
    const { bookings, memory } = await reading({ u1: call() });
    const [stored] = (await memory.find([bookingRecord(id)])).unwrap();
    if (!stored) throw new Error('it was saved');
    const put: Stored = { ...stored, id: calendarRecord(id), kind: 'calendar', revision: 1 };
    await memory.save([{ put, expected: 0, history: [] }]);
    expect((await bookings({ status: 'agreed', page })).unwrap().items).toHaveLength(1);
  });

  it.each(['list', 'find'])('is not known while the store does not answer: %s', async (method) => {
    const { bookings } = await reading(
      { u1: call() },
      { faultOf: (one) => (one.method === method ? faults.unavailable : null) },
    );
    expect((await bookings({ page })).isErr()).toBe(true);
  });
});

describe('the view of a booking', () => {
  it('says when its call is, and when that was agreed with who takes part', async () => {
    const { booking } = await reading({ u1: call() });
    const seen = (await booking(id)).unwrap();
    expect([`${seen?.startAt}`, `${seen?.endAt}`, `${seen?.agreedAt}`]).toEqual([
      `${startAt}`,
      '2026-12-03T15:30:00Z',
      `${agreedAt}`,
    ]);
  });

  it('says of a call in which nobody takes part that it was agreed with nobody', async () => {
    const roster = { value: [], stamp };
    const { booking } = await reading({ u1: { ...call(), roster, people: {} } });
    const seen = (await booking(id)).unwrap();
    expect([`${seen?.startAt}`, seen?.agreedAt, seen?.attendees]).toEqual([`${startAt}`, null, []]);
  });

  it('is none where only its event is known', async () => {
    const { booking, memory } = await reading({});
    await memory.save([calendarWrite(id, newCalendarRecord, { over: null, now, crmAt: null })]);
    expect((await booking(id)).unwrap()).toBeNull();
  });

  it('says that nothing goes to somebody who wants no mails', async () => {
    const reads = await reading({ u1: call() });
    const unwilling = { ...newPerson, suppressed: { at: now, why: 'unsubscribed' } };
    await reads.memory.save([personWrite(ana, unwilling, { over: null, now })]);
    const [listed] = (await reads.bookings({ page })).unwrap().items;
    const looked = (await reads.booking(id)).unwrap();
    expect([listed, looked].map((one) => one?.reminders[0]?.reason)).toEqual(['suppressed', 'suppressed']);
    expect((await reads.upcoming(page)).unwrap().items).toEqual([]);
  });

  it('has no time where none is known', async () => {
    const { booking } = await reading({ u1: { ...nothingKnown, declinedAt: now } });
    expect((await booking(id)).unwrap()).toMatchObject({ startAt: null, endAt: null, agreedAt: null });
  });

  it('tells what happened to it, to its event and to its booker as one story, the newest 500 of it', async () => {
    const { booking, memory } = await reading({ u1: call() });
    const entries = (first: number, what: string): readonly HistoryEntry[] =>
      Array.from({ length: 200 }, (_, n) => ({
        at: now.add({ seconds: first + 3 * n }),
        what: `${what} ${n}`,
        detail: {},
      }));
    const [stored] = (await memory.find([bookingRecord(id)])).unwrap();
    if (!stored) throw new Error('it was saved');
    await memory.save([
      { put: { ...stored, revision: 2 }, expected: 1, history: entries(0, 'booking') },
      {
        put: { ...stored, id: calendarRecord(id), kind: 'calendar', revision: 1, body: '{}' },
        expected: 0,
        history: entries(1, 'event'),
      },
      personWrite(ana, newPerson, { over: null, now, history: entries(2, 'person') }),
    ]);
    const told = (await booking(id)).unwrap()?.history.map(({ what }) => what) ?? [];
    expect(told).toHaveLength(500);
    expect(told.slice(-4)).toEqual(['person 198', 'booking 199', 'event 199', 'person 199']);
    expect(told[0]).toBe('event 33');
  });

  it('says that nothing follows a no-show any more once they have another call', async () => {
    const rules: Policy['rules'] = [{ name: 'missed-you', when: { afterNoShow: hours(1) } }];
    const absent = call(at('2026-11-23T10:00:00Z'));
    const { [ana]: person } = absent.people;
    const noShow = { value: true, stamp: { saidAt: at('2026-11-23T10:30:00Z'), rank: 4 } };
    const facts = { ...absent, people: { [ana]: { ...person, noShow } } as Facts['people'] };
    const states = async (bookings: { readonly [uid: string]: Facts }) => {
      const reads = await reading(bookings, { rules });
      const [listed] = (await reads.bookings({ page })).unwrap().items.filter((one) => one.id === id);
      const looked = (await reads.booking(id)).unwrap();
      const next = (await reads.upcoming(page)).unwrap().items.filter(({ booking }) => booking === id);
      return [...[listed, looked].map((one) => one?.reminders[0]?.reason), next.length];
    };
    expect(await states({ u1: facts })).toEqual([null, null, 1]);
    expect(await states({ u1: facts, u2: call() })).toEqual(['rebooked', 'rebooked', 0]);
  });

  it.each([
    ['find', 1],
    ['find', 2],
    ['history', 1],
  ])('is not known while the store does not answer: %s, call %i', async (method, count) => {
    const { booking } = await reading(
      { u1: call() },
      { faultOf: (one) => (one.method === method && one.count === count ? faults.unavailable : null) },
    );
    expect((await booking(id)).isErr()).toBe(true);
  });
});
