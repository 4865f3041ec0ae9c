// What operators read, and erasure: INTERFACE.md section 3, DESIGN.md section 5.
import { describe, expect, it } from 'vitest';
import type { Slice, Store } from '../src/ports.ts';
import { Err, Ok } from '../src/result.ts';
import { Temporal } from '../src/temporal.ts';
import type { BookingView, UpcomingReminder } from '../src/views.ts';
import { createWorld, guest } from './world.ts';

const quiet = { scheduler: 'none' } as const;
const page = (limit = 50, cursor: string | null = null) => ({ limit, cursor });

describe('bookings', () => {
  it('lists the newest change first, by status and by address whatever its case', async () => {
    const world = createWorld(quiet);
    for (const [n, uid] of ['u1', 'u2', 'u3'].entries()) {
      await world.change('BOOKING_CREATED', { uid, attendees: [`p${n}@example.com`] });
      await world.clock.advance(Temporal.Duration.from({ seconds: 1 }));
    }
    await world.change('BOOKING_CANCELLED', { uid: 'u1' });
    const ids = async (query: object) => {
      const found = await world.precall.bookings({ page: page(), ...query });
      return found.unwrap().items.map(({ id }) => id);
    };
    expect(await ids({})).toEqual(['calcom:u1', 'calcom:u3', 'calcom:u2']);
    expect(await ids({ status: 'cancelled' })).toEqual(['calcom:u1']);
    expect(await ids({ email: ' P1@Example.com' })).toEqual(['calcom:u2']);
    expect(await ids({ email: 'p1@example.com', status: 'cancelled' })).toEqual([]);
  });

  it('visits each booking once, page by page', async () => {
    const world = createWorld(quiet);
    for (let n = 0; n < 7; n += 1) await world.change('BOOKING_CREATED', { uid: `u${n}` });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const found: Slice<BookingView> = (await world.precall.bookings({ page: page(3, cursor) })).unwrap();
      seen.push(...found.items.map(({ id }) => id));
      cursor = found.next;
    } while (cursor !== null);
    expect(new Set(seen)).toEqual(new Set(Array.from({ length: 7 }, (_, n) => `calcom:u${n}`)));
  });
});

