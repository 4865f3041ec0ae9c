// What follows when somebody does not come: one message to find another time, and the CRM's word for it.
import {
  bookingId,
  type Content,
  Err,
  type Facts,
  nothingKnown,
  Ok,
  type Policy,
  type Rule,
  Temporal,
  threeFollowUps,
  threeRebooks,
} from '@precall/core';
import { describe, expect, it } from 'vitest';
import { defaultPolicy, inTestMode, rulesFor } from '../src/policy.ts';
import { ana, hours } from './agreed-call.ts';
import { attributesOf, wordsOf } from './naughty.ts';
import { createWorld, guest } from './world.ts';

const quiet = { scheduler: 'none' } as const;
const endAt = '2026-12-03T15:30:00Z';
/** Rules after the call only. */
const onlyAfter = (...rules: readonly Rule[]): Partial<Policy> => ({ rules });
const rebook = rulesFor(nothingKnown, defaultPolicy, ana).slice(3);
type World = ReturnType<typeof createWorld>;

async function mark(world: World, noShow: boolean, said: string, uid = 'u1') {
  await world.clock.advanceTo(Temporal.Instant.from(said));
  return world.change('BOOKING_NO_SHOW_UPDATED', {
    uid,
    said,
    payload: { attendees: [{ email: guest, noShow }] },
  });
}
const status = (world: World) => world.fields()[guest]?.['Booking Status'];
const reminders = async (world: World, uid = 'u1') =>
  (await world.booking(uid))?.reminders.map(({ rule, state, reason }) => `${rule} ${reason ?? state}`);

async function held(policy: Partial<Policy> = onlyAfter(...rebook), now?: string): Promise<World> {
  const world = createWorld({ ...quiet, policy, ...(now && { now }) });
  await world.change('BOOKING_CREATED');
  await world.tickAt(endAt);
  return world;
}

