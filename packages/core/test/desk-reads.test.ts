// What the operator's pages show beyond the lists.
import { describe, expect, it } from 'vitest';
import { content } from '../src/content.ts';
import type { BookingId } from '../src/ids.ts';
import { defaultPolicy } from '../src/policy.ts';
import { Err } from '../src/result.ts';
import { Temporal } from '../src/temporal.ts';
import { createWorld, guest } from './world.ts';

const quiet = { scheduler: 'none' } as const;
const u1 = 'calcom:u1' as BookingId;
const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);

describe('inspect', () => {
  it('shows each reminder with its words, what was agreed, and what the CRM should say', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    await world.tickAt('2026-11-30T15:00:00Z');
    const found = (await world.precall.desk.inspect(u1)).unwrap();
    expect(found?.reminders.map(({ rule, state, message }) => [rule, state, message?.to])).toEqual([
      ['72h', 'sent', guest],
      ['24h', 'planned', guest],
      ['2h', 'planned', guest],
    ]);
    expect(found?.reminders[1]?.message?.text).toContain('in 24 hours');
    expect(found?.agreements.map(({ startAt }) => startAt.toString())).toEqual(['2026-12-03T15:00:00Z']);
    expect(found?.wantedFields).toMatchObject({
      'Booking Status': 'Booked',
      'Diagnostic Call Date': '2026-12-03',
    });
    expect(found?.place).toMatchObject({ kind: 'link' });
    expect(found?.about?.title).toBe('Strategy Session');
    expect(found?.suppressed).toEqual([]);
  });

  it('shows what was sent in the words of the moment at which it was accepted, the rest in those of its own', async () => {
    const words = content({
      needs: [],
      render: ({ now }) => ({ subject: 'At', text: now.toString(), html: '' }),
    });
    const world = createWorld({ ...quiet, policy: { content: words } });
    await world.change('BOOKING_CREATED');
    const retryAfter = Temporal.Duration.from({ minutes: 5 });
    world.mailer.answerNext({ kind: 'unavailable', reason: '429', retryAfter });
    await world.tickAt('2026-11-30T15:02:00Z');
    const shown = async () =>
      (await world.precall.desk.inspect(u1)).unwrap()?.reminders.map(({ message }) => message?.text);
    expect((await shown())?.[0]).toBe('2026-11-30T15:00:00Z');
    await world.tickAt('2026-11-30T15:07:00Z');
    expect((await shown())?.slice(0, 2)).toEqual(['2026-11-30T15:07:00Z', '2026-12-02T15:00:00Z']);
  });

  it('gives the starts in the order in which they were agreed, and no words for a start that is not the present one', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    for (const [start, said] of [
      ['2026-12-02T15:00:00Z', '2026-11-23T12:02:00Z'],
      ['2026-12-04T15:00:00Z', '2026-11-23T12:04:00Z'],
    ] as const)
      await world.change('BOOKING_RESCHEDULED', { start, said, payload: { rescheduleUid: 'u1' } });
    const found = (await world.precall.desk.inspect(u1)).unwrap();
    expect(found?.agreements.map(({ startAt }) => startAt.toString().slice(0, 10))).toEqual([
      '2026-12-03',
      '2026-12-02',
      '2026-12-04',
    ]);
    const words = found?.reminders.map(({ startAt, message }) => [
      startAt.toString().slice(8, 10),
      message !== null,
    ]);
    expect(new Set(words?.map((pair) => pair.join(' ')))).toEqual(
      new Set(['04 true', '03 false', '02 false']),
    );
  });

  it('tells of a reminder that quiet hours moved when its rule asked for it', async () => {
    const quietHours = {
      from: Temporal.PlainTime.from('15:00'),
      to: Temporal.PlainTime.from('16:00'),
    };
    const world = createWorld({ ...quiet, policy: { quietHours } });
    await world.change('BOOKING_CREATED', { start: '2026-12-03T15:30:00Z' });
    const found = (await world.precall.desk.inspect(u1)).unwrap();
    expect(
      found?.reminders.map(({ rule, dueAt, movedFrom }) => [
        rule,
        dueAt.toString(),
        movedFrom?.toString() ?? null,
      ]),
    ).toEqual([
      ['72h', '2026-11-30T15:00:00Z', '2026-11-30T15:30:00Z'],
      ['24h', '2026-12-02T15:00:00Z', '2026-12-02T15:30:00Z'],
      ['2h', '2026-12-03T13:30:00Z', null],
    ]);
  });

  it('shows what is known of a booking that was only ever cancelled', async () => {
    const world = createWorld(quiet);
    await world.say('BOOKING_CANCELLED');
    const found = (await world.precall.desk.inspect(u1)).unwrap();
    expect(found).toMatchObject({ reminders: [], agreements: [], suppressed: [] });
    expect(found?.wantedFields).toEqual({});
  });

  it('leaves the words out where they cannot be made, and asks no CRM where there is none', async () => {
    const broken = content({
      needs: ['links'],
      render: () => {
        throw new Error('broken');
      },
    });
    const world = createWorld({ ...quiet, crm: 'none', policy: { content: broken } });
    await world.change('BOOKING_CREATED');
    const found = (await world.precall.desk.inspect(u1)).unwrap();
    expect(found?.reminders.map(({ message }) => message)).toEqual([null, null, null]);
    expect(found?.wantedFields).toEqual({});
  });

  it('shows no wish of somebody of whom no more is known than that they did not come', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    await world.at('2026-12-03T16:00:00Z');
    const attendees = [{ email: 'stranger@example.com', noShow: true }];
    await world.say('BOOKING_NO_SHOW_UPDATED', { said: '2026-12-03T16:00:00Z', payload: { attendees } });
    await world.precall.desk.suppress('stranger@example.com', { by: 'operator' });
    expect((await world.precall.desk.inspect(u1)).unwrap()?.suppressed).toEqual([]);
  });

  it('is null for a booking nobody told us about', async () => {
    expect((await createWorld(quiet).precall.desk.inspect(u1)).unwrap()).toBeNull();
  });

  it.each([1, 2, 3, 4, 5])('says that the store is away at its look %i', async (n) => {
    let left = Number.POSITIVE_INFINITY;
    const world = createWorld({
      ...quiet,
      store: (store) => {
        const perhaps = <T>(call: () => Promise<T>) => {
          left -= 1;
          return left === 0 ? Promise.resolve(Err({ kind: 'unavailable', reason: 'away' } as const)) : call();
        };
        return {
          ...store,
          find: (ids) => perhaps(() => store.find(ids)),
          history: (id, page) => perhaps(() => store.history(id, page)),
          findByKey: (key, page) => perhaps(() => store.findByKey(key, page)),
        } as typeof store;
      },
    });
    await world.change('BOOKING_CREATED');
    left = n;
    expect((await world.precall.desk.inspect(u1)).isErr()).toBe(true);
  });
});

