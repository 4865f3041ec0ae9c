// The corners: what only happens when several things come together, each through the whole shell.
import { createMemoryCrm } from '@precall/adapter-memory';
import { createCalcomSource, signCalcom } from '@precall/source-calcom';
import { describe, expect, it } from 'vitest';
import { nothingKnown } from '../src/facts.ts';
import { dropReason } from '../src/gate.ts';
import { bookingId, recipientId } from '../src/ids.ts';
import { takenAnswer } from '../src/intake-answer.ts';
import { defaultPolicy, type Policy } from '../src/policy.ts';
import type { BookingSource, Mailer } from '../src/ports.ts';
import { textOf } from '../src/projection.ts';
import { explain } from '../src/reasons.ts';
import { Err, Ok } from '../src/result.ts';
import { after, Temporal } from '../src/temporal.ts';
import { saying } from './calcom-saying.ts';
import { createWorld, guest, secret } from './world.ts';

const quiet = { scheduler: 'none' } as const;
const due72 = '2026-11-30T15:00:00Z';
const seconds = (count: number) => Temporal.Duration.from({ seconds: count });
const seats = { payload: { seatsPerTimeSlot: 9 } };

/** Answers some seconds after it was asked. */
const slow =
  (clock: () => ReturnType<typeof createWorld>['clock'], wait: number) =>
  (mailer: Mailer): Mailer => ({
    ...mailer,
    send: (message, call) =>
      new Promise((resolve) => {
        const { now, at } = clock();
        at(after(now(), seconds(wait)), () => void mailer.send(message, call).then(resolve));
      }),
  });

/** Booked, and then its policy cannot plan it any more. */
async function bookedBeforeARuleBroke() {
  let broken = false;
  const rules: Policy['rules'] = () => {
    if (broken) throw new Error('a broken rule');
    return [{ name: '72h', when: { before: Temporal.Duration.from({ hours: 72 }) } }];
  };
  const world = createWorld({ ...quiet, policy: { rules } });
  await world.change('BOOKING_CREATED');
  broken = true;
  return world;
}

