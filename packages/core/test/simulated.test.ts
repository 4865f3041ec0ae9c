// Faults that the simulation found, each made small and named as the law that it broke.
import { createMemoryCrm } from '@precall/adapter-memory';
import { describe, expect, it } from 'vitest';
import { Err } from '../src/result.ts';
import { Temporal } from '../src/temporal.ts';
import { createWorld, guest } from './world.ts';

const quiet = { scheduler: 'none' } as const;
const campaign = 'Christmas 2025';

describe('what the simulation found', () => {
  it('no send begins once the mailer asked for patience, also one claimed just before (invariant 16)', async () => {
    let refuse = (): void => undefined;
    let calls = 0;
    const world = createWorld({
      ...quiet,
      mailer: (inner) => ({
        ...inner,
        send: (message, call) => {
          calls += 1;
          if (calls > 1) return inner.send(message, call);
          const retryAfter = Temporal.Duration.from({ minutes: 3 });
          return new Promise((resolve) => {
            refuse = () => resolve(Err({ kind: 'unavailable', reason: '429', retryAfter }));
          });
        },
      }),
      store: (inner) => ({
        ...inner,
        save: async (writes) => {
          const saved = await inner.save(writes);
          // The answer to the first send comes while the claim of the second is being saved.
          if (calls === 1) {
            refuse();
            for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
          }
          return saved;
        },
      }),
    });
    await world.change('BOOKING_CREATED');
    await world.change('BOOKING_CREATED', { uid: 'u2', start: '2026-12-03T15:00:01Z' });
    await world.clock.advanceTo(Temporal.Instant.from('2026-11-30T15:00:00Z'));
    const first = world.precall.tick();
    await world.clock.advance(Temporal.Duration.from({ seconds: 1 }));
    const second = world.precall.tick();
    await world.clock.advance(Temporal.Duration.from({ seconds: 5 }));
    await Promise.all([first, second]);
    expect(calls).toBe(1);
    await world.tickAt('2026-11-30T15:03:01Z');
    expect(world.sent()).toHaveLength(2);
  });

  it('the CRM is told of a move that was asked for, and of its being declined (invariant 17)', async () => {
    const world = createWorld(quiet);
    const payload = { rescheduleUid: 'u1' };
    await world.change('BOOKING_CREATED', { attendees: [guest] });
    await world.precall.tick();
    await world.change('BOOKING_REQUESTED', { uid: 'u2', attendees: [guest], payload });
    await world.precall.tick();
    expect(world.fields()[guest]).toMatchObject({ 'Booking Status': 'Booked', 'Diagnostic Call Date': null });
    await world.change('BOOKING_REJECTED', { uid: 'u2', said: '2026-11-23T12:01:00Z', attendees: [guest] });
    await world.precall.tick();
    expect(world.fields()[guest]).toMatchObject({ 'Booking Status': 'Not Booked' });
  });

  it('a reminder to a guest is marked in the campaign, too (invariant 17)', async () => {
    const contacts = ['booker@example.com', 'guest@example.com'].map((email) => ({
      email,
      campaigns: { [campaign]: { sent: {} } },
    }));
    const crm = createMemoryCrm({ contacts });
    const world = createWorld({ ...quiet, crm, policy: { remindGuests: true } });
    await world.change('BOOKING_CREATED', { attendees: ['booker@example.com', 'guest@example.com'] });
    await world.tickAt('2026-11-30T15:00:00Z');
    await world.precall.tick();
    expect(world.sent()).toHaveLength(2);
    expect(crm.contacts().map(({ campaigns }) => Object.keys(campaigns[campaign]?.sent ?? {}))).toEqual([
      ['72h'],
      ['72h'],
    ]);
  });

  it('a guest keeps their own status when a call they were invited to is cancelled (invariant 17)', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED', { uid: 'own', attendees: [guest] });
    await world.change('BOOKING_CREATED', { uid: 'other', attendees: ['booker@example.com', guest] });
    await world.tickAt('2026-12-03T15:30:00Z');
    const said = '2026-12-03T15:31:00Z';
    await world.change('BOOKING_CANCELLED', {
      uid: 'other',
      said,
      attendees: ['booker@example.com', guest],
    });
    await world.say('BOOKING_LOCATION_UPDATED', { uid: 'own', said, payload: { location: 'Elsewhere 1' } });
    await world.tickAt('2026-12-03T15:32:00Z');
    expect(world.fields()[guest]).toMatchObject({ 'Booking Status': 'Booked' });
  });

  it.each(['dies', 'hears nothing'] as const)(
    'the CRM is right again when a call is back on its day, though whoever wrote it off %s (invariant 17)',
    async (fate) => {
      const crm = createMemoryCrm({ unknown: 'add' });
      let isLast = false;
      const world = createWorld({
        ...quiet,
        crm: {
          ...crm,
          update: async (ref, fields) => {
            const done = await crm.update(ref, fields);
            if (!isLast) return done;
            isLast = false;
            return fate === 'dies' ? new Promise(() => undefined) : Err({ kind: 'unknown', reason: 'reset' });
          },
        },
      });
      const payload = { rescheduleUid: 'u1' };
      await world.change('BOOKING_CREATED', { attendees: [guest] });
      await world.precall.tick();
      isLast = true;
      await world.change('BOOKING_CANCELLED', { attendees: [guest], payload: { requestReschedule: true } });
      const dead = world.precall.tick();
      await world.clock.advance(Temporal.Duration.from({ milliseconds: 1 }));
      expect(isLast).toBe(false);
      const next = createWorld({
        ...quiet,
        now: '2026-11-23T12:10:00Z',
        crm,
        store: () => world.store,
      });
      await next.change('BOOKING_RESCHEDULED', { uid: 'u2', attendees: [guest], payload });
      await next.precall.tick();
      expect(crm.contacts()[0]?.fields['Diagnostic Call Date']?.value).toBe('2026-12-03');
      await world.clock.advance(Temporal.Duration.from({ minutes: 5 }));
      await dead;
    },
  );
});
