// What createPrecall answers by itself: what it needs to begin, whether it is ready, and that it says when its store is away.
import {
  createMemoryClock,
  createMemoryEntropy,
  createMemoryMailer,
  createMemoryStore,
} from '@precall/adapter-memory';
import { type BookingId, createPrecall, defaultPolicy, Ok, type Precall, Temporal } from '@precall/core';
import { createCalcomSource, signCalcom } from '@precall/source-calcom';
import { faults, withFaults } from '@precall/testing';
import { describe, expect, it } from 'vitest';
import { createWorld, guest, secret } from './world.ts';

const page = { limit: 10, cursor: null };
const u1 = 'calcom:u1' as BookingId;
const act = { by: 'operator' } as const;
const delivery = { headers: {}, body: new Uint8Array() };
const when = { before: Temporal.Duration.from({ hours: 2 }) };

describe('rules that go by sms', () => {
  it.each([
    ['by themselves', { name: 'texted', when, channel: 'sms' as const }],
    ['where the mail fails', { name: 'texted', when, fallback: 'sms' as const }],
  ])('%s need a texter', (_, rule) => {
    expect(() => createWorld({ policy: { rules: [rule] } })).toThrow(
      /^policy\.rules: the rule "texted" goes by sms: give createPrecall a `texter`/,
    );
    expect(() => createWorld({ policy: { rules: [rule] }, texter: (texter) => texter })).not.toThrow();
  });

  it('are not looked for among those that a function gives', () => {
    const rules = () => [{ name: 'texted', when, channel: 'sms' as const }];
    expect(() => createWorld({ policy: { rules } })).not.toThrow();
  });
});

describe('what createPrecall is given', () => {
  const clock = createMemoryClock(Temporal.Instant.from('2026-11-23T12:00:00Z'));
  const well = {
    source: createCalcomSource({ secrets: [secret] }),
    store: createMemoryStore(),
    mailer: createMemoryMailer({ clock }),
    clock,
    entropy: createMemoryEntropy('facade'),
    policy: defaultPolicy,
  };
  const given = (options: object) => () => createPrecall({ ...well, ...options } as never);
  const policy = (changed: object) => ({ policy: { ...defaultPolicy, ...changed } });
  const noon = Temporal.PlainTime.from('12:00');
  const night = (from: string, to: string) => ({
    from: Temporal.PlainTime.from(from),
    to: Temporal.PlainTime.from(to),
  });

  it.each([
    ['source', undefined, '`source` is missing, or is none: give what createCalcomSource makes'],
    ['store', undefined, '`store` is missing, or is none: give what openEmbeddedStore opens'],
    [
      'store',
      Ok(well.store),
      '`store` is missing, or is none: give what openEmbeddedStore opens, by orThrow',
    ],
    ['mailer', {}, '`mailer` is missing, or is none: give what createMailbox'],
    [
      'crm',
      { findContact: () => null },
      '`crm` lacks one of findContact, findMembership, update, recordSent',
    ],
    [
      'texter',
      {},
      '`texter` lacks one of send: give what createTwilioTexter makes, one of your own, or none',
    ],
    ['links', { baseUrl: 'x.example' }, '`links.baseUrl` is no web address: give one such as https://'],
  ])('is refused where %s cannot be right, with what to give instead', (name, part, sentence) => {
    expect(given({ [name]: part })).toThrow(`createPrecall: ${sentence}`);
  });

  it('is refused where nothing is', () => {
    expect(() => createPrecall(undefined as never)).toThrow(
      'createPrecall: give it `source`, `store` and `mailer`.',
    );
  });

  it.each([
    [
      'no times',
      { quietHours: { from: '21:00', to: noon } },
      'policy.quietHours: `from` and `to` are no times: give',
    ],
    [
      'no time',
      { smsQuietHours: { from: noon, to: '8' } },
      'policy.smsQuietHours: `from` and `to` are no times',
    ],
    ['too many', { quietHours: night('12:00', '08:01') }, 'policy.quietHours are longer than 20 hours'],
    [
      'a zone',
      { projection: { ...defaultPolicy.projection, timeZone: 'Europe/Bern' } },
      'policy.projection.timeZone is no time zone',
    ],
    [
      'a number',
      { rules: [{ name: 'a', when: { before: 48 } }] },
      'policy.rules: the rule "a" has no moment',
    ],
    [
      'a text',
      { rules: [{ name: 'a', when: { after: 'PT48H' } }] },
      'policy.rules: the rule "a" has no moment',
    ],
    [
      'a shape',
      { rules: [{ name: 'a', when: { afterNoShow: { hours: 1 } } }] },
      'the rule "a" has no moment',
    ],
    ['no moment', { rules: [{ name: 'a' }] }, 'policy.rules: the rule "a" has no moment'],
    ['no name', { rules: [{ when }] }, 'policy.rules: the rule "undefined" is misnamed'],
  ])('is refused where the policy has %s that cannot be', (_, changed, sentence) => {
    expect(given(policy(changed))).toThrow(sentence);
  });

  it.each([
    { quietHours: night('12:00', '08:00'), smsQuietHours: null },
    { projection: { ...defaultPolicy.projection, timeZone: 'Europe/Berlin' } },
  ])('is taken with %o', (changed) => {
    expect(given(policy(changed))).not.toThrow();
    expect(given({ links: { baseUrl: () => null } })).not.toThrow();
  });
});

