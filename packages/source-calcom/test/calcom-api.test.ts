// The API client against a Cal.com on this machine.
import { createMemoryClock } from '@precall/adapter-memory';
import { type Clock, Temporal } from '@precall/core';
import { type CalcomFault, startCalcomStandIn } from '@precall/testing/stand-ins';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCalcomApi } from '../src/index.ts';

const apiKey = 'cal_live_0123456789';
const longAgo = Temporal.Instant.from('2020-01-01T00:00:00Z');
const startAt = Temporal.Instant.fromEpochMilliseconds(Date.now()).add({ hours: 24 * 9 });
const present: Clock = {
  now: () => Temporal.Instant.fromEpochMilliseconds(Date.now()),
  at(moment, run) {
    const timer = setTimeout(run, Math.max(0, moment.epochMilliseconds - Date.now()));
    return () => clearTimeout(timer);
  },
};

let calcom: Awaited<ReturnType<typeof startCalcomStandIn>>;
beforeEach(async () => {
  calcom = await startCalcomStandIn({ apiKey });
});
afterEach(() => calcom.stop());

const apiOf = (options: Partial<Parameters<typeof createCalcomApi>[0]> = {}) =>
  createCalcomApi({ apiKey, clock: present, baseUrl: calcom.url, ...options });

/** All pages of what changed since, as the client gives them. */
async function changed(since = longAgo, limit = 100) {
  const api = apiOf();
  const found = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof api.changedSince>> = await api.changedSince(since, {
      limit,
      cursor,
    });
    if (page.isErr()) throw new Error(page.error.reason);
    found.push(...page.value.items);
    cursor = page.value.next;
  } while (cursor !== null);
  return found;
}

function book(email = 'guest@example.com', more: object = {}): string {
  const [uid] = calcom.book({ email, startAt, ...more });
  if (uid === undefined) throw new Error('nothing was booked');
  return uid;
}

describe('fetch', () => {
  it('tells a booking as it is now, in the words of an update', async () => {
    const uid = book();
    const found = await apiOf().fetch(uid);
    const { createdAt } = calcom.booking(uid);
    expect(found.isOk() && found.value).toMatchObject({
      kind: 'fetched',
      uid,
      saidAt: createdAt,
      time: { startAt, endAt: startAt.add({ minutes: 30 }) },
      place: { kind: 'link' },
      host: { name: 'Jane Doe', timeZone: 'Europe/Vienna' },
      about: { title: null, eventType: '7' },
      seated: false,
      attendees: [{ email: 'guest@example.com', mailable: true, timeZone: 'Europe/Paris', locale: 'en' }],
      replaces: null,
      fetched: { standing: 'agreed', madeAt: createdAt, movedTo: null },
    });
  });

  it("tells the host's address where it was told to keep it", async () => {
    const found = await apiOf({ hostAddress: 'keep' }).fetch(book());
    expect(found.isOk() && found.value?.host?.address?.email).toBe('jane@example.org');
  });

  it('knows what waits, what was declined, and who cancelled', async () => {
    const [waits, declined, byHost, byGuest] = [1, 2, 3, 4].map((index) =>
      book(`g${index}@example.com`, { needsConfirmation: index < 3 }),
    ) as [string, string, string, string];
    calcom.decline(declined);
    calcom.cancel(byHost, 'host');
    calcom.cancel(byGuest);
    const api = apiOf();
    const told = await Promise.all([waits, declined, byHost, byGuest].map((uid) => api.fetch(uid)));
    const words = told.map((one) => one.isOk() && `${one.value?.fetched?.standing} ${one.value?.by}`);
    expect(words).toEqual(['awaiting unknown', 'declined unknown', 'cancelled host', 'cancelled attendee']);
  });

  it('links a moved booking with the one it took the place of, both ways', async () => {
    const old = book();
    const moved = calcom.move(old, startAt.add({ hours: 24 }));
    const [before, after] = await Promise.all([apiOf().fetch(old), apiOf().fetch(moved)]);
    expect(before.isOk() && before.value?.fetched).toMatchObject({ standing: 'cancelled', movedTo: moved });
    expect(after.isOk() && after.value?.replaces).toEqual({ uid: old, time: null });
  });

  it('lists every seat, and makes no move of the booking out of one person moving', async () => {
    const uid = book('a@example.com', { seats: 5 });
    calcom.takeSeat(uid, 'b@example.com');
    const found = await apiOf().fetch(uid);
    expect(found.isOk() && found.value).toMatchObject({
      seated: true,
      attendees: [{ email: 'a@example.com' }, { email: 'b@example.com' }],
    });
  });

  it('finds nothing where there is nothing, also for what can be no uid', async () => {
    const api = apiOf();
    for (const uid of ['nobody', '../me', '', '\ud800', 'a b']) {
      const found = await api.fetch(uid);
      expect(found.isOk() && found.value).toBeNull();
    }
  });

  it('takes nothing for a booking that has another uid, another status or a broken address', async () => {
    const uid = book();
    const shown = JSON.parse(await (await asked(`/v2/bookings/${uid}`)).text()) as { data: object };
    const told = async (change: object) => {
      calcom.failNext({
        status: 200,
        body: JSON.stringify({ ...shown, data: { ...shown.data, ...change } }),
      });
      const found = await apiOf().fetch(uid);
      return found.isOk() ? found.value : found.error;
    };
    expect(await told({})).not.toBeNull();
    expect(await told({ uid: 'another' })).toBeNull();
    expect(await told({ status: 'awaiting_host' })).toBeNull();
    expect(await told({ end: '2020-01-01T00:00:00Z' })).toBeNull();
    expect(await told({ attendees: [{ email: 'a@example.com, b@example.com' }] })).toBeNull();
  });

  it('puts the booker first, with their first name where it is told', async () => {
    const uid = book();
    const shown = JSON.parse(await (await asked(`/v2/bookings/${uid}`)).text()) as { data: object };
    const data = {
      ...shown.data,
      attendees: [{ email: 'friend@example.com' }, { email: 'Guest@example.com', name: 'Ada Lovelace' }],
      bookingFieldsResponses: {
        email: 'guest@example.com',
        name: { firstName: 'Ada' },
        location: { value: 'phone', optionValue: '+43 1 234567' },
      },
      location: 'phone',
      meetingUrl: null,
      metadata: {},
      eventType: null,
      eventTypeId: null,
    };
    calcom.failNext({ status: 200, body: JSON.stringify({ ...shown, data }) });
    const found = await apiOf().fetch(uid);
    expect(found.isOk() && found.value).toMatchObject({
      attendees: [
        { email: 'Guest@example.com', firstName: 'Ada' },
        { email: 'friend@example.com', firstName: null },
      ],
      place: { kind: 'phone', number: '+43 1 234567' },
      about: null,
    });
  });
});