describe('intake', () => {
  const bytes = (body: object) => new TextEncoder().encode(JSON.stringify(body));
  const post = (
    world: ReturnType<typeof createWorld>,
    body: object,
    headers: Record<string, readonly string[]>,
  ) =>
    world.precall.receive({
      headers: { 'x-cal-signature-256': [signCalcom(secret, bytes(body))], ...headers },
      body: bytes(body),
    });

  it.each([
    ['no content type', {}],
    ['another content type', { 'content-type': ['application/x-www-form-urlencoded'] }],
    ['two content types', { 'content-type': ['application/json', 'application/json'] }],
    ['a list of two types in one', { 'content-type': ['application/json, text/plain'] }],
    ['a type that only ends like JSON', { 'content-type': ['x-application/json'] }],
    ['another kind of JSON', { 'content-type': ['application/json-seq'] }],
    ['another character set', { 'content-type': ['application/json; charset=latin1'] }],
    ['a compressed body', { 'content-type': ['application/json'], 'content-encoding': ['gzip'] }],
  ])('sets aside an authentic delivery with %s', async (_what, headers) => {
    const world = createWorld(quiet);
    const answer = await post(world, saying('BOOKING_CREATED'), headers);
    expect(answer).toEqual({ kind: 'wrong_type', quarantineId: expect.any(String) });
    const id = answer.kind === 'wrong_type' ? answer.quarantineId : '';
    expect(await world.precall.replay(id)).toEqual(answer);
  });

  it.each([
    'application/json',
    'Application/JSON;charset=UTF-8',
    'application/json ; charset="utf-8"',
    'application/json;  charset=utf-8  ',
  ])('takes a body of the type %s, said not to be compressed', async (type) => {
    const headers = { 'content-type': [type], 'content-encoding': ['identity'] };
    expect(await post(createWorld(quiet), saying('BOOKING_CREATED'), headers)).toMatchObject({
      kind: 'taken',
    });
  });

  it('is away when it cannot set aside what it does not understand', async () => {
    const away = createWorld({
      ...quiet,
      store: (store) => ({ ...store, save: failingFor('delivery', store.save) }),
    });
    const body = saying('BOOKING_CREATED');
    expect(await post(away, body, {})).toMatchObject({ kind: 'away' });
    expect(await away.post('{"a":1}')).toMatchObject({ kind: 'away' });
  });

  it('ignores a trigger that it does not use', async () => {
    expect(await createWorld(quiet).post({ triggerEvent: 'OOO_CREATED', payload: {} })).toEqual({
      kind: 'ignored',
      reason: 'trigger_not_used',
    });
  });

  it('keeps what a rule of the policy could not plan, and takes it in once it can', async () => {
    const rules = () => {
      throw new Error('a broken rule');
    };
    const world = createWorld({ ...quiet, policy: { rules } });
    expect(await world.say('BOOKING_CREATED')).toMatchObject({
      kind: 'not_understood',
      issues: [{ path: '', message: expect.not.stringContaining('a broken rule') }],
    });
    expect(world.troubles).toMatchObject([
      { kind: 'quarantined', sentence: expect.stringContaining('a broken rule') },
    ]);
    const mended = createWorld({ ...quiet, store: () => world.store });
    const page = { limit: 10, cursor: null };
    const [kept] = (await mended.precall.quarantine(page)).unwrap().items;
    expect(await mended.precall.replay(kept?.id ?? '')).toMatchObject({ kind: 'taken', status: 'scheduled' });
    expect((await mended.precall.quarantine(page)).unwrap().items).toEqual([]);
  });

  it('keeps nothing of what was said before an erasure and cannot be planned (invariant 24)', async () => {
    const rules = () => {
      throw new Error('a broken rule');
    };
    const world = createWorld({ ...quiet, policy: { rules } });
    await world.at('2026-11-23T13:00:00Z');
    await world.precall.erase(guest);
    const kept = async () => (await world.precall.quarantine({ limit: 10, cursor: null })).unwrap().items;
    const before = { said: '2026-11-23T12:30:00.000Z' };
    expect(await world.say('BOOKING_CREATED', before)).toMatchObject({ kind: 'not_understood' });
    const reduced = { startTime: '2026-12-03T15:00:00Z', attendees: [{ email: guest }] };
    expect(
      await world.post({ triggerEvent: 'BOOKING_CREATED', payload: { booking: reduced } }),
    ).toMatchObject({
      kind: 'not_understood',
    });
    const bodies = (await world.memory.list('delivery', { limit: 10, cursor: null }))
      .unwrap()
      .items.map(({ body }) => body);
    expect(bodies).toHaveLength(1);
    expect(bodies.join()).not.toContain(guest);
    const after = { said: '2026-11-23T13:00:00.001Z' };
    expect(await world.say('BOOKING_CREATED', after)).toMatchObject({ kind: 'not_understood' });
    expect(await kept()).toHaveLength(2);
  });

  it('is away when a rule throws and the store does not answer about the people', async () => {
    const rules = () => {
      throw new Error('a broken rule');
    };
    let answers = true;
    const world = createWorld({
      ...quiet,
      policy: { rules },
      store: (store) => ({
        ...store,
        find: async (ids) =>
          answers || !ids.every((id) => id.startsWith('person:'))
            ? store.find(ids)
            : Err({ kind: 'unavailable', reason: 'away' }),
      }),
    });
    answers = false;
    expect(await world.say('BOOKING_CREATED')).toMatchObject({ kind: 'away' });
  });

  it('is away when a rule throws and the store does not keep what was told', async () => {
    const rules = () => {
      throw 'no error';
    };
    const world = createWorld({
      ...quiet,
      policy: { rules },
      store: (store) => ({ ...store, save: failingFor('delivery', store.save) }),
    });
    expect(await world.say('BOOKING_CREATED')).toMatchObject({ kind: 'away' });
  });

  it('takes in again, and lets go, what a newer source understands', async () => {
    const world = createWorld(quiet);
    const kept = await world.post('{"a":1}');
    const older = createCalcomSource({ secrets: [secret] });
    const source: BookingSource = { ...older, parse: () => Ok({ ignored: 'trigger_not_used' }) };
    const newer = createWorld({ ...quiet, source, store: () => world.store });
    if (kept.kind !== 'not_understood') throw new Error('expected a refusal');
    expect(await newer.precall.replay(kept.quarantineId)).toEqual({
      kind: 'ignored',
      reason: 'trigger_not_used',
    });
    expect(await newer.precall.replay(kept.quarantineId)).toBeNull();
  });

  it('keeps in quarantine what it took in but could not let go', async () => {
    const world = createWorld(quiet);
    const kept = await world.post('{"a":1}');
    if (kept.kind !== 'not_understood') throw new Error('expected a refusal');
    const source: BookingSource = {
      ...createCalcomSource({ secrets: [secret] }),
      parse: () => Ok({ ignored: 'trigger_not_used' }),
    };
    const finds: unknown[] = [];
    const newer = createWorld({
      ...quiet,
      source,
      store: () => ({
        ...world.store,
        find: (ids) => {
          const looks = finds.push(ids);
          return looks === 3
            ? Promise.resolve(Err({ kind: 'unavailable', reason: 'away' }))
            : world.store.find(ids);
        },
      }),
    });
    expect(await newer.precall.replay(kept.quarantineId)).toMatchObject({ kind: 'ignored' });
    expect(await newer.precall.replay(kept.quarantineId)).toMatchObject({ kind: 'ignored' });
    expect(await newer.precall.replay(kept.quarantineId)).toBeNull();
  });

  it('answers about a booking whose time nobody has told', () => {
    const after = { id: bookingId('calcom', 'x'), facts: nothingKnown, ledger: {} };
    const context = { policy: defaultPolicy, now: Temporal.Instant.from(due72) };
    const change = { before: null, after, offered: nothingKnown };
    expect(takenAnswer([change], change, context)).toMatchObject({ status: 'updated', startAt: null });
  });
});

