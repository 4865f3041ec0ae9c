// Links in mails from the mail that carries them to what they change.
import type { BookingSource, DeliveryEvents, Store } from '@precall/core';
import { createCalcomSource } from '@precall/source-calcom';
import { describe, expect, it, vi } from 'vitest';
import { defaultPolicy } from '../src/policy.ts';
import { Err, Ok } from '../src/result.ts';
import { Temporal } from '../src/temporal.ts';
import { createConflicts } from './conflicting.ts';
import { createWorld, guest, secret } from './world.ts';

const base = 'https://calls.example.com';
const booked = { uid: 'u1', start: '2026-12-03T15:00:00Z' };
const due72 = '2026-11-30T15:00:00Z';
const due24 = '2026-12-02T15:00:00Z';

const calcom = createCalcomSource({ secrets: [secret] });
/** Says nothing of who hosts the call, nor where anybody is. */
const hostless: BookingSource = {
  ...calcom,
  parse: (json, receivedAt) =>
    calcom.parse(json, receivedAt).map((parsed) => {
      if ('ignored' in parsed) return parsed;
      const [update] = parsed.updates;
      const attendees = update.attendees.map((one) => ({ ...one, timeZone: null }));
      return { updates: [{ ...update, host: null, attendees }] };
    }),
};

async function mailed(options: Parameters<typeof createWorld>[0] = {}) {
  const world = createWorld({ scheduler: 'none', links: { baseUrl: base }, ...options });
  await world.change('BOOKING_CREATED', booked);
  await world.tickAt(due72);
  return { world, tokens: tokensIn(world) };
}

function tokensIn(world: ReturnType<typeof createWorld>) {
  const text = world.mailer.sent.at(-1)?.message.text ?? '';
  const [attend = '', stop = ''] = [...text.matchAll(/\/link\/(\S+)/g)].map(([, token]) => token ?? '');
  return { attend, stop };
}

/** Why the one person of this world gets no mails; null: they do. */
async function whySilent({ memory }: { readonly memory: Store }): Promise<string | null> {
  const { items } = (await memory.list('person', { limit: 9, cursor: null })).unwrap();
  const said = items.map(({ body }) => JSON.parse(body).suppressed?.why ?? null);
  return said.find((why) => why !== null) ?? null;
}

async function history(world: ReturnType<typeof createWorld>) {
  return (await world.booking('u1'))?.history.map(({ what }) => what) ?? [];
}

describe('the link to stop', () => {
  it('ends the mails to that person once it is pressed, and not when it is looked at (invariant 8)', async () => {
    const { world, tokens } = await mailed();
    const seen = await world.precall.lookAtLink(tokens.stop);
    expect(seen.unwrap()).toEqual({ kind: 'stop', used: false, locale: 'en' });
    await world.tickAt(due24);
    expect(world.sent()).toHaveLength(2);
    expect((await world.precall.useLink(tokens.stop)).unwrap()).toEqual({
      kind: 'stop',
      used: true,
      locale: 'en',
    });
    await world.tickAt('2026-12-03T13:00:00Z');
    expect(world.sent()).toHaveLength(2);
    const last = (await world.booking('u1'))?.reminders.find(({ rule }) => rule === '2h');
    expect(last).toMatchObject({ state: 'dropped', reason: 'suppressed' });
  });

  it('is the same in every mail to a person, stands as List-Unsubscribe, and may be pressed again', async () => {
    const { world, tokens } = await mailed();
    await world.tickAt(due24);
    expect(tokensIn(world).stop).toBe(tokens.stop);
    expect(world.mailer.sent.at(-1)?.message.unsubscribe).toBe(`${base}/link/${tokens.stop}`);
    await world.precall.useLink(tokens.stop);
    expect((await world.precall.lookAtLink(tokens.stop)).unwrap()).toMatchObject({ used: true });
    const again = (await world.precall.useLink(tokens.stop)).unwrap();
    expect(again).toEqual({ kind: 'stop', used: true, locale: 'en' });
    expect((await history(world)).filter((what) => what === 'stopped_by_link')).toHaveLength(1);
  });

  it('is in the history of the person as their own word, with the moment', async () => {
    const { world, tokens } = await mailed();
    await world.at('2026-11-30T16:00:00Z');
    await world.precall.useLink(tokens.stop);
    expect(await whySilent(world)).toBe('link');
    const stopped = (await world.booking('u1'))?.history.find(({ what }) => what === 'stopped_by_link');
    expect(`${stopped?.at}`).toBe('2026-11-30T16:00:00Z');
  });

  it('is not used yet by somebody whose mail came back: that is not their word', async () => {
    const events: DeliveryEvents = {
      verify: () => 'authentic',
      parse: (json) =>
        Ok([{ attempt: `${json}`, said: 'bounced', at: Temporal.Instant.from(due72) }] as never),
    };
    const { world, tokens } = await mailed({
      mailer: (mailer) => ({ ...mailer, events, doubt: 'reported' }),
    });
    const attempt = (await world.booking('u1'))?.reminders[0]?.attempts[0]?.id;
    const body = new TextEncoder().encode(JSON.stringify(attempt));
    await world.precall.deliveryEvents({ headers: {}, body });
    expect(await whySilent(world)).toBe('bounced');
    expect((await world.precall.lookAtLink(tokens.stop)).unwrap()).toMatchObject({ used: false });
    await world.precall.useLink(tokens.stop);
    expect(await whySilent(world)).toBe('link');
  });

  it('works for somebody of whom nothing is known any more', async () => {
    const { world, tokens } = await mailed();
    await world.precall.erase('guest@example.com');
    expect((await world.precall.useLink(tokens.stop)).unwrap()).toEqual({
      kind: 'stop',
      used: true,
      locale: null,
    });
  });
});

