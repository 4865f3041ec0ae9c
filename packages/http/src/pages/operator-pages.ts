// The operator's pages: every guard in its order, then a page, or an act and the way back to its page.
import {
  type BookingId,
  type BookingStatus,
  type Clock,
  outcomesCsv,
  ownUrlText,
  type PortError,
  type PortResult,
  type Precall,
} from '@precall/core';
import { type Authorize, admitted } from '../basic-auth.ts';
import { rawBody } from '../delivery.ts';
import {
  changing,
  type PlainRequest,
  type PlainResponse,
  problem,
  type Route,
  reading,
  textual,
  wrongMethod,
} from '../plain.ts';
import { isSameOrigin, otherOrigin } from '../same-origin.ts';
import { type Act, act, readAct } from './acts.ts';
import { bookingPage } from './booking-page.ts';
import { bookingsPage, type Found } from './bookings-page.ts';
import { type Asked, asset, mailDocument, page, seeOther, wayFrom } from './frame.ts';
import { liveScript } from './live.ts';
import { messagePage } from './message-page.ts';
import { momentsIn } from './moments.ts';
import { outcomesPage } from './outcomes-page.ts';
import { overviewPage } from './overview-page.ts';
import { policyPage, readForm } from './policy-page.ts';
import { style } from './style.ts';
import { statusWords } from './words.ts';

export interface PagesOptions {
  readonly precall: Precall;
  readonly authorize: Authorize;
  readonly clock: Clock;
  /** IANA name of the zone in which moments are shown; UTC unless given. */
  readonly timeZone?: string | undefined;
}

const formLimitBytes = 8 * 1024;
const bookingsAtOnce = 50;
const lookedAt = 200;

