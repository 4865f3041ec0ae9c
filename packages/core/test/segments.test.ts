// What rules and words may depend on: the segment from the CRM, answers on the booking page, how long ahead it was agreed.
import { createMemoryCrm } from '@precall/adapter-memory';
import {
  bySegment,
  content,
  defaultPolicy,
  type Facts,
  forSegment,
  leadTimeBands,
  nothingKnown,
  type Policy,
  planReminders,
  type Rule,
  responsesOf,
  segmentOf,
  type Temporal,
  textContent,
} from '@precall/core';
import { createCalcomSource } from '@precall/source-calcom';
import { describe, expect, it } from 'vitest';
import { theHost } from '../src/ids.ts';
import { rulesFor } from '../src/policy.ts';
import { Err, Ok } from '../src/result.ts';
import { tryPolicy } from '../src/try-policy.ts';
import { agreedCall, ana, at, ben, hours } from './agreed-call.ts';
import { createWorld, guest, secret } from './world.ts';

const quiet = { scheduler: 'none' } as const;
const { projection } = defaultPolicy;
const reading = { ...projection, properties: { ...projection.properties, segment: 'Segment' } };
const critical = [
  { name: '48h', when: { before: hours(48) } },
  { name: '1h', when: { before: hours(1) } },
];
const otherwise = [{ name: '24h', when: { before: hours(24) } }];
const rules = bySegment({ CRITICAL: critical }, otherwise);
const contactIn = (segment: string | null) =>
  createMemoryCrm({
    contacts: [{ email: guest, fields: { Segment: { type: 'choice', value: segment } } }],
  });
const policy: Partial<Policy> = { rules, projection: reading };
type World = ReturnType<typeof createWorld>;
const planned = async (world: World, uid = 'u1') =>
  (await world.booking(uid))?.reminders.map(({ rule }) => rule);

