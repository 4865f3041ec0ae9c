// One page of the CRM lane by itself: whom a booking tells, what it mends, and that nothing stands in the way of the rest.
import { createMemoryCalendar, createMemoryCrm, createMemoryStore } from '@precall/adapter-memory';
import {
  attemptId,
  type BookingId,
  bookingId,
  bookingRecord,
  type Facts,
  personRecord,
  type RecipientId,
  type Store,
} from '@precall/core';
import { faults, withFaults } from '@precall/testing';
import { describe, expect, it } from 'vitest';
import { bookingWrite, readBooking } from '../src/booking-record.ts';
import { calendarRecord, theHost } from '../src/ids.ts';
import { claim, newEntry, settle } from '../src/ledger.ts';
import type { Ledger, LedgerEntry } from '../src/ledger-types.ts';
import type { PlannedReminder } from '../src/plan.ts';
import { createProject } from '../src/project.ts';
import { agreedCall, ana, at, ben, hours } from './agreed-call.ts';
import { bareShell } from './bare-shell.ts';

const now = at('2026-11-23T12:00:00Z');
const startAt = at('2026-12-03T15:00:00Z');
const endsAt = '2026-12-03T15:30:00Z';
const agreedAt = at('2026-11-20T12:00:00Z');
const carl = 'c'.repeat(32) as RecipientId;
const [u1, u2] = ['u1', 'u2'].map((uid) => bookingId('calcom', uid)) as [BookingId, BookingId];
const call = (people: readonly RecipientId[] = [ana]) =>
  agreedCall({ startAt, agreedAt, people: Object.fromEntries(people.map((id) => [id, {}])) });

/** Bookings that changed, and what becomes of them at the next look. */
async function changed(
  bookings: { readonly [id: BookingId]: { readonly facts: Facts; readonly ledger?: Ledger } },
  options: {
    readonly without?: 'crm';
    readonly calendar?: boolean;
    readonly faultOf?: Parameters<typeof withFaults<Store>>[1];
  } = {},
) {
  const memory = createMemoryStore();
  const saves: number[] = [];
  const store = withFaults(memory, (one) => {
    if (one.method === 'save') saves.push(one.count);
    return options.faultOf?.(one) ?? null;
  });
  const { shell, clock, troubles } = bareShell({ store });
  const { policy } = shell;
  for (const [id, { facts, ledger = {} }] of Object.entries(bookings)) {
    const record = { id: id as BookingId, facts, ledger };
    await memory.save([bookingWrite(record, { over: null, policy, now, crm: 'now', history: [] })]);
  }
  const writer = { crm: createMemoryCrm({ unknown: 'add' }), clock, settings: policy.projection };
  const { takePage, takeEvents } = createProject(shell, {
    crm: options.without === 'crm' ? null : writer,
    calendar: options.calendar ? createMemoryCalendar() : null,
  });
  const record = async (id: ReturnType<typeof bookingRecord>) => (await memory.find([id])).unwrap()[0];
  const dueAt = async (id: BookingId) => `${(await record(bookingRecord(id)))?.lanes.crm}`;
  const told = async (...people: readonly RecipientId[]) => {
    const found = await Promise.all(people.map((id) => record(personRecord(id))));
    return people.filter((_, n) => found[n] !== undefined);
  };
  const history = async (id: BookingId) =>
    (await memory.history(bookingRecord(id), { limit: 9, cursor: null }))
      .unwrap()
      .items.map(({ what, detail }) => [what, detail]);
  return { takePage, takeEvents, record, dueAt, told, history, saves, troubles, memory };
}

/** What was done about a message to somebody, which was accepted or not. */
function sentTo(recipient: RecipientId, isAccepted = true): Ledger {
  const reminder: PlannedReminder = {
    ...{ rule: { name: '2h', when: { before: hours(2) } }, channel: 'mail', recipient, startAt },
    ...{ askedAt: now, dueAt: now, usefulUntil: startAt, skip: null },
  };
  const attempt = attemptId(`to-${recipient}`);
  const claimed = claim(newEntry(reminder), attempt, now);
  const accepted = { kind: 'accepted', messageId: null } as const;
  const entry: LedgerEntry = isAccepted
    ? settle(claimed, attempt, accepted, { now, doubtWait: hours(1) })
    : claimed;
  return { [`to-${recipient}`]: entry };
}

