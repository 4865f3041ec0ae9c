// What the history of a booking gains by what its source says, word for word.
import { describe, expect, it } from 'vitest';
import { createWorld, guest } from './world.ts';

type World = ReturnType<typeof createWorld>;
const quiet = { scheduler: 'none' } as const;
const startAt = '2026-12-03T15:00:00Z';
const movedTo = '2026-12-10T15:00:00Z';

/** What happened, and the status and start that the booking had by then. */
const told = async (world: World, uid = 'u1') =>
  (await world.booking(uid))?.history.map(({ what, detail }) =>
    what === 'reminder_dropped' ? `dropped: ${detail.reason}` : [what, detail.status, detail.startAt],
  );
const mark = (world: World, noShow: boolean, said: string) =>
  world.change('BOOKING_NO_SHOW_UPDATED', { said, payload: { attendees: [{ email: guest, noShow }] } });

describe('the history of a booking', () => {
  it('begins where it was booked, and gains nothing from what nobody could see', async () => {
    const world = createWorld(quiet);
    await world.change('BOOKING_CREATED');
    await world.say('BOOKING_CREATED', { said: '2026-11-23T12:00:01Z' });
    expect(await told(world)).toEqual([['booked', 'agreed', startAt]]);
  });

  it('says of a call moved in place when it is, and which reminders fell away', async () => {
    const world = createWorld(quiet);
    const { reminders } = await world.change('BOOKING_CREATED');
    const said = '2026-11-23T12:00:01Z';
    await world.change('BOOKING_RESCHEDULED', { start: movedTo, said, payload: { rescheduleUid: 'u1' } });
    const dropped = Array.from(reminders, () => 'dropped: superseded');
    expect(await told(world)).toEqual([
      ['booked', 'agreed', startAt],
      ['moved', 'agreed', movedTo],
      ...dropped,
    ]);
    const keys = (await world.booking('u1'))?.history.flatMap(({ detail }) => detail.key ?? []);
    expect(keys).toEqual(reminders.map(({ key }) => key));
  });

  it('says of a call moved into another booking that it moved, and of that one that it was booked', async () => {
    const world = createWorld({ ...quiet, policy: { rules: [] } });
    await world.change('BOOKING_CREATED');
    const move = { uid: 'u2', start: movedTo, said: '2026-11-23T12:00:01Z' };
    await world.change('BOOKING_RESCHEDULED', { ...move, payload: { rescheduleUid: 'u1' } });
    expect(await told(world)).toEqual([
      ['booked', 'agreed', startAt],
      ['moved', 'superseded', startAt],
    ]);
    expect(await told(world, 'u2')).toEqual([['booked', 'agreed', movedTo]]);
  });

  it('says that a call was cancelled, once', async () => {
    const world = createWorld({ ...quiet, policy: { rules: [] } });
    await world.change('BOOKING_CREATED');
    await world.change('BOOKING_CANCELLED');
    await world.say('BOOKING_LOCATION_UPDATED', {
      said: '2026-11-23T12:01:00Z',
      payload: { location: 'The library' },
    });
    expect(await told(world)).toEqual([
      ['booked', 'agreed', startAt],
      ['cancelled', 'cancelled', startAt],
      ['updated', 'cancelled', startAt],
    ]);
  });

  it('says that a request came, was declined, and was agreed after all', async () => {
    const world = createWorld({ ...quiet, policy: { rules: [] } });
    await world.change('BOOKING_REQUESTED', { said: '2026-11-23T10:00:00Z' });
    await world.change('BOOKING_REJECTED', { said: '2026-11-23T11:00:00Z' });
    await world.change('BOOKING_CREATED', { said: '2026-11-23T11:30:00Z' });
    expect(await told(world)).toEqual([
      ['updated', 'awaiting', startAt],
      ['declined', 'declined', startAt],
      ['booked', 'agreed', startAt],
    ]);
  });

  it('says that another place is a change, and no move', async () => {
    const world = createWorld({ ...quiet, policy: { rules: [] } });
    await world.change('BOOKING_CREATED');
    const place = { said: '2026-11-23T12:01:00Z', payload: { location: 'The library' } };
    await world.change('BOOKING_LOCATION_UPDATED', place);
    expect((await told(world))?.at(-1)).toEqual(['updated', 'agreed', startAt]);
  });

  it('says that somebody did not come, and that they came after all', async () => {
    const world = createWorld({ ...quiet, policy: { rules: [] }, now: '2026-12-03T15:45:00Z' });
    await world.change('BOOKING_CREATED');
    await mark(world, true, '2026-12-03T15:40:00Z');
    const place = { said: '2026-12-03T15:41:00Z', payload: { location: 'The library' } };
    await world.change('BOOKING_LOCATION_UPDATED', place);
    await mark(world, false, '2026-12-03T15:42:00Z');
    expect((await told(world))?.map(([what]) => what)).toEqual(['booked', 'no_show', 'updated', 'attended']);
  });

  it('knows no start where nobody said one', async () => {
    const world = createWorld({ ...quiet, policy: { rules: [] } });
    await world.say('BOOKING_NO_SHOW_UPDATED', { payload: { attendees: [{ email: guest, noShow: true }] } });
    expect((await told(world))?.map(([what, , start]) => [what, start])).toEqual([['no_show', null]]);
  });
});
