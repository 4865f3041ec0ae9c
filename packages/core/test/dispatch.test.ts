// The send protocol through the whole shell: kernel section 4, and the invariants of reliability section 7.
import { createMemoryCrm } from '@precall/adapter-memory';
import { describe, expect, it } from 'vitest';
import { content } from '../src/content.ts';
import { defaultPolicy, inTestMode } from '../src/policy.ts';
import { Err, Ok } from '../src/result.ts';
import { Temporal } from '../src/temporal.ts';
import { createWorld, guest } from './world.ts';

const quiet = { scheduler: 'none' } as const;
const due72 = '2026-11-30T15:00:00Z';

async function booked(options: Parameters<typeof createWorld>[0] = {}) {
  const world = createWorld({ ...quiet, ...options });
  await world.change('BOOKING_CREATED');
  const reminder = async (index = 0) => (await world.booking('u1'))?.reminders[index];
  return { world, reminder };
}

describe('dispatch', () => {
  it('sends nothing before its moment (invariant 11)', async () => {
    const { world } = await booked();
    await world.tickAt('2026-11-30T14:59:59.999Z');
    expect(world.sent()).toEqual([]);
    await world.tickAt(due72);
    expect(world.sent()).toEqual([`${guest} ${due72}`]);
  });

  it('sends nothing that has lost its use, and says so (invariants 11, 12)', async () => {
    const { world, reminder } = await booked();
    await world.tickAt('2026-12-02T15:00:00Z');
    expect(world.sent()).toEqual([`${guest} 2026-12-02T15:00:00Z`]);
    const missed = await reminder();
    expect(missed).toMatchObject({ rule: '72h', state: 'missed', reason: 'too_late' });
    expect(world.troubles).toMatchObject([
      { kind: 'reminder_missed', sentence: 'A reminder was not sent: too_late.' },
    ]);
    const told = (await world.booking('u1'))?.history.find(({ what }) => what === 'reminder_missed');
    expect(told?.detail).toEqual({ key: missed?.key, reason: 'too_late' });
  });

  it.each(['due', 'find', 'save'] as const)(
    'sends nothing while the store is away at %s, and everything when it is back (invariants 9, 12)',
    async (call) => {
      let away: boolean = false;
      const { world } = await booked({
        store: (store) => ({
          ...store,
          [call]: (...args: readonly never[]) =>
            away
              ? Promise.resolve(Err({ kind: 'unavailable', reason: 'away' }))
              : Reflect.apply(store[call], store, args),
        }),
      });
      away = true;
      await world.tickAt(due72);
      expect(world.mailer.calls).toEqual([]);
      away = false;
      await world.tickAt('2026-11-30T15:00:01Z');
      expect(world.sent()).toHaveLength(1);
    },
  );

  it.each([
    [
      'throws',
      () => {
        throw new Error('no network');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no network'))],
  ])('sends what it claimed though the hook for troubles %s', async (_, onTrouble) => {
    const { world } = await booked({ onTrouble });
    await world.tickAt('2026-12-02T15:00:00Z');
    expect(world.troubles).toMatchObject([{ kind: 'reminder_missed' }]);
    expect(world.sent()).toEqual([`${guest} 2026-12-02T15:00:00Z`]);
  });

  it('sends once, however often it looks (invariant 9)', async () => {
    const { world } = await booked();
    await world.tickAt(due72);
    await Promise.all([world.precall.tick(), world.precall.tick(), world.precall.tick()]);
    expect(world.sent()).toHaveLength(1);
  });

  it('sends nothing about a call that was cancelled before it fell due (invariant 8)', async () => {
    const { world } = await booked();
    await world.clock.advanceTo(Temporal.Instant.from(due72));
    await world.change('BOOKING_CANCELLED');
    await world.tickAt('2026-11-30T15:00:01Z');
    expect(world.sent()).toEqual([]);
  });

  it.each([
    ['wants no more mails', '"suppressed":{"at":0,"why":"unsubscribed"}', ['released'], []],
    ['still wants them', '"suppressed":null', ['released', 'accepted'], [`${guest} ${due72}`]],
  ])(
    'makes no call for a person who changed while the claim was being saved: one who %s (invariant 8)',
    async (_, suppressed, outcomes, sent) => {
      let changed = false;
      const { world, reminder } = await booked({
        store: (store) => ({
          ...store,
          async save(writes) {
            const [person] = writes.flatMap((write) =>
              'put' in write && write.put.kind === 'person' && writes.length > 1 ? [write.put] : [],
            );
            if (person && !changed) {
              changed = true;
              const [known] = (await store.find([person.id])).unwrap();
              const body = person.body.replace('"suppressed":null', suppressed);
              const put = { ...person, body };
              await store.save([{ put, expected: known?.revision ?? 0, history: [] }]);
            }
            return store.save(writes);
          },
        }),
      });
      await world.tickAt(due72);
      expect((await reminder())?.attempts.map(({ outcome }) => outcome)).toEqual(outcomes);
      expect(world.sent()).toEqual(sent);
    },
  );

  it('writes to everybody who takes part in a call with seats, and to nobody else', async () => {
    const world = createWorld(quiet);
    const seats = { payload: { seatsPerTimeSlot: 5 } };
    for (const attendees of [['a@example.com'], ['b@example.com'], ['c@example.com']]) {
      await world.change('BOOKING_CREATED', { ...seats, attendees });
    }
    await world.change('BOOKING_CANCELLED', {
      ...seats,
      attendees: ['b@example.com'],
      said: '2026-11-23T12:00:09Z',
    });
    await world.tickAt(due72);
    expect(world.sent()).toEqual([`a@example.com ${due72}`, `c@example.com ${due72}`]);
  });

  it('claims no more than can start, and still sends everything', async () => {
    const world = createWorld({ ...quiet, policy: { concurrency: 2 } });
    for (let n = 0; n < 7; n += 1)
      await world.change('BOOKING_CREATED', { uid: `u${n}`, attendees: [`p${n}@example.com`] });
    await world.tickAt(due72);
    expect(world.sent()).toHaveLength(7);
  });

  it('holds a reminder back while the link is still to come, and sends it as soon as it is known', async () => {
    const pending = { payload: { metadata: {}, videoCallData: undefined, location: 'integrations:daily' } };
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED', pending);
    await world.tickAt(due72);
    expect(world.sent()).toEqual([]);
    const place = { payload: { location: 'https://app.cal.com/video/u1' }, said: '2026-11-30T16:00:00Z' };
    await world.change('BOOKING_LOCATION_UPDATED', place);
    await world.tickAt('2026-11-30T16:00:00Z');
    expect(
      world.mailer.sent.map(({ message }) => message.text.includes('https://app.cal.com/video/u1')),
    ).toEqual([true]);
  });

  it('misses a reminder whose link never came', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED', {
      payload: { metadata: {}, videoCallData: undefined, location: 'integrations:daily' },
    });
    for (const moment of [due72, '2026-12-02T15:00:00Z', '2026-12-03T15:00:00Z']) await world.tickAt(moment);
    const states = (await world.booking('u1'))?.reminders.map(({ state, reason }) => [state, reason]);
    expect(states).toEqual([
      ['missed', 'no_link'],
      ['missed', 'no_link'],
      ['missed', 'no_link'],
    ]);
  });

  it('holds a reminder back whose text lacks a fact it declares', async () => {
    const needsHost = content({
      needs: ['host'],
      render: ({ host }) => ({ subject: host.name, text: '', html: '' }),
    });
    const world = createWorld({ ...quiet, policy: { content: needsHost } });
    await world.change('BOOKING_CREATED', { payload: { organizer: undefined } });
    await world.tickAt(due72);
    expect(world.sent()).toEqual([]);
    await world.tickAt('2026-12-02T15:00:00Z');
    expect((await world.booking('u1'))?.reminders[0]).toMatchObject({
      state: 'missed',
      reason: 'fact_missing',
    });
  });

  it.each([
    ["Ann O'Neil", '', 'Hi Ann,'],
    ["Ann O'Neil", 'Annie', 'Hi Annie,'],
    ['Dr. Ann Lee', '', 'Hi Dr. Ann Lee,'],
    ['', '', 'Hello,'],
  ])('greets "%s", whose first name is told as "%s", with "%s"', async (name, firstName, greeting) => {
    const world = createWorld(quiet);
    const attendees = [{ email: guest, name, firstName, timeZone: 'Europe/Paris' }];
    await world.change('BOOKING_CREATED', { payload: { attendees } });
    await world.tickAt(due72);
    expect(world.mailer.sent[0]?.message.text.split('\n')[0]).toBe(greeting);
  });

  it('refuses a reminder whose text cannot be made, and says so', async () => {
    const broken = content({
      needs: [],
      render: () => {
        throw new Error('broken');
      },
    });
    const { world, reminder } = await booked({ policy: { content: broken } });
    await world.tickAt(due72);
    expect(await reminder()).toMatchObject({ state: 'refused', reason: 'content_failed', attempts: [] });
    expect(world.troubles).toMatchObject([{ kind: 'reminder_refused' }]);
  });

  it('stops at the daily cap of a recipient (S19)', async () => {
    const world = createWorld({ ...quiet, policy: { messagesPerDay: 2 } });
    for (const uid of ['u1', 'u2', 'u3']) await world.change('BOOKING_CREATED', { uid });
    await world.tickAt(due72);
    expect(world.sent()).toHaveLength(2);
    const states = await Promise.all(
      ['u1', 'u2', 'u3'].map(async (uid) => (await world.booking(uid))?.reminders[0]),
    );
    expect(states.filter((one) => one?.reason === 'daily_cap')).toHaveLength(1);
  });
});