describe('a booking that changed', () => {
  it('is counted, told once, and due again when its call is over', async () => {
    const { takePage, dueAt, told } = await changed({ [u1]: { facts: call() } });
    expect((await takePage()).unwrap()).toBe(1);
    expect([await told(ana), await dueAt(u1)]).toEqual([[ana], endsAt]);
    // Now the person is due.
    expect((await takePage()).unwrap()).toBe(1);
    expect((await takePage()).unwrap()).toBe(0);
  });

  it('tells its booker and whoever got a message about it, but not the host', async () => {
    const ledger = { ...sentTo(ben), ...sentTo(carl, false), ...sentTo(theHost) };
    const { takePage, told } = await changed({ [u1]: { facts: call([ana, carl]), ledger } });
    await takePage();
    expect(await told(ana, ben, carl, theHost)).toEqual([ana, ben]);
  });

  it('tells all who are named where it was only asked for, since nobody knows who the booker is', async () => {
    const asked = { ...call([ana, ben]), agreed: {}, lastAgreedAt: null, requestedAt: now };
    const alone = await changed({ [u1]: { facts: { ...asked, roster: null } } });
    await alone.takePage();
    expect(await alone.told(ana, ben)).toEqual([ana, ben]);
    const listed = await changed({ [u1]: { facts: asked } });
    await listed.takePage();
    expect(await listed.told(ana, ben)).toEqual([ana]);
    const unasked = await changed({ [u1]: { facts: { ...asked, requestedAt: null, roster: null } } });
    await unasked.takePage();
    expect(await unasked.told(ana, ben)).toEqual([]);
  });

  it('tells its event where there is a calendar, and only if it was ever agreed', async () => {
    const requested = { ...call(), agreed: {}, lastAgreedAt: null, requestedAt: now };
    const { takePage, takeEvents, record } = await changed(
      { [u1]: { facts: call() }, [u2]: { facts: requested } },
      { calendar: true },
    );
    await takePage();
    expect(await record(calendarRecord(u1))).toBeDefined();
    expect(await record(calendarRecord(u2))).toBeUndefined();
    expect((await takeEvents?.())?.unwrap()).toBe(1);
    expect((await takeEvents?.())?.unwrap()).toBe(0);
    expect((await changed({})).takeEvents).toBeNull();
  });

  it.each([
    ['due', 1],
    ['find', 1],
    ['save', 1],
    ['save', 2],
  ])('is due still where the store does not answer: %s, call %i', async (method, count) => {
    const { takePage, dueAt } = await changed(
      { [u1]: { facts: call() } },
      { faultOf: (one) => (one.method === method && one.count === count ? faults.unavailable : null) },
    );
    expect((await takePage()).isErr()).toBe(true);
    expect(await dueAt(u1)).toBe(`${now}`);
    expect((await takePage()).unwrap()).toBeGreaterThan(0);
    expect(await dueAt(u1)).toBe(endsAt);
  });

  it('is due still where its event could not be told', async () => {
    const { takePage, dueAt } = await changed(
      { [u1]: { facts: call() } },
      {
        ...{ without: 'crm', calendar: true },
        faultOf: ({ method, count }) => (method === 'find' && count === 1 ? faults.unavailable : null),
      },
    );
    expect((await takePage()).isErr()).toBe(true);
    expect(await dueAt(u1)).toBe(`${now}`);
  });
});