describe('search', () => {
  async function crowd(count: number, names: readonly string[] = ['person']) {
    const world = createWorld(quiet);
    for (let n = 0; n < count; n += 1) {
      const name = names[n % names.length];
      await world.change('BOOKING_CREATED', { uid: `u${n}`, attendees: [`${name}${n}@example.com`] });
    }
    return world;
  }

  it('finds by a part of a name, an address or a uid, whatever the case, and says how many it looked at', async () => {
    const world = await crowd(5);
    await world.change('BOOKING_CANCELLED', { uid: 'u3', attendees: ['person3@example.com'] });
    const ids = async (words: string, more: object = {}) => {
      const found = (await world.precall.desk.search({ words, cursor: null, ...more })).unwrap();
      return [found.items.map(({ id }) => id), found.looked, found.next];
    };
    expect(await ids(' PERSON2 ')).toEqual([['calcom:u2'], 5, null]);
    expect(await ids('Person4@EXAMPLE')).toEqual([['calcom:u4'], 5, null]);
    expect(await ids('u1')).toEqual([['calcom:u1'], 5, null]);
    expect(await ids('person', { status: 'cancelled' })).toEqual([['calcom:u3'], 1, null]);
    expect(await ids('nobody')).toEqual([[], 5, null]);
  });

  it('finds a booking by its whole short hash, as logs name it, and by no part of it', async () => {
    const world = await crowd(3);
    const hash = (await world.precall.desk.inspect('calcom:u1' as BookingId)).unwrap()?.shortHash ?? '';
    expect(hash).toMatch(/^[0-9a-f]{12}$/);
    const ids = async (words: string) =>
      (await world.precall.desk.search({ words, cursor: null })).unwrap().items.map(({ id }) => id);
    expect(await ids(` ${hash.toUpperCase()} `)).toEqual(['calcom:u1']);
    expect(await ids(hash.slice(0, 11))).toEqual([]);
  });

  it('looks at a bounded number of bookings, and goes on from there', async () => {
    const world = await crowd(1_050);
    const first = (await world.precall.desk.search({ words: 'person0@', cursor: null })).unwrap();
    expect([first.items.length, first.looked]).toEqual([0, 1_000]);
    const second = (await world.precall.desk.search({ words: 'person0@', cursor: first.next })).unwrap();
    expect([second.items.map(({ id }) => id), second.looked, second.next]).toEqual([['calcom:u0'], 50, null]);
  }, 30_000);

  it('looks no further once there is a page full', async () => {
    const world = await crowd(120);
    const found = (await world.precall.desk.search({ words: 'person', cursor: null })).unwrap();
    expect([found.items.length, found.looked, found.next !== null]).toEqual([100, 100, true]);
    const halves = await crowd(120, ['ada', 'ben']);
    const half = (await halves.precall.desk.search({ words: 'ada', cursor: null })).unwrap();
    expect([half.items.length, half.looked, half.next !== null]).toEqual([50, 100, true]);
  });

  it('shows erased people by nothing, and says when the store is away', async () => {
    const world = await crowd(1);
    await world.precall.erase('person0@example.com');
    for (const words of ['person0', 'e']) {
      const found = (await world.precall.desk.search({ words, cursor: null })).unwrap();
      expect(found.items).toEqual([]);
    }
    const away = createWorld({
      ...quiet,
      store: (store) => ({
        ...store,
        list: async () => Err({ kind: 'unavailable', reason: 'away' }),
      }),
    });
    expect((await away.precall.desk.search({ words: 'a', cursor: null })).isErr()).toBe(true);
  });
});

