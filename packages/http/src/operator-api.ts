// What an operator reads and does, as JSON: INTERFACE.md section 3. Nothing here answers before `authorize` said yes.
import {
  type BookingId,
  type BookingStatus,
  bookingId,
  type Clock,
  type Page,
  type PortResult,
  type Precall,
  type Slice,
} from '@precall/core';
import { answerAttendance } from './attendance.ts';
import { type Authorize, admitted } from './basic-auth.ts';
import {
  changing,
  json,
  nothingHere,
  type PlainRequest,
  type PlainResponse,
  portProblem,
  problem,
  type Route,
  reading,
  wrongMethod,
} from './plain.ts';
import { isSameOrigin, otherOrigin } from './same-origin.ts';
import { answerBackup, answerErase, type Backup } from './upkeep.ts';
import type { Gate } from './waiting.ts';
import { intakeResponse } from './webhook.ts';

/** Mails kept here instead of going to a provider, newest first. */
export interface Mailbox {
  list(page: Page): PortResult<Slice<unknown>>;
}

export interface OperatorOptions {
  readonly precall: Precall;
  readonly authorize: Authorize;
  readonly mailbox?: Mailbox | undefined;
  readonly backup?: Backup | undefined;
  readonly gate: Gate;
  readonly clock: Clock;
}

interface OperatorRoute {
  readonly path: RegExp;
  readonly methods: readonly string[];
  /** `id` is what the path's group holds, decoded; `by` the operator. */
  answer(request: PlainRequest, id: string, by: string): Promise<PlainResponse>;
}

const itemsAtOnce = 100;

export function createOperatorApi({
  precall,
  authorize,
  mailbox,
  backup,
  gate,
  clock,
}: OperatorOptions): Route {
  const routes: readonly OperatorRoute[] = [
    {
      path: /^\/operator\/api\/bookings$/,
      methods: reading,
      async answer({ query }) {
        const status = query.get('status') || null;
        const email = query.get('email') || null;
        if (status !== null && !isStatus(status)) {
          return problem({
            status: 400,
            detail: `\`status\` is one of: ${Object.keys(statuses).join(', ')}.`,
          });
        }
        return list(
          await precall.bookings({ page: pageOf(query), ...(status && { status }), ...(email && { email }) }),
        );
      },
    },
    {
      path: /^\/operator\/api\/bookings\/([^/]+)$/,
      methods: reading,
      async answer(_request, id) {
        const name = asBookingId(id);
        if (!name) return unknownBooking();
        const found = await precall.booking(name);
        if (found.isErr()) return portProblem(found.error);
        return found.value ? json(200, found.value) : unknownBooking();
      },
    },
    {
      path: /^\/operator\/api\/bookings\/([^/]+)\/attendance$/,
      methods: changing,
      async answer(request, id, by) {
        const name = asBookingId(id);
        return name
          ? answerAttendance(request, { id: name, by, desk: precall.desk, clock })
          : unknownBooking();
      },
    },
    {
      path: /^\/operator\/api\/reminders$/,
      methods: reading,
      async answer({ query }) {
        if ((query.get('state') || 'planned') !== 'planned') {
          return problem({ status: 400, detail: 'Only `state=planned` can be listed.' });
        }
        return list(await precall.upcoming(pageOf(query)));
      },
    },
    {
      path: /^\/operator\/api\/outcomes$/,
      methods: reading,
      async answer() {
        const counted = await precall.desk.outcomes();
        return counted.isErr() ? portProblem(counted.error) : json(200, counted.value);
      },
    },
    {
      path: /^\/operator\/api\/mailbox$/,
      methods: reading,
      async answer({ query }) {
        if (!mailbox)
          return problem({ status: 404, detail: 'There is no local mailbox: mail goes elsewhere.' });
        return list(await mailbox.list(pageOf(query)));
      },
    },
    {
      path: /^\/operator\/api\/quarantine$/,
      methods: reading,
      answer: async ({ query }) => list(await precall.quarantine(pageOf(query))),
    },
    {
      path: /^\/operator\/api\/quarantine\/([^/]+)\/replay$/,
      methods: changing,
      async answer(_request, id) {
        const answer = await gate(() => precall.replay(id));
        return answer
          ? intakeResponse(answer)
          : problem({ status: 404, detail: 'No such delivery is in quarantine.' });
      },
    },
    {
      path: /^\/operator\/api\/backup$/,
      methods: changing,
      answer: () => answerBackup(backup),
    },
    {
      path: /^\/operator\/api\/erase$/,
      methods: changing,
      answer: (request) => answerErase(request, { precall, clock }),
    },
  ];

  return async (request) => {
    const operator = await admitted(authorize, request, { to: 'api' });
    if (!('by' in operator)) return operator;

    for (const route of routes) {
      const match = route.path.exec(request.path);
      if (!match) continue;
      const refused = wrongMethod(request, route.methods);
      if (refused) return refused;
      if (route.methods === changing && !isSameOrigin(request.headers)) {
        return otherOrigin;
      }
      const id = decoded(match[1] ?? '');
      if (id === null)
        return problem({ status: 400, detail: 'The id in the path is not percent-encoded UTF-8.' });
      return await route.answer(request, id, operator.by);
    }
    return nothingHere();
  };
}

function list(slice: Awaited<PortResult<Slice<unknown>>>): PlainResponse {
  if (slice.isErr()) return portProblem(slice.error);
  return json(200, { items: slice.value.items, next: slice.value.next });
}

const unknownBooking = (): PlainResponse => problem({ status: 404, detail: 'No such booking is known.' });

function pageOf(query: URLSearchParams): Page {
  return { limit: itemsAtOnce, cursor: query.get('cursor') || null };
}

function asBookingId(text: string): BookingId | null {
  const colon = text.indexOf(':');
  return colon > 0 ? bookingId(text.slice(0, colon), text.slice(colon + 1)) : null;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

const statuses: { readonly [S in BookingStatus]: true } = {
  agreed: true,
  awaiting: true,
  cancelled: true,
  declined: true,
  superseded: true,
  ended: true,
  unknown: true,
};

function isStatus(text: string): text is BookingStatus {
  return Object.hasOwn(statuses, text);
}
