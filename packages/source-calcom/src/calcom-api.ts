// Cal.com's API v2, as far as it tells what its webhooks should have told: bookings as they are now.
import {
  type BookingSourceApi,
  type BookingUpdate,
  type Clock,
  Err,
  isToken,
  Ok,
  type PortResult,
} from '@precall/core';
import type { z } from 'zod';
import { type Ask, createAsk } from './api-request.ts';
import { listShape, oneShape } from './api-shapes.ts';
import { fetchedUpdate } from './fetched-update.ts';
import { uid as uidShape } from './text-shapes.ts';

/** Which Cal.com is asked, and with which key. */
export interface CalcomApiOptions {
  /** Of Cal.com's settings, such as `cal_live_...`. With a team's bookings: of somebody who may see them. */
  readonly apiKey: string;
  readonly clock: Clock;
  /** `https://api.cal.com` unless said otherwise: of a Cal.com of one's own. Plain http only to this machine. */
  readonly baseUrl?: string | null;
  /** As of the source: `drop` unless given. */
  readonly hostAddress?: 'keep' | 'drop';
  /** Instead of the runtime's own: for a proxy, or a Cal.com in the same process. */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * Another version of an endpoint answers in another shape, or not at all, and says so nowhere.
 * https://cal.com/docs/api-reference/v2/bookings/get-all-bookings and .../get-a-booking
 */
const versions = { list: '2026-05-01', one: '2026-02-25' };
/** One status is listed at a time. `cancelled` holds the declined ones too, `recurring` the occurrences of a series. */
const statuses = ['upcoming', 'recurring', 'unconfirmed', 'cancelled'] as const;
const longestPage = 100;

/** Never rejects. Throws for options that cannot be right, naming the option and how to mend it. */
export function createCalcomApi(options: CalcomApiOptions): BookingSourceApi {
  const { apiKey, clock, fetch = globalThis.fetch, hostAddress = 'drop' } = options;
  if (!isToken(apiKey)) {
    throw new Error("createCalcomApi: option `apiKey` is no key of Cal.com; make one in Cal.com's settings.");
  }
  const baseUrl = baseUrlOf(options.baseUrl ?? 'https://api.cal.com');
  const ask = createAsk({ apiKey, clock, baseUrl, fetch });

  return {
    async fetch(uid) {
      if (!isUid(uid)) return Ok(null);
      const answer = await ask({ path: `/v2/bookings/${encodeURIComponent(uid)}`, version: versions.one });
      if (answer.isErr()) return answer;
      if (!answer.value) return Ok(null);
      const read = inShape(oneShape, answer.value.json);
      return read.map(({ data }) =>
        data.uid === uid ? fetchedUpdate(data, { receivedAt: clock.now(), hostAddress }) : null,
      );
    },
    async changedSince(at, { limit, cursor }) {
      const place = placeIn(cursor);
      const query = new URLSearchParams({
        status: place.status,
        afterUpdatedAt: at.toString(),
        limit: `${Math.min(limit, longestPage)}`,
        ...(place.cursor !== null && { cursor: place.cursor }),
      });
      const answer = await list(ask, query);
      if (answer.isErr()) return answer;
      const { data, pagination } = answer.value;
      const receivedAt = clock.now();
      // Where the filter is not known, everything is listed.
      const changed = data.filter(({ updatedAt }) => updatedAt.epochMilliseconds >= at.epochMilliseconds);
      const updates = changed.map((booking) => fetchedUpdate(booking, { receivedAt, hostAddress }));
      const items = updates.filter((update): update is BookingUpdate => update !== null);
      return Ok({ items, next: nextPlace(place.status, pagination.nextCursor) });
    },
  };
}

async function list(ask: Ask, query: URLSearchParams): PortResult<z.infer<typeof listShape>> {
  const answer = await ask({ path: `/v2/bookings?${query}`, version: versions.list });
  if (answer.isErr()) return answer;
  if (answer.value) return inShape(listShape, answer.value.json);
  return Err({ kind: 'rejected', reason: 'Cal.com has no list of bookings at this address (404).' });
}

function isUid(text: string): boolean {
  return uidShape.safeParse(text).success;
}

/** The status that is being listed, and where in its list. */
interface Place {
  readonly status: (typeof statuses)[number];
  readonly cursor: string | null;
}

function placeIn(cursor: string | null): Place {
  const [name, ...rest] = (cursor ?? '').split(' ');
  const status = statuses.find((one) => one === name);
  return status ? { status, cursor: rest.join(' ') || null } : { status: statuses[0], cursor: null };
}

function nextPlace(status: Place['status'], nextCursor: string | null): string | null {
  if (nextCursor !== null) return `${status} ${nextCursor}`;
  return statuses[statuses.indexOf(status) + 1] ?? null;
}

/** The sentence names the field, and repeats nothing of the booking. */
function inShape<Shape extends z.ZodType>(shape: Shape, json: unknown): Awaited<PortResult<z.infer<Shape>>> {
  const read = shape.safeParse(json);
  if (read.success) return Ok(read.data);
  const [issue] = read.error.issues;
  const where = issue?.path.join('.') || 'the answer';
  const reason = `Cal.com answered in a shape that the version asked for does not have: ${where} is missing or of another type.`;
  return Err({ kind: 'rejected', reason });
}

/** With or without `/v2` at its end, which every path here begins with. */
function baseUrlOf(written: string): string {
  const url = URL.canParse(written) ? new URL(written) : null;
  const isHere = url !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  const isFit = url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere);
  if (!url || !isFit || url.username || url.password || url.search || url.hash) {
    throw new Error(
      'createCalcomApi: option `baseUrl` must be an https address such as https://api.cal.com (http on this machine only).',
    );
  }
  return url.href.replace(/\/+$/, '').replace(/\/v2$/, '');
}
