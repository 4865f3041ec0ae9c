// The Cal.com on this machine is as strict as the real one, and its webhooks are such as the source understands.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type BookingUpdate, readStrictJson, Temporal } from '@precall/core';
import { createCalcomSource } from '@precall/source-calcom';
import { describe, expect, it } from 'vitest';
import { type CalcomStandIn, type CalcomStandInOptions, startCalcomStandIn } from '../src/stand-ins.ts';

const apiKey = 'cal_live_0123456789';
const secret = 'a-secret-of-the-tests';
const now = () => Temporal.Instant.fromEpochMilliseconds(Date.now());
const startAt = now().add({ hours: 24 * 5 });

async function onStandIn(
  run: (calcom: CalcomStandIn) => Promise<void>,
  options: Partial<CalcomStandInOptions> = {},
): Promise<void> {
  const calcom = await startCalcomStandIn({ apiKey, ...options });
  try {
    await run(calcom);
  } finally {
    await calcom.stop();
  }
}

async function ask(
  { url }: CalcomStandIn,
  path: string,
  { version = '2026-05-01', key = apiKey }: { readonly version?: string; readonly key?: string } = {},
) {
  const headers = { authorization: `Bearer ${key}`, 'cal-api-version': version };
  const response = await fetch(`${url}${path}`, { headers });
  return { status: response.status, headers: response.headers, body: (await response.json()) as unknown };
}

