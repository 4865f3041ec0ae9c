import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { apiKey, call, errorOf, from, message, noon, onBench, requestsReach } from './sending.ts';

const seconds = (count: number) => Temporal.Duration.from({ seconds: count });

describe('send', () => {
  it('is Ok with the message id of the answer', async () => {
    await onBench({}, async ({ mailer, standIn }) => {
      const answer = await mailer.send(message, call);
      expect(answer.unwrap()).toEqual({ messageId: standIn.accepted[0]?.messageId });
    });
  });

  it('hands over the attempt as the one custom argument, and no category', async () => {
    await onBench({}, async ({ mailer, standIn }) => {
      await mailer.send(message, call);
      const [mail] = standIn.accepted;
      expect([mail?.customArgs, mail?.categories]).toEqual([{ attempt: call.attemptId }, []]);
      expect(mail).toMatchObject({
        to: message.to,
        toName: 'Grace',
        from: from.email,
        fromName: from.name,
        subject: message.subject,
        text: message.text,
        html: message.html,
      });
    });
  });

  it.each([
    [400, 'rejected'],
    [413, 'rejected'],
    [415, 'rejected'],
    [404, 'unavailable'],
    [307, 'unavailable'],
    [429, 'unavailable'],
    [500, 'unavailable'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [200, 'unknown'],
    [204, 'unknown'],
  ] as const)('takes status %i for an answer: %s', async (status, kind) => {
    await onBench({}, async ({ mailer, standIn }) => {
      standIn.failNext({ status, ...(status === 204 && { body: '' }) });
      const { reason, ...error } = await errorOf(mailer.send(message, call));
      expect(error).toEqual({ kind });
      expect(reason).toContain(`SendGrid answered ${status}`);
      expect(standIn.requests).toHaveLength(1);
    });
  });

  it.each([401, 403])('takes status %i for a refusal of us, which somebody can mend', async (status) => {
    await onBench({}, async ({ mailer, standIn }) => {
      standIn.failNext({ status });
      expect(await errorOf(mailer.send(message, call))).toEqual({
        kind: 'unavailable',
        refusesUs: true,
        reason: expect.stringContaining(`SendGrid answered ${status}`),
      });
    });
  });

  it.each([
    ['Retry-After in seconds', 429, { 'retry-after': '7' }, 7],
    ['Retry-After as a date', 503, { 'retry-after': 'Mon, 02 Mar 2026 12:01:30 GMT' }, 90],
    ['X-RateLimit-Reset', 429, { 'x-ratelimit-reset': String(noon.epochMilliseconds / 1000 + 12) }, 12],
    [
      'Retry-After before X-RateLimit-Reset',
      429,
      { 'retry-after': '3', 'x-ratelimit-reset': '1999999999' },
      3,
    ],
    ['X-RateLimit-Reset only of a 429', 503, { 'x-ratelimit-reset': '1999999999' }, null],
    ['no moment that has passed', 429, { 'x-ratelimit-reset': '1700000000' }, null],
    ['no word that is no moment', 429, { 'retry-after': 'soon' }, null],
  ] as const)('asks to wait as long as SendGrid says: %s', async (_case, status, headers, wait) => {
    await onBench({}, async ({ mailer, standIn }) => {
      standIn.failNext({ status, headers });
      const error = await errorOf(mailer.send(message, call));
      const retryAfter = error.kind === 'unavailable' ? error.retryAfter : undefined;
      expect(retryAfter?.total('seconds') ?? null).toBe(wait);
    });
  });

  it('is unavailable when nobody listens', async () => {
    await onBench({}, async ({ mailer, standIn }) => {
      await standIn.stop();
      expect(await errorOf(mailer.send(message, call))).toEqual({
        kind: 'unavailable',
        reason: 'SendGrid was not reached: ECONNREFUSED.',
      });
    });
  });

  it('is unavailable when the name of the server is unknown', async () => {
    await onBench({ baseUrl: 'https://sendgrid.invalid' }, async ({ mailer }) => {
      expect(await errorOf(mailer.send(message, call))).toMatchObject({ kind: 'unavailable' });
    });
  });

  it('is unknown when the connection breaks once the request was written, whether read or not', async () => {
    for (const fault of ['cut_before_reading', 'cut_after_reading', 'cut_after_accepting'] as const) {
      await onBench({}, async ({ mailer, standIn }) => {
        standIn.failNext(fault);
        const { kind } = await errorOf(mailer.send(message, call));
        expect([fault, kind, standIn.requests.length]).toEqual([fault, 'unknown', 1]);
      });
    }
  });

  it('is unknown also when a connection that was used before breaks', async () => {
    await onBench({}, async ({ mailer, standIn }) => {
      await mailer.send(message, call);
      standIn.failNext('cut_after_accepting');
      expect(await errorOf(mailer.send(message, call))).toMatchObject({ kind: 'unknown' });
      expect([standIn.accepted.length, standIn.connections]).toEqual([2, 1]);
    });
  });

  it('gives up at the deadline, and not before, with unknown', async () => {
    await onBench({}, async ({ mailer, standIn, clock }) => {
      standIn.failNext('silence');
      let kind = 'waiting';
      const over = errorOf(mailer.send(message, call)).then((error) => {
        kind = `${error.kind}: ${error.reason}`;
      });
      await requestsReach(standIn, 1);
      await clock.advance(Temporal.Duration.from({ milliseconds: 9_999 }));
      expect(kind).toBe('waiting');
      await clock.advance(Temporal.Duration.from({ milliseconds: 1 }));
      await over;
      expect(kind).toBe('unknown: SendGrid did not answer: no answer by the deadline.');
      expect(clock.pending()).toEqual([]);
    });
  });

  it('gives up with unavailable while the handshake of TLS is not done: nothing was sent in the clear', async () => {
    const sockets: Socket[] = [];
    const mute = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const address = mute.address();
    const port = typeof address === 'object' ? address?.port : 0;
    try {
      await onBench({ baseUrl: `https://127.0.0.1:${port}` }, async ({ mailer, clock }) => {
        const connected = once(mute, 'connection');
        const answer = errorOf(mailer.send(message, call));
        await connected;
        await clock.advance(seconds(10));
        expect(await answer).toEqual({
          kind: 'unavailable',
          reason: 'SendGrid was not reached: no answer by the deadline.',
        });
      });
    } finally {
      for (const socket of sockets) socket.destroy();
      mute.close();
    }
  });

  it('takes the status for the answer although the body never ends', async () => {
    const sockets: Socket[] = [];
    const slow = createServer((socket) => {
      sockets.push(socket);
      socket.once('data', () =>
        socket.write('HTTP/1.1 202 Accepted\r\nX-Message-Id: m1\r\nContent-Length: 9\r\n\r\nhalf'),
      );
    }).listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const address = slow.address();
    const port = typeof address === 'object' ? address?.port : 0;
    try {
      await onBench({ baseUrl: `http://127.0.0.1:${port}` }, async ({ mailer, clock }) => {
        const connected = once(slow, 'connection');
        const answer = mailer.send(message, call);
        await connected;
        sockets[0]?.once('data', () => setTimeout(() => sockets[0]?.destroy(), 20));
        expect((await answer).unwrap()).toEqual({ messageId: 'm1' });
        expect(clock.pending()).toEqual([]);
      });
    } finally {
      for (const socket of sockets) socket.destroy();
      slow.close();
    }
  });

  it('starts nothing at or after the deadline', async () => {
    await onBench({}, async ({ mailer, standIn }) => {
      for (const deadline of [noon, noon.subtract({ seconds: 1 })]) {
        expect(await errorOf(mailer.send(message, { ...call, deadline }))).toMatchObject({
          kind: 'unavailable',
        });
      }
      expect([standIn.requests.length, standIn.connections]).toEqual([0, 0]);
    });
  });

  it('uses a connection again, and one for each of the messages under way at once', async () => {
    await onBench({}, async ({ mailer, standIn }) => {
      for (let count = 0; count < 5; count++) (await mailer.send(message, call)).unwrap();
      expect([standIn.accepted.length, standIn.connections]).toEqual([5, 1]);
      await Promise.all([1, 2, 3].map(() => mailer.send(message, call)));
      expect([standIn.accepted.length, standIn.connections]).toEqual([8, 3]);
    });
  });

  it('uses a connection again after a refusal', async () => {
    await onBench({}, async ({ mailer, standIn }) => {
      standIn.failNext({ status: 503 });
      await mailer.send(message, call);
      await mailer.send(message, call);
      expect([standIn.accepted.length, standIn.connections]).toEqual([1, 1]);
    });
  });

  it('asks for the sandbox where told so: a 200 is then the acceptance', async () => {
    await onBench({ sandbox: true }, async ({ mailer, standIn }) => {
      expect((await mailer.send(message, call)).unwrap()).toEqual({ messageId: null });
      expect([standIn.accepted.length, standIn.sandboxed.length]).toEqual([0, 1]);
    });
  });

  it('names the fields that SendGrid refuses, and never what was in them', async () => {
    await onBench({}, async ({ mailer }) => {
      const error = await errorOf(mailer.send({ ...message, to: 'a,b@c', toName: 'Grace Hopper' }, call));
      expect(error).toEqual({
        kind: 'rejected',
        reason: 'SendGrid answered 400: personalizations.0.to.0.email; personalizations.0.to.0',
      });
    });
  });

  it('repeats what SendGrid says of our account, without addresses', async () => {
    await onBench({}, async ({ mailer, standIn }) => {
      const errors = [{ message: 'Maximum credits exceeded\n(grace@example.org)', field: null, help: null }];
      standIn.failNext({ status: 401, body: JSON.stringify({ errors }) });
      expect((await errorOf(mailer.send(message, call))).reason).toBe(
        'SendGrid answered 401: Maximum credits exceeded (address)',
      );
    });
  });

  it.each(['Service Unavailable', '', '{"errors":"no"}', '[]', '{"errors":[null,{"field":7}]}'])(
    'bears an answer of any form (trap "error with HTTP status": the body may be a plain string): %s',
    async (body) => {
      await onBench({}, async ({ mailer, standIn }) => {
        standIn.failNext({ status: 503, body });
        expect(await errorOf(mailer.send(message, call))).toEqual({
          kind: 'unavailable',
          reason: 'SendGrid answered 503.',
        });
      });
    },
  );

  it('never lets the key or the message into an error (trap "error without response")', async () => {
    for (const fault of ['cut_after_reading', { status: 400 }, { status: 500, body: apiKey }] as const) {
      await onBench({}, async ({ mailer, standIn }) => {
        standIn.failNext(fault);
        const error = await errorOf(mailer.send(message, call));
        expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/SG\.|grace|See you soon/);
      });
    }
  });

  it('refuses once closed, and closes after what is under way has ended', async () => {
    await onBench({}, async ({ mailer, standIn }) => {
      const running = mailer.send(message, call);
      const closed = mailer.close();
      expect((await running).isOk()).toBe(true);
      await closed;
      expect(await errorOf(mailer.send(message, call))).toMatchObject({ kind: 'unavailable' });
      expect(standIn.accepted).toHaveLength(1);
    });
  });
});