describe('booking', () => {
  it('shows attendees, reminders, the CRM and what happened, oldest first', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    await world.tickAt('2026-11-30T15:00:00Z');
    await world.clock.advance(Temporal.Duration.from({ minutes: 1 }));
    await world.change('BOOKING_CANCELLED');
    await world.precall.tick();
    const booking = await world.booking('u1');
    expect(booking).toMatchObject({
      id: 'calcom:u1',
      status: 'cancelled',
      checkedAt: null,
      attendees: [
        { email: guest, name: 'Guest User', timeZone: 'UTC', status: 'attending' },
        { email: 'additional-guest@example.com', status: 'attending' },
      ],
      crm: { contact: { state: 'written' }, campaign: { state: 'not_a_member' } },
    });
    expect(booking?.agreedAt?.toString()).toBe('2026-11-23T12:00:00Z');
    expect(booking?.reminders.map(({ recipient, state, reason }) => [recipient, state, reason])).toEqual([
      [guest, 'sent', null],
      [guest, 'dropped', 'cancelled'],
      [guest, 'dropped', 'cancelled'],
    ]);
    expect(booking?.history.map(({ what }) => what)).toEqual([
      'booked',
      'reminder_sent',
      'crm_written',
      'cancelled',
      'reminder_dropped',
      'reminder_dropped',
      'crm_written',
    ]);
    expect(JSON.stringify(booking?.history)).not.toContain('@');
  });

  it('does not say that somebody left who only asked for the call', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_REQUESTED', { attendees: [guest] });
    expect((await world.booking('u1'))?.attendees).toMatchObject([{ email: guest, status: 'asked' }]);
    await world.change('BOOKING_CREATED', { attendees: [guest], said: '2026-11-23T12:01:00Z' });
    expect((await world.booking('u1'))?.attendees).toMatchObject([{ email: guest, status: 'attending' }]);
  });

  it('says who left, who moved and who did not come', async () => {
    const world = createWorld(quiet);
    const seats = { payload: { seatsPerTimeSlot: 5 } };
    for (const email of ['a@example.com', 'b@example.com', 'c@example.com']) {
      await world.change('BOOKING_CREATED', { ...seats, attendees: [email] });
    }
    await world.change('BOOKING_CANCELLED', {
      ...seats,
      attendees: ['a@example.com'],
      said: '2026-11-23T12:01:00Z',
    });
    await world.change('BOOKING_RESCHEDULED', {
      uid: 'u2',
      start: '2026-12-10T15:00:00Z',
      said: '2026-11-23T12:02:00Z',
      attendees: ['b@example.com'],
      payload: { seatsPerTimeSlot: 5, rescheduleUid: 'u1' },
    });
    await world.change('BOOKING_NO_SHOW_UPDATED', {
      payload: { attendees: [{ email: 'c@example.com', noShow: true }] },
    });
    const booking = await world.booking('u1');
    const statuses = booking?.attendees.map(({ email, status }) => [email, status]).sort();
    expect(statuses).toEqual([
      ['a@example.com', 'left'],
      ['b@example.com', 'moved'],
      ['c@example.com', 'no_show'],
    ]);
    const dropped = booking?.reminders.filter(({ state }) => state === 'dropped');
    expect(new Set(dropped?.map(({ recipient, reason }) => `${recipient} ${reason}`))).toEqual(
      new Set(['a@example.com recipient_left', 'b@example.com superseded']),
    );
  });

  it('is null for a booking nobody told us about', async () => {
    expect(await createWorld(quiet).booking('nothing')).toBeNull();
  });
});

describe('upcoming', () => {
  it('gives every planned reminder once, soonest first, across bookings and pages', async () => {
    const world = createWorld(quiet);
    for (let n = 0; n < 5; n += 1) {
      await world.change('BOOKING_CREATED', { uid: `u${n}`, start: `2026-12-03T1${n}:00:00Z` });
    }
    const moments: string[] = [];
    const keys = new Set<string>();
    let cursor: string | null = null;
    do {
      const found: Slice<UpcomingReminder> = (await world.precall.upcoming(page(4, cursor))).unwrap();
      for (const { dueAt, key, state } of found.items) {
        expect(state).toBe('planned');
        moments.push(dueAt.toString());
        keys.add(key);
      }
      cursor = found.next;
    } while (cursor !== null);
    expect(keys.size).toBe(15);
    expect(moments).toEqual([...moments].sort((a, b) => a.localeCompare(b)));
  });

  it('looks through as many bookings as the page needs', async () => {
    const world = createWorld(quiet);
    for (let n = 0; n < 230; n += 1) await world.change('BOOKING_CREATED', { uid: `u${n}` });
    const first = (await world.precall.upcoming(page(600))).unwrap();
    expect(first.items).toHaveLength(600);
    const rest = (await world.precall.upcoming(page(600, first.next))).unwrap();
    expect([rest.items.length, rest.next]).toEqual([90, null]);
  });

  it('refuses a cursor that is not one of ours', async () => {
    const world = createWorld(quiet);
    expect((await world.precall.upcoming(page(10, 'x'))).isErr()).toBe(true);
  });
});