describe('a no-show', () => {
  it('marked, taken back and marked again brings one message, and the right status at each step', async () => {
    const world = await held();
    expect(status(world)).toBe('Booked');
    await mark(world, true, '2026-12-03T15:40:00Z');
    await world.precall.tick();
    expect(status(world)).toBe('No-Show');
    await mark(world, false, '2026-12-03T16:30:00Z');
    await world.precall.tick();
    expect(status(world)).toBe('Completed');
    expect(await reminders(world)).toEqual(['rebook attended']);
    await world.tickAt('2026-12-03T17:00:00Z');
    expect(world.sent()).toEqual([]);
    await mark(world, true, '2026-12-03T17:10:00Z');
    await world.tickAt('2026-12-03T18:09:59.999Z');
    expect(world.sent()).toEqual([]);
    await world.tickAt('2026-12-03T18:10:00Z');
    expect(world.sent()).toEqual([`${guest} 2026-12-03T18:10:00Z`]);
    expect(status(world)).toBe('No-Show');
    await mark(world, false, '2026-12-03T18:20:00Z');
    await mark(world, true, '2026-12-03T18:30:00Z');
    await world.tickAt('2026-12-04T18:30:00Z');
    expect(world.sent()).toHaveLength(1);
    expect(await reminders(world)).toEqual(['rebook sent']);
  });

  it('heard of too late for its message, taken back and marked again in time, brings it after all', async () => {
    const world = await held();
    await world.tickAt('2026-12-05T10:00:00Z');
    await world.change('BOOKING_NO_SHOW_UPDATED', {
      said: '2026-12-03T15:40:00Z',
      payload: { attendees: [{ email: guest, noShow: true }] },
    });
    expect(await reminders(world)).toEqual(['rebook moment_passed']);
    await mark(world, false, '2026-12-05T10:01:00Z');
    await mark(world, true, '2026-12-05T10:02:00Z');
    expect(await reminders(world)).toEqual(['rebook planned']);
    await world.tickAt('2026-12-05T11:02:00Z');
    expect(world.sent()).toEqual([`${guest} 2026-12-05T11:02:00Z`]);
  });

  it('is written down as what happened, and so is its taking back', async () => {
    const world = await held();
    await mark(world, true, '2026-12-03T15:40:00Z');
    await mark(world, false, '2026-12-03T15:41:00Z');
    const history = (await world.booking('u1'))?.history.map(({ what }) => what) ?? [];
    expect(history.filter((what) => what === 'no_show' || what === 'attended')).toEqual([
      'no_show',
      'attended',
    ]);
  });

  it('takes back a follow-up, and its taking back takes back the message', async () => {
    const words = { ...defaultPolicy.content };
    const world = await held(onlyAfter(...threeFollowUps(words), ...threeRebooks));
    expect(await reminders(world)).toEqual(['after-1h planned', 'after-3d planned', 'after-7d planned']);
    await mark(world, true, '2026-12-03T15:40:00Z');
    await world.tickAt('2026-12-03T15:45:00Z');
    expect(await reminders(world)).toEqual([
      'after-1h no_show',
      'after-3d no_show',
      'after-7d no_show',
      'rebook-5min sent',
      'rebook-24h planned',
      'rebook-48h planned',
    ]);
    await mark(world, false, '2026-12-03T15:50:00Z');
    await world.tickAt('2026-12-03T16:30:00Z');
    await world.tickAt('2026-12-06T15:30:00Z');
    await world.tickAt('2026-12-10T15:30:00Z');
    expect(world.sent()).toHaveLength(4);
    expect((await reminders(world))?.slice(3)).toEqual([
      'rebook-5min sent',
      'rebook-24h attended',
      'rebook-48h attended',
    ]);
  });

  it('marked again after a follow-up went out brings its message, and taken back late the follow-up that is of use still', async () => {
    const afterTwo: Rule = { name: 'after-2h', when: { after: hours(2) } };
    const again = await held(onlyAfter(afterTwo, ...rebook));
    await mark(again, true, '2026-12-03T15:40:00Z');
    await mark(again, false, '2026-12-03T15:41:00Z');
    await again.tickAt('2026-12-03T17:30:00Z');
    await mark(again, true, '2026-12-03T18:00:00Z');
    await again.tickAt('2026-12-03T19:00:00Z');
    expect(await reminders(again)).toEqual(['after-2h sent', 'rebook sent']);

    const late = await held(onlyAfter(...threeFollowUps({ ...defaultPolicy.content }), ...threeRebooks));
    await mark(late, true, '2026-12-03T16:29:00Z');
    await late.tickAt('2026-12-03T16:34:00Z');
    await mark(late, false, '2026-12-03T16:40:00Z');
    await late.precall.tick();
    expect((await reminders(late))?.slice(0, 2)).toEqual(['after-1h sent', 'after-3d planned']);
  });

  it('brings three messages where the policy has three, none once another call is agreed', async () => {
    const three = await held(onlyAfter(...threeRebooks));
    await mark(three, true, '2026-12-03T15:40:00Z');
    for (const moment of ['2026-12-03T15:45:00Z', '2026-12-04T15:40:00Z', '2026-12-05T15:40:00Z'])
      await three.tickAt(moment);
    expect(three.sent()).toHaveLength(3);

    const world = await held(onlyAfter(...threeRebooks));
    await mark(world, true, '2026-12-03T15:40:00Z');
    await world.tickAt('2026-12-03T15:45:00Z');
    await world.change('BOOKING_CREATED', {
      uid: 'u2',
      start: '2026-12-04T09:00:00Z',
      said: '2026-12-03T16:00:00Z',
    });
    expect((await reminders(world))?.slice(1)).toEqual(['rebook-24h rebooked', 'rebook-48h rebooked']);
    // By then the other call was held.
    await world.tickAt('2026-12-04T15:40:00Z');
    expect(world.sent()).toHaveLength(1);
    expect((await reminders(world))?.[1]).toBe('rebook-24h rebooked');
  });

  it('brings a message where the only other call comes before, was called off, or is another person’s', async () => {
    const world = await held();
    await world.change('BOOKING_CREATED', { uid: 'u0', start: '2026-12-03T14:00:00Z' });
    await world.change('BOOKING_CREATED', { uid: 'u2', start: '2026-12-09T09:00:00Z' });
    await world.change('BOOKING_CANCELLED', { uid: 'u2', start: '2026-12-09T09:00:00Z' });
    await world.change('BOOKING_CREATED', {
      uid: 'u3',
      start: '2026-12-09T09:00:00Z',
      attendees: ['other@example.com', guest],
      payload: { seatsPerTimeSlot: 5 },
    });
    await world.change('BOOKING_CANCELLED', {
      uid: 'u3',
      start: '2026-12-09T09:00:00Z',
      said: '2026-11-24T12:00:00Z',
      attendees: [guest],
      payload: { seatsPerTimeSlot: 5 },
    });
    await world.say('BOOKING_NO_SHOW_UPDATED', {
      uid: 'u4',
      payload: { attendees: [{ email: guest, noShow: true }] },
    });
    await mark(world, true, '2026-12-03T15:40:00Z');
    await world.tickAt('2026-12-03T16:40:00Z');
    expect(world.sent()).toEqual([`${guest} 2026-12-03T16:40:00Z`]);
  });

  it('brings none to somebody whose call was cancelled, nor one that would come too late', async () => {
    const cancelled = await held();
    await mark(cancelled, true, '2026-12-03T15:40:00Z');
    await cancelled.change('BOOKING_CANCELLED', { said: '2026-12-03T15:41:00Z' });
    await cancelled.tickAt('2026-12-03T16:40:00Z');
    expect(cancelled.sent()).toEqual([]);
    expect(await reminders(cancelled)).toEqual(['rebook cancelled']);

    const late = await held();
    await late.clock.advanceTo(Temporal.Instant.from('2026-12-05T12:00:00Z'));
    await late.change('BOOKING_NO_SHOW_UPDATED', {
      said: '2026-12-03T15:40:00Z',
      payload: { attendees: [{ email: guest, noShow: true }] },
    });
    expect(await reminders(late)).toEqual(['rebook moment_passed']);
  });

  it('of a month brings no more messages than the policy allows, whatever the calls', async () => {
    const world = await held({ ...onlyAfter(...rebook), rebooksPerMonth: 1 });
    await mark(world, true, '2026-12-03T15:40:00Z');
    await world.tickAt('2026-12-03T16:40:00Z');
    const next = { uid: 'u2', start: '2026-12-10T15:00:00Z', said: '2026-12-04T12:00:00Z' };
    await world.change('BOOKING_CREATED', next);
    await mark(world, true, '2026-12-10T15:40:00Z', 'u2');
    await world.tickAt('2026-12-10T16:40:00Z');
    expect(await reminders(world, 'u2')).toEqual(['rebook monthly_cap']);
    const later = { uid: 'u3', start: '2027-01-10T15:00:00Z', said: '2026-12-12T12:00:00Z' };
    await world.change('BOOKING_CREATED', later);
    await mark(world, true, '2027-01-10T15:40:00Z', 'u3');
    await world.tickAt('2027-01-10T16:40:00Z');
    expect(world.sent()).toHaveLength(2);
  });

  it('of a month brings no more where another call has rules of other names', async () => {
    const named = (name: string): readonly Rule[] => [{ name, when: { afterNoShow: hours(1) } }];
    const rules = ({ agreed }: Facts) => named('2026-12-03T15:00:00Z' in agreed ? 'first' : 'second');
    const world = await held({ rules, rebooksPerMonth: 1 });
    await mark(world, true, '2026-12-03T15:40:00Z');
    await world.tickAt('2026-12-03T16:40:00Z');
    const next = { uid: 'u2', start: '2026-12-10T15:00:00Z', said: '2026-12-04T12:00:00Z' };
    await world.change('BOOKING_CREATED', next);
    await mark(world, true, '2026-12-10T15:40:00Z', 'u2');
    await world.tickAt('2026-12-10T16:40:00Z');
    expect(await reminders(world, 'u2')).toEqual(['second monthly_cap']);
  });

  it('of a month brings no more where two of their calls began at once and both messages are due together', async () => {
    const world = await held({ ...onlyAfter(...rebook), rebooksPerMonth: 1 });
    await world.change('BOOKING_CREATED', { uid: 'u2', said: '2026-11-24T12:00:00Z' });
    await mark(world, true, '2026-12-03T15:40:00Z');
    await mark(world, true, '2026-12-03T15:40:00Z', 'u2');
    await world.tickAt('2026-12-03T16:40:00Z');
    expect(world.sent()).toEqual([`${guest} 2026-12-03T16:40:00Z`]);
    const both = [...((await reminders(world)) ?? []), ...((await reminders(world, 'u2')) ?? [])];
    expect(both.sort()).toEqual(['rebook monthly_cap', 'rebook sent']);
  });

  it('brings none to somebody who asked for another time; lists say so too', async () => {
    const world = await held();
    await mark(world, true, '2026-12-03T15:40:00Z');
    const asked = { uid: 'u2', start: '2026-12-09T09:00:00Z', said: '2026-12-03T15:50:00Z' };
    await world.change('BOOKING_REQUESTED', asked);
    const page = { limit: 10, cursor: null };
    const listed = (await world.precall.bookings({ email: guest, page })).unwrap().items;
    expect(listed.flatMap((one) => one.reminders.map(({ reason }) => reason))).toContain('rebooked');
    const upcoming = (await world.precall.upcoming(page)).unwrap().items;
    expect(upcoming.filter(({ rule }) => rule === 'rebook')).toEqual([]);
    await world.tickAt('2026-12-03T16:40:00Z');
    expect(world.sent()).toEqual([]);
    expect(await reminders(world)).toEqual(['rebook rebooked']);
  });

  it('has no cap where the policy says so, and in test mode', async () => {
    const long = { ...defaultPolicy, rules: [{ name: 'late', when: { afterNoShow: hours(720) } }] };
    expect(inTestMode(long)).toMatchObject({ rebooksPerMonth: null });
    const [rule] = rulesFor(nothingKnown, inTestMode(long), ana);
    expect(rule?.when).toEqual({ afterNoShow: Temporal.Duration.from({ milliseconds: 3_600_000 }) });
    const world = await held({ ...onlyAfter(...rebook), rebooksPerMonth: null });
    await mark(world, true, '2026-12-03T15:40:00Z');
    await world.tickAt('2026-12-03T16:40:00Z');
    expect(world.sent()).toHaveLength(1);
  });

  it('of the host is nobody else’s: nothing follows, and the status is left as it is', async () => {
    const world = await held(onlyAfter(...threeFollowUps(defaultPolicy.content), ...rebook));
    const saying = (email: string) => ({ email, noShow: true });
    await mark(world, true, '2026-12-03T15:40:00Z');
    await mark(world, false, '2026-12-03T15:41:00Z');
    const hostsAbsent = {
      triggerEvent: 'AFTER_HOSTS_CAL_VIDEO_NO_SHOW',
      createdAt: '2026-12-03T15:42:00Z',
      payload: { ...saying('jane@example.com'), bookingUid: 'u1', hostEmail: 'jane@example.com' },
    };
    expect((await world.post(hostsAbsent)).kind).toBe('taken');
    await world.tickAt('2026-12-03T17:00:00Z');
    expect(world.sent()).toEqual([]);
    expect((await reminders(world))?.[0]).toBe('after-1h host_absent');
    expect(status(world)).toBe('Booked');
  });

  it('of the host is told to the CRM also when it comes after the call counted as held', async () => {
    const world = await held();
    await world.tickAt('2026-12-03T17:00:00Z');
    expect(status(world)).toBe('Completed');
    const hostsAbsent = {
      triggerEvent: 'AFTER_HOSTS_CAL_VIDEO_NO_SHOW',
      createdAt: '2026-12-03T17:00:00Z',
      payload: { bookingUid: 'u1' },
    };
    expect(await world.post(hostsAbsent)).toMatchObject({ kind: 'taken', status: 'updated' });
    expect(await world.post(hostsAbsent)).toMatchObject({ kind: 'ignored' });
    await world.precall.tick();
    expect(status(world)).toBe('Booked');
  });

  it('asks for a message sooner where an operator says so, by the same gate', async () => {
    const world = await held();
    await mark(world, true, '2026-12-03T15:40:00Z');
    const key = (await world.booking('u1'))?.reminders[0]?.key;
    if (!key) throw new Error('the message is planned');
    await world.change('BOOKING_CREATED', { uid: 'u2', start: '2026-12-09T09:00:00Z' });
    const act = () => world.precall.desk.sendNow(bookingId('calcom', 'u1'), { key, by: 'jane' });
    expect((await act()).unwrap()).toEqual({ refused: 'rebooked' });
    await world.change('BOOKING_CANCELLED', { uid: 'u2', start: '2026-12-09T09:00:00Z' });
    expect((await act()).unwrap()).toBe('done');
  });

  it('waits for no link and offers the way to another time, in the words of the recipient’s language', async () => {
    const world = await held();
    await world.change('BOOKING_LOCATION_UPDATED', {
      said: '2026-12-03T15:31:00Z',
      payload: { location: 'integrations:daily', metadata: {}, videoCallData: undefined },
    });
    await mark(world, true, '2026-12-03T15:40:00Z');
    await world.tickAt('2026-12-03T16:40:00Z');
    const [sent] = world.mailer.sent;
    expect(sent?.message.subject).toMatch(/^Another time for your call/);
    expect(sent?.message.text).toContain('https://');
    expect(sent?.message.html).toContain('Choose another time</a>');
  });

  it('said while the call runs, or before it, counts from the end', async () => {
    for (const said of ['2026-12-03T15:05:00Z', '2026-12-03T12:00:00Z']) {
      const world = createWorld({ ...quiet, policy: onlyAfter(...rebook) });
      await world.change('BOOKING_CREATED', { minutes: 120 });
      await mark(world, true, said);
      await world.tickAt('2026-12-03T17:59:59Z');
      expect(world.sent()).toEqual([]);
      await world.tickAt('2026-12-03T18:00:00Z');
      expect(world.sent()).toEqual([`${guest} 2026-12-03T18:00:00Z`]);
    }
  });

  it('brings none once another call is agreed while the mailer is asked what became of another send', async () => {
    const rules = onlyAfter({ name: '1h', when: { before: hours(1) } }, ...rebook);
    const hanging = createWorld({
      ...quiet,
      crm: 'none',
      policy: rules,
      mailer: (real) => ({ ...real, send: () => new Promise<never>(() => undefined) }),
    });
    const other = { uid: 'x', start: '2026-12-03T17:40:00Z', attendees: ['other@example.com'] };
    await hanging.change('BOOKING_CREATED', other);
    await hanging.change('BOOKING_CREATED', { minutes: 15 });
    await mark(hanging, true, '2026-12-03T15:40:00Z');
    await hanging.clock.advanceTo(Temporal.Instant.from('2026-12-03T16:39:40Z'));
    const key = (await hanging.booking('x'))?.reminders[0]?.key;
    if (key) void hanging.precall.desk.sendNow(bookingId('calcom', 'x'), { key, by: 'jo' });
    await expect.poll(async () => (await hanging.booking('x'))?.reminders[0]?.state).toBe('sending');
    let asked = 0;
    const now = '2026-12-03T16:40:05Z';
    const world: World = createWorld({
      ...quiet,
      crm: 'none',
      now,
      policy: rules,
      store: () => hanging.memory,
      mailer: (real) => ({
        ...real,
        async find(onceKey) {
          asked += 1;
          if (asked === 1)
            await world.change('BOOKING_CREATED', { uid: 'u2', start: '2026-12-09T09:00:00Z', said: now });
          return real.find ? real.find(onceKey) : Ok(null);
        },
      }),
    });
    await world.precall.tick();
    expect(asked).toBeGreaterThan(0);
    expect(world.sent().filter((line) => line.startsWith(guest))).toEqual([]);
    expect(await reminders(world)).toContain('rebook rebooked');
  });

  it('said before this start was agreed, or without a moment, is about an earlier start, or counts from the end', async () => {
    const moved = createWorld({ ...quiet, policy: onlyAfter(...rebook) });
    await moved.change('BOOKING_CREATED', { start: '2026-11-23T13:00:00Z' });
    await mark(moved, true, '2026-11-23T13:40:00Z');
    await moved.clock.advanceTo(Temporal.Instant.from('2026-11-23T14:00:00Z'));
    await moved.change('BOOKING_CREATED', { said: '2026-11-23T14:00:00Z' });
    await moved.tickAt('2026-12-03T15:00:00Z');
    expect((await moved.booking('u1'))?.attendees[0]?.status).toBe('attending');
    expect(status(moved)).toBe('Booked');
    expect(moved.sent()).toEqual([]);

    const unsaid = await held();
    await unsaid.post({
      triggerEvent: 'BOOKING_NO_SHOW_UPDATED',
      payload: { bookingUid: 'u1', attendees: [{ email: guest, noShow: true }] },
    });
    expect((await unsaid.booking('u1'))?.reminders[0]?.dueAt.toString()).toBe('2026-12-03T16:30:00Z');
  });

  it('sends nothing while the person’s bookings cannot be read, and shows nothing that may be wrong', async () => {
    let away = false;
    const world = createWorld({
      ...quiet,
      policy: onlyAfter(...rebook),
      store: (store) => ({
        ...store,
        findByKey: (key, page) =>
          away ? Promise.resolve(Err({ kind: 'unavailable', reason: 'away' })) : store.findByKey(key, page),
      }),
    });
    await world.change('BOOKING_CREATED');
    await mark(world, true, '2026-12-03T15:40:00Z');
    await world.precall.tick();
    away = true;
    await world.tickAt('2026-12-03T16:40:00Z');
    expect([world.sent(), world.troubles]).toEqual([[], []]);
    expect((await world.precall.booking(bookingId('calcom', 'u1'))).isErr()).toBe(true);
    expect((await world.precall.upcoming({ limit: 10, cursor: null })).isErr()).toBe(true);
    away = false;
    await world.tickAt('2026-12-03T16:41:00Z');
    expect(world.sent()).toHaveLength(1);
  });
});