describe('the link to attend', () => {
  it('shows the call, and is recorded once it is pressed, once', async () => {
    const { world, tokens } = await mailed();
    const seen = (await world.precall.lookAtLink(tokens.attend)).unwrap();
    expect(seen).toMatchObject({ kind: 'attend', used: false, locale: 'en' });
    expect(await history(world)).not.toContain('attendance_confirmed');
    for (const _ of [1, 2])
      expect((await world.precall.useLink(tokens.attend)).unwrap()).toMatchObject({
        kind: 'attend',
        used: true,
      });
    expect((await history(world)).filter((what) => what === 'attendance_confirmed')).toHaveLength(1);
    expect((await world.precall.lookAtLink(tokens.attend)).unwrap()).toMatchObject({ used: true });
  });

  it('is in the history with the reminder that it stood in', async () => {
    const { world, tokens } = await mailed();
    const key = (await world.booking('u1'))?.reminders[0]?.key;
    await world.precall.useLink(tokens.attend);
    const said = (await world.booking('u1'))?.history.find(({ what }) => what === 'attendance_confirmed');
    expect(said?.detail).toEqual({ key });
  });

  it('changes nothing about the reminders to come', async () => {
    const { world, tokens } = await mailed();
    await world.precall.useLink(tokens.attend);
    await world.tickAt(due24);
    expect(world.sent()).toHaveLength(2);
  });

  it.each([
    ['was cancelled', (world: ReturnType<typeof createWorld>) => world.change('BOOKING_CANCELLED', booked)],
    [
      'was moved',
      (world: ReturnType<typeof createWorld>) =>
        world.change('BOOKING_RESCHEDULED', {
          uid: 'u2',
          payload: { rescheduleUid: 'u1' },
          start: '2026-12-04T15:00:00Z',
        }),
    ],
    [
      'was moved in place',
      (world: ReturnType<typeof createWorld>) =>
        world.change('BOOKING_RESCHEDULED', { uid: 'u1', start: '2026-12-04T15:00:00Z' }),
    ],
    ['has begun', (world: ReturnType<typeof createWorld>) => world.at('2026-12-03T15:00:00Z')],
  ])('is over when the call %s', async (_, happens) => {
    const { world, tokens } = await mailed();
    await happens(world);
    expect((await world.precall.useLink(tokens.attend)).unwrap()).toEqual({ kind: 'over', locale: 'en' });
  });
});