describe('erase', () => {
  it('leaves nothing of a person, and nothing said before brings them back (invariant 24)', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    await world.post(`{"triggerEvent":"BOOKING_CREATED","payload":{"email":"${guest}"}}`);
    await world.precall.tick();
    expect((await world.precall.erase(` ${guest.toUpperCase()}`)).unwrap()).toEqual({ bookings: 1 });
    await world.say('BOOKING_CREATED');
    await world.say('BOOKING_CREATED', { uid: 'u2', said: '2026-11-23T11:00:00Z' });
    const kinds = ['booking', 'person', 'calendar', 'delivery', 'meta'] as const;
    for (const kind of kinds) {
      const { items } = (await world.memory.list(kind, page(100))).unwrap();
      expect(items.filter(({ body }) => body.toLowerCase().includes(`"${guest}`))).toEqual([]);
    }
    await world.tickAt('2026-12-03T16:00:00Z');
    expect(world.sent()).toEqual([]);
    const booking = await world.booking('u1');
    expect(booking?.attendees[0]).toMatchObject({ email: null, name: null, status: 'erased' });
    expect(booking?.reminders.map(({ state, reason }) => [state, reason])).toContainEqual([
      'dropped',
      'erased',
    ]);
    expect(booking?.history.map(({ what }) => what)).toContain('erased');
  });

  it('leaves in quarantine what speaks of others, and lets go of what speaks of them in whatever case', async () => {
    const world = createWorld(quiet);
    for (const email of [guest.toUpperCase(), 'other@example.com'])
      await world.post(JSON.stringify({ email }));
    await world.precall.erase(guest);
    const kept = (await world.memory.list('delivery', page())).unwrap().items.map(({ body }) => body);
    expect(kept).toHaveLength(1);
    expect(kept[0]).toContain('other@example.com');
  });

  it.each([
    ['as it is', 'Jörg@EXAMPLE.com', '{"email":"jörg@example.com"}'],
    ['with its accent apart', 'jörg@example.com', `{"email":"${'Jörg@example.com'.normalize('NFD')}"}`],
    ['in the escapes of JSON', 'jörg@example.com', '{"email":"j\\u00F6rg@example.com"}'],
    [
      'as Cal.com’s templates write it',
      'o’brien&co@x.org'.replace('’', "'"),
      '{"to":"O&#x27;Brien&amp;co@x.org"}',
    ],
  ])('lets go in quarantine of an address %s', async (_, email, body) => {
    const world = createWorld(quiet);
    await world.post(body);
    await world.precall.erase(email);
    expect((await world.memory.list('delivery', page())).unwrap().items).toEqual([]);
  });

  it('lets a person come back who books again', async () => {
    const world = createWorld(quiet);
    await world.precall.erase(guest);
    await world.clock.advance(Temporal.Duration.from({ minutes: 1 }));
    const answer = await world.change('BOOKING_CREATED', { said: '2026-11-23T12:00:30Z' });
    expect(answer.reminders).toHaveLength(3);
    await world.tickAt('2026-11-30T15:00:00Z');
    expect(world.sent()).toHaveLength(1);
  });

  it.each(['person', 'booking'] as const)(
    'goes on where somebody else writes a %s meanwhile, and repeats nothing that was saved',
    async (kind) => {
      let overtaken: string | null = null;
      const world = createWorld({
        ...quiet,
        store: (store) => ({
          ...store,
          save: async (writes) => {
            const [first, ...rest] = writes;
            if (!first || !('put' in first) || first.put.kind !== overtaken) return store.save(writes);
            overtaken = null;
            const saved = (await store.save(rest)).unwrap();
            return Ok(['conflict' as const, ...saved]);
          },
        }),
      });
      for (const uid of ['u1', 'u2']) await world.change('BOOKING_CREATED', { uid });
      overtaken = kind;
      expect((await world.precall.erase(guest)).unwrap()).toEqual({ bookings: 2 });
      for (const uid of ['u1', 'u2']) {
        const found = await world.booking(uid);
        expect(found?.attendees[0]?.email).toBeNull();
        expect(found?.history.filter(({ what }) => what === 'erased')).toHaveLength(2);
      }
    },
  );

  const isAbout = (kind: string, writes: Parameters<Store['save']>[0]) =>
    writes.some((write) => 'put' in write && write.put.kind === kind);
  const away = Err({ kind: 'unavailable', reason: 'away' } as const);
  it.each<[string, (store: Store) => Partial<Store>]>([
    ['find the person', () => ({ find: async () => away })],
    [
      'save the person',
      (store) => ({ save: async (all) => (isAbout('person', all) ? away : store.save(all)) }),
    ],
    ['find the bookings', () => ({ findByKey: async () => away })],
    [
      'save a booking',
      (store) => ({ save: async (all) => (isAbout('booking', all) ? away : store.save(all)) }),
    ],
    [
      'find a booking again that somebody else wrote',
      (store) => ({
        find: async (ids) => (ids.some((id) => id.startsWith('booking:')) ? away : store.find(ids)),
        save: async (all) =>
          isAbout('booking', all) ? Ok(all.map(() => 'conflict' as const)) : store.save(all),
      }),
    ],
    ['list what is in quarantine', () => ({ list: async () => away })],
  ])('is not done while the store does not %s', async (_, breaks) => {
    let isAway: boolean = false;
    const world = createWorld({
      ...quiet,
      store: (store) =>
        new Proxy(store, {
          get: (_target, name: keyof Store) => (isAway ? { ...store, ...breaks(store) } : store)[name],
        }),
    });
    await world.change('BOOKING_CREATED');
    isAway = true;
    expect((await world.precall.erase(guest)).isErr()).toBe(true);
    isAway = false;
    expect((await world.precall.erase(guest)).unwrap()).toEqual({ bookings: 1 });
  });

  it('keeps what somebody wants: who was erased and books again gets no mail they said no to', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    await world.precall.desk.suppress(guest, { by: 'jo' });
    await world.precall.erase(guest);
    await world.clock.advance(Temporal.Duration.from({ minutes: 1 }));
    await world.change('BOOKING_CREATED', { uid: 'u2', said: '2026-11-23T12:00:30Z' });
    await world.tickAt('2026-11-30T15:00:00Z');
    expect(world.sent()).toEqual([]);
  });

  it('reaches every booking of a person, however many', async () => {
    const world = createWorld(quiet);
    for (let n = 0; n < 120; n += 1) await world.change('BOOKING_CREATED', { uid: `u${n}` });
    expect((await world.precall.erase(guest)).unwrap()).toEqual({ bookings: 120 });
    const found = (await world.precall.bookings({ email: guest, page: page(200) })).unwrap();
    expect(new Set(found.items.map(({ attendees }) => attendees[0]?.email))).toEqual(new Set([null]));
  });
});