describe('what a mailer answers', () => {
  it('tries again within five seconds what surely was not accepted', async () => {
    const { world, reminder } = await booked();
    world.mailer.answerNext({ kind: 'unavailable', reason: '503' });
    await world.tickAt(due72);
    expect(await reminder()).toMatchObject({ state: 'planned', reason: 'mailer_unavailable' });
    await world.tickAt('2026-11-30T15:00:05Z');
    expect(world.sent()).toHaveLength(1);
    expect((await reminder())?.attempts.map(({ outcome }) => outcome)).toEqual(['refused', 'accepted']);
  });

  it('makes no call before the moment the mailer asked for (invariant 16)', async () => {
    const { world } = await booked();
    await world.change('BOOKING_CREATED', { uid: 'u2', start: '2026-12-03T15:00:30Z' });
    const retryAfter = Temporal.Duration.from({ minutes: 3 });
    world.mailer.answerNext({ kind: 'unavailable', reason: '429', retryAfter });
    await world.tickAt(due72);
    await world.tickAt('2026-11-30T15:02:59Z');
    expect(world.mailer.calls).toHaveLength(1);
    await world.tickAt('2026-11-30T15:03:00Z');
    expect(world.sent()).toHaveLength(2);
  });

  it('is not left alone for longer than an hour, whatever it asks for', async () => {
    const { world } = await booked();
    const retryAfter = Temporal.Duration.from({ hours: 24 });
    world.mailer.answerNext({ kind: 'unavailable', reason: '429', retryAfter });
    await world.tickAt(due72);
    await world.tickAt('2026-11-30T15:59:59Z');
    expect(world.mailer.calls).toHaveLength(1);
    await world.tickAt('2026-11-30T16:00:00Z');
    expect(world.sent()).toHaveLength(1);
  });

  it('never tries again what was refused for good', async () => {
    const { world, reminder } = await booked();
    world.mailer.answerNext({ kind: 'rejected', reason: '400' });
    await world.tickAt(due72);
    await world.tickAt('2026-12-01T15:00:00Z');
    expect(world.mailer.calls).toHaveLength(1);
    expect(await reminder()).toMatchObject({ state: 'refused', reason: 'mailer_rejected' });
    expect(world.troubles).toMatchObject([
      { kind: 'reminder_refused', sentence: 'The mailer refused a reminder for good: 400' },
    ]);
  });

  it('asks a person to look when a reminder was refused three times, and not again for what it is answered then', async () => {
    const { world } = await booked({ doubt: 'silent' });
    for (let n = 0; n < 3; n += 1) world.mailer.answerNext({ kind: 'unavailable', reason: '401' });
    world.mailer.answerNext({ kind: 'unknown', reason: 'no answer' });
    for (const moment of [due72, '2026-11-30T15:00:10Z', '2026-11-30T15:01:00Z', '2026-11-30T15:05:00Z'])
      await world.tickAt(moment);
    expect(world.mailer.calls).toHaveLength(4);
    expect(world.troubles).toMatchObject([
      { kind: 'mailer_refuses_us', sentence: 'The mailer keeps refusing a reminder: 401' },
    ]);
  });

  it('asks a person to look at once when the mailer does not take us', async () => {
    const { world, reminder } = await booked();
    world.mailer.answerNext({ kind: 'unavailable', reason: '401', refusesUs: true });
    await world.tickAt(due72);
    expect(world.troubles).toMatchObject([
      { kind: 'mailer_refuses_us', sentence: 'The mailer refuses us: 401' },
    ]);
    await world.tickAt('2026-11-30T15:00:05Z');
    expect(await reminder()).toMatchObject({ state: 'sent' });
    expect(world.troubles).toHaveLength(1);
  });

  it('counts refusals alone before it asks a person, not answers that never came', async () => {
    const { world } = await booked({ doubt: 'silent' });
    world.mailer.answerNext({ kind: 'unavailable', reason: '401' });
    world.mailer.answerNext({ kind: 'unknown', reason: 'no answer' });
    world.mailer.answerNext({ kind: 'unavailable', reason: '401' });
    for (const moment of [due72, '2026-11-30T15:00:10Z', '2026-11-30T15:05:00Z']) await world.tickAt(moment);
    expect(world.mailer.calls).toHaveLength(3);
    expect(world.troubles).toEqual([]);
  });

  it('tells once of what was refused where others went at the same moment', async () => {
    const { world } = await booked();
    await world.change('BOOKING_CREATED', { uid: 'u2', attendees: ['ben@example.com'] });
    world.mailer.answerNext({ kind: 'rejected', reason: '400' });
    await world.tickAt(due72);
    expect(world.sent()).toHaveLength(1);
    expect(world.troubles).toHaveLength(1);
  });

  it.each([
    ['took', null, ['reminder_sent']],
    ['refused for good', { kind: 'rejected', reason: '400' }, ['reminder_refused']],
    ['left in doubt', { kind: 'unknown', reason: 'no answer' }, ['reminder_unknown']],
    ['will be asked again', { kind: 'unavailable', reason: '503' }, []],
  ] as const)(
    'stands in the history when it is news of the reminder: what it %s',
    async (_, answer, told) => {
      const { world, reminder } = await booked({ doubt: 'silent', crm: 'none' });
      if (answer) world.mailer.answerNext(answer);
      await world.tickAt(due72);
      const [, ...history] = (await world.booking('u1'))?.history ?? [];
      const { key, attempts } = (await reminder()) ?? {};
      const detail = { key, attempt: attempts?.[0]?.id };
      expect(history.map(({ what, detail }) => ({ what, detail }))).toEqual(
        told.map((what) => ({ what, detail })),
      );
    },
  );

  it('sends once more after an answer that never came, with the same once-key, after the wait (invariants 9, 10)', async () => {
    const { world, reminder } = await booked({ doubt: 'silent' });
    world.mailer.answerNext('no_answer', 'lost');
    await world.tickAt(due72);
    expect(await reminder()).toMatchObject({ state: 'unknown', reason: 'outcome_unknown' });
    await world.tickAt('2026-11-30T15:01:09Z');
    expect(world.mailer.calls).toHaveLength(1);
    await world.tickAt('2026-11-30T15:01:12Z');
    expect(world.sent()).toHaveLength(1);
    expect(new Set(world.mailer.calls.map(({ onceKey }) => onceKey)).size).toBe(1);
    expect(new Set(world.mailer.calls.map(({ attemptId }) => attemptId)).size).toBe(2);
  });

  it('never makes a third attempt after two unknown outcomes (invariant 9)', async () => {
    const { world, reminder } = await booked({ doubt: 'silent' });
    world.mailer.answerNext('no_answer', 'accepted');
    world.mailer.answerNext('no_answer', 'accepted');
    for (const moment of [due72, '2026-11-30T15:02:00Z', '2026-11-30T15:05:00Z']) await world.tickAt(moment);
    expect(world.mailer.calls).toHaveLength(2);
    expect(await reminder()).toMatchObject({ state: 'unknown', reason: 'no_answer' });
    expect(world.troubles).toMatchObject([
      { kind: 'reminder_unknown', sentence: 'Nothing tells whether a reminder went out.' },
    ]);
  });

  it('makes no second attempt where the policy says never', async () => {
    const { world } = await booked({ doubt: 'silent', policy: { afterUnknown: 'never_resend' } });
    world.mailer.answerNext('no_answer', 'lost');
    for (const moment of [due72, '2026-11-30T15:05:00Z']) await world.tickAt(moment);
    expect(world.mailer.calls).toHaveLength(1);
  });

  it('makes no second attempt for a call cancelled meanwhile (invariant 8)', async () => {
    const { world, reminder } = await booked({ doubt: 'silent' });
    world.mailer.answerNext('no_answer', 'lost');
    await world.tickAt(due72);
    await world.change('BOOKING_CANCELLED');
    await world.tickAt('2026-11-30T15:05:00Z');
    expect(world.mailer.calls).toHaveLength(1);
    expect(await reminder()).toMatchObject({ state: 'unknown', reason: 'no_answer' });
  });

  it('gives up a mailer that never answers at all', async () => {
    const { world, reminder } = await booked({
      doubt: 'silent',
      mailer: (mailer) => ({ ...mailer, send: () => new Promise(() => undefined) }),
    });
    await world.tickAt(due72);
    expect(await reminder()).toMatchObject({ state: 'unknown' });
  });

  it('takes a rejected promise for an unknown outcome', async () => {
    const { world, reminder } = await booked({
      doubt: 'silent',
      mailer: (mailer) => ({ ...mailer, send: () => Promise.reject(new Error('a bug')) }),
    });
    await world.tickAt(due72);
    expect(await reminder()).toMatchObject({ state: 'unknown' });
  });
});

