// A whole Precall on the ports in memory behind its routes, with bookings in every state.
import {
  createMemoryClock,
  createMemoryCrm,
  createMemoryEntropy,
  createMemoryMailer,
  createMemoryStore,
  createMemoryTexter,
} from '@precall/adapter-memory';
import {
  type BookingId,
  type BookingUpdate,
  createPrecall,
  defaultPolicy,
  Ok,
  type Policy,
  Temporal,
} from '@precall/core';
import { type Authorize, createHttp, type PlainRequest, type PlainResponse } from '@precall/http';
import { plainRequest } from './given-precall.ts';

const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const startsAt = at('2026-12-03T15:00:00Z');

/** A webhook is the update itself: what a source makes of it is not what is tested here. */
export function update(
  uid: string,
  said: Partial<BookingUpdate> & { readonly name?: string; readonly email?: string } = {},
): BookingUpdate {
  const { name = 'Ana Ruiz', email = `${uid}@example.com`, ...more } = said;
  const startAt = more.time?.startAt ?? startsAt;
  return {
    kind: 'agreed',
    uid,
    saidAt: at('2026-11-23T12:00:00Z'),
    receivedAt: at('2026-11-23T12:00:00Z'),
    time: { startAt, endAt: startAt.add({ minutes: 30 }) },
    place: { kind: 'link', url: 'https://meet.google.com/abc-defg-hij' },
    host: { name: 'Jane Doe', timeZone: 'Europe/Paris' },
    about: { title: 'Strategy session', eventType: '1' },
    seated: false,
    attendees: [
      {
        email,
        mailable: true,
        name,
        firstName: name.split(' ')[0] ?? null,
        timeZone: 'Europe/Paris',
        locale: 'en',
        links: null,
      },
    ],
    needsConfirmation: false,
    by: 'attendee',
    moving: false,
    replaces: null,
    noShows: [],
    ...more,
  };
}

export async function createOperatorWorld({
  authorize = () => 'yes',
  policy = defaultPolicy,
}: {
  readonly authorize?: Authorize;
  readonly policy?: Policy;
} = {}) {
  const clock = createMemoryClock(at('2026-11-23T12:00:00Z'));
  const store = createMemoryStore();
  const mailer = createMemoryMailer({ clock });
  const texter = createMemoryTexter({ clock });
  const crm = createMemoryCrm({ unknown: 'add' });
  const said: BookingUpdate[] = [];
  const precall = createPrecall({
    source: {
      name: 'calcom',
      verify: () => 'authentic',
      parse() {
        const next = said.shift();
        if (!next) throw new Error('nothing was said');
        return Ok({ updates: [next] });
      },
    },
    store,
    mailer,
    crm,
    clock,
    entropy: createMemoryEntropy('pages'),
    policy,
    texter,
  });
  const http = createHttp({ precall, clock, operator: { authorize } });
  await precall.start();

  async function ask(line: string, given: Parameters<typeof plainRequest>[1] = {}): Promise<PlainResponse> {
    const request: PlainRequest = plainRequest(line, given);
    const response = await http(request);
    if (!response) throw new Error(`${line} is none of ours`);
    return response;
  }

  return {
    clock,
    crm,
    mailer,
    texter,
    precall,
    ask,
    async say(booking: BookingUpdate): Promise<void> {
      said.push(booking);
      const headers = { 'content-type': ['application/json'] };
      const answer = await precall.receive({
        headers,
        body: new TextEncoder().encode(`{"uid":"${booking.uid}"}`),
      });
      if (answer.kind !== 'taken') throw new Error(`not taken: ${answer.kind}`);
    },
    /** As a browser sends a form of these pages. */
    post: (path: string, form: Record<string, string>, headers: Record<string, readonly string[]> = {}) =>
      ask(`POST ${path}`, {
        headers: {
          host: ['precall.example'],
          origin: ['https://precall.example'],
          'sec-fetch-site': ['same-origin'],
          'content-type': ['application/x-www-form-urlencoded'],
          ...headers,
        },
        body: new TextEncoder().encode(new URLSearchParams(form).toString()),
      }),
    async booking(uid: string) {
      const found = (await precall.booking(`calcom:${uid}` as BookingId)).unwrap();
      if (!found) throw new Error(`${uid} is not known`);
      return found;
    },
    /** Goes to a moment and does what is due there. */
    async at(text: string): Promise<void> {
      await clock.advanceTo(at(text));
      await precall.tick();
    },
  };
}
