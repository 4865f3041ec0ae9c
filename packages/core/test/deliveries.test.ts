// Delivery events through the whole shell: kernel section 4, the rows that begin with "delivery event".
import { createMemoryCrm } from '@precall/adapter-memory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DeliveryEvent, type DeliveryEvents, Err, Ok, type Policy, Temporal } from '../src/index.ts';
import { createWorld, guest } from './world.ts';

const due72 = '2026-11-30T15:00:00Z';
const due24 = '2026-12-02T15:00:00Z';
const saidAt = '2026-11-30T16:00:00Z';

/** Authentic with the header `x-test: yes`; the body is the events, their moments as text. */
const events: DeliveryEvents = {
  verify: (headers) => (headers['x-test']?.[0] === 'yes' ? 'authentic' : 'forged'),
  parse: (json) =>
    Array.isArray(json)
      ? Ok(json.map((one): DeliveryEvent => ({ ...one, at: Temporal.Instant.from(one.at) })))
      : Err([{ path: '', message: 'must be an array' }]),
};

async function sentOnce(options: Parameters<typeof createWorld>[0] = {}) {
  const world = createWorld({
    scheduler: 'none',
    mailer: (mailer) => ({ ...mailer, events, doubt: 'reported' }),
    ...options,
  });
  await world.change('BOOKING_CREATED');
  await world.tickAt(due72);
  const reminder = async (index = 0) => (await world.booking('u1'))?.reminders[index];
  const attempt = (await reminder())?.attempts[0]?.id ?? '';
  const post = (said: unknown, headers = { 'x-test': ['yes'] }) =>
    world.precall.deliveryEvents({ headers, body: new TextEncoder().encode(JSON.stringify(said)) });
  const say = (...said: readonly string[]) => post(said.map((one) => ({ attempt, said: one, at: saidAt })));
  const revisions = async () =>
    (await world.memory.list('booking', { limit: 9, cursor: null }))
      .unwrap()
      .items.map((one) => one.revision);
  return { world, reminder, attempt, post, say, revisions };
}

