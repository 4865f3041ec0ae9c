// Short stories for the crash points: each is told to the end whatever call a worker dies at.
import { type BookingUpdate, Temporal, type UpdateAttendee, type UpdateKind } from '@precall/core';
import type { PolicySpec } from './policies.ts';
import { usualPolicy } from './policies.ts';

/** What happens at a minute of the story: something is said, somebody is erased, or the workers get another policy. */
export type Turn =
  | { readonly minute: number; readonly say: BookingUpdate }
  | { readonly minute: number; readonly erase: string }
  | { readonly minute: number; readonly restart: PolicySpec }
  | { readonly minute: number; readonly strange: BookingUpdate };

export interface Scenario {
  readonly name: string;
  readonly workers: 1 | 2;
  readonly turns: readonly Turn[];
}

const minuteMs = 60_000;
export const storyStartMs = Date.UTC(2026, 2, 2, 12);

/** Ten and five minutes before, and five minutes after. */
export const storyPolicy: PolicySpec = {
  ...usualPolicy,
  name: 'story',
  rules: [
    { name: 'first', beforeMs: 10 * minuteMs },
    { name: 'second', beforeMs: 5 * minuteMs },
    { name: 'after', afterMs: 5 * minuteMs },
    { name: 'rebook', afterNoShowMs: 3 * minuteMs },
  ],
  minimumLeadMs: 0,
};
const otherPolicy: PolicySpec = {
  ...storyPolicy,
  name: 'other',
  rules: [...storyPolicy.rules, { name: 'earlier', beforeMs: 14 * minuteMs }],
};

const person = (name: string): UpdateAttendee => ({
  email: `${name}@example.com`,
  mailable: true,
  name,
  firstName: name,
  timeZone: 'UTC',
  locale: 'en',
  links: null,
});
const [ana, ben] = [person('ana'), person('ben')];

interface Said extends Partial<BookingUpdate> {
  /** Of the call's start. */
  readonly at?: number;
  readonly from?: string;
}

/** `minute` may hold a fraction: turns of the same second. */
function say(
  minute: number,
  kind: UpdateKind,
  uid: string,
  said: Said = {},
): Extract<Turn, { say: unknown }> {
  const { at = 20, from, ...rest } = said;
  const moment = instant(minute);
  const time = { startAt: instant(at), endAt: instant(at + 10) };
  return {
    minute,
    say: {
      kind,
      uid,
      saidAt: moment,
      receivedAt: moment,
      time,
      place: { kind: 'link', url: `https://meet.example/${uid}` },
      host: { name: 'Host', timeZone: 'UTC' },
      about: { title: `Call ${uid}`, eventType: 'intro' },
      seated: false,
      attendees: [ana],
      needsConfirmation: false,
      by: 'attendee',
      moving: false,
      replaces: from === undefined ? null : { uid: from, time: { startAt: instant(20), endAt: instant(30) } },
      noShows: [],
      ...rest,
    },
  };
}

function instant(minute: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(storyStartMs + Math.round(minute * minuteMs));
}

