// What is kept about a person is not what it should be, or of a newer version: they wait, and nobody else does.
import { type AttemptId, type DeliveryEvents, Ok, type Stored, Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { createWorld, guest } from './world.ts';

const page = { limit: 50, cursor: null };
const other = 'other@example.com';
const seats = { uid: 'seats', payload: { seatsPerTimeSlot: 5 } };
const firstDue = '2026-11-30T15:00:00Z';
const saidNow = Temporal.Instant.from(firstDue);
const events: DeliveryEvents = {
  verify: () => 'authentic',
  parse: (json) =>
    Ok((json as AttemptId[]).map((attempt) => ({ attempt, said: 'bounced' as const, at: saidNow }))),
};

/** Both have a seat in a call, and the guest's record is one that only a newer version can read. */
async function upgraded() {
  const world = createWorld({
    scheduler: 'none',
    links: { baseUrl: 'https://calls.example.com' },
    mailer: (mailer) => ({ ...mailer, events }),
  });
  await world.change('BOOKING_CREATED', { ...seats, attendees: [guest] });
  await world.precall.tick();
  const [person] = (await world.store.list('person', page)).unwrap().items;
  if (!person) throw new Error('the CRM lane keeps a record of who booked');
  /** As it is, but of that version. */
  const keepAs = async (version: number) => {
    const [now = person] = (await world.store.find([person.id])).unwrap();
    const put: Stored = { ...now, version, revision: now.revision + 1 };
    await world.store.save([{ put, expected: now.revision, history: [] }]);
  };
  return { ...world, person: person.id, upgrade: () => keepAs(9), mend: () => keepAs(1) };
}

const told = ({ troubles }: { readonly troubles: readonly { readonly kind: string }[] }) =>
  troubles.map(({ kind }) => kind);

describe('a person whose record cannot be read', () => {
  it('gets no message until it can be, and everybody else gets theirs', async () => {
    const world = await upgraded();
    await world.upgrade();
    await world.change('BOOKING_CREATED', { ...seats, attendees: [other] });
    await world.tickAt(firstDue);
    expect(world.sent()).toEqual([`${other} ${firstDue}`]);
    expect(told(world)).toContain('record_failed');
    await world.mend();
    await world.tickAt('2026-11-30T15:05:00Z');
    expect(world.sent()).toEqual([`${other} ${firstDue}`, `${guest} 2026-11-30T15:05:00Z`]);
  });

  it('keeps the CRM of those in the same call as it should be', async () => {
    const world = await upgraded();
    await world.change('BOOKING_CREATED', { ...seats, attendees: [other] });
    await world.precall.tick();
    await world.upgrade();
    const left = { uid: 'seats', said: '2026-11-23T12:05:00Z', attendees: [other] };
    await world.change('BOOKING_CANCELLED', { ...left, payload: seats.payload });
    await world.precall.tick();
    expect(world.fields()[other]).toMatchObject({ 'Booking Status': 'Not Booked' });
  });

  it('may have been erased: what is said of them is put in quarantine, and taken in once it can be read', async () => {
    const world = await upgraded();
    await world.upgrade();
    const answer = await world.say('BOOKING_CREATED', { uid: 'new', attendees: [guest] });
    expect(answer).toMatchObject({ kind: 'not_understood' });
    const [kept] = (await world.precall.quarantine(page)).unwrap().items;
    await world.mend();
    expect(await world.precall.replay(kept?.id ?? '')).toMatchObject({
      kind: 'taken',
      booking: 'calcom:new',
    });
  });

  it('is shown with their bookings, and is refused what their record would have to hold', async () => {
    const world = await upgraded();
    await world.tickAt(firstDue);
    const [mail] = world.mailer.sent;
    await world.upgrade();
    expect((await world.precall.bookings({ page })).unwrap().items.map(({ id }) => id)).toEqual([
      'calcom:seats',
    ]);
    const reminder = (await world.booking('seats'))?.reminders[1];
    const stop = /\/link\/(s\S+)/.exec(mail?.message.text ?? '')?.[1] ?? '';
    const by = 'operator';
    for (const refused of [
      world.precall.useLink(stop),
      world.precall.desk.suppress(guest, { by }),
      world.precall.desk.sendNow('calcom:seats' as never, { key: reminder?.key as never, by }),
    ])
      expect((await refused).unwrapErr()).toEqual({
        kind: 'rejected',
        reason: 'what is kept about them is damaged, or of a newer version',
      });
  });

  it('keeps back nothing else that a provider tells', async () => {
    const world = await upgraded();
    await world.change('BOOKING_CREATED', { ...seats, attendees: [other] });
    await world.tickAt(firstDue);
    await world.upgrade();
    const attempts = world.mailer.sent.map(({ attemptId }) => attemptId);
    const body = new TextEncoder().encode(JSON.stringify(attempts));
    expect(await world.precall.deliveryEvents({ headers: {}, body })).toMatchObject({ kind: 'taken' });
    await world.tickAt('2026-12-02T15:00:00Z');
    const states = (await world.booking('seats'))?.reminders.filter(({ rule }) => rule === '24h');
    expect(states?.map(({ recipient, state, reason }) => [recipient, state, reason])).toContainEqual([
      other,
      'dropped',
      'suppressed',
    ]);
  });

  it('is not spoken of in a delivery that cannot be read either, once they are erased', async () => {
    const world = await upgraded();
    await world.post({ triggerEvent: 'BOOKING_CREATED', payload: {} });
    const [kept] = (await world.store.list('delivery', page)).unwrap().items;
    if (!kept) throw new Error('what is not understood is kept');
    await world.store.save([{ put: { ...kept, revision: 2, body: '' }, expected: 1, history: [] }]);
    const [shown] = (await world.precall.quarantine(page)).unwrap().items;
    expect(shown?.reason).toBe('what was kept of it is damaged, or of a newer version');
    expect(await world.precall.replay(shown?.id ?? '')).toBeNull();
    await world.precall.erase(guest);
    expect((await world.precall.quarantine(page)).unwrap().items).toEqual([]);
  });

  it('is erased from their bookings, and that something of them is left is told', async () => {
    const world = await upgraded();
    await world.upgrade();
    expect((await world.precall.erase(guest)).unwrapErr()).toMatchObject({
      reason: '1 of their records, damaged or of a newer version; in all others they are erased',
    });
    const [booking] = (await world.store.list('booking', page)).unwrap().items;
    expect(booking?.body).not.toContain(guest);
  });
});
