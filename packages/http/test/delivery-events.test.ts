// The mailer's delivery events over HTTP: INTERFACE.md section 4.
import { type EventsAnswer, Temporal } from '@precall/core';
import { createHttp } from '@precall/http';
import { describe, expect, it } from 'vitest';
import { givenPrecall, plainRequest } from './given-precall.ts';

const post = (answer: EventsAnswer, body: Uint8Array | 'too_large' = new Uint8Array()) =>
  createHttp({ precall: givenPrecall({ deliveryEvents: async () => answer }) })(
    plainRequest('POST /webhook/sendgrid-events', { body }),
  );

describe('POST /webhook/sendgrid-events', () => {
  it.each([
    [{ kind: 'taken', events: 3 }, 200],
    [{ kind: 'not_understood', issues: [{ path: '', message: 'must be an array' }] }, 200],
    [{ kind: 'not_configured' }, 404],
    [{ kind: 'forged' }, 401],
    [{ kind: 'too_large', limitBytes: 9 }, 413],
    [{ kind: 'away', retryAfter: Temporal.Duration.from({ seconds: 5 }) }, 503],
  ] as const)('answers %j with %i', async (answer, status) => {
    expect((await post(answer))?.status).toBe(status);
  });

  it('hands over the raw bytes and the headers as they came', async () => {
    const seen: unknown[] = [];
    const precall = givenPrecall({
      async deliveryEvents(delivery) {
        seen.push(delivery);
        return { kind: 'taken', events: 0 };
      },
    });
    const body = new Uint8Array([91, 93, 13, 10]);
    const headers = { 'x-sign': ['one', 'two'] };
    const http = createHttp({ precall, eventsPath: '/events' });
    expect(await http(plainRequest('POST /events', { body, headers }))).toMatchObject({ status: 200 });
    expect(seen).toEqual([{ headers, body, query: '' }]);
  });

  it('reads no more than a mebibyte', async () => {
    expect((await post({ kind: 'taken', events: 0 }, 'too_large'))?.status).toBe(413);
  });

  it('takes POST only', async () => {
    const response = await createHttp({ precall: givenPrecall() })(
      plainRequest('GET /webhook/sendgrid-events'),
    );
    expect(response).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });

  it('hands over what the texter is told, with its query, and replies to no text', async () => {
    const seen: unknown[] = [];
    const answers: EventsAnswer[] = [{ kind: 'forged' }, { kind: 'taken', events: 1 }];
    const precall = givenPrecall({
      async deliveryEvents({ query }, channel) {
        seen.push([query, channel]);
        return answers[seen.length - 1] ?? { kind: 'not_configured' };
      },
    });
    const http = createHttp({ precall });
    const ask = () => http(plainRequest('POST /webhook/twilio?attempt=a-1', { body: new Uint8Array([65]) }));
    expect((await ask())?.status).toBe(401);
    const taken = await ask();
    expect([taken?.status, taken?.headers['content-type'], taken?.body]).toEqual([
      200,
      'text/xml',
      '<?xml version="1.0" encoding="UTF-8"?><Response/>',
    ]);
    expect(seen).toEqual([
      ['attempt=a-1', 'sms'],
      ['attempt=a-1', 'sms'],
    ]);
  });

  it('refuses to start with a path that is none', () => {
    expect(() => createHttp({ precall: givenPrecall(), eventsPath: 'events' })).toThrow(/eventsPath/);
  });
});