const stories: { readonly [name: string]: readonly Turn[] } = {
  'a call and its reminders': [say(1, 'agreed', 'a')],
  'moved before its first reminder': [say(1, 'agreed', 'a'), say(5, 'moved', 'b', { at: 25, from: 'a' })],
  'moved between its reminders': [say(1, 'agreed', 'a'), say(12, 'moved', 'b', { at: 30, from: 'a' })],
  'cancelled between its reminders': [say(1, 'agreed', 'a'), say(12, 'cancelled', 'a')],
  'cancelled at the very moment': [say(1, 'agreed', 'a'), say(10, 'cancelled', 'a')],
  'asked to move by the host': [
    say(1, 'agreed', 'a'),
    say(3, 'cancelled', 'a', { by: 'host', moving: true }),
    say(4, 'moved', 'b', { at: 24, from: 'a' }),
  ],
  'requested and confirmed': [say(1, 'requested', 'a', { needsConfirmation: true }), say(4, 'agreed', 'a')],
  'declined, then confirmed': [
    say(1, 'requested', 'a', { needsConfirmation: true }),
    say(3, 'declined', 'a'),
    say(6, 'agreed', 'a'),
  ],
  'paid, and told so before it is created': [
    say(1, 'payment_opened', 'a'),
    say(2.001, 'paid', 'a', { place: null }),
    say(2.002, 'agreed', 'a'),
  ],
  'a move that must be confirmed': [
    say(1, 'agreed', 'a'),
    say(3, 'requested', 'b', { at: 25, from: 'a', needsConfirmation: true }),
    say(5, 'agreed', 'b', { at: 25 }),
  ],
  'seats taken, left and taken again': [
    say(1, 'agreed', 'a', { seated: true }),
    say(2, 'agreed', 'a', { seated: true, attendees: [ben] }),
    say(3, 'cancelled', 'a', { seated: true, attendees: [ben] }),
    say(4, 'agreed', 'a', { seated: true, attendees: [ben] }),
  ],
  'one seat moves away': [
    say(1, 'agreed', 'a', { seated: true }),
    say(2, 'agreed', 'a', { seated: true, attendees: [ben] }),
    say(11, 'moved', 'b', { seated: true, attendees: [ben], at: 28, from: 'a' }),
  ],
  'seats moved in place by the host': [
    say(1, 'agreed', 'a', { seated: true }),
    say(2, 'agreed', 'a', { seated: true, attendees: [ben] }),
    say(3, 'moved', 'a', { seated: true, at: 26, from: 'a', by: 'host' }),
  ],
  'a link that comes late': [
    say(1, 'agreed', 'a', { place: { kind: 'pending' } }),
    say(11, 'place_changed', 'a', { place: { kind: 'link', url: 'https://meet.example/late' } }),
  ],
  'another host': [
    say(1, 'agreed', 'a'),
    say(12, 'host_changed', 'a', { place: { kind: 'link', url: 'https://meet.example/other' } }),
  ],
  'three calls at one moment': [
    say(1, 'agreed', 'a'),
    say(1.5, 'agreed', 'b', { attendees: [ben] }),
    say(2, 'agreed', 'c', { attendees: [person('eve')] }),
  ],
  'cancelled before it is created': [say(1.1, 'cancelled', 'a'), say(1.2, 'agreed', 'a')],
  'moved before it is created': [say(1, 'moved', 'b', { at: 22, from: 'a' }), say(1.1, 'agreed', 'a')],
  'a storm of moves': [
    say(1, 'agreed', 'a'),
    say(9.95, 'moved', 'b', { at: 22, from: 'a' }),
    say(10, 'moved', 'c', { at: 24, from: 'b' }),
    say(10.05, 'moved', 'd', { at: 26, from: 'c' }),
  ],
  'said twice': [say(1, 'agreed', 'a'), say(1.0001, 'agreed', 'a'), say(1.0002, 'agreed', 'a')],
  'nobody came': [
    say(1, 'agreed', 'a'),
    say(31, 'no_show', 'a', { noShows: [{ email: ana.email, noShow: true }] }),
  ],
  'did not come, came, did not come': [
    say(1, 'agreed', 'a'),
    say(31, 'no_show', 'a', { noShows: [{ email: ana.email, noShow: true }] }),
    say(32, 'no_show', 'a', { noShows: [{ email: ana.email, noShow: false }] }),
    say(33, 'no_show', 'a', { noShows: [{ email: ana.email, noShow: true }] }),
  ],
  'did not come, and has another call': [
    say(1, 'agreed', 'a'),
    say(31, 'no_show', 'a', { noShows: [{ email: ana.email, noShow: true }] }),
    say(32, 'agreed', 'b', { at: 35 }),
  ],
  'a person erased': [say(1, 'agreed', 'a'), { minute: 12, erase: ana.email }],
  'another policy from one minute to the next': [say(1, 'agreed', 'a'), { minute: 3, restart: otherPolicy }],
  'something not understood': [say(1, 'agreed', 'a'), { minute: 2, strange: say(2, 'agreed', 'x').say }],
};

/** Each with one worker, and again with two. */
export const scenarios: readonly Scenario[] = Object.entries(stories).flatMap(([name, turns]) => [
  { name, workers: 1, turns },
  { name: `${name}, two workers`, workers: 2, turns },
]);