describe('a call that was held', () => {
  it('is Completed an hour after its end, with its date, and the campaign left as it is', async () => {
    const world = await held();
    await world.tickAt('2026-12-03T16:29:59.999Z');
    expect(status(world)).toBe('Booked');
    await world.tickAt('2026-12-03T16:30:00Z');
    expect(world.fields()[guest]).toMatchObject({
      'Booking Status': 'Completed',
      'Diagnostic Call Date': '2026-12-03',
    });
    const [, , fields] = world.crm.seen.filter(([method]) => method === 'update').at(-1) ?? [];
    expect(Object.keys(fields ?? {})).toEqual(['Booking Status']);
  });

  it('leaves the status as it is where the configuration says so', async () => {
    const { projection } = defaultPolicy;
    const values = { ...projection.values, completed: null, noShow: null };
    const world = await held({ ...onlyAfter(...rebook), projection: { ...projection, values } });
    await world.tickAt('2026-12-03T16:30:00Z');
    await mark(world, true, '2026-12-03T17:00:00Z');
    await world.precall.tick();
    expect(status(world)).toBe('Booked');
  });

  it('hears of no rule that was made after its end, though it is looked at once more', async () => {
    const world = createWorld({ policy: { rules: [] } });
    await world.change('BOOKING_CREATED');
    await world.start();
    await world.clock.advanceTo(Temporal.Instant.from('2026-12-03T15:45:00Z'));
    const rules = [{ name: 'thanks', when: { after: Temporal.Duration.from({ minutes: 30 }) } }];
    await world.restart({ ...defaultPolicy, rules });
    await world.clock.advanceTo(Temporal.Instant.from('2026-12-03T16:20:00Z'));
    expect(world.sent()).toEqual([]);
  });

  it('does not hide a call that is still to come', async () => {
    const world = await held();
    await world.change('BOOKING_CREATED', { uid: 'u2', start: '2026-12-10T15:00:00Z' });
    await mark(world, true, '2026-12-03T15:40:00Z');
    await world.precall.tick();
    expect(status(world)).toBe('Booked');
  });
});

