// The router in an app, over real sockets.
import { METHODS } from 'node:http';
import { basicAuth, keepRawBody } from '@precall/http-express';
import express, { type RequestHandler } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { closeHosts, host, path, post } from './listening-host.ts';

const limit = 64 * 1024;

afterEach(closeHosts);

describe('a delivery', () => {
  it('arrives byte by byte, with one entry for each header line', async () => {
    const { raw, received } = await host();
    const bytes = '{"a":"\xfe\xff"}';
    const headers = [
      'content-type: application/json',
      'X-Cal-Signature-256: aa',
      'x-cal-signature-256: bb',
      `content-length: ${bytes.length}`,
      'connection: close',
    ];
    expect(await raw(post(headers, bytes))).toMatch(/^HTTP\/1\.1 202 Accepted/);
    expect(received[0]?.headers['x-cal-signature-256']).toEqual(['aa', 'bb']);
    expect(Buffer.from(received[0]?.body ?? []).toString('latin1')).toBe(bytes);
  });

  it('is answered with the plan as JSON', async () => {
    const { base } = await host();
    const response = await fetch(base + path, { method: 'POST', body: '{}' });
    expect(response.status).toBe(202);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({ status: 'scheduled', booking: 'calcom:8f1c0d9e2b' });
  });

  it('in a coding is handed on as it came', async () => {
    const { base, received } = await host();
    const gzip = Uint8Array.of(0x1f, 0x8b, 0x08, 0x00);
    await fetch(base + path, { method: 'POST', body: gzip, headers: { 'content-encoding': 'gzip' } });
    expect(received[0]?.headers['content-encoding']).toEqual(['gzip']);
    expect(new Uint8Array(received[0]?.body ?? [])).toEqual(gzip);
  });

  // Only what the runtime's parser knows arrives: QUERY is news to the oldest.
  it.each(
    ['PUT', 'PATCH', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'QUERY'].filter((one) => METHODS.includes(one)),
  )('by %s is 405, and the connection lives on', async (method) => {
    const { raw, received } = await host();
    const next = 'GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
    const answers = await raw(`${method} ${path} HTTP/1.1\r\nhost: x\r\n\r\n${next}`);
    expect(answers).toMatch(/^HTTP\/1\.1 405 .*allow: POST.*HTTP\/1\.1 200 /s);
    expect(received).toEqual([]);
  });
});

describe("behind the app's own parser", () => {
  const body = '{ "spaces" : "kept" }';
  const delivery = { method: 'POST', body, headers: { 'content-type': 'application/json' } };

  it('answers 500 and the cure when the raw body is gone', async () => {
    const { base, received } = await host({ before: express.json() });
    const response = await fetch(base + path, delivery);
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({
      detail: expect.stringMatching(/before express\.json\(\).*keepRawBody/),
    });
    expect(received).toEqual([]);
  });

  const parsers: readonly [string, RequestHandler][] = [
    ['express.json({ verify: keepRawBody })', express.json({ verify: keepRawBody })],
    ['express.raw()', express.raw({ type: () => true })],
    ['a parser of another type', express.urlencoded()],
  ];
  it.each(parsers)('still has the raw bytes after %s', async (_name, before) => {
    const { base, received } = await host({ before });
    expect((await fetch(base + path, delivery)).status).toBe(202);
    expect(Buffer.from(received[0]?.body ?? []).toString()).toBe(body);
  });

  it('keeps its own limit', async () => {
    const { base } = await host({ before: express.json({ verify: keepRawBody, limit: '1mb' }) });
    const large = JSON.stringify('x'.repeat(limit));
    const response = await fetch(base + path, { ...delivery, body: `[${large}]` });
    expect(response.status).toBe(413);
  });
});

describe('in an app', () => {
  it('passes on what is none of its paths, with the body unread', async () => {
    const { base } = await host();
    const response = await fetch(`${base}/shop?a=1`, { method: 'POST', body: 'theirs' });
    expect(await response.text()).toBe('the app saw POST /shop?a=1 theirs');
  });

  it('keeps quiet where the app has answered already', async () => {
    const { connect } = await host({
      before(_request, response, next) {
        response.send('the app was faster');
        next();
      },
    });
    const { socket, until } = await connect();
    const livez = 'GET /livez HTTP/1.1\r\nhost: x\r\n\r\n';
    socket.write(livez);
    await until(/the app was faster/);
    socket.write(livez);
    expect(await until(/faster.*faster/s)).not.toContain('"alive"');
    socket.destroy();
  });

  it('lives under a prefix', async () => {
    const { base } = await host({ at: '/precall' });
    expect((await fetch(`${base}/precall/livez`)).status).toBe(200);
    expect((await fetch(`${base}/precall${path}`, { method: 'POST', body: '{}' })).status).toBe(202);
    expect((await fetch(`${base}/livez`)).status).toBe(404);
  });

  it('gives HEAD the headers of GET and no body', async () => {
    const { raw } = await host();
    const answer = await raw('HEAD /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*content-length: 18\r\n.*\r\n\r\n$/is);
  });

  it('asks a browser for the password, and lets it in', async () => {
    const { base } = await host({
      operator: { authorize: basicAuth({ user: 'operator', password: 'correct horse' }) },
    });
    const url = `${base}/operator/api/bookings`;
    expect((await fetch(url)).headers.get('www-authenticate')).toMatch(/^Basic /);
    const authorization = `Basic ${Buffer.from('operator:correct horse').toString('base64')}`;
    const response = await fetch(url, { headers: { authorization } });
    expect(await response.json()).toEqual({ items: [], next: null });
  });
});