/** Throws when the zone is none. */
export function createOperatorPages({ precall, authorize, clock, timeZone = 'UTC' }: PagesOptions): Route {
  const moments = momentsIn(timeZone);

  return async (request) => {
    const operator = await admitted(authorize, request, { to: 'pages' });
    if (!('by' in operator)) return operator;
    const refused = wrongMethod(request, [...reading, ...changing]);
    if (refused) return refused;
    const asked = { now: clock.now(), query: request.query, moments, ...wayFrom(request.path) };
    const segments = segmentsOf(request.path);
    if (request.method !== 'POST') return (segments && (await shown(segments, asked))) ?? notFound(asked);

    if (!isSameOrigin(request.headers)) {
      return otherOrigin;
    }
    return (segments && (await changed(segments, request, { asked, by: operator.by }))) ?? notFound(asked);
  };

  async function shown(segments: readonly string[], asked: Asked): Promise<PlainResponse | null> {
    const [first, id, mail, ...rest] = segments;
    if (rest.length > 0) return null;
    if (first === undefined) return overview(asked);
    if (first === 'bookings' && id === undefined) return bookings(asked);
    if (first === 'bookings' && id !== undefined) return booking(id as BookingId, mail, asked);
    if (id !== undefined) return null;
    if (first === 'policy') {
      const form = readForm(asked);
      return page(policyPage(precall.desk.tryPolicy(form.call), form), asked);
    }
    if (first === 'outcomes' || first === 'outcomes.csv') return outcomes(first, asked);
    if (first === 'live.js') return asset('text/javascript', liveScript);
    return first === 'style.css' ? asset('text/css', style) : null;
  }

  async function outcomes(form: 'outcomes' | 'outcomes.csv', asked: Asked): Promise<PlainResponse> {
    const counted = await precall.desk.outcomes();
    if (counted.isErr()) return away(counted.error, asked);
    if (form === 'outcomes') return page(outcomesPage(counted.value, asked), asked);
    const table = textual('text/csv; charset=utf-8', outcomesCsv(counted.value.rows));
    const headers = { ...table.headers, 'content-disposition': 'attachment; filename="outcomes.csv"' };
    return { ...table, headers };
  }

  async function overview(asked: Asked): Promise<PlainResponse> {
    const some = { limit: lookedAt, cursor: null };
    const [upcoming, recent, quarantine, health, isReady] = await Promise.all([
      precall.upcoming(some),
      precall.bookings({ page: some }),
      precall.quarantine({ limit: bookingsAtOnce, cursor: null }),
      precall.desk.health(),
      precall.ready(),
    ]);
    if (upcoming.isErr()) return away(upcoming.error, asked);
    if (recent.isErr()) return away(recent.error, asked);
    if (quarantine.isErr()) return away(quarantine.error, asked);
    if (health.isErr()) return away(health.error, asked);
    const all = {
      upcoming: upcoming.value.items,
      isMoreUpcoming: upcoming.value.next !== null,
      recent: recent.value.items,
      isMoreRecent: recent.value.next !== null,
      quarantine: quarantine.value.items,
      health: health.value,
      isReady,
    };
    return page(overviewPage(all, asked), asked);
  }

  async function bookings(asked: Asked): Promise<PlainResponse> {
    const found = await find(asked.query);
    return found.isErr() ? away(found.error, asked) : page(bookingsPage(found.value, asked), asked);
  }

  /** A whole address the store can look up; for anything else it must be gone through. */
  async function find(query: URLSearchParams): PortResult<Found> {
    const words = (query.get('q') ?? '').trim();
    const asked = query.get('status') ?? '';
    const status = isStatus(asked) ? { status: asked } : {};
    const cursor = query.get('cursor') || null;
    const isAddress = /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(words);
    if (words !== '' && !isAddress) return precall.desk.search({ words, cursor, ...status });
    const email = isAddress ? { email: words } : {};
    const listed = await precall.bookings({ ...status, ...email, page: { limit: bookingsAtOnce, cursor } });
    return listed.map(({ items, next }) => ({ items, next, looked: null }));
  }

  async function booking(
    id: BookingId,
    mail: string | undefined,
    asked: Asked,
  ): Promise<PlainResponse | null> {
    const found = await precall.desk.inspect(id);
    if (found.isErr()) return away(found.error, asked);
    if (!found.value || (mail !== undefined && mail !== 'mail')) return null;
    if (mail === undefined) return page(bookingPage(found.value, asked), asked);
    const one = found.value.reminders.find(({ key }) => key === asked.query.get('key'));
    return one?.message ? mailDocument(one.message.html) : null;
  }

  async function changed(
    [first, id, ...rest]: readonly string[],
    request: PlainRequest,
    { asked, by }: { readonly asked: Asked; readonly by: string },
  ): Promise<PlainResponse | null> {
    const isBooking = first === 'bookings' && id !== undefined && rest.length === 0;
    if (!isBooking && first !== undefined) return null;
    const type = request.headers['content-type']?.[0] ?? '';
    if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
      return problem({ status: 415, detail: 'An act is asked for by a form of these pages.' });
    }
    const body = await rawBody(request, formLimitBytes, clock);
    if (!(body instanceof Uint8Array)) return body;
    const form = new URLSearchParams(new TextDecoder().decode(body));
    const wanted: Act | null = readAct(form, isBooking ? (id as BookingId) : null);
    if (!wanted) return problem({ status: 400, detail: 'This is no act of this page.' });

    const answer = await act(precall.desk, wanted, by);
    if (answer.isErr()) return away(answer.error, asked);
    const outcome = answer.value === 'done' ? { did: wanted.name } : { refused: answer.value.refused };
    return seeOther(ownUrlText(asked.to(isBooking ? ['bookings', id] : [], outcome)));
  }
}

/** Below `/operator`, decoded; null where that cannot be done. */
function segmentsOf(path: string): readonly string[] | null {
  const below = path.replace(/^\/operator\/?/, '');
  if (below === '') return [];
  try {
    const segments = below.split('/').map(decodeURIComponent);
    return segments.some((one) => /^\.{0,2}$/.test(one)) ? null : segments;
  } catch {
    return null;
  }
}

function isStatus(text: string): text is BookingStatus {
  return Object.hasOwn(statusWords, text);
}

function notFound(asked: Asked): PlainResponse {
  return page(messagePage(404, 'There is nothing here', 'No such page, booking or message is known.'), asked);
}

function away({ kind, reason }: PortError, asked: Asked): PlainResponse {
  if (kind === 'rejected') return page(messagePage(400, 'This cannot be read', reason), asked);
  return page(
    messagePage(
      503,
      'The store does not answer',
      'Nothing can be read or done at the moment. Look again in a few seconds.',
    ),
    asked,
  );
}
