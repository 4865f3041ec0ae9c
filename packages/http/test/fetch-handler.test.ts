// The routes by the Fetch types, alone and within a Hono app, with bodies that come in pieces.
import { writeFile } from 'node:fs/promises';
import { Ok, type WebhookDelivery } from '@precall/core';
import { createFetchHandler, type HttpOptions } from '@precall/http';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { givenPrecall, noting, taken } from './given-precall.ts';

const webhook = 'http://calls.example.com/webhook/calcom-booking';
const limitBytes = 64 * 1024;

/** Through a Hono app, which is what stands before the handler in a real server. */
function throughHono(options: HttpOptions): (request: Request) => Promise<Response> {
  const handle = createFetchHandler(options);
  const app = new Hono().all('*', ({ req }) => handle(req.raw));
  return async (request) => await app.fetch(request);
}

/** Pieces of a body, as the network brings them; counts those that were taken. */
function pieces(sizes: readonly number[]) {
  const seen = { taken: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(stream) {
        const size = sizes[seen.taken];
        seen.taken += 1;
        if (size === undefined) stream.close();
        else stream.enqueue(new Uint8Array(size).fill(120));
      },
      cancel() {
        seen.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { seen, body };
}

const posted = (
  body: string | Uint8Array | ReadableStream,
  headers: Headers | { [name: string]: string } = {},
) => new Request(webhook, { method: 'POST', body, headers, duplex: 'half' });

describe('createFetchHandler', () => {
  it('gives the intake the raw bytes and the headers, in lower case', async () => {
    const asked: WebhookDelivery[] = [];
    const handle = throughHono({ precall: givenPrecall({ receive: noting(asked, taken) }) });
    const bytes = Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d, 0xff, 0x0d, 0x0a);
    const answer = await handle(posted(bytes, { 'X-Cal-Signature-256': 'abc' }));
    expect(answer.status).toBe(202);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toMatchObject({ status: 'scheduled' });
    expect(Buffer.from(asked[0]?.body ?? [])).toEqual(Buffer.from(bytes));
    expect(asked[0]?.headers).toMatchObject({ 'x-cal-signature-256': ['abc'] });
  });

  it('puts a body that comes in pieces together, up to the limit exactly', async () => {
    const asked: WebhookDelivery[] = [];
    const handle = throughHono({ precall: givenPrecall({ receive: noting(asked, taken) }) });
    const { body } = pieces([limitBytes - 1, 1]);
    expect((await handle(posted(body))).status).toBe(202);
    expect(asked[0]?.body.byteLength).toBe(limitBytes);
  });

  it('stops reading at the first byte over the limit, and lets the rest go', async () => {
    const asked: WebhookDelivery[] = [];
    const handle = throughHono({ precall: givenPrecall({ receive: noting(asked, taken) }) });
    const { body, seen } = pieces([limitBytes, 1, 1, 1, 1, 1]);
    const answer = await handle(posted(body));
    expect(answer.status).toBe(413);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(seen).toEqual({ taken: 2, cancelled: true });
    expect(asked).toEqual([]);
  });

  it('reads nothing of a body that is announced to be over the limit', async () => {
    const handle = throughHono({ precall: givenPrecall() });
    const { body, seen } = pieces([1]);
    const answer = await handle(posted(body, { 'content-length': String(limitBytes + 1) }));
    expect(answer.status).toBe(413);
    expect(seen.taken).toBe(0);
  });

  it('takes a body that is not there for an empty one', async () => {
    const asked: WebhookDelivery[] = [];
    const handle = createFetchHandler({ precall: givenPrecall({ receive: noting(asked, taken) }) });
    await handle(new Request(webhook, { method: 'POST' }));
    expect(asked[0]?.body.byteLength).toBe(0);
  });

  it('says so when somebody else has read the body, or holds it', async () => {
    const handle = createFetchHandler({ precall: givenPrecall() });
    const read = posted('{}');
    await read.text();
    const held = posted('{}');
    held.body?.getReader();
    for (const request of [read, held]) expect((await handle(request)).status).toBe(500);
  });

  it('answers 400 when the sender goes away', async () => {
    const body = new ReadableStream({ pull: (stream) => stream.error(new Error('gone')) });
    const handle = createFetchHandler({ precall: givenPrecall() });
    expect((await handle(posted(body))).status).toBe(400);
  });

  it('refuses a doubled signature, which arrives as one line', async () => {
    const asked: WebhookDelivery[] = [];
    const handle = createFetchHandler({ precall: givenPrecall({ receive: noting(asked, taken) }) });
    const headers = new Headers([
      ['x-cal-signature-256', 'abc'],
      ['x-cal-signature-256', 'abc'],
    ]);
    await handle(posted('{}', headers));
    expect(asked[0]?.headers['x-cal-signature-256']).toEqual(['abc, abc']);
  });

  it('answers HEAD without a body, and what is not here with 404', async () => {
    const handle = throughHono({ precall: givenPrecall() });
    const head = await handle(new Request('http://calls.example.com/livez', { method: 'HEAD' }));
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await handle(new Request('http://calls.example.com/elsewhere?a=b'))).status).toBe(404);
  });

  it('leads to the login of the server by a response of its own', async () => {
    const authorize = () => ({ instead: { status: 302, headers: { location: '/login' } } });
    const handle = throughHono({ precall: givenPrecall(), operator: { authorize } });
    const page = await handle(new Request('http://calls.example.com/operator'));
    expect([page.status, page.headers.get('location')]).toEqual([302, '/login']);
    const change = await handle(new Request('http://calls.example.com/operator', { method: 'POST' }));
    expect([change.status, change.headers.get('location')]).toEqual([403, null]);
  });

  it('sends a copy of the store as a stream, with its length', async () => {
    const handle = throughHono({
      precall: givenPrecall(),
      operator: { authorize: () => 'yes' },
      backup: {
        async backup(to) {
          await writeFile(to, 'the whole store');
          return Ok(undefined);
        },
      },
    });
    const answer = await handle(
      new Request('http://calls.example.com/operator/api/backup', { method: 'POST' }),
    );
    expect(answer.headers.get('content-length')).toBe('15');
    expect(await answer.text()).toBe('the whole store');
  });
});