describe('the segment in the CRM', () => {
  it('chooses the rules once it was read, those for nobody in particular before', async () => {
    const world = createWorld({ ...quiet, policy, crm: contactIn('CRITICAL') });
    await world.change('BOOKING_CREATED');
    expect(await planned(world)).toEqual(['24h']);
    await world.precall.tick();
    expect(await planned(world)).toEqual(['48h', '1h']);
    const history = (await world.booking('u1'))?.history.find(({ what }) => what === 'segment_read');
    expect(history?.detail).toEqual({});
    await world.tickAt('2026-12-01T15:00:00Z');
    await world.tickAt('2026-12-02T15:00:00Z');
    expect(world.sent()).toEqual([`${guest} 2026-12-01T15:00:00Z`]);
  });

  it('rings for a reminder that it brings', async () => {
    const world = createWorld({ policy, crm: contactIn('CRITICAL') });
    await world.start();
    await world.change('BOOKING_CREATED');
    await world.at('2026-12-01T15:00:00Z');
    expect(world.sent()).toEqual([`${guest} 2026-12-01T15:00:00Z`]);
  });

  it.each([
    ['OPTIMIZE', ['24h']],
    [null, ['24h']],
  ])('%s without rules of its own has those for nobody in particular', async (segment, expected) => {
    const world = createWorld({ ...quiet, policy, crm: contactIn(segment) });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    expect(await planned(world)).toEqual(expected);
  });

  it('is with seats each one’s own, without seats the booker’s for all, and the first’s for the host', () => {
    const segment = { value: 'CRITICAL', stamp: { saidAt: null, rank: 0 } };
    const called = (seated: boolean): Facts => {
      const people = { [ana]: {}, [ben]: {} };
      const call = agreedCall({
        startAt: at('2026-12-03T15:00:00Z'),
        agreedAt: at('2026-11-23T12:00:00Z'),
        people,
        seated,
      });
      const one = call.people[ana];
      return one ? { ...call, people: { ...call.people, [ana]: { ...one, segment } } } : call;
    };
    const [seated, known] = [called(true), called(false)];
    expect([ana, ben, theHost].map((who) => rules(seated, who))).toEqual([critical, otherwise, critical]);
    expect([ana, ben].map((who) => rules(known, who))).toEqual([critical, critical]);
  });

  it('is, where seats are left, the first’s of those who take part still, and of none the first’s who ever did', () => {
    const segment = (value: string) => ({ value, stamp: { saidAt: null, rank: 0 } });
    const call = (...left: readonly (typeof ana)[]) => {
      const leftAt = at('2026-11-24T12:00:00Z');
      const joined = { [ana]: at('2026-11-23T12:00:00Z'), [ben]: at('2026-11-23T13:00:00Z') };
      const people = Object.fromEntries(
        [ana, ben].map((one) => [one, { joinedAt: joined[one], ...(left.includes(one) && { leftAt }) }]),
      );
      const agreedAt = at('2026-11-23T12:00:00Z');
      const facts = agreedCall({
        startAt: at('2026-12-03T15:00:00Z'),
        agreedAt,
        seated: true,
        people: people as never,
      });
      const named = Object.entries(facts.people).map(([id, person]) => [
        id,
        { ...person, segment: segment(id === ana ? 'ANA' : 'BEN') },
      ]);
      return { ...facts, people: Object.fromEntries(named) };
    };
    expect([call(), call(ana), call(ana, ben)].map((facts) => segmentOf(facts))).toEqual([
      'ANA',
      'BEN',
      'ANA',
    ]);
  });

  it('is read again whenever the person is written, and what changed reaches all their calls to come', async () => {
    const crm = contactIn('CRITICAL');
    const world = createWorld({ ...quiet, policy, crm });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    const { ref } = (await crm.findContact(guest)).unwrap() as { readonly ref: string };
    await crm.update(ref, { Segment: { type: 'choice', value: null } });
    await world.clock.advance(hours(1));
    await world.change('BOOKING_CREATED', { uid: 'u2', start: '2026-12-10T15:00:00Z' });
    await world.precall.tick();
    expect([await planned(world), await planned(world, 'u2')]).toEqual([['24h'], ['24h']]);
    await world.clock.advance(hours(1));
    await world.change('BOOKING_CANCELLED', { uid: 'u2', start: '2026-12-10T15:00:00Z' });
    await crm.update(ref, { Segment: { type: 'choice', value: 'CRITICAL' } });
    await world.change('BOOKING_CREATED', { uid: 'u3', start: '2026-12-11T15:00:00Z' });
    await world.precall.tick();
    expect([await planned(world), await planned(world, 'u2')]).toEqual([['48h', '1h'], ['24h']]);
  });

  it('that brings a reminder too late makes no alarm of it', async () => {
    const crm = contactIn(null);
    const world = createWorld({
      ...quiet,
      policy: { ...policy, rules: bySegment({ CRITICAL: critical }, []) },
      crm,
    });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    const { ref } = (await crm.findContact(guest)).unwrap() as { readonly ref: string };
    await crm.update(ref, { Segment: { type: 'choice', value: 'CRITICAL' } });
    await world.tickAt('2026-12-03T14:30:00Z');
    await world.change('BOOKING_CREATED', { uid: 'u2', start: '2026-12-10T15:00:00Z' });
    await world.precall.tick();
    await world.precall.tick();
    expect(
      (await world.booking('u1'))?.reminders.map(({ rule, state, reason }) => [rule, reason ?? state]),
    ).toEqual([
      ['48h', 'moment_passed'],
      ['1h', 'sent'],
    ]);
    expect(world.troubles.filter(({ kind }) => kind === 'reminder_missed')).toEqual([]);
  });

  it('that cannot be read is asked for again, and holds up no write', async () => {
    const crm = contactIn('CRITICAL');
    let away = true;
    const read: typeof crm.read = (ref, names) =>
      away
        ? Promise.resolve(Err({ kind: 'unavailable', reason: 'away' }))
        : (crm.read?.(ref, names) ?? never());
    const world = createWorld({ ...quiet, policy, crm: { ...crm, read } });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    expect(crm.contacts()[0]?.fields['Booking Status']?.value).toBe('Booked');
    expect(await planned(world)).toEqual(['24h']);
    away = false;
    await world.tickAt('2026-11-23T12:05:00Z');
    expect(await planned(world)).toEqual(['48h', '1h']);
  });

  it('that is refused for good leaves the marks of sent reminders alone', async () => {
    const crm = createMemoryCrm({
      contacts: [{ email: guest, campaigns: { 'Christmas 2025': { sent: {} } } }],
    });
    const read = () => Promise.resolve(Err({ kind: 'rejected', reason: 'no such property' } as const));
    const world = createWorld({ ...quiet, policy, crm: { ...crm, read } });
    await world.change('BOOKING_CREATED');
    await world.tickAt('2026-12-02T15:00:00Z');
    expect(world.sent()).toHaveLength(1);
    expect(Object.keys(crm.contacts()[0]?.campaigns['Christmas 2025']?.sent ?? {})).toEqual(['24h']);
  });

  it('is read from no CRM that cannot be read, and from none unless a property is named', async () => {
    const { read, ...blind } = contactIn('CRITICAL');
    const world = createWorld({ ...quiet, policy, crm: blind });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    expect(await planned(world)).toEqual(['24h']);
    expect(read).toBeDefined();
    const crm = contactIn('CRITICAL');
    const unnamed = createWorld({ ...quiet, policy: { rules }, crm });
    await unnamed.change('BOOKING_CREATED');
    await unnamed.precall.tick();
    expect(crm.seen.map(([method]) => method)).not.toContain('read');
  });

  it.each([
    ['is noted on a booking that somebody changes at the same time', 1],
    ['is left for the next look where others never cease to', 99],
  ])('%s', async (_promise, conflicts) => {
    let left = conflicts;
    const world = createWorld({
      ...quiet,
      policy,
      crm: contactIn('CRITICAL'),
      store: (store) => ({
        ...store,
        save: async (writes) => {
          const isNote = writes.some(
            (write) => 'put' in write && write.history.some(({ what }) => what === 'segment_read'),
          );
          if (!isNote || left === 0) return store.save(writes);
          left -= 1;
          return (await store.save([])).map(() => writes.map(() => 'conflict' as const));
        },
      }),
    });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    expect(await planned(world)).toEqual(conflicts === 1 ? ['48h', '1h'] : ['24h']);
  });

  it.each(['find', 'save'] as const)('is asked for again where the store goes away (%s)', async (method) => {
    let away = false;
    const gone = () => Promise.resolve(Err({ kind: 'unavailable', reason: 'away' } as const));
    const crm = contactIn('CRITICAL');
    const world = createWorld({
      ...quiet,
      policy,
      crm: {
        ...crm,
        read: async (ref, names) => {
          away = true;
          return crm.read?.(ref, names) ?? never();
        },
      },
      store: (store) => ({
        ...store,
        find: (ids) => (away && method === 'find' ? gone() : store.find(ids)),
        save: (writes) => (away && method === 'save' ? gone() : store.save(writes)),
      }),
    });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    away = false;
    await world.tickAt('2026-11-23T12:05:00Z').finally(() => {
      away = false;
    });
    away = false;
    await world.tickAt('2026-11-23T12:10:00Z');
    away = false;
    expect(crm.seen.filter(([called]) => called === 'read').length).toBeGreaterThan(1);
  });

  it('is gone with the person, and nobody’s where nobody is', async () => {
    const world = createWorld({ ...quiet, policy, crm: contactIn('CRITICAL') });
    await world.change('BOOKING_CREATED');
    await world.precall.tick();
    await world.precall.erase(guest);
    const [record] = (await world.memory.list('booking', { limit: 10, cursor: null })).unwrap().items;
    expect(record?.body).not.toContain('CRITICAL');
    expect([segmentOf(nothingKnown), responsesOf(nothingKnown)]).toEqual([null, {}]);
  });

  it('read while the person is erased is not kept (invariant 24)', async () => {
    const crm = contactIn('CRITICAL');
    let erase: () => Promise<unknown> = async () => undefined;
    const slow: typeof crm = {
      ...crm,
      async read(ref, properties) {
        const found = crm.read ? await crm.read(ref, properties) : Ok({});
        await erase();
        return found;
      },
    };
    const world = createWorld({ ...quiet, policy, crm: slow });
    await world.change('BOOKING_CREATED');
    erase = async () => {
      await world.precall.erase(guest);
      await world.clock.advanceTo(world.clock.now().add({ seconds: 1 }));
    };
    await world.precall.tick();
    const kept = (await world.memory.list('booking', { limit: 10, cursor: null })).unwrap();
    expect(kept.items).toHaveLength(1);
    for (const { id, body } of kept.items) {
      const history = (await world.memory.history(id, { limit: 100, cursor: null })).unwrap();
      expect(body + JSON.stringify(history)).not.toContain('CRITICAL');
    }
  });
});