/** Listens for webhooks, checks them as a host would, and keeps what they say. */
async function listening(
  run: (url: string, heard: readonly BookingUpdate[]) => Promise<void>,
): Promise<void> {
  const source = createCalcomSource({ secrets: [secret] });
  const heard: BookingUpdate[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const signature = request.headersDistinct['x-cal-signature-256'] ?? [];
    const isSigned = source.verify({ 'x-cal-signature-256': signature }, body) === 'authentic';
    const parsed = readStrictJson(body).andThen((json) => source.parse(json, now()));
    if (isSigned && parsed.isOk() && 'updates' in parsed.value) heard.push(...parsed.value.updates);
    response.writeHead(isSigned ? 202 : 401).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  try {
    await run(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`, heard);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

describe('the API', () => {
  it('answers nobody without the key, and in an older shape or not at all to who names another version', () =>
    onStandIn(async (calcom) => {
      const [uid] = calcom.book({ email: 'guest@example.com', startAt });
      expect((await ask(calcom, '/v2/bookings', { key: 'another' })).status).toBe(401);
      expect((await ask(calcom, '/v2/bookings')).body).toMatchObject({
        data: [{ uid, status: 'accepted', start: startAt.toString() }],
      });
      expect((await ask(calcom, '/v2/bookings', { version: '2024-08-13' })).body).toMatchObject({
        data: { bookings: [{ uid, status: 'ACCEPTED', startTime: startAt.toString() }] },
      });
      expect((await ask(calcom, `/v2/bookings/${uid}`, { version: '2026-02-25' })).status).toBe(200);
      expect((await ask(calcom, `/v2/bookings/${uid}`)).status).toBe(404);
      expect((await ask(calcom, '/v2/bookings/nobody', { version: '2026-02-25' })).status).toBe(404);
    }));

  it('lists one status at a time, page by page, and knows no other parameters', () =>
    onStandIn(async (calcom) => {
      for (let index = 0; index < 3; index += 1) calcom.book({ email: `p${index}@example.com`, startAt });
      calcom.book({ email: 'waits@example.com', startAt, needsConfirmation: true });
      calcom.book({ email: 'weekly@example.com', startAt, weeks: 2 });
      calcom.book({ email: 'over@example.com', startAt: now().subtract({ hours: 3 }) });
      calcom.cancel('b1');
      const uids = async (query: string) => {
        const { body } = await ask(calcom, `/v2/bookings?${query}`);
        return (body as { data: readonly { uid: string }[] }).data.map(({ uid }) => uid);
      };
      expect(await uids('status=upcoming')).toEqual(['b2', 'b3']);
      expect(await uids('status=recurring')).toEqual(['b5', 'b6']);
      expect(await uids('status=unconfirmed')).toEqual(['b4']);
      expect(await uids('status=cancelled')).toEqual(['b1']);
      expect(await uids('status=past')).toEqual(['b7']);
      expect(await uids('limit=3&cursor=3')).toEqual(['b4', 'b5', 'b6']);
      expect(await uids(`afterUpdatedAt=${now().add({ hours: 1 })}`)).toEqual([]);
      expect((await ask(calcom, '/v2/bookings?limit=2')).body).toMatchObject({
        pagination: { nextCursor: '2', hasMore: true },
      });
      for (const query of ['status=upcoming,past', 'limit=0', 'limit=101', 'take=5']) {
        expect((await ask(calcom, `/v2/bookings?${query}`)).status).toBe(400);
      }
    }));

  it('refuses the 121st request of a minute', () =>
    onStandIn(async (calcom) => {
      for (let index = 0; index < 120; index += 1) await ask(calcom, '/v2/bookings?limit=1');
      const { status, headers } = await ask(calcom, '/v2/bookings?limit=1');
      expect([status, headers.get('retry-after')]).toEqual([429, '60']);
    }));

  it('fails when told to', () =>
    onStandIn(async (calcom) => {
      calcom.failNext({ status: 503, headers: { 'retry-after': '7' }, body: '{}' });
      calcom.failNext('cut', { times: 2 });
      expect((await ask(calcom, '/v2/bookings')).headers.get('retry-after')).toBe('7');
      await expect(ask(calcom, '/v2/bookings')).rejects.toThrow();
      await expect(ask(calcom, '/v2/bookings')).rejects.toThrow();
      expect((await ask(calcom, '/v2/bookings')).status).toBe(200);
      expect(calcom.requests).toHaveLength(4);
    }));
});

describe('its webhooks', () => {
  it('are signed, understood, and say what was done, in its order; what is done in silence they do not say', () =>
    listening((url, heard) =>
      onStandIn(
        async (calcom) => {
          const later = startAt.add({ hours: 24 });
          const [first = ''] = calcom.book({ email: 'a@example.com', startAt });
          const second = calcom.move(first, later);
          calcom.setLocation(second, 'https://meet.google.com/abc');
          calcom.cancel(second, 'host');
          const [waits = ''] = calcom.book({
            email: 'b@example.com',
            startAt,
            needsConfirmation: true,
            weeks: 3,
          });
          calcom.confirm(waits);
          calcom.cancelRemaining(waits);
          const [asks = ''] = calcom.book({ email: 'c@example.com', startAt, needsConfirmation: true });
          calcom.decline(asks);
          const [group = ''] = calcom.book({ email: 'd@example.com', startAt, seats: 4 });
          calcom.takeSeat(group, 'e@example.com');
          calcom.moveInPlace(group, later);
          calcom.leaveSeat(group, 'd@example.com');
          calcom.leaveSeat(group, 'e@example.com');
          await calcom.delivered();
          expect(calcom.webhooks.every(({ answer }) => answer === 202)).toBe(true);
          expect(heard.map(({ kind, uid }) => `${kind} ${uid}`)).toEqual([
            `agreed ${first}`,
            `moved ${second}`,
            `place_changed ${second}`,
            `cancelled ${second}`,
            `requested ${waits}`,
            `agreed ${waits}`,
            `cancelled ${waits}`,
            `requested ${asks}`,
            `declined ${asks}`,
            `agreed ${group}`,
            `agreed ${group}`,
            `moved ${group}`,
            `cancelled ${group}`,
            `cancelled ${group}`,
          ]);
          expect(heard[1]?.replaces?.uid).toBe(first);
          expect(heard[11]).toMatchObject({ by: 'host', replaces: null });
          expect(calcom.bookings.filter(({ series }) => series).map(({ status }) => status)).toEqual([
            'cancelled',
            'cancelled',
            'cancelled',
          ]);
          expect(calcom.booking(group).status).toBe('cancelled');
        },
        { webhook: { url, secret } },
      ),
    ));

  it('get lost as told, and are not sent again when nobody answers', () =>
    listening((url, heard) =>
      onStandIn(
        async (calcom) => {
          for (let index = 0; index < 10; index += 1)
            calcom.book({ email: `p${index}@example.com`, startAt });
          await calcom.delivered();
          expect(calcom.webhooks.map(({ isLost }) => isLost)).toEqual(
            Array.from({ length: 10 }, (_, index) => index % 5 === 0),
          );
          expect(heard).toHaveLength(8);
        },
        { webhook: { url, secret }, loses: (_, index) => index % 5 === 0 },
      ),
    ));

  it('end with nobody listening', () =>
    onStandIn(
      async (calcom) => {
        calcom.book({ email: 'guest@example.com', startAt });
        await calcom.delivered();
        expect(calcom.webhooks).toMatchObject([{ trigger: 'BOOKING_CREATED', isLost: false, answer: null }]);
      },
      { webhook: { url: 'http://127.0.0.1:9/', secret } },
    ));

  it('are about bookings it knows', () =>
    onStandIn(async (calcom) => {
      expect(() => calcom.cancel('nobody')).toThrow('knows no booking nobody');
    }));
});