async function asked(path: string): Promise<Response> {
  const headers = { authorization: `Bearer ${apiKey}`, 'cal-api-version': '2026-02-25' };
  return fetch(`${calcom.url}${path}`, { headers });
}

describe('changedSince', () => {
  it('lists what stands to come, occurrences of series, what waits, and what is off: each once, over any pages', async () => {
    const uids = [book(), book('b@example.com', { needsConfirmation: true }), book('c@example.com')];
    calcom.cancel(uids[2] ?? '');
    uids.push(...calcom.book({ email: 'd@example.com', startAt, weeks: 5 }));
    for (const limit of [1, 2, 100, 1000]) {
      const found = await changed(longAgo, limit);
      expect(found.map(({ uid }) => uid).sort()).toEqual(uids.sort());
    }
  });

  it('leaves out what has not changed since, also where Cal.com does not know the filter', async () => {
    const uid = book();
    const shown = await asked(`/v2/bookings/${uid}`);
    const { data } = (await shown.json()) as { data: object };
    const since = present.now().add({ minutes: 1 });
    expect(await changed(since)).toEqual([]);
    const pagination = { nextCursor: null, hasMore: false };
    calcom.failNext({ status: 200, body: JSON.stringify({ status: 'success', data: [data], pagination }) });
    const page = await apiOf().changedSince(since, { limit: 10, cursor: null });
    expect(page.isOk() && page.value).toEqual({ items: [], next: 'recurring' });
  });

  it('is refused with a sentence, and never read wrongly, in the shape of another version', async () => {
    book();
    const older = await fetch(`${calcom.url}/v2/bookings`, {
      headers: { authorization: `Bearer ${apiKey}` },
    });
    const shapes = [
      await older.text(),
      JSON.stringify({ status: 'success', data: [], pagination: { totalItems: 0, hasNextPage: false } }),
      JSON.stringify({ status: 'success', data: [], pagination: { nextCursor: null, hasMore: true } }),
      JSON.stringify({ status: 'success', data: [{ uid: 'u1', status: 'ACCEPTED' }] }),
      JSON.stringify({ status: 'error', error: {} }),
      '[]',
    ];
    for (const body of shapes) {
      calcom.failNext({ status: 200, body });
      const page = await apiOf().changedSince(longAgo, { limit: 10, cursor: null });
      expect(page.isErr() && page.error).toMatchObject({
        kind: 'rejected',
        reason: expect.stringContaining('in a shape that the version asked for does not have'),
      });
    }
  });
});