describe('a confirmation in the CRM', () => {
  const { projection } = defaultPolicy;
  const shownIn = (confirmed: string, choice: string | null = null) => ({
    projection: {
      ...projection,
      properties: { ...projection.properties, confirmed },
      values: { ...projection.values, confirmed: choice },
    },
  });

  it.each([
    ['the moment at which it was first said', null, '2026-11-30T16:00:00Z'],
    ['the choice that says so', 'Will come', 'Will come'],
  ])('is %s, once it is said', async (_, choice, written) => {
    const { world, tokens } = await mailed({ policy: shownIn('Confirmed', choice) });
    expect(world.fields()[guest]).toMatchObject({ 'Booking Status': 'Booked', Confirmed: null });
    await world.tickAt('2026-11-30T16:00:00Z');
    await world.precall.useLink(tokens.attend);
    await world.precall.tick();
    expect(world.fields()[guest]).toMatchObject({ 'Booking Status': 'Booked', Confirmed: written });
    await world.tickAt(due24);
    await world.precall.useLink(tokensIn(world).attend);
    await world.precall.tick();
    expect(world.fields()[guest]).toMatchObject({ Confirmed: written });
  });

  it('is written without waiting for the next look', async () => {
    const world = createWorld({ links: { baseUrl: base }, policy: shownIn('Confirmed') });
    await world.start();
    await world.change('BOOKING_CREATED', booked);
    await world.at(due72);
    await vi.waitFor(() => expect(world.sent()).toHaveLength(1));
    // The outcome of the send is saved a tenth of a second later.
    await world.at('2026-11-30T15:00:01Z');
    await world.precall.useLink(tokensIn(world).attend);
    await vi.waitFor(() =>
      expect(world.fields()[guest]).toMatchObject({ Confirmed: '2026-11-30T15:00:01Z' }),
    );
    await world.precall.stop();
  });

  it.each([
    ['cancelled', (world: ReturnType<typeof createWorld>) => world.change('BOOKING_CANCELLED', booked)],
    [
      'moved',
      (world: ReturnType<typeof createWorld>) =>
        world.change('BOOKING_RESCHEDULED', { uid: 'u1', start: '2026-12-04T15:00:00Z' }),
    ],
  ])('is taken back when the call is %s: it was said of another', async (_, happens) => {
    const { world, tokens } = await mailed({ policy: shownIn('Confirmed') });
    await world.precall.useLink(tokens.attend);
    await world.precall.tick();
    expect(world.fields()[guest]).toMatchObject({ Confirmed: due72 });
    await happens(world);
    await world.precall.tick();
    expect(world.fields()[guest]).toMatchObject({ Confirmed: null });
  });

  it('makes no work for a CRM that does not show it', async () => {
    const { world, tokens } = await mailed();
    const before = world.crm.seen.length;
    await world.precall.useLink(tokens.attend);
    await world.precall.tick();
    expect(world.crm.seen).toHaveLength(before);
    expect(world.fields()[guest]).not.toHaveProperty('Confirmed');
  });

  it('leaves to such a CRM what it has not been told yet', async () => {
    const { world, tokens } = await mailed({
      store: (store) => ({
        ...store,
        due: async (lane, ...which) =>
          lane === 'crm' ? Err({ kind: 'unavailable', reason: 'away' }) : store.due(lane, ...which),
      }),
    });
    const untoldSince = async () => `${(await world.memory.nextDueAt('crm')).unwrap()}`;
    expect(await untoldSince()).toBe(due72);
    await world.at('2026-11-30T16:00:00Z');
    await world.precall.useLink(tokens.attend);
    expect(await untoldSince()).toBe(due72);
  });
});

describe('while the store', () => {
  const away = Err({ kind: 'unavailable', reason: 'away' } as const);

  it.each(['find', 'findByKey', 'save'] as const)(
    'does not answer (%s), a link is to be pressed again',
    async (call) => {
      let broken = false;
      const { world, tokens } = await mailed({
        store: (store) => ({
          ...store,
          [call]: async (...args: never[]) => (broken ? away : Reflect.apply(store[call], store, args)),
        }),
      });
      broken = true;
      const pressed = [await world.precall.useLink(tokens.stop), await world.precall.useLink(tokens.attend)];
      // To find a booking by its attempt takes no other reading.
      expect(pressed.map((one) => one.isErr())).toEqual(call === 'find' ? [true, false] : [true, true]);
      broken = false;
      expect((await world.precall.useLink(tokens.stop)).unwrap()).toMatchObject({ used: true });
    },
  );

  it.each(['stop', 'attend'] as const)(
    'is written by others, a link to %s is tried again, and given up in the end',
    async (act) => {
      const conflicts = createConflicts();
      const { world, tokens } = await mailed({ store: conflicts.inStore });
      conflicts.next(100);
      const given = await world.precall.useLink(tokens[act]);
      expect(given.isErr() && given.error).toEqual({
        kind: 'unavailable',
        reason: 'others kept changing the record',
      });
      // Five times, and no more.
      expect(conflicts.left()).toBe(95);
      conflicts.next(2);
      expect((await world.precall.useLink(tokens[act])).unwrap()).toMatchObject({ kind: act, used: true });
    },
  );
});

