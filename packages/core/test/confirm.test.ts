// Outcomes of sends are saved together, each once, whatever happened to the records meanwhile.
import { createMemoryMailer, createMemoryStore } from '@precall/adapter-memory';
import type { Observation, Store } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { type BookingRecord, bookingWrite, type Loaded, readBooking } from '../src/booking-record.ts';
import { createConfirm, type FreshOutcome } from '../src/confirm.ts';
import { attemptId, bookingId, bookingRecord } from '../src/ids.ts';
import { claim, newEntry, type Settlement, settle } from '../src/ledger.ts';
import type { LedgerEntry } from '../src/ledger-types.ts';
import { planReminders, reminderKey } from '../src/plan.ts';
import { defaultPolicy } from '../src/policy.ts';
import { Temporal } from '../src/temporal.ts';
import { agreedCall, at } from './agreed-call.ts';
import { bareShell } from './bare-shell.ts';

const now = at('2026-11-23T12:00:00Z');
const facts = agreedCall({ startAt: at('2026-12-03T15:00:00Z'), agreedAt: now });
const reminders = planReminders(facts, defaultPolicy);
const batchWait = Temporal.Duration.from({ milliseconds: 100 });
const atOnce = Temporal.Duration.from({ milliseconds: 0 });
const accepted: Settlement = { kind: 'accepted', messageId: 'm1' };
const refusedForGood: Settlement = { kind: 'failed', error: { kind: 'rejected', reason: '400' } };
const refusesUs: Settlement = {
  kind: 'failed',
  error: { kind: 'unavailable', reason: '401', refusesUs: true },
};

/** What confirms, on a store that counts its calls and is as slow as it is told to be. */
function confirming({ crmWanted = true } = {}) {
  const memory = createMemoryStore();
  const saves: number[] = [];
  const finds: number[] = [];
  let ready = Promise.resolve();
  const store: Store = {
    ...memory,
    save: async (writes) => {
      saves.push(writes.length);
      await ready;
      return memory.save(writes);
    },
    find: (ids) => {
      finds.push(ids.length);
      return memory.find(ids);
    },
  };
  const bare = bareShell({ store });
  const seen: Observation[] = [];
  const shell = { ...bare.shell, crmWanted, observe: (one: Observation) => void seen.push(one) };
  const confirm = createConfirm(shell, {
    senders: { mail: createMemoryMailer({ clock: bare.clock, doubt: 'silent' }) },
    onSaved: () => undefined,
  });
  const stored = async (uid: string) => {
    const [one] = (await memory.find([bookingRecord(bookingId('calcom', uid))])).unwrap();
    if (!one) throw new Error('what was claimed is kept');
    return { ...one, ledger: readBooking(one).value.ledger };
  };
  /** The store answers nothing until what is given back is called. */
  const hold = () => {
    let release = () => {};
    ready = new Promise((resolve) => {
      release = resolve;
    });
    return () => release();
  };
  return { ...bare, memory, confirm, seen, stored, hold, saves, finds };
}

/** A booking some of whose reminders are being sent, as it is kept over what was there. */
async function claimed(
  { memory }: { readonly memory: Store },
  uid: string,
  { entries = [sending(0)], over = null as Loaded<BookingRecord> | null } = {},
): Promise<Loaded<BookingRecord>> {
  const id = bookingId('calcom', uid);
  const ledger = Object.fromEntries(
    entries.map((entry) => [reminderKey(id, { ...entry, rule: { name: entry.rule } }), entry]),
  );
  const record = { id, facts, ledger };
  const options = { over: over?.stored ?? null, policy: defaultPolicy, now, history: [] };
  const write = bookingWrite(record, { ...options, crm: 'now' });
  await memory.save([write]);
  return { stored: write.put, value: record };
}

function planned(place: number): LedgerEntry {
  const reminder = reminders[place];
  if (!reminder) throw new Error('the default policy plans three reminders');
  return newEntry(reminder);
}

/** A reminder that is being sent, by an attempt named after its place in the plan. */
function sending(place: number): LedgerEntry {
  return claim(planned(place), attemptId(`attempt ${place}`), now);
}

function outcome(left: Loaded<BookingRecord>, settlement: Settlement, place = 0): FreshOutcome {
  const booking = left.value.id;
  const key = reminderKey(booking, reminders[place] as never);
  return { booking, key, attempt: attemptId(`attempt ${place}`), settlement, left };
}