describe('answers on the booking page', () => {
  const responses = {
    'company-size': { label: 'company_size', value: '10-50' },
    topics: { label: 'topics', value: ['sales', 'hiring', { odd: true }] },
    budget: { label: 'budget', value: 5000 },
    secret: { label: 'secret', value: 'nobody asked for it' },
    notes: { label: 'notes', isHidden: false },
  };
  const source = createCalcomSource({
    secrets: [secret],
    answers: ['company-size', 'topics', 'budget', 'notes', 'constructor'],
  });
  const words = content({
    needs: [],
    render: (facts) => ({
      subject: `${facts.segment} ${JSON.stringify(facts.responses)}`,
      text: '',
      html: '',
    }),
  });

  it('are kept as far as the source was told to, and known to rules and words', async () => {
    const world = createWorld({ ...quiet, source, policy: { content: words } });
    await world.change('BOOKING_CREATED', { payload: { responses } });
    await world.tickAt('2026-11-30T15:00:00Z');
    const kept = { 'company-size': '10-50', topics: 'sales, hiring', budget: '5000' };
    expect(world.mailer.sent[0]?.message.subject).toBe(`null ${JSON.stringify(kept)}`);
    const [record] = (await world.memory.list('booking', { limit: 10, cursor: null })).unwrap().items;
    expect(record?.body).not.toContain('nobody asked for it');
    await world.precall.erase(guest);
    const [erased] = (await world.memory.list('booking', { limit: 10, cursor: null })).unwrap().items;
    expect(erased?.body).not.toContain('10-50');
  });

  it('are none where the source was told nothing, or the form asks nothing', async () => {
    const world = createWorld({ ...quiet });
    await world.change('BOOKING_CREATED', { payload: { responses } });
    const asking = createWorld({ ...quiet, source });
    await asking.change('BOOKING_CREATED', { payload: { responses: null } });
    for (const one of [world, asking]) {
      const [record] = (await one.memory.list('booking', { limit: 10, cursor: null })).unwrap().items;
      expect(record?.body).not.toContain('responses');
    }
  });

  it('choose rules by a plain function', () => {
    const facts = agreedCall({ startAt: at('2026-12-03T15:00:00Z'), agreedAt: at('2026-11-20T12:00:00Z') });
    const known = facts.people[ana];
    if (!known) throw new Error('Ana is known');
    const stamp = { saidAt: null, rank: 4 };
    const large = { ...known, responses: { value: { size: 'large' }, stamp } };
    const bySize: Policy['rules'] = (told) => (responsesOf(told).size === 'large' ? critical : otherwise);
    const named = (one: typeof facts) =>
      planReminders(one, { ...defaultPolicy, rules: bySize }).map(({ rule }) => rule.name);
    expect(named(facts)).toEqual(['24h']);
    expect(named({ ...facts, people: { [ana]: large } })).toEqual(['48h', '1h']);
  });
});