it('links that are signed by a short secret are refused, with what to give instead', () => {
  const signedBy = (secret: string) =>
    createWorld({ links: { baseUrl: 'https://calls.example.com', secret } });
  expect(() => signedBy('fifteen letters')).toThrow(
    /^createPrecall: `links\.secret` is shorter than 16 characters: give a longer one/,
  );
  expect(() => signedBy('sixteen letters!')).not.toThrow();
});

describe('ready', () => {
  it('is what is started, and not stopped', async () => {
    const world = createWorld();
    expect(await world.precall.ready()).toBe(false);
    await world.start();
    expect(await world.precall.ready()).toBe(true);
    await world.precall.stop();
    expect(await world.precall.ready()).toBe(false);
  });

  it.each(['find', 'nextDueAt'])('is nothing whose store does not answer: %s', async (method) => {
    let isAway = false;
    const world = createWorld({
      scheduler: 'none',
      store: (store) =>
        withFaults(store, (call) => (isAway && call.method === method ? faults.unavailable : null)),
    });
    isAway = true;
    expect(await world.precall.ready()).toBe(false);
    isAway = false;
    expect(await world.precall.ready()).toBe(true);
  });
});

it('takes nothing in any more once it is stopped, and says when to come again', async () => {
  const world = createWorld();
  await world.start();
  await world.precall.stop();
  const answer = await world.say('BOOKING_CREATED');
  expect(answer.kind).toBe('away');
  expect(answer.kind === 'away' && `${answer.retryAfter}`).toBe('PT5S');
});

describe('while the store does not answer', () => {
  const asked: { readonly [name: string]: (precall: Precall) => PromiseLike<{ isErr(): boolean } | null> } = {
    start: ({ start }) => start(),
    erase: ({ erase }) => erase(guest),
    bookings: ({ bookings }) => bookings({ page }),
    booking: ({ booking }) => booking(u1),
    calendarFile: ({ calendarFile }) => calendarFile(u1, guest),
    upcoming: ({ upcoming }) => upcoming(page),
    quarantine: ({ quarantine }) => quarantine(page),
    calendarFeed: ({ calendarFeed }) => calendarFeed('token'),
    lookAtLink: ({ lookAtLink }) => lookAtLink('token'),
    useLink: ({ useLink }) => useLink('token'),
    measure: ({ measure }) => measure(),
    inspect: ({ desk }) => desk.inspect(u1),
    health: ({ desk }) => desk.health(),
    outcomes: ({ desk }) => desk.outcomes(),
    mark: ({ desk }) => desk.mark(u1, { ...act, came: 'held' } as never),
    replan: ({ desk }) => desk.replan(u1, act),
    writeCrm: ({ desk }) => desk.writeCrm(u1, act),
    suppress: ({ desk }) => desk.suppress(guest, act as never),
    lift: ({ desk }) => desk.lift(guest, act as never),
    'erase by an operator': ({ desk }) => desk.erase(guest, act),
  };

  it.each(Object.entries(asked))('%s says so', async (_, ask) => {
    const world = createWorld({ store: (store) => withFaults(store, () => faults.unavailable) });
    expect((await ask(world.precall))?.isErr()).toBe(true);
  });

  it.each<[string, (precall: Precall) => Promise<unknown>]>([
    ['a webhook', ({ receive }) => receive(delivery)],
    ["a mailer's post", ({ deliveryEvents }) => deliveryEvents(delivery)],
    ['a replay', ({ replay }) => replay('id')],
    ["an operator's replay", ({ desk }) => desk.replay('id', act)],
  ])('%s is asked to come again', async (_, ask) => {
    const world = createWorld({ store: (store) => withFaults(store, () => faults.unavailable) });
    expect(await ask(world.precall)).toMatchObject({ kind: 'away' });
  });
});