describe('outcomes of sends', () => {
  it('are saved together a tenth of a second after the first, and nothing that nobody changed is read for it', async () => {
    const world = confirming();
    for (const uid of ['u1', 'u2']) world.confirm.add(outcome(await claimed(world, uid), accepted));
    expect(world.clock.pending().map(String)).toEqual(['2026-11-23T12:00:00.1Z']);
    await world.clock.advance(batchWait);
    expect(world.saves).toEqual([2]);
    expect(world.finds).toEqual([]);
  });

  it('are saved at once when there are fifty, and never more in one go; all wait until they are saved', async () => {
    const world = confirming();
    const lefts = await Promise.all(Array.from({ length: 170 }, (_, n) => claimed(world, `u${n}`)));
    const release = world.hold();
    for (const left of lefts.slice(0, 50)) world.confirm.add(outcome(left, accepted));
    await world.clock.advance(atOnce);
    expect(world.saves).toEqual([50]);
    for (const left of lefts.slice(50)) world.confirm.add(outcome(left, accepted));
    expect(world.confirm.waiting()).toBe(170);
    release();
    await world.clock.advance(atOnce);
    expect(world.saves).toEqual([50, 50, 50, 20]);
    expect(world.confirm.waiting()).toBe(0);
  });

  it('make the CRM look when something was sent, and otherwise leave it when it will', async () => {
    const world = confirming();
    const both = [sending(0), sending(1)];
    for (const uid of ['sent', 'refused'])
      world.confirm.add(outcome(await claimed(world, uid), uid === 'sent' ? accepted : refusedForGood));
    const left = await claimed(world, 'both', { entries: both });
    world.confirm.add(outcome(left, refusedForGood, 0));
    world.confirm.add(outcome(left, accepted, 1));
    await world.clock.advance(batchWait);
    const crmAt = async (uid: string) => `${(await world.stored(uid)).lanes.crm}`;
    expect(await crmAt('sent')).toBe('2026-11-23T12:00:00.1Z');
    expect(await crmAt('both')).toBe('2026-11-23T12:00:00.1Z');
    expect(await crmAt('refused')).toBe('2026-11-23T12:00:00Z');
    const without = confirming({ crmWanted: false });
    without.confirm.add(outcome(await claimed(without, 'sent'), accepted));
    await without.clock.advance(batchWait);
    expect(`${(await without.stored('sent')).lanes.crm}`).toBe('2026-11-23T12:00:00Z');
  });

  it('are told once, though somebody else changed the record meanwhile', async () => {
    const world = confirming();
    const left = await claimed(world, 'u1');
    await claimed(world, 'u1', { over: left });
    world.confirm.add(outcome(left, refusedForGood));
    await world.clock.advance(batchWait);
    expect((await world.stored('u1')).ledger).toMatchObject({
      [outcome(left, accepted).key]: { final: { state: 'refused' } },
    });
    expect(world.troubles).toMatchObject([{ kind: 'reminder_refused' }]);
  });

  it('of one booking go into the latest of its states, whichever send ended first', async () => {
    const world = confirming();
    const first = await claimed(world, 'u1');
    const second = await claimed(world, 'u1', { entries: [sending(0), sending(1)], over: first });
    world.confirm.add(outcome(second, accepted, 1));
    world.confirm.add(outcome(first, accepted, 0));
    await world.clock.advance(batchWait);
    const { ledger } = await world.stored('u1');
    expect(Object.values(ledger).map(({ attempts }) => attempts[0]?.outcome)).toEqual([
      'accepted',
      'accepted',
    ]);
    expect(world.saves).toEqual([1]);
  });

  it('are news once', async () => {
    const world = confirming();
    const left = await claimed(world, 'u1');
    world.confirm.add(outcome(left, accepted));
    world.confirm.add(outcome(left, refusedForGood));
    await world.clock.advance(batchWait);
    const { items } = (await world.memory.history(left.stored.id, { limit: 9, cursor: null })).unwrap();
    expect(items.map(({ what }) => what)).toEqual(['reminder_sent']);
  });

  it('are let go where a backup was put back that knows nothing of the send', async () => {
    const world = confirming();
    const left = await claimed(world, 'u1');
    await claimed(world, 'u1', { entries: [], over: left });
    world.confirm.add(outcome(left, refusesUs));
    await world.clock.advance(batchWait);
    expect(world.confirm.waiting()).toBe(0);
    expect((await world.stored('u1')).ledger).toEqual({});
  });

  it('are kept of all others where one record cannot be read any more', async () => {
    const world = confirming();
    const [spoilt, well] = [await claimed(world, 'spoilt'), await claimed(world, 'well')];
    const { revision } = spoilt.stored;
    const put = { ...spoilt.stored, revision: revision + 1, body: '{"facts":' };
    await world.memory.save([{ put, expected: revision, history: [] }]);
    for (const left of [spoilt, well]) world.confirm.add(outcome(left, refusedForGood));
    await world.clock.advance(batchWait);
    expect(world.confirm.waiting()).toBe(0);
    expect(world.troubles.map(({ kind }) => kind)).toEqual(['reminder_refused']);
    world.confirm.add(outcome(await claimed(world, 'next'), accepted));
    await world.clock.advance(batchWait);
    expect(world.confirm.waiting()).toBe(0);
  });

  it('are taken of claimed sends alone', async () => {
    const world = confirming();
    const left = await claimed(world, 'u1');
    const strange = { ...outcome(left, accepted), attempt: attemptId('never claimed') };
    expect(() => world.confirm.add(strange)).toThrow('what was sent had been claimed');
    expect(() => world.confirm.add(outcome(left, accepted, 1))).toThrow('what was sent had been claimed');
  });

  it('are seen with the beginning of their own attempt, and a mailer that refuses us is told the first time only', async () => {
    const world = confirming();
    const doubtWait = Temporal.Duration.from({ minutes: 1 });
    const refused = settle(
      claim(planned(0), attemptId('earlier'), now.subtract({ minutes: 1 })),
      attemptId('earlier'),
      refusesUs,
      { now, doubtWait },
    );
    const again = claim(refused, attemptId('attempt 0'), now);
    world.confirm.add(outcome(await claimed(world, 'u1', { entries: [again] }), refusesUs));
    await world.clock.advance(batchWait);
    expect(world.seen.map((one) => ('startedAt' in one ? `${one.startedAt}` : one.kind))).toEqual([`${now}`]);
    expect(world.troubles).toEqual([]);
  });
});