describe('forSegment', () => {
  it('is the policy as people of that segment get it, rules and words', () => {
    const words = content({
      needs: [],
      render: ({ segment }) => ({ subject: `for ${segment}`, text: '', html: '' }),
    });
    const text = (name: string) =>
      textContent({ needs: [], render: ({ segment }) => `${name} for ${segment}` });
    const own: readonly Rule[] = [
      ...critical.slice(0, 1),
      { name: '4h', when: { before: hours(4) }, content: words },
      { name: '3h', when: { before: hours(3) }, channel: 'sms' },
      { name: '2h', when: { before: hours(2) }, channel: 'sms', textContent: text('own') },
      { name: '1h', when: { before: hours(1) }, content: words, otherContent: words },
    ];
    const chosen: Policy = {
      ...defaultPolicy,
      content: words,
      textContent: text('usual'),
      rules: bySegment({ CRITICAL: own }, otherwise),
    };
    const call = {
      startAt: at('2026-12-03T15:00:00Z'),
      agreedAt: at('2026-11-20T12:00:00Z'),
      timeZone: 'UTC',
    };
    const seen = (segment?: string) =>
      tryPolicy(chosen, { ...call, answers: null, ...(segment && { segment }) }).reminders.map(
        ({ rule, subject }) => `${rule.name} ${subject}`,
      );
    expect(seen()).toEqual(['24h for null']);
    expect(seen('CRITICAL')).toEqual([
      '48h for CRITICAL',
      '4h for CRITICAL',
      '3h usual for CRITICAL',
      '2h own for CRITICAL',
      '1h for CRITICAL',
    ]);
    expect(rulesFor(nothingKnown, forSegment(chosen, 'CRITICAL'), ana)).toEqual(otherwise);
  });
});

