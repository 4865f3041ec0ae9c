// What Cal.com's API v2 answers about bookings: in the documented shape for whoever names the endpoint's version, in an
// older one or with 404 for whoever does not, without a word about it.
import { type Instant, Temporal } from '@precall/core';
import { type CalcomBooking, calcomHost } from './calcom-booking.ts';

/** What Cal.com's API is asked. */
export interface CalcomQuestion {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string | undefined };
}
/** What Cal.com's API answers. */
export interface CalcomAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

const versions = { list: '2026-05-01', one: '2026-02-25' };
const requestsPerMinute = 120;
const statuses = ['upcoming', 'recurring', 'past', 'cancelled', 'unconfirmed'];
const filters = ['status', 'cursor', 'limit', 'afterUpdatedAt'];

export function createCalcomAnswers({
  apiKey,
  now,
  bookings,
}: {
  readonly apiKey: string;
  readonly now: () => Instant;
  readonly bookings: () => readonly CalcomBooking[];
}): (question: CalcomQuestion) => CalcomAnswer {
  const askedMs: number[] = [];

  return ({ method, path, headers }) => {
    if (headers.authorization !== `Bearer ${apiKey}`) return refusal(401, 'Invalid API key');
    const nowMs = now().epochMilliseconds;
    const lately = askedMs.filter((at) => at > nowMs - 60_000);
    askedMs.splice(0, askedMs.length, ...lately);
    if (lately.length >= requestsPerMinute) return refusal(429, 'Too many requests', { 'retry-after': '60' });
    askedMs.push(nowMs);
    const url = new URL(path, 'http://cal.com');
    const version = headers['cal-api-version'];
    if (method === 'GET' && url.pathname === '/v2/bookings') {
      return version === versions.list ? list(url.searchParams) : olderList();
    }
    const [, uid] = /^\/v2\/bookings\/([^/]+)$/.exec(url.pathname) ?? [];
    const found = bookings().find((one) => one.uid === decodeURIComponent(uid ?? ''));
    if (method !== 'GET' || !found || version !== versions.one) return refusal(404, 'Not found');
    return json(200, { status: 'success', data: shown(found) });
  };

  function list(query: URLSearchParams): CalcomAnswer {
    const status = query.get('status');
    const limit = Number(query.get('limit') ?? 50);
    const unknown = [...query.keys()].find((name) => !filters.includes(name));
    if (unknown !== undefined) return refusal(400, `property ${unknown} should not exist`);
    if (status !== null && !statuses.includes(status)) return refusal(400, 'status must be one status');
    if (!Number.isInteger(limit) || limit < 1 || limit > 100) return refusal(400, 'limit must be 1 to 100');
    const since = query.get('afterUpdatedAt');
    const sinceMs = since === null ? -Infinity : Temporal.Instant.from(since).epochMilliseconds;
    const listed = bookings()
      .filter((one) => status === null || hasStatus(one, status))
      .filter(({ updatedAt }) => updatedAt.epochMilliseconds >= sinceMs)
      .sort((a, b) => a.id - b.id);
    const from = Number(query.get('cursor') ?? 0);
    const rest = listed.filter(({ id }) => id > from);
    const page = rest.slice(0, limit);
    const hasMore = rest.length > page.length;
    const nextCursor = hasMore ? `${page.at(-1)?.id}` : null;
    return json(200, { status: 'success', data: page.map(shown), pagination: { nextCursor, hasMore } });
  }

  function hasStatus({ status, endAt, series }: CalcomBooking, listed: string): boolean {
    const isAhead = endAt.epochMilliseconds > now().epochMilliseconds;
    if (listed === 'cancelled') return status === 'cancelled' || status === 'rejected';
    if (listed === 'unconfirmed') return status === 'pending' && isAhead;
    if (listed === 'past') return status === 'accepted' && !isAhead;
    return status === 'accepted' && isAhead && (listed === 'recurring') === (series !== null);
  }

  /** Of the time before cursors. */
  function olderList(): CalcomAnswer {
    const data = bookings().map(({ uid, id, status, startAt, endAt }) => ({
      id,
      uid,
      status: status.toUpperCase(),
      startTime: startAt.toString(),
      endTime: endAt.toString(),
    }));
    return json(200, { status: 'success', data: { bookings: data, nextCursor: null } });
  }
}

function shown(booking: CalcomBooking): object {
  const { id, uid, status, startAt, endAt, createdAt, updatedAt, people, series, location, seats } = booking;
  return {
    id,
    uid,
    title: `Diagnostic call between ${calcomHost.name} and ${people[0]?.name}`,
    hosts: [{ ...calcomHost, displayEmail: calcomHost.email, username: 'jane' }],
    status,
    start: startAt.toString(),
    end: endAt.toString(),
    duration: 30,
    eventTypeId: 7,
    eventType: { id: 7, slug: 'diagnostic-call' },
    location,
    meetingUrl: location,
    absentHost: false,
    createdAt: createdAt.toString(),
    updatedAt: updatedAt.toString(),
    metadata: { videoCallUrl: location },
    attendees: people.map(({ email, name, timeZone, seatUid }) => ({
      name,
      email,
      displayEmail: email,
      timeZone,
      language: 'en',
      absent: false,
      ...(seatUid !== null && { seatUid }),
    })),
    ...(seats === null && {
      guests: [],
      bookingFieldsResponses: { email: people[0]?.email, name: people[0]?.name },
    }),
    ...(booking.cancelledBy !== null && { cancelledByEmail: booking.cancelledBy }),
    ...(booking.movedFrom !== null && { rescheduledFromUid: booking.movedFrom }),
    ...(booking.movedTo !== null && { rescheduledToUid: booking.movedTo }),
    ...(series !== null && { recurringBookingUid: series }),
  };
}

function json(status: number, value: unknown, headers: CalcomAnswer['headers'] = {}): CalcomAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

function refusal(status: number, message: string, headers: CalcomAnswer['headers'] = {}): CalcomAnswer {
  return json(status, { status: 'error', error: { message } }, headers);
}
