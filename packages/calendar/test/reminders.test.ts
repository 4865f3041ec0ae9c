// What comes with the reminders of a call on its way, from webhook to mail, read by a calendar that is not ours.
import type { BookingId } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { naughty } from '../../core/test/naughty.ts';
import { createWorld, guest } from '../../core/test/world.ts';
import { calendarFiles } from '../src/index.ts';
import { createCalendar } from './calendar-model.ts';

const policy = {
  calendarFile: calendarFiles({ organizer: { email: 'calls@example.com', name: 'Example Ltd' } }),
};
const moved = (uid: string, from: string, start: string, said: string) =>
  ({ uid, start, said, payload: { rescheduleUid: from } }) as const;
const [due1, due2, due3] = ['2026-11-30T15:00:00Z', '2026-12-07T15:00:00Z', '2026-12-14T15:00:00Z'] as const;
const [start1, start2, start3] = [
  '2026-12-03T15:00:00Z',
  '2026-12-10T15:00:00Z',
  '2026-12-17T15:00:00Z',
] as const;
const u3 = 'calcom:u3' as BookingId;

/** A call that is reminded of, moved, reminded of, moved, reminded of and cancelled; and what a calendar shows at each step. */
async function onItsWay(iCalUID: string | undefined) {
  const world = createWorld({ scheduler: 'none', policy });
  const calendar = createCalendar();
  const seen: unknown[] = [];
  const look = (file: string | undefined) => {
    if (file !== undefined) calendar.take(file);
    seen.push(calendar.entries().map(({ start, sequence }) => `${start} ${sequence}`));
  };
  const mailed = () => world.mailer.sent.at(-1)?.message.calendar?.content;
  await world.change('BOOKING_CREATED', { start: start1, payload: { iCalUID } });
  await world.tickAt(due1);
  look(mailed());
  await world.change('BOOKING_RESCHEDULED', moved('u2', 'u1', start2, due1));
  await world.tickAt(due2);
  look(mailed());
  await world.change('BOOKING_RESCHEDULED', moved('u3', 'u2', start3, due2));
  await world.tickAt(due3);
  look(mailed());
  const uid = /\r\nUID:(.*)\r\n/.exec(mailed() ?? '')?.[1];
  await world.change('BOOKING_CANCELLED', { uid: 'u3', start: start3, said: due3 });
  const cancel = (await world.precall.calendarFile(u3, guest)).unwrap();
  look(cancel?.content);
  return { world, seen, uid, cancel };
}

describe('the files with the reminders of a call that is moved twice and cancelled', () => {
  it('move one entry, and the last one, for a mail of one’s own, takes it away', async () => {
    const { world, seen, cancel } = await onItsWay(undefined);
    expect(seen).toEqual([[`${start1} 0`], [`${start2} 1`], [`${start3} 2`], []]);
    expect(cancel?.method).toBe('CANCEL');
    expect(world.mailer.sent.map(({ message }) => message.calendar?.method)).toEqual(
      Array.from({ length: 3 }, () => 'REQUEST'),
    );
  });

  it('keep the UID of the first invitation, whatever is named later', async () => {
    const world = createWorld({ scheduler: 'none', policy });
    await world.change('BOOKING_CREATED', { start: start1, payload: { iCalUID: 'first@cal.example' } });
    await world.at('2026-11-25T12:00:00Z');
    const other = { iCalUID: 'other@cal.example' };
    const again = { start: start2, said: '2026-11-24T12:00:00Z', payload: { rescheduleUid: 'u1', ...other } };
    await world.change('BOOKING_RESCHEDULED', again);
    await world.change('BOOKING_CANCELLED', {
      start: start2,
      said: '2026-11-25T12:00:00Z',
      payload: other,
    });
    const file = (await world.precall.calendarFile('calcom:u1' as BookingId, guest)).unwrap();
    expect(file?.content).toContain('\r\nUID:first@cal.example\r\n');
  });

  it.each([
    ['first@cal.example', 'second@cal.example', 'first@cal.example'],
    [undefined, 'second@cal.example', 'second@cal.example'],
  ])('of a call moved to another booking, of UIDs %s and %s, keep %s', async (first, second, kept) => {
    const world = createWorld({ scheduler: 'none', policy });
    await world.change('BOOKING_CREATED', { start: start1, payload: { iCalUID: first } });
    await world.at(due1);
    const again = moved('u2', 'u1', start2, due1);
    await world.change('BOOKING_RESCHEDULED', {
      ...again,
      payload: { ...again.payload, iCalUID: second },
    });
    const file = (await world.precall.calendarFile('calcom:u2' as BookingId, guest)).unwrap();
    expect(file?.content).toContain(`\r\nUID:${kept}\r\n`);
  });

  it('bear the UID of the invitation, where the booking page said it, else the one it would have', async () => {
    expect((await onItsWay('said-by-the-page@cal.example')).uid).toBe('said-by-the-page@cal.example');
    expect((await onItsWay(undefined)).uid).toBe('u1@Cal.com');
  });
});

describe('calendarFiles', () => {
  it('gives no file to guests, who are to have no word that can cancel the call', async () => {
    const world = createWorld({ scheduler: 'none', policy: { ...policy, remindGuests: true } });
    await world.change('BOOKING_CREATED', { attendees: [guest, 'bob@example.com'] });
    await world.tickAt(due1);
    expect(world.mailer.sent.map(({ message }) => [message.to, message.calendar?.fileName])).toEqual([
      [guest, 'call.ics'],
      ['bob@example.com', undefined],
    ]);
  });

  it('gives one to everybody who has a seat', async () => {
    const world = createWorld({ scheduler: 'none', policy });
    const seat = (email: string) => ({ attendees: [email], payload: { seatsPerTimeSlot: 5 } });
    await world.change('BOOKING_CREATED', seat(guest));
    await world.change('BOOKING_CREATED', seat('bob@example.com'));
    await world.tickAt(due1);
    expect(world.mailer.sent.map(({ message }) => message.calendar?.method)).toEqual(['REQUEST', 'REQUEST']);
  });

  it('keeps hostile names in their place, all the way from the webhook', async () => {
    const titles = naughty.map((name, n) => ({ name, uid: `n${n}` }));
    const world = createWorld({ scheduler: 'none', policy: { ...policy, messagesPerDay: null } });
    for (const { name, uid } of titles) {
      const attendees = [{ email: guest, name, timeZone: 'Europe/Paris', language: { locale: 'en' } }];
      await world.change('BOOKING_CREATED', { uid, payload: { attendees, eventTitle: name, iCalUID: name } });
    }
    for (const { uid } of titles) {
      const file = (await world.precall.calendarFile(`calcom:${uid}` as BookingId, guest)).unwrap();
      const calendar = createCalendar();
      calendar.take(file?.content ?? '');
      expect(calendar.entries()).toEqual([{ start: start1, sequence: 0 }]);
      expect(file?.content.match(/^(BEGIN|ATTENDEE|ORGANIZER|METHOD)[:;]/gm)).toHaveLength(5);
      for (const line of file?.content.split('\r\n') ?? [])
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    }
  });
});
