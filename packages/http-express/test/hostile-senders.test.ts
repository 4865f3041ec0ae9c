// Senders that are too large, too slow, gone, or lying, over real sockets.
import { createMemoryClock } from '@precall/adapter-memory';
import { type IntakeAnswer, Ok, Temporal } from '@precall/core';
import { basicAuth } from '@precall/http-express';
import { afterEach, describe, expect, it } from 'vitest';
import { givenPrecall, moment, taken } from '../../http/test/given-precall.ts';
import { chunk, closeHosts, host, later, path, post, watched } from './listening-host.ts';

const limit = 64 * 1024;
const noon = moment('2026-11-23T12:00:00Z');
const seconds = (count: number) => Temporal.Duration.from({ seconds: count });

afterEach(closeHosts);

describe('the limit of 64 KiB', () => {
  it('lets a body of exactly that size in', async () => {
    const { base, received } = await host();
    expect((await fetch(base + path, { method: 'POST', body: 'x'.repeat(limit) })).status).toBe(202);
    expect(received[0]?.body.byteLength).toBe(limit);
  });

  it('refuses one byte more', async () => {
    const { base, received } = await host();
    expect((await fetch(base + path, { method: 'POST', body: 'x'.repeat(limit + 1) })).status).toBe(413);
    expect(received).toEqual([]);
  });

  it('refuses an announced length without waiting for the body', async () => {
    const { connect } = await host();
    const { socket, until } = await connect();
    socket.write(post([`content-length: ${limit + 1}`]));
    expect(await until(/"status"/)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('refuses chunks at the first byte over it, and hangs up a second later', async () => {
    const clock = createMemoryClock(noon);
    const { connect, received } = await host({ clock });
    const { socket, until, ended } = await connect();
    socket.write(post(['transfer-encoding: chunked'], chunk(limit) + chunk(1)));
    expect(await until(/"status"/)).toMatch(/^HTTP\/1\.1 413 .*connection: close/is);
    expect(socket.destroyed).toBe(false);
    await clock.advance(seconds(1));
    await ended;
    expect(received).toEqual([]);
  });

  it('hangs up at once when the sender has said all it had to say', async () => {
    const clock = createMemoryClock(noon);
    const { raw } = await host({ clock });
    const answer = await raw(post([`content-length: ${4 * limit}`], 'x'.repeat(4 * limit)));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(clock.pending()).toEqual([]);
  });

  it('is answered even while the sender goes on sending, and then the line is cut', async () => {
    const clock = createMemoryClock(noon);
    const { connect } = await host({ clock });
    const { socket, until, ended } = await connect();
    const more = () => {
      if (!socket.destroyed) socket.write(chunk(limit), () => setImmediate(more));
    };
    socket.write(post(['transfer-encoding: chunked']));
    more();
    expect(await until(/"status"/)).toMatch(/^HTTP\/1\.1 413 /);
    await clock.advance(seconds(1));
    await ended;
  });
});

describe('a sender', () => {
  it('that announces more than it sends, and goes away, is not waited for', async () => {
    const time = createMemoryClock(noon);
    const { clock, waiting, cancelled } = watched(time);
    const { connect, received } = await host({ clock });
    const { socket } = await connect();
    socket.write(post(['content-length: 100'], 'x'));
    await waiting;
    socket.destroy();
    await cancelled;
    await time.advance(seconds(0));
    expect(time.pending()).toEqual([]);
    expect(received).toEqual([]);
  });

  it('that is gone before its body is asked for is not waited for', async () => {
    const clock = createMemoryClock(noon);
    const { promise: asked, resolve: ask } = later<void>();
    const { promise: passedOn, resolve: passOn } = later<void>();
    const { connect, received } = await host({
      clock,
      before(request, _response, next) {
        request.on('close', () => {
          next();
          passOn();
        });
        ask();
      },
    });
    const { socket } = await connect();
    socket.write(post(['content-length: 100'], 'x'));
    await asked;
    socket.destroy();
    await passedOn;
    await clock.advance(seconds(0));
    expect(clock.pending()).toEqual([]);
    expect(received).toEqual([]);
  });

  it('that goes away before its answer harms nobody', async () => {
    const { promise: receiving, resolve: begin } = later<void>();
    const { promise: answer, resolve: give } = later<IntakeAnswer>();
    const receive = () => {
      begin();
      return answer;
    };
    const { connect, base } = await host({ precall: givenPrecall({ receive }) });
    const { socket, ended } = await connect();
    socket.write(post(['content-length: 2'], '{}'));
    await receiving;
    socket.destroy();
    await ended;
    give(taken);
    expect((await fetch(`${base}/livez`)).status).toBe(200);
  });

  it('that sends less than it announced gets 408 after 10 s, and the line is cut', async () => {
    const time = createMemoryClock(noon);
    const { clock, waiting } = watched(time);
    const { connect, received } = await host({ clock });
    const { socket, until, ended } = await connect();
    socket.write(post(['content-length: 100'], 'x'));
    await waiting;
    await time.advance(seconds(10));
    expect(await until(/"status"/)).toMatch(/^HTTP\/1\.1 408 .*connection: close/is);
    await time.advance(seconds(1));
    await ended;
    expect(received).toEqual([]);
  });

  it('that sends more than it announced cannot slip a second delivery in', async () => {
    const { raw, received } = await host();
    const hidden = `${post(['content-length: 2'], '[]')}`;
    const answers = await raw(post(['content-length: 2'], `{}garbage ${hidden}`));
    expect(answers).toMatch(/HTTP\/1\.1 400 /);
    expect(received.map(({ body }) => Buffer.from(body).toString())).not.toContain('[]');
  });

  it.each([
    [['content-length: 2', 'transfer-encoding: chunked'], 'both length and chunks'],
    [['content-length: 2', 'content-length: 3'], 'two lengths'],
    [['content-length: -2'], 'a negative length'],
  ])('is refused with %j (%s)', async (headers) => {
    const { raw, received } = await host();
    expect(await raw(post(headers, '{}'))).toMatch(/^HTTP\/1\.1 400 /);
    expect(received).toEqual([]);
  });
});

describe('a path', () => {
  it.each([
    'GET /operator/api/bookings/%',
    'GET /operator/api/bookings/%c0%ae%c0%ae',
    'GET /operator/api/bookings/../../livez',
    'GET /operator/../livez',
    'GET //operator/api/bookings',
    'GET http://other.example/operator/api/bookings',
    'GET /operator/api/bookings?status=%',
    'GET /operator/api/bookings?cursor=%00&cursor=b&__proto__=c',
    'GET /webhook/..%2foperator',
  ])(
    'such as %s is never answered 5xx, and never with bookings unless the password is right',
    async (line) => {
      const { raw } = await host({
        precall: givenPrecall({ bookings: async () => Ok({ items: [], next: 'found' }) }),
        operator: { authorize: basicAuth({ user: 'operator', password: 'correct horse' }) },
      });
      const right = `authorization: Basic ${Buffer.from('operator:correct horse').toString('base64')}`;
      for (const headers of [[], [right]]) {
        const answer = await raw(
          [`${line} HTTP/1.1`, 'host: x', 'connection: close', ...headers, '', ''].join('\r\n'),
        );
        expect(answer).toMatch(/^HTTP\/1\.1 [24]/);
        if (headers.length === 0) expect(answer).not.toContain('found');
      }
    },
  );
});