/** A save that fails for records of one kind. */
function failingFor(kind: string, save: ReturnType<typeof createWorld>['store']['save']): typeof save {
  return (writes) =>
    writes.some((write) => 'put' in write && write.put.kind === kind)
      ? Promise.resolve(Err({ kind: 'unavailable', reason: 'away' }))
      : save(writes);
}

describe('dispatch', () => {
  it('leaves for the next look what found no free slot', async () => {
    const world = createWorld({ ...quiet, policy: { concurrency: 2 } });
    for (const email of ['a@x.org', 'b@x.org', 'c@x.org'])
      await world.change('BOOKING_CREATED', { ...seats, attendees: [email] });
    await world.change('BOOKING_CREATED', { uid: 'u2', attendees: ['d@x.org'] });
    await world.tickAt(due72);
    expect(world.sent()).toHaveLength(4);
  });

  it('saves fifty outcomes at once', async () => {
    const world = createWorld({ ...quiet, policy: { concurrency: 50 } });
    for (let n = 0; n < 60; n += 1)
      await world.change('BOOKING_CREATED', { uid: `u${n}`, attendees: [`p${n}@x.org`] });
    await world.tickAt(due72);
    expect(world.sent()).toHaveLength(60);
  });

  it('begins no send while 500 outcomes wait to be saved, and saves them all later (invariant 12)', async () => {
    let away = false;
    const world = createWorld({
      ...quiet,
      policy: { concurrency: 50 },
      store: (store) => ({
        ...store,
        save: (writes) =>
          away &&
          writes.some((one) => 'put' in one && one.history.some(({ what }) => what === 'reminder_sent'))
            ? Promise.resolve(Err({ kind: 'unavailable', reason: 'away' }))
            : store.save(writes),
      }),
    });
    for (let n = 0; n < 620; n += 1)
      await world.change('BOOKING_CREATED', { uid: `u${n}`, attendees: [`p${n}@x.org`] });
    away = true;
    await world.tickAt(due72);
    expect(world.mailer.calls.length).toBeGreaterThanOrEqual(500);
    expect(world.mailer.calls.length).toBeLessThanOrEqual(550);
    away = false;
    await world.tickAt('2026-11-30T15:00:02Z');
    expect(world.sent()).toHaveLength(620);
    expect(world.mailer.calls).toHaveLength(620);
  });

  it('lets go of an outcome whose reminder was forgotten meanwhile', async () => {
    const world: ReturnType<typeof createWorld> = createWorld({
      ...quiet,
      mailer: (mailer) => ({
        ...mailer,
        send: async (message, call) => {
          const [stored] = (await world.memory.list('booking', { limit: 1, cursor: null })).unwrap().items;
          if (stored) await world.memory.save([{ remove: stored.id, expected: stored.revision }]);
          await world.change('BOOKING_CREATED', {
            start: '2026-12-20T15:00:00Z',
            said: '2026-11-30T15:00:00Z',
          });
          return mailer.send(message, call);
        },
      }),
    });
    await world.change('BOOKING_CREATED');
    await world.tickAt(due72);
    expect((await world.booking('u1'))?.reminders.map(({ state }) => state)).toEqual([
      'planned',
      'planned',
      'planned',
    ]);
  });

  it('waits for a free slot, and ends what is running before it stops', async () => {
    const world: ReturnType<typeof createWorld> = createWorld({
      policy: {
        concurrency: 1,
        rules: [{ name: 'soon', when: { before: seconds(60) } }],
        minimumLead: seconds(0),
      },
      mailer: slow(() => world.clock, 5),
    });
    await world.start();
    const start = '2026-11-23T12:02:00Z';
    for (const uid of ['u1', 'u2'])
      await world.change('BOOKING_CREATED', { uid, start, attendees: [`${uid}@x.org`] });
    await world.at('2026-11-23T12:01:07Z');
    expect(world.sent()).toHaveLength(1);
    const stopped = world.precall.stop();
    await world.clock.advance(seconds(10));
    await stopped;
    expect(world.sent()).toHaveLength(2);
    expect((await world.booking('u2'))?.reminders[0]?.state).toBe('sent');
  });

  it('puts aside a booking that cannot be planned, and delays nobody by it (invariant 18)', async () => {
    let broken = false;
    const rules: Policy['rules'] = (facts) => {
      if (broken && facts.about?.value.title === 'Poison') throw new Error('a broken rule');
      return [{ name: '72h', when: { before: Temporal.Duration.from({ hours: 72 }) } }];
    };
    const world = createWorld({ policy: { rules }, now: '2026-11-30T14:59:00Z' });
    await world.start();
    await world.change('BOOKING_CREATED', { payload: { eventTitle: 'Poison' } });
    await world.change('BOOKING_CREATED', { uid: 'u2', attendees: ['b@x.org'] });
    await world.clock.advance(seconds(1));
    broken = true;
    await world.at('2026-11-30T15:00:30Z');
    expect(world.sent()).toEqual([`b@x.org ${due72}`]);
    expect(world.troubles.filter(({ kind }) => kind === 'record_failed')).toHaveLength(1);
    broken = false;
    await world.at('2026-11-30T15:06:00Z');
    expect(world.sent()).toHaveLength(2);
  });

  it('keeps what it heard of a send, and of the sends of others, when the booking cannot be planned any more (invariant 18)', async () => {
    let broken = false;
    const rules: Policy['rules'] = (facts) => {
      if (broken && facts.about?.value.title === 'Poison') throw new Error('a broken rule');
      return [{ name: '72h', when: { before: Temporal.Duration.from({ hours: 72 }) } }];
    };
    const world: ReturnType<typeof createWorld> = createWorld({
      ...quiet,
      policy: { rules },
      mailer: (mailer) => ({
        ...mailer,
        async send(message, call) {
          // Changed while it is sent: the record is read again, and planned anew.
          const place = { payload: { location: 'https://meet.example/u1' }, said: '2026-11-30T14:00:00Z' };
          if (!broken) await world.change('BOOKING_LOCATION_UPDATED', place);
          broken = true;
          return mailer.send(message, call);
        },
      }),
    });
    await world.change('BOOKING_CREATED', { payload: { eventTitle: 'Poison' } });
    await world.change('BOOKING_CREATED', { uid: 'u2', attendees: ['b@x.org'] });
    await world.tickAt(due72);
    expect(new Set(world.troubles.map(({ kind }) => kind))).toEqual(new Set(['record_failed']));
    broken = false;
    for (const uid of ['u1', 'u2'])
      expect((await world.booking(uid))?.reminders[0]).toMatchObject({ state: 'sent' });
    await world.tickAt('2026-11-30T15:06:00Z');
    expect(world.sent()).toHaveLength(2);
  });

  it('erases somebody from a booking that cannot be planned any more (invariants 18, 24)', async () => {
    const world = await bookedBeforeARuleBroke();
    expect((await world.precall.erase(guest)).unwrap()).toEqual({ bookings: 1 });
    const [kept] = (await world.memory.list('booking', { limit: 1, cursor: null })).unwrap().items;
    expect(kept?.body).not.toContain(`"${guest}"`);
  });

  it("tells of a person's record that cannot be read, and names no booking for it", async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    const [person] = (await world.memory.list('person', { limit: 1, cursor: null })).unwrap().items;
    if (!person) throw new Error('the tick told nobody');
    const lanes = { ...person.lanes, crm: world.clock.now() };
    const put = { ...person, revision: person.revision + 1, lanes, body: 'no JSON' };
    await world.memory.save([{ put, expected: person.revision, history: [] }]);
    await world.precall.tick();
    expect(world.troubles).toMatchObject([{ kind: 'record_failed', booking: null }]);
  });

  it('looks again at what cannot be planned in five minutes, and in an hour once its call is over', async () => {
    const world = await bookedBeforeARuleBroke();
    const nextAfter = async (moment: string) => {
      await world.tickAt(moment);
      return (await world.memory.nextDueAt('mail')).unwrap()?.toString();
    };
    expect(await nextAfter('2026-12-03T15:30:00Z')).toBe('2026-12-03T15:35:00Z');
    expect(await nextAfter('2026-12-03T15:35:00Z')).toBe('2026-12-03T16:35:00Z');
  });

  it('puts aside in the CRM lane, and at a start, what cannot be planned (invariant 18)', async () => {
    let broken = false;
    const rules: Policy['rules'] = () => {
      if (broken) throw 'not an error';
      return [{ name: '72h', when: { before: Temporal.Duration.from({ hours: 72 }) } }];
    };
    const world = createWorld({ policy: { rules } });
    await world.change('BOOKING_CREATED');
    broken = true;
    await world.start();
    await world.clock.advance(seconds(1));
    expect(world.troubles).toMatchObject([{ kind: 'record_failed' }]);
    broken = false;
    await world.clock.advance(seconds(301));
    expect(world.fields()[guest]).toMatchObject({ 'Booking Status': 'Booked' });
  });

  it('sends no follow-up to somebody who did not come', async () => {
    const rules: Policy['rules'] = [{ name: 'thanks', when: { after: seconds(3_600) } }];
    const world = createWorld({ ...quiet, policy: { rules } });
    await world.change('BOOKING_CREATED', { ...seats, attendees: ['a@x.org'] });
    await world.change('BOOKING_CREATED', { ...seats, attendees: ['b@x.org'] });
    await world.change('BOOKING_NO_SHOW_UPDATED', {
      payload: { attendees: [{ email: 'a@x.org', noShow: true }] },
    });
    await world.tickAt('2026-12-03T16:30:00Z');
    expect(world.sent()).toEqual(['b@x.org 2026-12-03T16:30:00Z']);
    const dropped = (await world.booking('u1'))?.reminders.find(({ recipient }) => recipient === 'a@x.org');
    expect(dropped).toMatchObject({ state: 'dropped', reason: 'no_show' });
  });

  it('sends nothing to somebody whose erasure reached their record, but not yet the booking (invariant 8)', async () => {
    let away = false;
    const world = createWorld({
      ...quiet,
      store: (store) => ({
        ...store,
        findByKey: (key, page) =>
          away ? Promise.resolve(Err({ kind: 'unavailable', reason: 'away' })) : store.findByKey(key, page),
      }),
    });
    await world.change('BOOKING_CREATED');
    await world.clock.advanceTo(Temporal.Instant.from(due72));
    away = true;
    expect((await world.precall.erase(guest)).isErr()).toBe(true);
    away = false;
    await world.tickAt('2026-11-30T15:00:01Z');
    expect(world.sent()).toEqual([]);
    expect((await world.booking('u1'))?.reminders[0]).toMatchObject({ state: 'dropped', reason: 'erased' });
  });

  it('sends nothing to somebody whose mail is suppressed', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    const [stored] = (await world.memory.list('person', { limit: 1, cursor: null })).unwrap().items;
    if (!stored) throw new Error('no person');
    const body = stored.body.replace('"suppressed":null', '"suppressed":{"at":0,"why":"bounced"}');
    const put = { ...stored, revision: stored.revision + 1, body };
    await world.memory.save([{ put, expected: stored.revision, history: [] }]);
    await world.tickAt(due72);
    expect(world.sent()).toEqual([]);
    expect((await world.booking('u1'))?.reminders.map(({ reason }) => reason)).toEqual(
      Array(3).fill('suppressed'),
    );
  });

  it('looks at once at a send whose lease was over when a webhook came in', async () => {
    let dead = true;
    const world: ReturnType<typeof createWorld> = createWorld({
      ...quiet,
      mailer: (mailer) => ({
        ...mailer,
        send: (message, call) => (dead ? new Promise(() => undefined) : mailer.send(message, call)),
      }),
    });
    await world.change('BOOKING_CREATED');
    await world.clock.advanceTo(Temporal.Instant.from(due72));
    void world.precall.tick();
    await world.clock.advance(seconds(1));
    dead = false;
    const next = createWorld({ ...quiet, store: () => world.store, now: '2026-11-30T15:00:30Z' });
    const place = { payload: { location: 'https://app.cal.com/video/u1' }, said: '2026-11-30T15:00:30Z' };
    await next.change('BOOKING_LOCATION_UPDATED', place);
    expect((await world.memory.nextDueAt('mail')).unwrap()?.toString()).toBe('2026-11-30T15:00:30Z');
    await next.tickAt('2026-11-30T15:00:31Z');
    expect(next.mailer.calls).toHaveLength(1);
  });

  it('gives up an unknown outcome at once when the call was cancelled after the wait (invariant 12)', async () => {
    const world = createWorld({ ...quiet, doubt: 'silent' });
    await world.change('BOOKING_CREATED');
    world.mailer.answerNext('no_answer', 'lost');
    await world.tickAt(due72);
    await world.clock.advance(seconds(300));
    await world.change('BOOKING_CANCELLED');
    await world.precall.tick();
    expect((await world.booking('u1'))?.reminders[0]).toMatchObject({
      state: 'unknown',
      reason: 'no_answer',
    });
    expect(world.mailer.calls).toHaveLength(1);
  });

  it('does not want a reminder about a start that was never agreed', () => {
    const [rule] = defaultPolicy.rules as readonly { name: string; when: { before: Temporal.Duration } }[];
    if (!rule) throw new Error('no rule');
    const at = Temporal.Instant.from(due72);
    const recipient = recipientId('x');
    const channel = 'mail' as const;
    const reminder = {
      rule,
      channel,
      recipient,
      startAt: at,
      askedAt: at,
      dueAt: at,
      usefulUntil: at,
      skip: null,
    };
    expect(dropReason(reminder, nothingKnown)).toBe('awaiting');
  });

  it('shows a reminder that was never going to be sent as skipped', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED', { start: '2026-11-23T12:30:00Z' });
    const states = (await world.booking('u1'))?.reminders.map(({ state, reason }) => [state, reason]);
    expect(states).toEqual(Array(3).fill(['skipped', 'meeting_too_soon']));
  });
});