describe('a move that was cut off', () => {
  const link = { allAt: now, people: {} };
  const moved = { ...call(), replaces: { [u1]: link } };

  it('is mended: the old booking is replaced, says so, and tells its people', async () => {
    const { takePage, record, dueAt, history } = await changed({
      [u1]: { facts: { ...call(), lastAgreedAt: agreedAt } },
      [u2]: { facts: moved },
    });
    await takePage();
    const old = await record(bookingRecord(u1));
    expect(old && readBooking(old).value.facts.replacedBy).toEqual({ [u2]: link });
    const told = await history(u1);
    expect(told).toContainEqual(['moved', { status: 'superseded' }]);
    expect(told.filter(([what]) => what === 'reminder_dropped')).toHaveLength(3);
    expect(told).toHaveLength(4);
    expect([await dueAt(u1), await dueAt(u2)]).toEqual([`${now}`, endsAt]);
  });

  it('is mended also where nothing is known of the old booking', async () => {
    const { takePage, record, history } = await changed({ [u2]: { facts: moved } });
    await takePage();
    const old = await record(bookingRecord(u1));
    expect(old?.revision).toBe(1);
    expect(old && readBooking(old).value.facts.replacedBy).toEqual({ [u2]: link });
    expect((await history(u1)).map(([what]) => what)).toEqual(['moved']);
  });

  it('is not written again where it is mended', async () => {
    const { takePage, saves, record } = await changed(
      { [u1]: { facts: { ...call(), replacedBy: { [u2]: link } } }, [u2]: { facts: moved } },
      { without: 'crm' },
    );
    await takePage();
    expect(saves).toHaveLength(2);
    expect((await record(bookingRecord(u1)))?.revision).toBe(2);
  });

  it('keeps nobody waiting where the old booking cannot be read', async () => {
    const { takePage, memory, dueAt, record, troubles } = await changed({
      [u1]: { facts: call() },
      [u2]: { facts: moved },
    });
    const old = await record(bookingRecord(u1));
    if (!old) throw new Error('it was saved');
    const lanes = { ...old.lanes, crm: null };
    await memory.save([{ put: { ...old, revision: 2, lanes, body: '{"facts":' }, expected: 1, history: [] }]);
    expect((await takePage()).unwrap()).toBe(1);
    expect([await dueAt(u2), troubles]).toEqual([endsAt, []]);
  });

  it.each(['find', 'save'])('is mended later where the store does not answer: %s', async (method) => {
    const { takePage, dueAt } = await changed(
      { [u2]: { facts: moved } },
      {
        without: 'crm',
        faultOf: (one) => (one.method === method && one.count === 1 ? faults.unavailable : null),
      },
    );
    expect((await takePage()).isErr()).toBe(true);
    expect(await dueAt(u2)).toBe(`${now}`);
  });
});

describe('what cannot be worked on', () => {
  it('is put aside, and the others of its page are not', async () => {
    const { takePage, memory, dueAt, troubles } = await changed({
      [u1]: { facts: call() },
      [u2]: { facts: call() },
    });
    const [stored] = (await memory.find([bookingRecord(u1)])).unwrap();
    if (!stored) throw new Error('it was saved');
    await memory.save([{ put: { ...stored, revision: 2, body: '{"facts":' }, expected: 1, history: [] }]);
    expect((await takePage()).unwrap()).toBe(2);
    expect([await dueAt(u1), await dueAt(u2)]).toEqual(['2026-11-23T12:05:00Z', endsAt]);
    expect(troubles.map(({ kind }) => kind)).toEqual(['record_failed']);
  });

  it('because there is no CRM any more is let go, and else stays as it is', async () => {
    const { takePage, told, record, memory } = await changed({ [u1]: { facts: call() } });
    await takePage();
    expect(await told(ana)).toEqual([ana]);
    const before = await record(personRecord(ana));
    const { shell } = bareShell({ store: memory });
    const alone = createProject(shell, { crm: null, calendar: null });
    expect((await alone.takePage()).unwrap()).toBe(1);
    const after = await record(personRecord(ana));
    expect(after).toEqual({
      ...before,
      revision: (before?.revision ?? 0) + 1,
      lanes: { ...before?.lanes, crm: null },
    });
  });
});
