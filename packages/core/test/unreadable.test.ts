// A record that is not what it should be, or that the policy cannot plan: it is shown as such, and hides no other.
import {
  type AttemptId,
  type DeliveryEvents,
  defaultPolicy,
  type Facts,
  Ok,
  type Rule,
  Temporal,
} from '@precall/core';
import { describe, expect, it } from 'vitest';
import { rulesFor } from '../src/policy.ts';
import { ana } from './agreed-call.ts';
import { createWorld, guest } from './world.ts';

const page = { limit: 50, cursor: null };
const other = 'other@example.com';
const at = Temporal.Instant.from('2026-11-30T16:00:00Z');

/** The policy has no answer for one booking, by its title. */
function withoutAnswer(facts: Facts): readonly Rule[] {
  if (facts.about?.value.title === 'unplanned') throw new Error('no rules for this one');
  return rulesFor(facts, defaultPolicy, ana);
}

type World = ReturnType<typeof createWorld>;

/** The booking `damaged` is no JSON any more. */
async function damage(world: World): Promise<void> {
  const [stored] = (await world.store.find(['booking:calcom:damaged' as never])).unwrap();
  if (!stored) throw new Error('it was booked');
  const put = { ...stored, revision: stored.revision + 1, body: '{"facts":' };
  await world.store.save([{ put, expected: stored.revision, history: [] }]);
}

async function three() {
  const world = createWorld({ scheduler: 'none' });
  await world.change('BOOKING_CREATED', { uid: 'damaged', attendees: [guest] });
  await world.change('BOOKING_CREATED', {
    uid: 'odd',
    payload: { eventTitle: 'unplanned' },
    attendees: [guest],
  });
  await world.change('BOOKING_CREATED', { uid: 'well', attendees: [guest, other] });
  await damage(world);
  await world.restart({ ...defaultPolicy, rules: withoutAnswer });
  return world;
}

const idsIn = (views: readonly { readonly id: string; readonly unreadable?: true }[]) =>
  views.map(({ id, unreadable }) => (unreadable ? `${id} unreadable` : id)).sort();