describe('of somebody of whom nothing is known', () => {
  it('there is no segment and no answer', () => {
    expect(segmentOf(nothingKnown, ana)).toBeNull();
    expect(responsesOf(nothingKnown, ana)).toEqual({});
    expect(bySegment({ CRITICAL: [] }, otherwise)(nothingKnown)).toBe(otherwise);
  });

  it('no start that is not agreed is far off', () => {
    const facts = agreedCall({ startAt: at('2026-12-20T15:00:00Z'), agreedAt: at('2026-12-01T15:00:00Z') });
    expect(leadTimeBands({ ...facts, time: null }, ana)).toEqual(defaultPolicy.rules);
    expect(leadTimeBands(facts, null)).toEqual(defaultPolicy.rules);
  });
});

describe('leadTimeBands', () => {
  const startAt = at('2026-12-20T15:00:00Z');
  const named = (lead: Temporal.Duration) =>
    planReminders(agreedCall({ startAt, agreedAt: startAt.subtract(lead) }), {
      ...defaultPolicy,
      rules: leadTimeBands,
    }).flatMap(({ rule, skip }) => (skip ? [] : [rule.name]));

  it.each([
    [hours(1), []],
    [hours(2), ['2h']],
    [hours(24), ['24h', '2h']],
    [hours(72), ['72h', '24h', '2h']],
    [hours(7 * 24), ['72h', '24h', '2h']],
    [hours(7 * 24).add({ milliseconds: 1 }), ['5d', '24h', '2h']],
  ])('agreed %s ahead asks for %j', (lead, expected) => {
    expect(named(lead)).toEqual(expected);
  });

  it('goes by each seat’s own agreement', () => {
    const facts = agreedCall({
      startAt,
      agreedAt: startAt.subtract(hours(10 * 24)),
      seated: true,
      people: { [ana]: {}, [ben]: { joinedAt: startAt.subtract(hours(4 * 24)) } },
    });
    const plan = planReminders(facts, { ...defaultPolicy, rules: leadTimeBands });
    const namesOf = (whose: typeof ana) =>
      plan.flatMap(({ rule, recipient, skip }) => (recipient === whose && !skip ? [rule.name] : []));
    expect([namesOf(ana), namesOf(ben)]).toEqual([
      ['5d', '24h', '2h'],
      ['72h', '24h', '2h'],
    ]);
    expect(leadTimeBands(facts).map(({ name }) => name)).toContain('5d');
  });

  it('has the default rules where no start is agreed', () => {
    expect(leadTimeBands(nothingKnown)).toEqual(defaultPolicy.rules);
  });
});

function never(): never {
  throw new Error('the memory CRM can be read');
}