describe('deliveryEvents', () => {
  it('shows what became of a message, and writes nothing when it is told again', async () => {
    const { world, reminder, say, attempt, revisions } = await sentOnce();
    expect(await say('delivered')).toEqual({ kind: 'taken', events: 1 });
    const told = await reminder();
    expect(told).toMatchObject({ state: 'sent', attempts: [{ delivery: 'delivered' }] });
    const report = (await world.booking('u1'))?.history.find(({ what }) => what === 'reminder_reported');
    expect(report?.detail).toEqual({ key: told?.key, attempt, delivery: 'delivered' });
    const before = await revisions();
    expect(await say('delivered', 'accepted')).toEqual({ kind: 'taken', events: 2 });
    expect(await revisions()).toEqual(before);
  });

  it('keeps what is said about a booking that cannot be planned any more (invariant 18)', async () => {
    let broken = false;
    const rules: Policy['rules'] = () => {
      if (broken) throw new Error('a broken rule');
      return [{ name: '72h', when: { before: Temporal.Duration.from({ hours: 72 }) } }];
    };
    const { world, reminder, say } = await sentOnce({ policy: { rules } });
    broken = true;
    expect(await say('delivered')).toEqual({ kind: 'taken', events: 1 });
    expect(world.troubles).toMatchObject([
      { kind: 'record_failed', booking: expect.stringMatching(/^[0-9a-f]{12}$/) },
    ]);
    broken = false;
    expect(await reminder()).toMatchObject({ state: 'sent', attempts: [{ delivery: 'delivered' }] });
  });

  it('ends in the same whatever the order and repetition of events', async () => {
    const said = ['accepted', 'delivered', 'blocked', 'bounced', 'dropped', 'complained', 'unsubscribed'];
    const orders = fc.array(fc.constantFrom(...said), { minLength: 1, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        const { reminder, say } = await sentOnce();
        for (const one of order) await say(one);
        const strongest = said.filter((one) => order.includes(one)).at(-1);
        const delivery = strongest === 'accepted' ? null : strongest;
        expect((await reminder())?.attempts[0]?.delivery).toBe(delivery);
      }),
      { numRuns: 40 },
    );
  });

  it.each(['bounced', 'dropped', 'complained', 'unsubscribed'])(
    'sends nothing more to an address that %s (invariant 8)',
    async (said) => {
      const { world, reminder, say } = await sentOnce();
      await say(said);
      await world.tickAt(due24);
      expect(world.mailer.sent).toHaveLength(1);
      expect(await reminder(1)).toMatchObject({ state: 'dropped', reason: 'suppressed' });
    },
  );

  it.each(['accepted', 'delivered', 'blocked'])('goes on sending to an address that was %s', async (said) => {
    const { world, say } = await sentOnce();
    await say(said);
    await world.tickAt(due24);
    expect(world.mailer.sent).toHaveLength(2);
  });

  it('suppresses also somebody about whom nothing was noted yet', async () => {
    const { world, say } = await sentOnce();
    const [person] = (await world.memory.list('person', { limit: 1, cursor: null })).unwrap().items;
    if (!person) throw new Error('a claim is noted with its person');
    await world.memory.save([{ remove: person.id, expected: person.revision }]);
    await say('bounced');
    await world.tickAt(due24);
    expect(world.mailer.sent).toHaveLength(1);
  });

  it('is about the attempt it names, and no other of the same reminder', async () => {
    const world = createWorld({ scheduler: 'none', mailer: (mailer) => ({ ...mailer, events }) });
    const reminder = async () => (await world.booking('u1'))?.reminders[0];
    await world.change('BOOKING_CREATED');
    world.mailer.answerNext({ kind: 'unavailable', reason: 'busy' });
    await world.tickAt(due72);
    await world.tickAt('2026-11-30T15:00:09Z');
    const second = (await reminder())?.attempts[1]?.id;
    const body = JSON.stringify([{ attempt: second, said: 'delivered', at: saidAt }]);
    await world.precall.deliveryEvents({
      headers: { 'x-test': ['yes'] },
      body: new TextEncoder().encode(body),
    });
    expect((await reminder())?.attempts.map(({ delivery }) => delivery)).toEqual([null, 'delivered']);
  });

  it('keeps the earliest bad news about an address, and above it the first word of whoever has it', async () => {
    const { world, post, attempt } = await sentOnce();
    const at = (said: string, moment: string) => ({ attempt, said, at: moment });
    const suppressed = async () => {
      const [person] = (await world.memory.list('person', { limit: 1, cursor: null })).unwrap().items;
      return JSON.parse(person?.body ?? '').suppressed;
    };
    await post([at('bounced', '2026-11-30T15:00:09Z')]);
    await post([
      at('bounced', '2026-11-30T15:00:10Z'),
      at('dropped', '2026-11-30T15:00:08Z'),
      at('dropped', '2026-11-30T15:00:09Z'),
    ]);
    expect(await suppressed()).toMatchObject({ why: 'dropped', at: Date.parse('2026-11-30T15:00:08Z') });
    await post([at('unsubscribed', '2026-11-30T16:00:02Z')]);
    await post([at('bounced', '2026-11-30T15:00:01Z')]);
    await post([at('complained', '2026-11-30T16:00:03Z')]);
    expect(await suppressed()).toMatchObject({ why: 'unsubscribed', at: Date.parse('2026-11-30T16:00:02Z') });
  });

  it.each(['accepted', 'delivered'])(
    'settles an unknown outcome: %s means that it was sent, and nothing is sent again (invariant 9)',
    async (said) => {
      const world = createWorld({
        scheduler: 'none',
        mailer: (mailer) => ({ ...mailer, events, doubt: 'reported' }),
      });
      await world.change('BOOKING_CREATED');
      world.mailer.answerNext({ kind: 'unknown', reason: 'reset' }, 'accepted');
      await world.tickAt(due72);
      const [reminder] = (await world.booking('u1'))?.reminders ?? [];
      expect(reminder).toMatchObject({ state: 'unknown' });
      const body = JSON.stringify([{ attempt: reminder?.attempts[0]?.id, said, at: saidAt }]);
      await world.precall.deliveryEvents({
        headers: { 'x-test': ['yes'] },
        body: new TextEncoder().encode(body),
      });
      await world.tickAt('2026-11-30T16:00:00Z');
      const booking = await world.booking('u1');
      expect(booking?.reminders[0]).toMatchObject({ state: 'sent' });
      expect(booking?.history.map(({ what }) => what)).toContain('reminder_sent');
      expect(world.mailer.calls).toHaveLength(1);
    },
  );

  it('lets the CRM hear at the next look that it was sent after all, and not of what was sent before', async () => {
    const campaigns = { 'Christmas 2025': { sent: {} } };
    const crm = createMemoryCrm({ contacts: [{ email: guest, campaigns }] });
    const marks = () => crm.seen.filter(([method]) => method === 'recordSent').length;
    const world = createWorld({
      scheduler: 'none',
      crm,
      mailer: (mailer) => ({ ...mailer, events, doubt: 'reported' }),
    });
    await world.change('BOOKING_CREATED');
    world.mailer.answerNext({ kind: 'unknown', reason: 'reset' }, 'accepted');
    await world.tickAt(due72);
    expect(marks()).toBe(0);
    const attempt = (await world.booking('u1'))?.reminders[0]?.attempts[0]?.id;
    const say = (said: string) =>
      world.precall.deliveryEvents({
        headers: { 'x-test': ['yes'] },
        body: new TextEncoder().encode(JSON.stringify([{ attempt, said, at: saidAt }])),
      });
    const due = async () => `${(await world.memory.nextDueAt('crm')).unwrap()}`;
    await say('accepted');
    expect(await due()).toBe(due72);
    await world.precall.tick();
    expect(marks()).toBe(1);
    await say('delivered');
    expect(await due()).toBe('2026-12-03T15:30:00Z');
  });

  it('writes nothing about a person whose address is out of use already', async () => {
    const { world, say } = await sentOnce();
    const revision = async () =>
      (await world.memory.list('person', { limit: 1, cursor: null })).unwrap().items[0]?.revision;
    await say('bounced');
    const before = await revision();
    await say('bounced');
    expect(await revision()).toBe(before);
  });

  it('takes events about attempts nobody knows, and changes nothing', async () => {
    const { post, revisions } = await sentOnce();
    const before = await revisions();
    expect(await post([{ attempt: 'nobody', said: 'bounced', at: saidAt }])).toEqual({
      kind: 'taken',
      events: 1,
    });
    expect(await revisions()).toEqual(before);
  });

  it('changes nothing for a forged post (S18)', async () => {
    const { post, attempt, reminder } = await sentOnce();
    const answer = await post([{ attempt, said: 'bounced', at: saidAt }], { 'x-test': ['no'] });
    expect(answer).toEqual({ kind: 'forged' });
    expect((await reminder())?.attempts[0]?.delivery).toBeNull();
  });

  it('says what it does not understand, and what is too large', async () => {
    const { world, post } = await sentOnce();
    expect(await post({})).toEqual({
      kind: 'not_understood',
      issues: [{ path: '', message: 'must be an array' }],
    });
    const most = new TextEncoder().encode(`[]${' '.repeat(1024 * 1024 - 2)}`);
    const headers = { 'x-test': ['yes'] };
    expect(await world.precall.deliveryEvents({ headers, body: most })).toMatchObject({ kind: 'taken' });
    const body = new Uint8Array(1024 * 1024 + 1);
    expect(await world.precall.deliveryEvents({ headers: {}, body })).toMatchObject({ kind: 'too_large' });
  });

  it('is not configured where the mailer reports nothing', async () => {
    const world = createWorld({ scheduler: 'none' });
    expect(await world.precall.deliveryEvents({ headers: {}, body: new Uint8Array() })).toEqual({
      kind: 'not_configured',
    });
  });

  it('takes hundreds of events about many bookings in one post', async () => {
    const world = createWorld({ scheduler: 'none', mailer: (mailer) => ({ ...mailer, events }) });
    const uids = Array.from({ length: 60 }, (_, n) => `many-${n}`);
    for (const uid of uids) await world.change('BOOKING_CREATED', { uid, attendees: [`${uid}@example.com`] });
    await world.tickAt(due72);
    const attempts = await Promise.all(
      uids.map(async (uid) => (await world.booking(uid))?.reminders[0]?.attempts[0]?.id),
    );
    const said = attempts.flatMap((attempt) => [
      { attempt, said: 'accepted', at: saidAt },
      { attempt, said: 'delivered', at: saidAt },
    ]);
    const body = new TextEncoder().encode(JSON.stringify(said));
    const answer = await world.precall.deliveryEvents({ headers: { 'x-test': ['yes'] }, body });
    expect(answer).toEqual({ kind: 'taken', events: 120 });
    for (const uid of uids) {
      expect((await world.booking(uid))?.reminders[0]?.attempts[0]?.delivery).toBe('delivered');
    }
  });

  it.each(['findByKey', 'find', 'save'] as const)(
    'asks the provider to come again when the store is away at %s',
    async (call) => {
      let away = false;
      const { say, reminder } = await sentOnce({
        store: (store) => ({
          ...store,
          [call]: (...args: readonly never[]) =>
            away
              ? Promise.resolve(Err({ kind: 'unavailable', reason: 'away' }))
              : Reflect.apply(store[call], store, args),
        }),
      });
      away = true;
      expect(await say('bounced')).toMatchObject({ kind: 'away' });
      away = false;
      expect(await say('bounced')).toMatchObject({ kind: 'taken' });
      expect((await reminder())?.attempts[0]?.delivery).toBe('bounced');
    },
  );

  it('looks again when somebody else changed the booking, and asks to come again if that goes on', async () => {
    let overtaken = 0;
    const { say, reminder } = await sentOnce({
      store: (store) => ({
        ...store,
        save(writes) {
          if (overtaken === 0) return store.save(writes);
          overtaken -= 1;
          return Promise.resolve(Ok(writes.map(() => 'conflict' as const)));
        },
      }),
    });
    overtaken = 2;
    expect(await say('delivered')).toMatchObject({ kind: 'taken' });
    expect((await reminder())?.attempts[0]?.delivery).toBe('delivered');
    overtaken = 5;
    expect(await say('bounced')).toMatchObject({ kind: 'away' });
  });
});