describe('a record that cannot be read', () => {
  it.each([
    ['in the list of all', {}],
    ['among those of a status', { status: 'agreed' as const }],
    ['among those of an address', { email: guest }],
  ])('is listed as unreadable %s, and the others as they are', async (_, query) => {
    const world = await three();
    const found = (await world.precall.bookings({ page, ...query })).unwrap();
    expect(idsIn(found.items)).toEqual(['calcom:damaged unreadable', 'calcom:odd unreadable', 'calcom:well']);
    expect(found.items.find(({ id }) => id === 'calcom:damaged')).toMatchObject({
      status: 'unknown',
      attendees: [],
      reminders: [],
      crm: null,
    });
  });

  it('is found by its id, and is none of the reminders to come', async () => {
    const world = await three();
    const search = { words: 'damaged', status: null, cursor: null } as never;
    expect(idsIn((await world.precall.desk.search(search)).unwrap().items)).toEqual([
      'calcom:damaged unreadable',
    ]);
    const upcoming = (await world.precall.upcoming(page)).unwrap().items;
    expect(new Set(upcoming.map(({ booking }) => booking))).toEqual(new Set(['calcom:well']));
  });

  it.each(['damaged', 'odd'])('is refused by name where it is looked at alone: %s', async (uid) => {
    const world = await three();
    expect((await world.precall.booking(`calcom:${uid}` as never)).unwrapErr()).toEqual({
      kind: 'rejected',
      reason: 'its record is damaged, or cannot be planned',
    });
  });

  it('is counted among the outcomes as what it is', async () => {
    const world = await three();
    await world.at('2026-12-03T17:00:00Z');
    const counted = (await world.precall.desk.outcomes()).unwrap();
    expect(counted).toMatchObject({ bookings: 3, unreadable: 1, isAll: true });
    expect(counted.rows.reduce((sum, { counts }) => sum + counts.held, 0)).toBe(2);
  });

  it('of the same person keeps nobody from seeing whether they came to another call', async () => {
    const world = await three();
    await world.at('2026-12-03T16:00:00Z');
    await world.change('BOOKING_NO_SHOW_UPDATED', {
      uid: 'well',
      said: '2026-12-03T16:00:00Z',
      payload: {
        attendees: [
          { email: other, noShow: true },
          { email: guest, noShow: true },
        ],
      },
    });
    const found = (await world.precall.booking('calcom:well' as never)).unwrap();
    expect(found?.reminders.find(({ rule }) => rule === 'rebook')?.state).toBe('planned');
  });

  it('keeps neither their CRM nor their way out, nor what is said of other messages', async () => {
    const events: DeliveryEvents = {
      verify: () => 'authentic',
      parse: (json) =>
        Ok((json as AttemptId[]).map((attempt) => ({ attempt, said: 'delivered' as const, at }))),
    };
    const world = createWorld({
      scheduler: 'none',
      links: { baseUrl: 'https://calls.example.com' },
      mailer: (mailer) => ({ ...mailer, events }),
    });
    for (const uid of ['damaged', 'well']) await world.change('BOOKING_CREATED', { uid, attendees: [guest] });
    await world.tickAt('2026-11-30T15:00:00Z');
    const sentOf = async (uid: string) => (await world.booking(uid))?.reminders[0]?.attempts[0];
    const attempts = [(await sentOf('damaged'))?.id, (await sentOf('well'))?.id];
    await damage(world);
    const booked = { uid: 'third', start: '2026-12-02T15:00:00Z', attendees: [guest] };
    await world.change('BOOKING_CREATED', booked);
    await world.precall.tick();
    expect(world.fields()[guest]).toMatchObject({ 'Diagnostic Call Date': '2026-12-02' });
    const look = (await world.precall.desk.inspect('calcom:well' as never)).unwrap();
    expect(look?.wantedFields).toMatchObject({ 'Diagnostic Call Date': '2026-12-02' });

    const body = new TextEncoder().encode(JSON.stringify(attempts));
    expect(await world.precall.deliveryEvents({ headers: {}, body })).toMatchObject({ kind: 'taken' });
    expect(await sentOf('well')).toMatchObject({ delivery: 'delivered' });

    const texts = world.mailer.sent.map(({ message }) => message.text);
    const used = texts.flatMap((text) => [...text.matchAll(/\/link\/(\S+)/g)].map(([, token = '']) => token));
    const kinds = used.map(async (token) => (await world.precall.useLink(token)).unwrap().kind);
    expect((await Promise.all(kinds)).sort()).toEqual([
      'attend',
      'attend',
      'stop',
      'stop',
      'stop',
      'unknown',
    ]);
  });

  it('lets the CRM hear what becomes of the call that replaced it', async () => {
    const world = createWorld({ scheduler: 'none' });
    await world.change('BOOKING_CREATED', { uid: 'damaged', attendees: [guest] });
    const moved = { uid: 'new', attendees: [guest], payload: { rescheduleUid: 'damaged' } };
    await world.change('BOOKING_RESCHEDULED', { ...moved, start: '2026-12-03T15:00:00Z' });
    await world.precall.tick();
    expect(world.fields()[guest]).toMatchObject({ 'Diagnostic Call Date': '2026-12-03' });
    await damage(world);
    await world.change('BOOKING_CANCELLED', { uid: 'new', said: '2026-11-23T12:05:00Z' });
    await world.precall.tick();
    expect(world.fields()[guest]).toMatchObject({ 'Diagnostic Call Date': null });
  });

  it('is told where its people are erased, and they are erased from all others', async () => {
    const world = await three();
    expect((await world.precall.erase(guest)).unwrapErr()).toEqual({
      kind: 'rejected',
      reason: '1 of their records, damaged or of a newer version; in all others they are erased',
    });
    const kept = (await world.store.list('booking', page)).unwrap().items;
    expect(kept.filter(({ body }) => body.includes(guest))).toEqual([]);
    expect((await world.precall.erase(other)).unwrap()).toEqual({ bookings: 1 });
  });

  it('of the same person keeps nothing back that follows another call', async () => {
    const world = await three();
    await world.tickAt('2026-12-03T16:00:00Z');
    await world.change('BOOKING_NO_SHOW_UPDATED', {
      uid: 'well',
      said: '2026-12-03T16:00:00Z',
      payload: { attendees: [{ email: guest, noShow: true }] },
    });
    const before = world.mailer.sent.length;
    await world.tickAt('2026-12-03T17:00:00Z');
    expect(world.mailer.sent.length - before).toBe(1);
  });
});