describe('a link', () => {
  it('about a message that is not remembered any more is unknown', async () => {
    const links = { baseUrl: base, secret: 'a-secret-of-the-host' };
    const { tokens } = await mailed({ links });
    const empty = createWorld({ scheduler: 'none', links });
    expect((await empty.precall.useLink(tokens.attend)).unwrap()).toEqual({ kind: 'unknown' });
    // A wish to get no more mails holds for whoever may come.
    expect((await empty.precall.useLink(tokens.stop)).unwrap()).toEqual({
      kind: 'stop',
      used: true,
      locale: null,
    });
  });

  it('has an address once the host knows it', async () => {
    let baseUrl: string | null = null;
    const world = createWorld({ scheduler: 'none', links: { baseUrl: () => baseUrl } });
    await world.change('BOOKING_CREATED', booked);
    await world.tickAt(due72);
    expect(tokensIn(world)).toEqual({ attend: '', stop: '' });
    baseUrl = base;
    await world.tickAt(due24);
    expect(tokensIn(world).stop).not.toBe('');
  });

  it("shows the call on the host's clock where the recipient's zone is not known", async () => {
    const world = createWorld({ scheduler: 'none', links: { baseUrl: base } });
    const payload = {
      attendees: [{ email: 'guest@example.com', name: 'Guest' }],
      organizer: { name: 'Jane', email: 'jane@example.com', timeZone: 'Asia/Tokyo' },
    };
    await world.change('BOOKING_CREATED', { ...booked, payload });
    await world.tickAt(due72);
    expect((await world.precall.lookAtLink(tokensIn(world).attend)).unwrap()).toMatchObject({
      kind: 'attend',
      locale: null,
      timeZone: 'Asia/Tokyo',
    });
  });

  it('shows the call by the clock of Greenwich where nobody’s zone is known', async () => {
    const { world, tokens } = await mailed({ source: hostless });
    expect((await world.precall.lookAtLink(tokens.attend)).unwrap()).toMatchObject({
      kind: 'attend',
      timeZone: 'UTC',
    });
  });

  it('still shows the call to somebody of whom everything was erased since', async () => {
    const { world, tokens } = await mailed();
    await world.precall.erase(guest);
    expect((await world.precall.lookAtLink(tokens.attend)).unwrap()).toMatchObject({
      kind: 'attend',
      locale: null,
    });
  });

  it('to the feed of calls is none of those in mails', async () => {
    const { world } = await mailed({ links: { baseUrl: base, secret: 'a-secret-of-the-host' } });
    const { feedUrl } = (await world.precall.desk.health()).unwrap();
    const token = feedUrl?.split('/calendar/')[1]?.replace('.ics', '') ?? '';
    expect((await world.precall.calendarFeed(token)).unwrap()?.events).toHaveLength(1);
    expect((await world.precall.useLink(token)).unwrap()).toEqual({ kind: 'unknown' });
  });

  it('of another secret, or of none, is unknown', async () => {
    const { world, tokens } = await mailed({ links: { baseUrl: base, secret: 'a-secret-of-the-host' } });
    expect((await world.precall.lookAtLink(tokens.attend)).unwrap().kind).toBe('attend');
    const other = await mailed();
    for (const token of Object.values(tokens))
      expect((await other.world.precall.useLink(token)).unwrap()).toEqual({ kind: 'unknown' });
    const without = createWorld({ scheduler: 'none' });
    expect((await without.precall.useLink(tokens.stop)).unwrap()).toEqual({ kind: 'unknown' });
  });

  it('is in no mail of a host without an address, and no header either', async () => {
    const world = createWorld({ scheduler: 'none' });
    await world.change('BOOKING_CREATED', booked);
    await world.tickAt(due72);
    expect(world.mailer.sent.at(-1)?.message.text).not.toContain('/link/');
    expect(world.mailer.sent.at(-1)?.message.unsubscribe).toBeUndefined();
  });
});