describe('a process that dies', () => {
  /** A process that dies in the middle of its first send; gives what the next one on the same store needs. */
  async function dyingWhileSending(crm = createMemoryCrm({ unknown: 'add' })) {
    const { world, reminder } = await booked({
      crm,
      mailer: (mailer) => ({ ...mailer, send: () => new Promise(() => undefined) }),
    });
    await world.clock.advanceTo(Temporal.Instant.from(due72));
    void world.precall.tick();
    await world.clock.advance(Temporal.Duration.from({ seconds: 1 }));
    expect(await reminder()).toMatchObject({ state: 'sending' });
    return { ...quiet, store: () => world.store, now: '2026-11-30T15:00:19Z' };
  }
  const outcomes = async (world: ReturnType<typeof createWorld>) =>
    (await world.booking('u1'))?.reminders[0]?.attempts.map(({ outcome }) => outcome);

  it('leaves a claim whose outcome is unknown once its lease is over (invariants 9, 12)', async () => {
    const next = createWorld({ ...(await dyingWhileSending()), doubt: 'silent' });
    await next.precall.tick();
    await next.tickAt('2026-11-30T15:00:20Z');
    expect(await outcomes(next)).toEqual(['unknown']);
    await next.tickAt('2026-11-30T15:01:19.999Z');
    expect(next.mailer.calls).toEqual([]);
    await next.tickAt('2026-11-30T15:01:20Z');
    expect(await outcomes(next)).toEqual(['unknown', 'accepted']);
  });

  it('leaves no doubt where the mailer knows that it has no message: it is sent, the first counts as none', async () => {
    const next = createWorld(await dyingWhileSending());
    await next.precall.tick();
    expect(next.mailer.calls).toEqual([]);
    await next.tickAt('2026-11-30T15:00:20Z');
    expect(await outcomes(next)).toEqual(['released', 'accepted']);
    expect(next.mailer.sent).toHaveLength(1);
  });

  it.each([
    ['silent', 'unknown', 'no_answer'],
    ['once', 'dropped', 'superseded'],
  ] as const)(
    'is concluded also when the call was moved in place meanwhile, with a mailer whose doubt is %s (invariant 12)',
    async (doubt, state, reason) => {
      const next = createWorld({ ...(await dyingWhileSending()), doubt });
      await next.change('BOOKING_RESCHEDULED', {
        start: '2026-12-10T15:00:00Z',
        said: '2026-11-30T15:00:10Z',
        payload: { rescheduleUid: 'u1' },
      });
      await next.tickAt('2026-11-30T15:00:20Z');
      await next.tickAt('2026-11-30T15:01:20Z');
      const reminders = (await next.booking('u1'))?.reminders.filter(({ attempts }) => attempts.length > 0);
      expect(reminders).toMatchObject([{ rule: '72h', state, reason }]);
      expect(next.mailer.calls).toEqual([]);
    },
  );

  it.each([
    ['whose rule is gone', { rules: [] }],
    ['that would be too near to remind of by now', { minimumLead: Temporal.Duration.from({ hours: 999 }) }],
  ])('is concluded also for a call %s (invariant 12)', async (_, policy) => {
    const next = createWorld({ ...(await dyingWhileSending()), doubt: 'silent', policy });
    const kept = async () => (await next.store.list('booking', { limit: 1, cursor: null })).unwrap().items[0];
    expect((await kept())?.body).toContain('"outcome":null');
    await next.tickAt('2026-11-30T15:00:20Z');
    await next.tickAt('2026-11-30T15:01:20Z');
    expect((await kept())?.body).toContain('"outcome":"unknown"');
    expect((await kept())?.lanes.mail).toBeNull();
    expect(next.troubles.map(({ kind }) => kind)).toEqual(['reminder_unknown']);
    expect(next.mailer.calls).toEqual([]);
  });

  it('is not sent again where the mailer has the message (invariant 9)', async () => {
    const options = await dyingWhileSending();
    const next = createWorld({
      ...options,
      mailer: (mailer) => ({ ...mailer, find: async () => Ok({ messageId: 'found' }) }),
    });
    await next.tickAt('2026-11-30T15:00:20Z');
    expect(next.mailer.calls).toEqual([]);
    const booking = await next.booking('u1');
    expect(booking?.reminders[0]).toMatchObject({ state: 'sent', attempts: [{ messageId: 'found' }] });
    const told = booking?.history.find(({ what }) => what === 'reminder_sent');
    expect(told?.detail).toEqual({ key: booking?.reminders[0]?.key });
  });

  it.each([
    ['has', Ok({ messageId: 'found' }), 1],
    ['does not know', Err({ kind: 'unavailable', reason: 'away' } as const), 0],
  ])('lets the CRM hear of a message that the mailer %s in the same look', async (_, found, marks) => {
    const campaigns = { 'Christmas 2025': { sent: {} } };
    const crm = createMemoryCrm({ contacts: [{ email: guest, campaigns }] });
    const options = await dyingWhileSending(crm);
    const next = createWorld({
      ...options,
      crm,
      doubt: 'silent',
      mailer: (mailer) => ({ ...mailer, find: async () => found }),
    });
    await next.tickAt('2026-11-30T15:00:20Z');
    expect(crm.seen.filter(([method]) => method === 'recordSent')).toHaveLength(marks);
  });

  it.each([
    ['cannot say', async () => Err({ kind: 'unavailable', reason: 'away' } as const)],
    ['never says', () => new Promise<never>(() => undefined)],
  ])('leaves the outcome unknown where the mailer %s', async (_, find) => {
    const next = createWorld({
      ...(await dyingWhileSending()),
      mailer: (mailer) => ({ ...mailer, find }),
    });
    await next.tickAt('2026-11-30T15:00:20Z');
    expect((await outcomes(next))?.[0]).toBe('unknown');
  });

  it('does not begin a send whose claim took too long to save (invariant 8)', async () => {
    const { world, reminder } = await booked({
      store: (store) => ({
        ...store,
        save: async (writes) => {
          const saved = await store.save(writes);
          const claims = writes.some((write) => 'put' in write && write.put.body.includes('"outcome":null'));
          if (claims && !stepped) {
            stepped = true;
            world.clock.step(Temporal.Duration.from({ seconds: 3 }));
          }
          return saved;
        },
      }),
    });
    let stepped = false;
    await world.tickAt(due72);
    expect((await reminder())?.attempts.map(({ outcome }) => outcome)).toEqual(['released', 'accepted']);
    expect(world.mailer.calls).toHaveLength(1);
  });

  it('saves an outcome in spite of a change made meanwhile, without sending again', async () => {
    let changed = false;
    const { world, reminder } = await booked({
      mailer: (mailer) => ({
        ...mailer,
        send: async (message, call) => {
          const sent = await mailer.send(message, call);
          if (!changed) {
            changed = true;
            await world.change('BOOKING_CANCELLED');
          }
          return sent;
        },
      }),
    });
    await world.tickAt(due72);
    expect(await reminder()).toMatchObject({ state: 'sent' });
    expect((await world.booking('u1'))?.status).toBe('cancelled');
    expect(world.mailer.calls).toHaveLength(1);
  });

  it('reads again what was changed during the send, once the store lets it', async () => {
    let refusals = 0;
    const { world, reminder } = await booked({
      mailer: (mailer) => ({
        ...mailer,
        send: async (message, call) => {
          await world.change('BOOKING_CANCELLED', { uid: 'u1' });
          refusals = 1;
          return mailer.send(message, call);
        },
      }),
      store: (store) => ({
        ...store,
        find: (ids) => {
          if (refusals === 0) return store.find(ids);
          refusals -= 1;
          return Promise.resolve(Err({ kind: 'unavailable', reason: 'away' }));
        },
      }),
    });
    await world.tickAt(due72);
    expect(refusals).toBe(0);
    expect(await reminder()).toMatchObject({ state: 'sending' });
    await world.clock.advance(Temporal.Duration.from({ seconds: 2 }));
    expect(await reminder()).toMatchObject({ state: 'sent' });
    expect(world.mailer.calls).toHaveLength(1);
  });

  it('keeps outcomes while the store is away, and saves them when it is back', async () => {
    let away = false;
    const { world, reminder } = await booked({
      mailer: (mailer) => ({
        ...mailer,
        send: (message, call) => {
          away = true;
          return mailer.send(message, call);
        },
      }),
      store: (store) => ({
        ...store,
        find: (ids) =>
          away ? Promise.resolve(Err({ kind: 'unavailable', reason: 'away' })) : store.find(ids),
        save: (writes) =>
          away ? Promise.resolve(Err({ kind: 'unavailable', reason: 'away' })) : store.save(writes),
      }),
    });
    await world.tickAt(due72);
    await world.clock.advance(Temporal.Duration.from({ seconds: 3 }));
    away = false;
    expect(await reminder()).toMatchObject({ state: 'sending' });
    await world.clock.advance(Temporal.Duration.from({ seconds: 2 }));
    expect(await reminder()).toMatchObject({ state: 'sent' });
    expect(world.mailer.calls).toHaveLength(1);
  });
});

describe('a changed policy', () => {
  it('reaches bookings already known: a new rule is planned at the next start', async () => {
    const world = createWorld();
    await world.start();
    await world.change('BOOKING_CREATED', { start: '2026-11-23T16:00:00Z' });
    const halfHour = { name: '30min', when: { before: Temporal.Duration.from({ minutes: 30 }) } };
    await world.restart({ ...defaultPolicy, rules: [halfHour] });
    await world.at('2026-11-23T15:31:00Z');
    expect(world.sent()).toEqual([`${guest} 2026-11-23T15:30:00Z`]);
  });

  it('shortens the plan in test mode', async () => {
    const world = createWorld({ ...quiet, policy: inTestMode(defaultPolicy) });
    const answer = await world.change('BOOKING_CREATED', { start: '2026-11-23T12:10:00Z' });
    expect(answer.reminders.map(({ rule, dueAt }) => [rule, dueAt.toString()])).toEqual([
      ['72h', '2026-11-23T12:04:00Z'],
      ['24h', '2026-11-23T12:07:00Z'],
      ['2h', '2026-11-23T12:09:00Z'],
    ]);
  });
});
