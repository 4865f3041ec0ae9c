// The CRM lane through the whole shell: INTERFACE.md section 6, and that it never stands in the way of a reminder.
import { createMemoryCrm } from '@precall/adapter-memory';
import { describe, expect, it } from 'vitest';
import type { BookingId } from '../src/ids.ts';
import { defaultPolicy } from '../src/policy.ts';
import { Err } from '../src/result.ts';
import { Temporal } from '../src/temporal.ts';
import { createWorld, guest } from './world.ts';

const quiet = { scheduler: 'none' } as const;
const booked = {
  'Booking Status': 'Booked',
  'Diagnostic Call Date': '2026-12-03',
  'Christmas Campaign Status': 'Pre-Call Prep',
};
const writes = (crm: ReturnType<typeof createMemoryCrm>) =>
  crm.seen.filter(([method]) => method === 'update').length;

describe('the CRM', () => {
  it('is told once about a booking, and not again when nothing changed', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    await world.precall.tick();
    await world.say('BOOKING_CREATED', { said: '2026-11-23T12:00:00.004Z' });
    await world.precall.tick();
    expect(world.fields()).toEqual({ [guest]: booked });
    expect(writes(world.crm)).toBe(1);
  });

  it('is told one difference at a time: a move writes the new date alone', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    await world.change('BOOKING_RESCHEDULED', {
      uid: 'u2',
      start: '2026-12-10T15:00:00Z',
      payload: { rescheduleUid: 'u1' },
    });
    await world.precall.tick();
    expect(world.fields()).toEqual({ [guest]: { ...booked, 'Diagnostic Call Date': '2026-12-10' } });
    const [, , fields] = world.crm.seen.filter(([method]) => method === 'update')[1] ?? [];
    expect(Object.keys(fields ?? {})).toEqual(['Diagnostic Call Date']);
  });

  it('is told of both when a call is moved to somebody else: one has it, and the other has none any more', async () => {
    const world = createWorld(quiet);
    const other = 'other@example.com';
    const moved = { uid: 'u2', start: '2026-12-10T15:00:00Z', payload: { rescheduleUid: 'u1' } };
    await world.change('BOOKING_CREATED', { attendees: [guest] });
    await world.precall.tick();
    await world.change('BOOKING_RESCHEDULED', { ...moved, attendees: [other] });
    await world.precall.tick();
    const none = { ...booked, 'Booking Status': 'Not Booked', 'Diagnostic Call Date': null };
    expect(world.fields()).toEqual({
      [guest]: none,
      [other]: { ...booked, 'Diagnostic Call Date': '2026-12-10' },
    });
    const look = (await world.precall.desk.inspect('calcom:u1' as BookingId)).unwrap();
    expect(look?.wantedFields).toMatchObject({ 'Booking Status': 'Not Booked' });
  });

  it('overtakes a move between its two bookings, and what was dropped is told all the same, and once', async () => {
    let overtake: (() => Promise<void>) | null = null;
    const world = createWorld({
      ...quiet,
      store: (store) => ({
        ...store,
        save: async (writes) => {
          const saved = await store.save(writes);
          const isNew = writes.some((write) => 'put' in write && write.put.id === 'booking:calcom:u2');
          if (isNew && overtake) await overtake();
          return saved;
        },
      }),
    });
    await world.change('BOOKING_CREATED');
    const elsewhere = createWorld({ ...quiet, store: () => world.memory });
    overtake = () => elsewhere.precall.tick();
    const moved = { uid: 'u2', start: '2026-12-10T15:00:00Z', payload: { rescheduleUid: 'u1' } };
    const { dropped } = await world.change('BOOKING_RESCHEDULED', moved);
    expect(dropped.map(({ reason }) => reason)).toEqual(['superseded', 'superseded', 'superseded']);
    const history = (await world.booking('u1'))?.history.map(({ what }) => what);
    expect(history?.filter((what) => what === 'reminder_dropped')).toHaveLength(3);
    expect(history?.filter((what) => what === 'moved')).toHaveLength(1);
  });

  it('is told of a cancellation, and keeps the other call where there is one', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    await world.change('BOOKING_CREATED', { uid: 'u2', start: '2026-12-10T15:00:00Z' });
    await world.change('BOOKING_CANCELLED', { uid: 'u1' });
    await world.precall.tick();
    expect(world.fields()).toEqual({ [guest]: { ...booked, 'Diagnostic Call Date': '2026-12-10' } });
    await world.change('BOOKING_CANCELLED', { uid: 'u2', start: '2026-12-10T15:00:00Z' });
    await world.precall.tick();
    expect(world.fields()[guest]).toEqual({
      ...booked,
      'Booking Status': 'Not Booked',
      'Diagnostic Call Date': null,
    });
  });

  it('is not asked about anybody for a cancellation of a booking never seen', async () => {
    const world = createWorld(quiet);
    await world.say('BOOKING_CANCELLED');
    await world.precall.tick();
    expect(world.crm.seen).toEqual([]);
  });

  it('does not keep a webhook or a reminder waiting while it is away, and is right afterwards (invariants 17, 19)', async () => {
    const world = createWorld(quiet);
    for (let n = 0; n < 400; n += 1) world.crm.answerNext({ kind: 'unavailable', reason: '500' });
    await world.change('BOOKING_CREATED');
    await world.tickAt('2026-11-30T15:00:00Z');
    expect(world.sent()).toHaveLength(1);
    const contact = (await world.booking('u1'))?.crm?.contact;
    expect([contact?.state, contact?.fields]).toEqual(['pending', {}]);
    world.crm.answerNext({ kind: 'unavailable', reason: '500' });
    const restored = createMemoryCrm({ unknown: 'add' });
    const after = createWorld({
      ...quiet,
      now: '2026-11-30T16:00:00Z',
      store: () => world.store,
      crm: restored,
    });
    await after.precall.tick();
    expect(restored.contacts()).toHaveLength(1);
    expect((await after.booking('u1'))?.crm?.contact).toMatchObject({
      state: 'written',
      fields: booked,
      lastError: null,
    });
  });

  it('is asked again no sooner than it wishes', async () => {
    const world = createWorld(quiet);
    const retryAfter = Temporal.Duration.from({ minutes: 2 });
    world.crm.answerNext({ kind: 'unavailable', reason: '429', retryAfter });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    await world.tickAt('2026-11-23T12:01:59Z');
    expect(world.crm.seen).toHaveLength(1);
    await world.tickAt('2026-11-23T12:02:00Z');
    expect(world.fields()).toEqual({ [guest]: booked });
  });

  it('hears of a booking also when a host whose clock is behind writes it before (invariant 17)', async () => {
    const world = createWorld({ scheduler: 'none' });
    await world.change('BOOKING_CREATED', { uid: 'u1' });
    world.clock.step(Temporal.Duration.from({ seconds: -4 }));
    // The same, said a moment later: nothing that anybody could see, and yet a write.
    expect(await world.say('BOOKING_CREATED', { uid: 'u1', said: '2026-11-23T12:00:00.001Z' })).toMatchObject(
      {
        reason: 'already_known',
      },
    );
    await world.tickAt('2026-11-23T12:00:10Z');
    expect(world.fields()).toMatchObject({ [guest]: { 'Booking Status': 'Booked' } });
  });

  it('is left alone until the moment that it asked for, by news and by everybody else, too (invariant 16)', async () => {
    const world = createWorld(quiet);
    const retryAfter = Temporal.Duration.from({ seconds: 30 });
    world.crm.answerNext({ kind: 'unavailable', reason: '429', retryAfter });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    await world.change('BOOKING_CREATED', { uid: 'u2', attendees: ['other@example.com'] });
    await world.change('BOOKING_CREATED', { uid: 'u3', start: '2026-12-02T15:00:00Z' });
    await world.tickAt('2026-11-23T12:00:29.999Z');
    expect(world.crm.seen).toHaveLength(1);
    await world.tickAt('2026-11-23T12:00:30Z');
    expect(world.fields()).toEqual({
      [guest]: { ...booked, 'Diagnostic Call Date': '2026-12-02' },
      'other@example.com': booked,
    });
  });

  it('shows what it refused, in its own words, and waits for the next change', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    world.crm.answerNext({ kind: 'rejected', reason: 'no such option' });
    await world.precall.tick();
    await world.tickAt('2026-11-23T13:00:00Z');
    expect((await world.booking('u1'))?.crm?.contact).toMatchObject({
      state: 'refused',
      lastError: 'no such option',
    });
    expect(world.crm.seen).toHaveLength(1);
    expect(world.troubles).toMatchObject([{ kind: 'crm_refused' }]);
    await world.change('BOOKING_CREATED', { start: '2026-12-04T15:00:00Z', said: '2026-11-23T13:00:00Z' });
    await world.precall.tick();
    expect(world.fields()[guest]).toMatchObject({ 'Diagnostic Call Date': '2026-12-04' });
  });

  it('is told of once when it has taken nothing for half an hour', async () => {
    const away = async () => Err({ kind: 'unavailable', reason: 'Notion answered 401' } as const);
    const world = createWorld({ ...quiet, crm: { ...createMemoryCrm(), findContact: away } });
    await world.change('BOOKING_CREATED');
    for (let minute = 0; minute <= 60; minute += 1)
      await world.tickAt(Temporal.Instant.from('2026-11-23T12:00:00Z').add({ minutes: minute }).toString());
    expect(world.troubles).toMatchObject([
      { kind: 'crm_away', booking: null, sentence: expect.stringContaining('Notion answered 401') },
    ]);
  });

  it.each([
    ['not_found', []],
    ['ambiguous', [{ email: guest }, { email: guest.toUpperCase() }]],
  ] as const)('shows a contact that is %s, and writes nothing', async (state, contacts) => {
    const crm = createMemoryCrm({ contacts: [...contacts] });
    const world = createWorld({ ...quiet, crm });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    expect((await world.booking('u1'))?.crm).toMatchObject({
      contact: { state },
      campaign: { state: 'pending' },
    });
    expect(writes(crm)).toBe(0);
  });

  it('marks each accepted reminder of a campaign member, once', async () => {
    const crm = createMemoryCrm({
      contacts: [{ email: guest, campaigns: { 'Christmas 2025': { sent: {} } } }],
    });
    const world = createWorld({ ...quiet, crm });
    await world.change('BOOKING_CREATED');
    for (const moment of [
      '2026-11-30T15:00:00Z',
      '2026-12-02T15:00:00Z',
      '2026-12-03T13:00:00Z',
      '2026-12-03T14:00:00Z',
    ]) {
      await world.tickAt(moment);
    }
    const [contact] = crm.contacts();
    expect(Object.keys(contact?.campaigns['Christmas 2025']?.sent ?? {})).toEqual(['72h', '24h', '2h']);
    expect(crm.seen.filter(([method]) => method === 'recordSent')).toHaveLength(3);
    expect((await world.booking('u1'))?.crm?.campaign).toMatchObject({ state: 'member' });
  });

  it('marks what was accepted at once, though the reminder of another seat was refused', async () => {
    const campaigns = { 'Christmas 2025': { sent: {} } };
    const emails = ['a@example.com', 'b@example.com'];
    const crm = createMemoryCrm({ contacts: emails.map((email) => ({ email, campaigns })) });
    const world = createWorld({ ...quiet, crm });
    for (const email of emails)
      await world.change('BOOKING_CREATED', { payload: { seatsPerTimeSlot: 5 }, attendees: [email] });
    await world.precall.tick();
    world.mailer.answerNext({ kind: 'rejected', reason: '400' });
    await world.tickAt('2026-11-30T15:00:00Z');
    expect(crm.seen.filter(([method]) => method === 'recordSent')).toHaveLength(1);
  });

  it('says that no campaign is configured', async () => {
    const projection = { ...defaultPolicy.projection, campaign: null };
    const world = createWorld({ ...quiet, policy: { projection } });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    expect((await world.booking('u1'))?.crm?.campaign.state).toBe('not_configured');
    expect(world.crm.seen.map(([method]) => method)).toEqual(['findContact', 'update']);
  });

  it('is written by one at a time: what changes meanwhile is written after', async () => {
    const crm = createMemoryCrm({ unknown: 'add' });
    let moved = false;
    const world = createWorld({
      ...quiet,
      crm: {
        ...crm,
        update: async (ref, fields) => {
          if (!moved) {
            moved = true;
            await world.change('BOOKING_RESCHEDULED', {
              uid: 'u2',
              start: '2026-12-10T15:00:00Z',
              payload: { rescheduleUid: 'u1' },
            });
            await Promise.race([world.precall.tick(), Promise.resolve()]);
          }
          return crm.update(ref, fields);
        },
      },
    });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    await world.precall.tick();
    const [contact] = crm.contacts();
    expect(contact?.fields['Diagnostic Call Date']?.value).toBe('2026-12-10');
  });

  it('is written again after a process died in the middle, once the lease is over', async () => {
    const crm = createMemoryCrm({ unknown: 'add' });
    const dead = { ...crm, update: () => new Promise<never>(() => undefined) };
    const world = createWorld({ ...quiet, crm: dead });
    await world.change('BOOKING_CREATED');
    void world.precall.tick();
    await world.clock.advance(Temporal.Duration.from({ seconds: 1 }));
    const after = createWorld({ ...quiet, store: () => world.store, crm, now: '2026-11-23T12:02:00Z' });
    await after.precall.tick();
    expect(writes(crm)).toBe(0);
    await after.tickAt('2026-11-23T12:03:01Z');
    expect(crm.contacts()[0]?.fields['Booking Status']?.value).toBe('Booked');
  });

  it('can be left out', async () => {
    const world = createWorld({ ...quiet, crm: 'none' });
    await world.change('BOOKING_CREATED');
    await world.tickAt('2026-11-30T15:00:00Z');
    expect(world.sent()).toHaveLength(1);
    expect((await world.booking('u1'))?.crm).toBeNull();
  });

  it('can be left out later: what was to be written is let go', async () => {
    const world = createWorld(quiet);
    world.crm.answerNext({ kind: 'unavailable', reason: '500' });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    const without = createWorld({
      ...quiet,
      crm: 'none',
      store: () => world.store,
      now: '2026-11-23T12:10:00Z',
    });
    await without.precall.tick();
    expect((await world.memory.nextDueAt('crm')).unwrap()?.toString()).toBe('2026-12-03T15:30:00Z');
  });

  it('warns of two upcoming calls of the same kind for one person', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    await world.change('BOOKING_CREATED', { uid: 'u2', start: '2026-12-10T15:00:00Z' });
    await world.precall.tick();
    const [trouble] = world.troubles;
    expect(trouble?.kind).toBe('possible_duplicate');
    const hashes = [trouble?.booking, trouble?.other];
    const found = hashes.map((hash) => world.precall.desk.search({ words: hash ?? '', cursor: null }));
    const ids = (await Promise.all(found)).map((page) => page.unwrap().items.map(({ id }) => id));
    expect(ids.toSorted()).toEqual([['calcom:u1'], ['calcom:u2']]);
  });

  it('warns of them once, and again of a third', async () => {
    const world = createWorld(quiet);
    const asOften = () => world.troubles.filter(({ kind }) => kind === 'possible_duplicate').length;
    await world.change('BOOKING_CREATED');
    await world.change('BOOKING_CREATED', { uid: 'u2', start: '2026-12-10T15:00:00Z' });
    await world.precall.tick();
    await world.precall.desk.writeCrm('calcom:u1' as BookingId, { by: 'ana' });
    await world.precall.tick();
    expect(asOften()).toBe(1);
    await world.change('BOOKING_CREATED', { uid: 'u3', start: '2026-12-17T15:00:00Z' });
    await world.precall.tick();
    expect(asOften()).toBe(2);
    await world.change('BOOKING_CANCELLED', { said: '2026-11-23T12:01:00Z' });
    await world.precall.tick();
    expect(asOften()).toBe(2);
  });

  it('does not warn of a call that others have still after somebody moved from it to another', async () => {
    const world = createWorld(quiet);
    const seats = { seatsPerTimeSlot: 5, eventTypeId: 7 };
    await world.change('BOOKING_CREATED', { attendees: [guest], payload: seats });
    await world.change('BOOKING_CREATED', { attendees: ['other@example.com'], payload: seats });
    await world.change('BOOKING_RESCHEDULED', {
      uid: 'u2',
      start: '2026-12-10T15:00:00Z',
      said: '2026-11-23T12:01:00Z',
      attendees: [guest],
      payload: { ...seats, rescheduleUid: 'u1' },
    });
    await world.precall.tick();
    expect(await world.booking('u1')).toMatchObject({ status: 'agreed' });
    expect(await world.booking('u2')).toMatchObject({ status: 'agreed' });
    expect(world.troubles).toEqual([]);
  });

  it('is asked again when the store went away before the outcome could be saved', async () => {
    let away = false;
    const crm = createMemoryCrm({ unknown: 'add' });
    const world = createWorld({
      ...quiet,
      crm: {
        ...crm,
        update: (ref, fields) => {
          away = true;
          return crm.update(ref, fields);
        },
      },
      store: (store) => ({
        ...store,
        save: (batch) =>
          away ? Promise.resolve(Err({ kind: 'unavailable', reason: 'away' })) : store.save(batch),
      }),
    });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    away = false;
    await world.tickAt('2026-11-23T12:05:00Z');
    away = false;
    await world.tickAt('2026-11-23T12:10:00Z');
    expect(crm.contacts()[0]?.fields['Booking Status']?.value).toBe('Booked');
  });
});