describe('the CRM lane', () => {
  it('writes what a move awaiting confirmation, a decline and a request to move mean', async () => {
    const world = createWorld(quiet);
    const fields = async () => {
      await world.precall.tick();
      return world.fields()[guest];
    };
    await world.change('BOOKING_CREATED');
    expect(await fields()).toMatchObject({
      'Booking Status': 'Booked',
      'Diagnostic Call Date': '2026-12-03',
    });
    const move = { uid: 'u2', said: '2026-11-23T12:01:00Z', payload: { rescheduleUid: 'u1' } };
    await world.change('BOOKING_REQUESTED', move);
    expect(await fields()).toMatchObject({ 'Booking Status': 'Booked' });
    await world.change('BOOKING_REJECTED', { uid: 'u2', said: '2026-11-23T12:02:00Z' });
    await world.precall.tick();
    await world.change('BOOKING_CREATED', { uid: 'u3', said: '2026-11-23T12:03:00Z' });
    await world.change('BOOKING_CANCELLED', {
      uid: 'u3',
      said: '2026-11-23T12:04:00Z',
      payload: { requestReschedule: true },
    });
    expect(await fields()).toMatchObject({ 'Diagnostic Call Date': null });
  });

  it('says nothing about a request that was never agreed', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_REQUESTED');
    await world.change('BOOKING_CREATED', { uid: 'u2', ...seats, attendees: ['a@x.org'] });
    await world.change('BOOKING_REQUESTED', { uid: 'u3', attendees: ['a@x.org'] });
    await world.precall.tick();
    expect(Object.keys(world.fields())).toEqual(['a@x.org']);
  });

  it('mends the old booking of a move even where nothing was known about it', async () => {
    let cut = true;
    const world = createWorld({
      store: (store) => ({
        ...store,
        save: (writes) =>
          cut && writes.some((write) => 'put' in write && write.put.id === 'booking:calcom:u1')
            ? Promise.resolve(Err({ kind: 'unavailable', reason: 'cut' }))
            : store.save(writes),
      }),
    });
    expect(
      await world.say('BOOKING_RESCHEDULED', { uid: 'u2', payload: { rescheduleUid: 'u1' } }),
    ).toMatchObject({
      kind: 'away',
    });
    cut = false;
    await world.start();
    await world.clock.advance(seconds(61));
    expect(await world.booking('u1')).toMatchObject({ status: 'superseded' });
  });

  it('tries again a mark that the CRM did not take, and shows it as pending until then', async () => {
    const crm = createMemoryCrm({
      contacts: [{ email: guest, campaigns: { 'Christmas 2025': { sent: {} } } }],
    });
    let away = true;
    const world = createWorld({
      ...quiet,
      crm: {
        ...crm,
        recordSent: (...args) =>
          away ? Promise.resolve(Err({ kind: 'unavailable', reason: '500' })) : crm.recordSent(...args),
      },
    });
    await world.change('BOOKING_CREATED');
    await world.tickAt(due72);
    expect((await world.booking('u1'))?.crm).toMatchObject({
      contact: { state: 'pending', lastError: '500' },
    });
    away = false;
    await world.tickAt('2026-11-30T15:10:00Z');
    expect(Object.keys(crm.contacts()[0]?.campaigns['Christmas 2025']?.sent ?? {})).toEqual(['72h']);
  });

  it('looks again for a contact that would not be written', async () => {
    const crm = createMemoryCrm({ unknown: 'add' });
    let away = true;
    const update: typeof crm.update = (...args) =>
      away ? Promise.resolve(Err({ kind: 'unavailable', reason: 'gone' })) : crm.update(...args);
    const world = createWorld({ ...quiet, crm: { ...crm, update } });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    away = false;
    await world.tickAt('2026-11-23T12:05:00Z');
    expect(crm.seen.filter(([method]) => method === 'findContact')).toHaveLength(2);
    expect(crm.contacts()[0]?.fields['Booking Status']?.value).toBe('Booked');
  });

  it('says of somebody whose call became another person’s that they have none', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED', { attendees: ['a@x.org'] });
    const move = { uid: 'u2', said: '2026-11-23T12:01:00Z', attendees: ['b@x.org'] };
    await world.change('BOOKING_RESCHEDULED', { ...move, payload: { rescheduleUid: 'u1' } });
    await world.precall.tick();
    const statusOf = (email: string) => world.fields()[email]?.['Booking Status'];
    expect([statusOf('a@x.org'), statusOf('b@x.org')]).toEqual(['Not Booked', 'Booked']);
  });

  it('tries again a membership that could not be looked up', async () => {
    const crm = createMemoryCrm({ unknown: 'add' });
    let away = true;
    const findMembership: typeof crm.findMembership = (...args) =>
      away ? Promise.resolve(Err({ kind: 'unavailable', reason: '500' })) : crm.findMembership(...args);
    const world = createWorld({ ...quiet, crm: { ...crm, findMembership } });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    away = false;
    await world.tickAt('2026-11-23T12:05:00Z');
    expect((await world.booking('u1'))?.crm).toMatchObject({ campaign: { state: 'not_a_member' } });
  });

  it('marks more than three rules in more than one go', async () => {
    const crm = createMemoryCrm({
      contacts: [{ email: guest, campaigns: { 'Christmas 2025': { sent: {} } } }],
    });
    const rules = ['a', 'b', 'c', 'd', 'e'].map((name, n) => ({
      name,
      when: { before: seconds(3_600 + n) },
    }));
    let away = true;
    const findContact: typeof crm.findContact = (email) =>
      away ? Promise.resolve(Err({ kind: 'unavailable', reason: '500' })) : crm.findContact(email);
    const world = createWorld({
      ...quiet,
      policy: { rules, messagesPerDay: null },
      crm: { ...crm, findContact },
    });
    await world.change('BOOKING_CREATED');
    for (let n = 4; n >= 0; n -= 1)
      await world.tickAt(Temporal.Instant.from('2026-12-03T14:00:00Z').subtract({ seconds: n }).toString());
    away = false;
    await world.tickAt('2026-12-03T14:30:00Z');
    expect(Object.keys(crm.contacts()[0]?.campaigns['Christmas 2025']?.sent ?? {})).toHaveLength(5);
  });

  it('gives up a CRM that does not answer, and one that rejects its promise, and asks again', async () => {
    const crm = createMemoryCrm({ unknown: 'add' });
    const answers = [() => new Promise<never>(() => undefined), () => Promise.reject(new Error('a bug'))];
    const world = createWorld({
      ...quiet,
      crm: { ...crm, findContact: (email) => answers.shift()?.() ?? crm.findContact(email) },
    });
    await world.change('BOOKING_CREATED');
    for (const moment of ['2026-11-23T12:00:01Z', '2026-11-23T12:05:00Z', '2026-11-23T12:10:00Z'])
      await world.tickAt(moment);
    expect(crm.contacts()).toHaveLength(1);
  });

  it('lets a newer write stand when its own took longer than its lease', async () => {
    const crm = createMemoryCrm({ unknown: 'add' });
    let first = true;
    const world: ReturnType<typeof createWorld> = createWorld({
      ...quiet,
      crm: {
        ...crm,
        update: async (ref, fields) => {
          if (first) {
            first = false;
            world.clock.step(seconds(400));
            const other = createWorld({
              ...quiet,
              store: () => world.store,
              crm,
              now: '2026-11-23T12:06:40Z',
            });
            await other.precall.tick();
          }
          return crm.update(ref, fields);
        },
      },
    });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    expect((await world.booking('u1'))?.crm?.contact).toMatchObject({ state: 'written', lastError: null });
    expect(crm.seen.filter(([method]) => method === 'update')).toHaveLength(2);
  });

  it('has nothing to write about somebody who was erased, or whose calls are of no known kind', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED', { payload: { eventTypeId: undefined, type: undefined } });
    await world.precall.erase(guest);
    await world.tickAt('2026-11-23T12:01:00Z');
    expect(world.crm.seen).toEqual([]);
    expect((await world.booking('u1'))?.crm).toMatchObject({
      contact: { state: 'not_found', ref: null },
      campaign: { state: 'not_a_member', ref: null },
    });
  });

  it('seeks somebody again who books after their erasure', async () => {
    const world = createWorld(quiet);
    const contact = async (uid: string) => (await world.booking(uid))?.crm?.contact.state;
    await world.change('BOOKING_CREATED');
    expect(await contact('u1')).toBe('pending');
    await world.tickAt('2026-11-23T12:01:00Z');
    expect(await contact('u1')).toBe('written');
    await world.precall.erase(guest);
    await world.tickAt('2026-11-23T12:02:00Z');
    expect(await contact('u1')).toBe('not_found');
    await world.change('BOOKING_CREATED', { uid: 'u2', said: '2026-11-23T12:02:00Z' });
    await world.tickAt('2026-11-23T12:03:00Z');
    expect(await contact('u2')).toBe('written');
  });

  it('remembers a moment as text', () => {
    expect(textOf({ type: 'moment', value: Temporal.Instant.from(due72) })).toBe(due72);
  });
});

