import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contribution } from '../../core/src/contribution.ts';
import { at, joined, names, said, who } from '../../core/test/in-orders.ts';
import { eventFor } from './readme-example.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe('the example of the README', () => {
  it('is the one that is compiled here', () => {
    expect(/```ts\n(.*?)```/s.exec(read('../README.md'))?.[1]).toBe(read('readme-example.ts'));
  });

  it('gives the file and its method', () => {
    const booked = said('BOOKING_CREATED', {
      attendees: ['ada@example.com'],
      payload: { seatsPerTimeSlot: null },
    });
    const bookings = joined([contribution(booked, names)]);
    const event = eventFor([names.booking('u1'), who('ada')], bookings, at('2026-11-24T12:00:00Z'));
    const uid = 'UID:unique-identifier-string@example.com'; // as the sample's `iCalUID` says
    expect(event).toMatchObject({ method: 'REQUEST', content: expect.stringContaining(uid) });
    expect(eventFor([names.booking('u2'), who('ada')], bookings, at('2026-11-24T12:00:00Z'))).toBe(null);
  });
});