describe('of a booking that nobody told us about', () => {
  it.each<[string, (precall: Precall) => PromiseLike<{ unwrap(): unknown }>, unknown]>([
    ['no file is made', ({ calendarFile }) => calendarFile(u1, guest), null],
    ['nothing is listed', ({ bookings }) => bookings({ page }), { items: [], next: null }],
    ['no reminder is to come', ({ upcoming }) => upcoming(page), { items: [], next: null }],
    ['no outcome is counted', ({ desk }) => desk.outcomes(), expect.objectContaining({ rows: [] })],
    [
      'nobody can be marked',
      ({ desk }) => desk.mark(u1, { ...act, email: guest, came: true }),
      { refused: 'no_such_booking' },
    ],
  ])('%s', async (_, ask, expected) => {
    expect((await ask(createWorld({ scheduler: 'none' }).precall)).unwrap()).toEqual(expected);
  });
});

describe('a replay', () => {
  it('leaves in quarantine what is still not understood, and what cannot be looked at', async () => {
    let isAway = false;
    const world = createWorld({
      scheduler: 'none',
      store: (store) => withFaults(store, () => (isAway ? faults.unavailable : null)),
    });
    const kept = await world.post('{"a":1}');
    if (kept.kind !== 'not_understood') throw new Error('expected a refusal');
    isAway = true;
    const answer = await world.precall.replay(kept.quarantineId);
    expect(answer?.kind === 'away' && `${answer.retryAfter}`).toBe('PT1S');
    isAway = false;
    expect(await world.precall.replay(kept.quarantineId)).toMatchObject({ kind: 'not_understood' });
    expect((await world.precall.quarantine(page)).unwrap().items).toHaveLength(1);
    expect(await world.precall.replay('another')).toBeNull();
  });

  /** A world that keeps a booking in quarantine, since its rules were broken when it came. */
  async function bookedTooEarly() {
    let isBroken = true;
    const world = createWorld({
      scheduler: 'none',
      policy: {
        rules: () => {
          if (isBroken) throw new Error('no rules');
          return [{ name: '2h', when }];
        },
      },
    });
    await world.say('BOOKING_CREATED');
    isBroken = false;
    const quarantined = async () => (await world.precall.quarantine(page)).unwrap().items;
    const [kept] = await quarantined();
    if (!kept) throw new Error('it could not be planned');
    return { world, kept, quarantined };
  }

  it('lets go of what is understood by now', async () => {
    const { world, kept, quarantined } = await bookedTooEarly();
    expect(await world.precall.replay(kept.id)).toMatchObject({ kind: 'taken' });
    expect(await quarantined()).toEqual([]);
  });

  it('lets go of what was told again meanwhile', async () => {
    const { world, kept, quarantined } = await bookedTooEarly();
    await world.change('BOOKING_CREATED');
    expect(await world.precall.replay(kept.id)).toMatchObject({ kind: 'ignored' });
    expect(await quarantined()).toEqual([]);
  });
});

it('needs nobody to tell when a person should look', async () => {
  const clock = createMemoryClock(Temporal.Instant.from('2026-11-23T12:00:00Z'));
  const precall = createPrecall({
    ...{ clock, policy: defaultPolicy, entropy: createMemoryEntropy('alone') },
    ...{ store: createMemoryStore(), mailer: createMemoryMailer({ clock }) },
    source: createCalcomSource({ secrets: [secret] }),
  });
  const body = new TextEncoder().encode('{"a":1}');
  const headers = {
    'content-type': ['application/json'],
    'x-cal-signature-256': [signCalcom(secret, body)],
  };
  expect(await precall.receive({ headers, body })).toMatchObject({ kind: 'not_understood' });
  expect((await precall.desk.health()).unwrap().troubles).toMatchObject([{ kind: 'quarantined' }]);
});

it('answers a post of events with what it is: of no provider that is configured', async () => {
  const world = createWorld();
  expect(await world.precall.deliveryEvents(delivery, 'sms')).toEqual({ kind: 'not_configured' });
});
