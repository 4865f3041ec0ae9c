// A Precall that answers what a test gives it, and a plain request.
import {
  bookingId,
  type Desk,
  defaultPolicy,
  type Headers,
  Ok,
  type Precall,
  type ReminderKey,
  type Taken,
  Temporal,
} from '@precall/core';
import type { PlainBody, PlainRequest } from '@precall/http';

export function givenPrecall(given: Partial<Precall> = {}): Precall {
  const nothing = { items: [], next: null };
  return {
    receive: async () => taken,
    deliveryEvents: async () => ({ kind: 'not_configured' }),
    tick: async () => undefined,
    start: async () => Ok(undefined),
    stop: async () => undefined,
    ready: async () => true,
    erase: async () => Ok({ bookings: 0 }),
    explain: (reason) => reason,
    bookings: async () => Ok(nothing),
    booking: async () => Ok(null),
    calendarFile: async () => Ok(null),
    upcoming: async () => Ok(nothing),
    quarantine: async () => Ok(nothing),
    calendarFeed: async () => Ok(null),
    lookAtLink: async () => Ok({ kind: 'unknown' }),
    useLink: async () => Ok({ kind: 'unknown' }),
    measure: async () =>
      Ok({
        at: Temporal.Instant.from('2026-11-23T12:00:00Z'),
        nextMailAt: null,
        plans: 0,
        crmWaiting: 0,
        quarantined: 0,
        heardAt: Temporal.Instant.from('2026-11-23T12:00:00Z'),
        sending: 0,
        unsaved: 0,
      }),
    replay: async () => null,
    desk: givenDesk(),
    ...given,
  };
}

export function givenDesk(given: Partial<Desk> = {}): Desk {
  return {
    inspect: async () => Ok(null),
    search: async () => Ok({ items: [], looked: 0, next: null }),
    health: async () =>
      Ok({
        started: true,
        nextMailAt: null,
        nextCrmAt: null,
        crmWaiting: 0,
        sending: 0,
        unsaved: 0,
        mailerPausedUntil: null,
        comparedUntil: null,
        feedUrl: null,
        troubles: [],
      }),
    tryPolicy: () => {
      const { rules, content, ...policy } = defaultPolicy;
      return { policy, reminders: [] };
    },
    outcomes: async () => Ok({ rows: [], bookings: 0, unreadable: 0, isAll: true }),
    sendNow: async () => Ok('done'),
    drop: async () => Ok('done'),
    mark: async () => Ok('done'),
    replan: async () => Ok('done'),
    writeCrm: async () => Ok('done'),
    suppress: async () => Ok('done'),
    lift: async () => Ok('done'),
    erase: async () => Ok({ bookings: 0 }),
    replay: async () => null,
    ...given,
  };
}

export function plainRequest(
  line: string,
  given: { readonly headers?: Headers; readonly body?: PlainBody | Promise<PlainBody> } = {},
): PlainRequest {
  const [method = '', target = ''] = line.split(' ');
  const [path = '', query] = target.split('?');
  return {
    method,
    path,
    query: new URLSearchParams(query),
    headers: given.headers ?? {},
    body: async () => given.body ?? new Uint8Array(),
  };
}

/** Notes what it is asked, and always answers the same. */
export function noting<Asked, Answer>(asked: Asked[], answer: Answer): (what: Asked) => Promise<Answer> {
  return async (what) => {
    asked.push(what);
    return answer;
  };
}

export const moment = (text: string): Temporal.Instant => Temporal.Instant.from(text);

export const taken: Taken = {
  kind: 'taken',
  status: 'scheduled',
  booking: bookingId('calcom', '8f1c0d9e2b'),
  startAt: moment('2026-12-03T15:00:00Z'),
  reminders: [{ key: 'k24' as ReminderKey, rule: '24h', dueAt: moment('2026-12-02T15:00:00Z') }],
  skipped: [
    {
      key: 'k72' as ReminderKey,
      rule: '72h',
      dueAt: moment('2026-11-30T15:00:00Z'),
      reason: 'moment_passed',
    },
  ],
  dropped: [{ key: 'old' as ReminderKey, reason: 'superseded' }],
};