describe('the facade', () => {
  it('needs no start without a scheduler, and can be stopped all the same', async () => {
    const world = createWorld(quiet);
    expect((await world.precall.start()).isOk()).toBe(true);
    expect(await world.precall.ready()).toBe(true);
    await world.precall.stop();
    const unused = createWorld();
    await unused.precall.stop();
    const unstarted = createWorld();
    await unstarted.change('BOOKING_CREATED');
    await unstarted.precall.stop();
    expect(await unstarted.precall.ready()).toBe(false);
  });

  it('says that its scheduler could not start', async () => {
    const broken = Err({ kind: 'unavailable', reason: 'no bell' } as const);
    const scheduler = { start: async () => broken, ring: async () => broken, stop: async () => broken };
    expect((await createWorld({ scheduler }).precall.start()).isErr()).toBe(true);
  });

  it('does nothing at a tick while the store is away', async () => {
    const away = async () => Err({ kind: 'unavailable', reason: 'away' } as const);
    const world = createWorld({ ...quiet, store: (store) => ({ ...store, find: away }) });
    await world.precall.tick();
    expect(world.sent()).toEqual([]);
  });

  it('refuses rules that cannot be planned, and asks a function of rules only about bookings', () => {
    const when = { before: seconds(60) };
    expect(() =>
      createWorld({
        policy: {
          rules: [
            { name: 'a', when },
            { name: 'a', when },
          ],
        },
      }),
    ).toThrow('"a"');
    expect(() => createWorld({ policy: { rules: () => [] } })).not.toThrow();
  });

  it('has a sentence for every reason', () => {
    const world = createWorld(quiet);
    expect(world.precall.explain('cancelled')).toBe(explain('cancelled'));
    expect(explain('meeting_too_soon')).toMatch(/^[A-Z].*\.$/);
  });

  it('rings for what a webhook that nobody could see learnt', async () => {
    const world = createWorld();
    await world.start();
    await world.change('BOOKING_CREATED');
    await world.clock.advance(seconds(1));
    expect(await world.say('BOOKING_CREATED', { said: '2026-11-23T12:00:00.500Z' })).toMatchObject({
      kind: 'ignored',
    });
    expect((await world.booking('u1'))?.status).toBe('agreed');
  });

  it('stops in the middle of deriving plans again', async () => {
    const world = createWorld();
    for (let n = 0; n < 120; n += 1) await world.change('BOOKING_CREATED', { uid: `u${n}` });
    let stopped: Promise<void> | null = null;
    let pages = 0;
    const second: ReturnType<typeof createWorld> = createWorld({
      policy: { rules: [{ name: 'new', when: { before: seconds(60) } }] },
      store: () => ({
        ...world.store,
        due: (lane, by, page) => {
          const replanning = lane === 'crm' && page.limit === 50;
          if (replanning) {
            pages += 1;
            stopped ??= second.precall.stop();
          }
          return world.store.due(lane, by, page);
        },
      }),
    });
    await second.start();
    await second.clock.advance(seconds(1));
    await stopped;
    expect(pages).toBe(1);
  });
});