describe('a request that fails', () => {
  async function outcome(fault: CalcomFault) {
    calcom.failNext(fault);
    const found = await apiOf().changedSince(longAgo, { limit: 10, cursor: null });
    return found.isErr() ? found.error : 'fine';
  }

  it('can succeed later after a cut connection, 408, 429 and 5xx, and obeys Retry-After', async () => {
    expect(await outcome('cut')).toMatchObject({ kind: 'unavailable' });
    for (const status of [408, 429, 500, 503]) {
      expect(await outcome({ status })).toMatchObject({ kind: 'unavailable' });
    }
    const error = await outcome({ status: 429, headers: { 'retry-after': '90' } });
    expect(error).toMatchObject({ kind: 'unavailable', retryAfter: { seconds: 0, milliseconds: 90_000 } });
    const dated = new Date(Date.now() + 60_000).toUTCString();
    expect(await outcome({ status: 503, headers: { 'retry-after': dated } })).toHaveProperty('retryAfter');
    expect(await outcome({ status: 503, headers: { 'retry-after': 'soon' } })).not.toHaveProperty(
      'retryAfter',
    );
  });

  it('can never succeed after 400, a refused key, another address, a redirect away or no JSON; no key in the reason', async () => {
    for (const fault of [400, 401, 403, 404].map((status) => ({ status }))) {
      const error = await outcome(fault);
      expect(error).toMatchObject({ kind: 'rejected' });
      expect(JSON.stringify(error)).not.toContain(apiKey);
    }
    expect(await outcome({ status: 200, body: '<html>' })).toMatchObject({ kind: 'rejected' });
    expect(await outcome({ status: 302, headers: { location: 'https://example.org' } })).toMatchObject({
      kind: 'unavailable',
    });
    const page = await apiOf({ apiKey: 'cal_live_wrong' }).changedSince(longAgo, { limit: 10, cursor: null });
    expect(page.isErr() && page.error).toEqual({
      kind: 'rejected',
      reason: 'Cal.com refuses the API key (401).',
    });
  });

  it('asks for nothing before the moment Cal.com named', async () => {
    const clock = createMemoryClock(present.now());
    const api = apiOf({ clock });
    calcom.failNext({ status: 429, headers: { 'retry-after': '90' } });
    await api.fetch('u1');
    const asks = calcom.requests.length;
    const early = await api.fetch('u1');
    expect(early.isErr() && early.error).toMatchObject({
      kind: 'unavailable',
      retryAfter: { milliseconds: 90_000 },
    });
    expect(calcom.requests.length).toBe(asks);
    await clock.advance(Temporal.Duration.from({ seconds: 90 }));
    expect((await api.fetch('u1')).isOk()).toBe(true);
  });

  it('asks no more than 120 times in any minute', async () => {
    const clock = createMemoryClock(present.now());
    const askedAt: number[] = [];
    const fetch: typeof globalThis.fetch = async () => {
      askedAt.push(clock.now().epochMilliseconds);
      return new Response('{}', { status: 404 });
    };
    const api = apiOf({ clock, fetch });
    for (let second = 0; second < 200; second += 1) {
      for (let index = 0; index < 5; index += 1) await api.fetch('u1');
      await clock.advance(Temporal.Duration.from({ seconds: 1 }));
    }
    const inMinute = askedAt.map((from) => askedAt.filter((at) => at >= from && at < from + 60_000).length);
    expect(Math.max(...inMinute)).toBeLessThanOrEqual(120);
    expect(askedAt.length).toBeGreaterThan(300);
  });

  it('is given up at its deadline', async () => {
    const clock = createMemoryClock(present.now());
    const fetch: typeof globalThis.fetch = (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
      });
    const answer = apiOf({ clock, fetch }).fetch('u1');
    await clock.advance(Temporal.Duration.from({ seconds: 10 }));
    const found = await answer;
    expect(found.isErr() && found.error).toEqual({
      kind: 'unavailable',
      reason: 'Cal.com did not answer in time.',
    });
  });

  it('does not read an answer without end', async () => {
    const endless = new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(1024 * 1024)) });
    const found = await apiOf({ fetch: async () => new Response(endless) }).fetch('u1');
    expect(found.isErr() && found.error).toMatchObject({ kind: 'rejected' });
    const empty = await apiOf({ fetch: async () => new Response(null) }).fetch('u1');
    expect(empty.isErr() && empty.error).toMatchObject({ kind: 'rejected' });
  });
});

describe('createCalcomApi', () => {
  it.each(['', 'two words', 'a\nb', undefined as never])('takes no key that can be none: %j', (key) => {
    expect(() => createCalcomApi({ apiKey: key, clock: present })).toThrow('option `apiKey`');
  });

  it.each(['cal.example.com', 'http://cal.example.com', 'https://user:x@cal.com', 'https://cal.com?x=1'])(
    'takes no base URL to which a key should not go: %s',
    (baseUrl) => {
      expect(() => createCalcomApi({ apiKey, clock: present, baseUrl })).toThrow('option `baseUrl`');
    },
  );

  it('takes the base URL with or without its version', async () => {
    const uid = book();
    for (const baseUrl of [calcom.url, `${calcom.url}/`, `${calcom.url}/v2`, `${calcom.url}/v2/`]) {
      const found = await apiOf({ baseUrl }).fetch(uid);
      expect(found.isOk() && found.value?.uid).toBe(uid);
    }
    expect(() => createCalcomApi({ apiKey, clock: present })).not.toThrow();
  });
});
