import { describe, expect, it } from 'vitest';
import { call, errorOf, eventShown, kindsAsked, moved, onBench } from './bench.ts';

describe('put', () => {
  it('makes an event with our id, in one request, and tells nobody', async () => {
    await onBench(async ({ calendar, google }) => {
      await calendar.put(call);
      expect(kindsAsked(google)).toEqual(['token', 'insert']);
      const [, insert] = google.requests;
      expect(insert?.path).toBe(
        '/calendar/v3/calendars/calls%40group.calendar.google.com/events?sendUpdates=none',
      );
      expect(JSON.parse(insert?.body ?? '')).toEqual({
        id: call.id,
        status: 'confirmed',
        summary: 'Diagnostic call',
        location: 'https://meet.example.com/abc',
        description: 'Ana Ruiz\nBen Łukasz',
        start: { dateTime: '2026-03-05T15:00:00Z' },
        end: { dateTime: '2026-03-05T15:30:00Z' },
      });
    });
  });

  it('brings back an event that people removed, at its new time', async () => {
    await onBench(async ({ calendar, google }) => {
      await calendar.put(call);
      google.edit(call.id, { status: 'cancelled', sequence: 4 });
      expect((await calendar.put(moved)).isOk()).toBe(true);
      expect(google.events().map(eventShown)).toEqual([moved]);
    });
  });

  it('leaves what people added to an event, but takes their words and repetitions away', async () => {
    await onBench(async ({ calendar, google }) => {
      await calendar.put(call);
      const attendees = [{ email: 'colleague@example.com' }];
      const theirs = { attendees, colorId: '7', sequence: 3 };
      google.edit(call.id, { ...theirs, summary: 'Mine', recurrence: ['RRULE:FREQ=DAILY'] });
      await calendar.put(moved);
      const [event] = google.events();
      expect(event).toMatchObject({ attendees, colorId: '7', summary: 'Diagnostic call', sequence: 4 });
      expect(Object.keys(event ?? {})).not.toContain('recurrence');
      expect(google.requests.every(({ kind, path }) => kind !== 'update' || path.includes('=none'))).toBe(
        true,
      );
    });
  });

  it('names as many as there is room for, and lets no name be HTML', async () => {
    await onBench(async ({ calendar, google }) => {
      const names = ['Eve <img src=x>', ...Array.from({ length: 500 }, (_, n) => `Somebody number ${n}`)];
      expect((await calendar.put({ ...call, names })).isOk()).toBe(true);
      const [first, ...more] = (google.events()[0]?.description ?? '').split('\n');
      expect(first).toBe('Eve img src=x');
      expect(more.at(-1)).toBe(`Somebody number ${more.length - 1}`);
      expect(more.length).toBeGreaterThan(300);
    });
  });

  it('is undone nowhere by an answer that was lost: the same again ends in the one event', async () => {
    await onBench(async ({ calendar, google }) => {
      for (const kind of ['insert', 'update'] as const) {
        google.failNext('cut_after', { kind });
        expect((await errorOf(calendar.put(call))).kind).toBe('unknown');
        expect(google.events().map(eventShown)).toEqual([call]);
      }
      expect((await calendar.put(call)).isOk()).toBe(true);
      expect(google.events()).toHaveLength(1);
    });
  });

  it('has done nothing where the event that is there could not be read', async () => {
    await onBench(async ({ calendar, google }) => {
      await calendar.put(call);
      google.failNext({ status: 500 }, { kind: 'get' });
      expect((await errorOf(calendar.put(moved))).kind).toBe('unavailable');
      expect(google.events().map(eventShown)).toEqual([call]);
    });
  });
});

describe('remove', () => {
  it('is Ok for an event that is gone, however it went, and for one that never was', async () => {
    await onBench(async ({ calendar, google }) => {
      expect((await calendar.remove(call.id)).isOk()).toBe(true);
      await calendar.put(call);
      google.edit(call.id, { status: 'cancelled' });
      expect((await calendar.remove(call.id)).isOk()).toBe(true);
    });
  });

  it('does not take a calendar that is no longer shared for one without the event', async () => {
    await onBench(async ({ calendar, google }) => {
      await calendar.put(call);
      google.setRole('none');
      expect(await errorOf(calendar.remove(call.id))).toMatchObject({
        kind: 'unavailable',
        reason: expect.stringMatching(/404 \(notFound\): no calendar of this id, or it is not shared/),
      });
      google.setRole('writer');
      google.failNext({ status: 404, reason: 'notFound' }, { kind: 'remove' });
      google.failNext({ status: 503 }, { kind: 'calendar' });
      expect((await errorOf(calendar.remove(call.id))).kind).toBe('unavailable');
      expect(google.events()).toHaveLength(1);
    });
  });
});