describe('forgetting', () => {
  it('forgets a booking 400 days after its end', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    await world.tickAt('2028-01-07T15:29:59Z');
    expect(await world.booking('u1')).not.toBeNull();
    await world.tickAt('2028-01-07T15:30:00Z');
    expect(await world.booking('u1')).toBeNull();
  });

  it('forgets a person 400 days after what was noted last, and never what they want or that they were erased', async () => {
    const world = createWorld({ ...quiet, crm: 'none' });
    const emails = ['a@example.com', 'b@example.com', 'c@example.com'];
    for (const email of emails) await world.change('BOOKING_CREATED', { uid: email, attendees: [email] });
    await world.precall.desk.suppress('b@example.com', { by: 'jo' });
    await world.precall.erase('c@example.com');
    await world.tickAt('2026-11-30T15:00:00Z');
    const kept = async () =>
      (await world.memory.list('person', page())).unwrap().items.map(({ body }) => JSON.parse(body));
    await world.tickAt('2028-01-04T14:59:59Z');
    expect(await kept()).toHaveLength(3);
    await world.tickAt('2028-01-04T15:00:00Z');
    expect((await kept()).map(({ suppressed, erasedAt }) => Boolean(suppressed ?? erasedAt))).toEqual([
      true,
      true,
    ]);
  });
});