describe('an operator’s word', () => {
  const u1 = bookingId('calcom', 'u1');
  const by = 'jane';

  it('is a mark like the source’s own, in the history with who said it, and told to the CRM', async () => {
    const world = await held();
    const { desk } = world.precall;
    expect((await desk.mark(u1, { email: ` ${guest} `, came: false, by })).unwrap()).toBe('done');
    await world.precall.tick();
    expect(status(world)).toBe('No-Show');
    const history = (await world.booking('u1'))?.history ?? [];
    expect(history.find(({ what }) => what === 'no_show')).toMatchObject({ what: 'no_show', detail: { by } });
    await world.tickAt('2026-12-03T15:50:00Z');
    // The same again is no new word: the message does not wait anew.
    await desk.mark(u1, { email: guest, came: false, by });
    await world.tickAt('2026-12-03T16:30:00Z');
    expect(world.sent()).toHaveLength(1);
  });

  it('that comes too late for what follows makes no alarm of it', async () => {
    const world = await held(onlyAfter({ name: 'thanks', when: { after: hours(1) } }));
    await mark(world, true, '2026-12-03T15:40:00Z');
    await world.clock.advanceTo(Temporal.Instant.from('2026-12-05T12:00:00Z'));
    await world.precall.desk.mark(u1, { email: guest, came: true, by });
    await world.precall.tick();
    expect(await reminders(world)).toEqual(['thanks moment_passed']);
    expect(world.troubles.filter(({ kind }) => kind === 'reminder_missed')).toEqual([]);
  });

  it('holds against a word of a source whose clock is ahead', async () => {
    const world = await held();
    await world.change('BOOKING_NO_SHOW_UPDATED', {
      said: '2026-12-03T15:33:00Z',
      payload: { attendees: [{ email: guest, noShow: true }] },
    });
    await world.precall.desk.mark(u1, { email: guest, came: true, by });
    expect(await reminders(world)).toEqual(['rebook attended']);
  });

  it('is refused of whom the booking does not know, of a call that has not begun, or of none', async () => {
    const world = createWorld(quiet);
    const { desk } = world.precall;
    await world.change('BOOKING_CREATED');
    const said = async (email: string, id = u1) => (await desk.mark(id, { email, came: true, by })).unwrap();
    expect(await said('nobody@example.com')).toEqual({ refused: 'no_such_person' });
    expect(await said(guest)).toEqual({ refused: 'not_begun' });
    expect(await said(guest, bookingId('calcom', 'u9'))).toEqual({ refused: 'no_such_booking' });
    await world.say('BOOKING_NO_SHOW_UPDATED', {
      uid: 'u4',
      payload: { attendees: [{ email: guest, noShow: true }] },
    });
    expect(await said(guest, bookingId('calcom', 'u4'))).toEqual({ refused: 'not_begun' });
  });
});