describe('health', () => {
  it('says what is next, what waits, and the newest troubles first', async () => {
    const world = createWorld();
    await world.precall.start();
    await world.change('BOOKING_CREATED');
    await world.post('{}');
    await world.post('[]');
    const health = (await world.precall.desk.health()).unwrap();
    expect(health).toMatchObject({
      started: true,
      sending: 0,
      unsaved: 0,
      mailerPausedUntil: null,
      comparedUntil: null,
      feedUrl: null,
    });
    expect(health.nextMailAt?.toString()).toBe('2026-11-30T15:00:00Z');
    expect(health.troubles.map(({ kind }) => kind)).toEqual(['quarantined', 'quarantined']);
    await world.precall.stop();
    expect((await world.precall.desk.health()).unwrap().started).toBe(false);
  });

  it('keeps fifty troubles', async () => {
    const world = createWorld(quiet);
    for (let n = 0; n < 60; n += 1) await world.post(`{"n":${n}}`);
    expect((await world.precall.desk.health()).unwrap().troubles).toHaveLength(50);
  });

  it.each(['nextDueAt', 'due'] as const)('says that the store is away at %s', async (call) => {
    for (const lost of [1, 2]) {
      let count = 0;
      const world = createWorld({
        ...quiet,
        store: (store) =>
          ({
            ...store,
            [call]: (...args: readonly never[]) => {
              count += 1;
              return count === lost || call === 'due'
                ? Promise.resolve(Err({ kind: 'unavailable', reason: 'away' }))
                : Reflect.apply(store[call], store, args);
            },
          }) as typeof store,
      });
      expect((await world.precall.desk.health()).isErr()).toBe(true);
    }
  });
});

describe('a message that is shown', () => {
  const asking = content({
    needs: [],
    render: ({ answers }) => ({ subject: `${answers?.attend ?? 'no link'}`, text: '', html: '' }),
  });
  const subjects = async (baseUrl: string | (() => string | null)) => {
    const world = createWorld({
      ...quiet,
      policy: { content: asking },
      links: { baseUrl },
    });
    const { desk } = world.precall;
    await world.change('BOOKING_CREATED');
    const [reminder] = (await desk.inspect(u1)).unwrap()?.reminders ?? [];
    const [tried] = desk.tryPolicy({
      startAt: at('2026-12-03T15:00:00Z'),
      agreedAt: at('2026-11-23T12:00:00Z'),
      timeZone: 'UTC',
    }).reminders;
    const seen = await world.precall.lookAtLink(reminder?.message?.subject.split('/link/')[1] ?? '');
    return [reminder?.message?.subject, tried?.subject, seen.unwrap().kind];
  };

  it('has links where the real one has, which give no right', async () => {
    const link = 'https://calls.example.com/link/shown';
    expect(await subjects('https://calls.example.com/')).toEqual([link, link, 'unknown']);
    expect(await subjects(() => 'https://calls.example.com')).toEqual([link, link, 'unknown']);
    expect(await subjects(() => null)).toEqual(['no link', 'no link', 'unknown']);
  });
});

describe('tryPolicy', () => {
  const call = {
    startAt: at('2026-12-03T15:00:00Z'),
    agreedAt: at('2026-11-23T12:00:00Z'),
    timeZone: 'Europe/Berlin',
  };

  it('plans as for a booking, in the order in which they fall due, with a subject', () => {
    const { desk } = createWorld(quiet).precall;
    const tried = desk.tryPolicy(call);
    expect(tried.reminders.map(({ rule, dueAt, skip }) => [rule.name, dueAt.toString(), skip])).toEqual([
      ['72h', '2026-11-30T15:00:00Z', null],
      ['24h', '2026-12-02T15:00:00Z', null],
      ['2h', '2026-12-03T13:00:00Z', null],
      ['rebook', '2026-12-03T16:30:00Z', null],
    ]);
    expect(tried.reminders[0]?.subject).toContain('Jane Doe');
    expect(tried.policy.messagesPerDay).toBe(8);
    const late = desk.tryPolicy({ ...call, agreedAt: at('2026-12-02T20:00:00Z') });
    expect(late.reminders.map(({ skip }) => skip)).toEqual(['moment_passed', 'moment_passed', null, null]);
  });

  it('shows rules of the booking, of the clock on the wall, and of a text that fails', () => {
    const broken = content({
      needs: [],
      render: () => {
        throw new Error('broken');
      },
    });
    const rules = [
      { name: 'morning', when: { daysBefore: 1, at: Temporal.PlainTime.from('09:00') }, content: broken },
    ];
    const world = createWorld({ ...quiet, policy: { ...defaultPolicy, rules: () => rules } });
    const [one] = world.precall.desk.tryPolicy(call).reminders;
    expect([one?.dueAt.toString(), one?.subject]).toEqual(['2026-12-02T08:00:00Z', null]);
  });
});