describe('a drop before its moment', () => {
  it('is not for good: who takes their seat again is reminded of what is still to come', async () => {
    const rules = [
      { name: '24h', when: { before: hours(24) } },
      { name: '2h', when: { before: hours(2) } },
    ];
    const world = createWorld({ ...quiet, policy: { rules } });
    const seats = { payload: { seatsPerTimeSlot: 5 } };
    await world.change('BOOKING_CREATED', { ...seats, attendees: ['a@x.org'] });
    await world.change('BOOKING_CREATED', { ...seats, attendees: ['b@x.org'] });
    await world.change('BOOKING_CANCELLED', {
      ...seats,
      attendees: ['a@x.org'],
      said: '2026-11-24T12:00:00Z',
    });
    await world.tickAt('2026-12-02T15:00:00Z');
    await world.change('BOOKING_CREATED', { ...seats, attendees: ['a@x.org'], said: '2026-12-02T16:00:00Z' });
    await world.tickAt('2026-12-03T13:00:00Z');
    expect(world.sent().filter((line) => line.startsWith('a@x.org'))).toEqual([
      'a@x.org 2026-12-03T13:00:00Z',
    ]);
  });
});

describe('rebookMail', () => {
  const facts = {
    rule: 'rebook',
    startAt: Temporal.Instant.from('2026-12-03T15:00:00Z'),
    endAt: Temporal.Instant.from(endAt),
    now: Temporal.Instant.from('2026-12-03T16:40:00Z'),
    timeZone: 'Europe/Paris',
    locale: 'en',
    firstName: null,
    name: null,
    host: null,
    about: null,
    place: null,
    placeIsTrusted: false,
    links: null,
    segment: null,
    responses: {},
    answers: null,
  };
  const content: Content | undefined = rebook[0]?.content;

  it.each([
    ['en', /^Another time for your call\?$/, /answer this mail/],
    ['fr-FR', /^Un autre moment pour votre appel \?$/, /répondez à ce message/],
    ['de', /^Ein anderer Termin für Ihr Gespräch\?$/, /antworten Sie auf diese Nachricht/],
    ['es', /^¿Otro momento para su llamada\?$/, /responda a este mensaje/],
    ['nl', /^Another time for your call\?$/, /answer this mail/],
  ])('speaks %s, and asks for an answer where it has no link', (locale, subject, invitation) => {
    const told = content?.render({ ...facts, locale });
    expect(told?.subject).toMatch(subject);
    expect(told?.text).toMatch(invitation);
    expect(told?.html).not.toContain('<a ');
  });

  it.each([
    ['en', 'Your call with Jane was on Thursday, December 3, 2026, and we did not meet.'],
    ['fr', 'Votre appel avec Jane était prévu le jeudi 3 décembre 2026, et nous ne nous sommes pas parlé.'],
    [
      'de',
      'Ihr Gespräch mit Jane war für Donnerstag, 3. Dezember 2026 verabredet, und wir haben uns nicht gesprochen.',
    ],
    ['es', 'Su llamada con Jane era el jueves, 3 de diciembre de 2026, y no llegamos a hablar.'],
  ])('greets in %s and says which call it was, in text and HTML alike', (locale, missed) => {
    const host = { name: 'Jane', timeZone: null };
    const told = content?.render({ ...facts, locale, host, firstName: 'Ana' });
    const [greeting, , said] = told?.text.split('\n') ?? [];
    expect(greeting).toContain('Ana');
    expect(said).toBe(missed);
    expect(wordsOf(told?.html ?? '')).toContain(`${greeting}\n${missed}`);
  });

  it('names nobody where no name is known', () => {
    const [greeting, , said] = content?.render(facts).text.split('\n') ?? [];
    expect([greeting, said]).toEqual([
      'Hello,',
      'Your call was on Thursday, December 3, 2026, and we did not meet.',
    ]);
  });

  it('leads to another time where the booking has a link for that', () => {
    const move = 'https://cal.com/reschedule/abc';
    const told = content?.render({ ...facts, links: { move, cancel: null } });
    expect(told?.text).toContain(`Choose another time: ${move}`);
    expect(attributesOf(told?.html ?? '', 'href')).toEqual([move]);
  });

  it('carries the way out of these mails where there is one', () => {
    const answers = { attend: 'https://calls.example.com/link/a', stop: 'https://calls.example.com/link/s' };
    const told = content?.render({ ...facts, firstName: 'Ana', answers });
    expect(told?.text).toContain(answers.stop);
    expect(told?.html).toContain(answers.stop);
  });
});
