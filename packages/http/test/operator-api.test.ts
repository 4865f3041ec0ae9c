// The operator's routes: nobody else's, and never a change for somebody else's page.
import { createMemoryClock } from '@precall/adapter-memory';
import {
  type BookingDetail,
  bookingId,
  Err,
  type Headers,
  Ok,
  type Page,
  type PortError,
  Temporal,
} from '@precall/core';
import { basicAuth, createHttp, type HttpOptions } from '@precall/http';
import { describe, expect, it } from 'vitest';
import { givenPrecall, moment, noting, plainRequest, taken } from './given-precall.ts';

const routes = [
  'GET /operator/api/bookings',
  'GET /operator/api/bookings/calcom%3Aabc',
  'GET /operator/api/reminders?state=planned',
  'GET /operator/api/mailbox',
  'GET /operator/api/quarantine',
  'POST /operator/api/quarantine/q1/replay',
  'POST /operator/api/bookings/calcom%3Aabc/attendance',
  'POST /operator/api/backup',
  'GET /operator/api/outcomes',
  'POST /operator/api/erase',
  'GET /operator',
  'GET /operator/',
  'GET /operator/bookings',
  'DELETE /operator/api/bookings',
];

const operator: NonNullable<HttpOptions['operator']> = { authorize: () => 'yes' };
const booking = {
  id: bookingId('calcom', 'abc/ü'),
  status: 'agreed',
  startAt: moment('2026-12-03T15:00:00Z'),
};

describe('without an operator', () => {
  it.each(routes)('%s is 404', async (line) => {
    const http = createHttp({ precall: givenPrecall() });
    expect(await http(plainRequest(line))).toMatchObject({ status: 404 });
  });
});

describe('without the right password', () => {
  const wrong = `Basic ${Buffer.from('operator:wrong').toString('base64')}`;
  it.each(routes)('%s is 401 and touches nothing', async (line) => {
    const touched = () => {
      throw new Error('nothing may be asked for');
    };
    const http = createHttp({
      precall: givenPrecall({
        bookings: touched,
        booking: touched,
        upcoming: touched,
        quarantine: touched,
        replay: touched,
        erase: touched,
      }),
      mailbox: { list: touched },
      backup: { backup: touched },
      operator: { authorize: basicAuth({ user: 'operator', password: 'correct horse' }) },
    });
    for (const headers of [{}, { authorization: [wrong] }]) {
      const response = await http(plainRequest(line, { headers }));
      expect(response?.status).toBe(401);
      expect(response?.headers['www-authenticate']).toMatch(/^Basic realm=/);
    }
  });
});

describe('a list', () => {
  it('passes status, address and cursor on, and answers items and where to go on', async () => {
    const asked: unknown[] = [];
    const http = createHttp({
      operator,
      precall: givenPrecall({
        bookings: noting(asked, Ok({ items: [], next: 'c2' })),
      }),
    });
    const response = await http(
      plainRequest('GET /operator/api/bookings?status=agreed&email=ada%40example.com&cursor=c1'),
    );
    expect(JSON.parse(response?.body ?? '')).toEqual({ items: [], next: 'c2' });
    expect(asked).toEqual([
      { status: 'agreed', email: 'ada@example.com', page: { limit: 100, cursor: 'c1' } },
    ]);
  });

  it('takes an empty parameter as not given', async () => {
    const asked: unknown[] = [];
    const http = createHttp({
      operator,
      precall: givenPrecall({
        bookings: noting(asked, Ok({ items: [], next: null })),
      }),
    });
    await http(plainRequest('GET /operator/api/bookings?status=&email=&cursor='));
    expect(asked).toEqual([{ page: { limit: 100, cursor: null } }]);
  });

  it.each([
    'GET /operator/api/bookings?status=lost',
    'GET /operator/api/bookings?status=constructor',
    'GET /operator/api/reminders?state=sent',
  ])('is 400 for %s', async (line) => {
    const http = createHttp({ operator, precall: givenPrecall() });
    expect(await http(plainRequest(line))).toMatchObject({ status: 400 });
  });

  const troubles: readonly [PortError, number, string | undefined][] = [
    [{ kind: 'rejected', reason: 'not a cursor of this store' }, 400, undefined],
    [{ kind: 'unavailable', reason: 'closed' }, 503, '5'],
    [
      { kind: 'unavailable', reason: 'closed', retryAfter: Temporal.Duration.from({ milliseconds: 1500 }) },
      503,
      '2',
    ],
    [{ kind: 'unknown', reason: 'timed out' }, 503, '5'],
  ];
  it.each(troubles)('answers %o of the store', async (error, status, retryAfter) => {
    const trouble = async () => Err(error);
    const http = createHttp({
      operator,
      precall: givenPrecall({ bookings: trouble, booking: trouble, upcoming: trouble, quarantine: trouble }),
      mailbox: { list: trouble },
    });
    for (const line of routes.slice(0, 5)) {
      const response = await http(plainRequest(line));
      expect([line, response?.status]).toEqual([line, status]);
      expect(response?.headers['retry-after']).toBe(retryAfter);
    }
  });

  it('of mails is 404 when mails go elsewhere, else the mailbox', async () => {
    const pages: Page[] = [];
    const mailbox = {
      list: noting(pages, Ok({ items: [{ subject: 'Hello' }], next: null })),
    };
    const line = 'GET /operator/api/mailbox?cursor=c1';
    expect(await createHttp({ operator, precall: givenPrecall() })(plainRequest(line))).toMatchObject({
      status: 404,
    });
    const response = await createHttp({ operator, precall: givenPrecall(), mailbox })(plainRequest(line));
    expect(JSON.parse(response?.body ?? '')).toEqual({ items: [{ subject: 'Hello' }], next: null });
    expect(pages).toEqual([{ limit: 100, cursor: 'c1' }]);
  });
});

describe('a booking', () => {
  const http = createHttp({
    operator,
    precall: givenPrecall({
      booking: async (id) => Ok(id === booking.id ? (booking as unknown as BookingDetail) : null),
    }),
  });

  it('is found by its percent-encoded id', async () => {
    const response = await http(
      plainRequest(`GET /operator/api/bookings/${encodeURIComponent('calcom:abc/ü')}`),
    );
    expect(response?.status).toBe(200);
    expect(JSON.parse(response?.body ?? '')).toMatchObject({
      id: 'calcom:abc/ü',
      startAt: '2026-12-03T15:00:00Z',
    });
  });

  it('is not looked for when its id names no source', async () => {
    const asked: unknown[] = [];
    const asking = createHttp({ operator, precall: givenPrecall({ booking: noting(asked, Ok(null)) }) });
    for (const id of ['nocolon', ':x']) await asking(plainRequest(`GET /operator/api/bookings/${id}`));
    expect(asked).toEqual([]);
  });

  it.each([
    ['calcom:other', 404],
    ['nocolon', 404],
    [':x', 404],
    ['%00', 404],
    ['__proto__', 404],
    ['{"$gt":""}', 404],
    ['..', 404],
    ['..%2f..%2fetc%2fpasswd', 404],
    ['../../livez', 404],
    ['', 404],
    ['a/b', 404],
    ['%', 400],
    ['%zz', 400],
    ['%ff', 400],
    ['%ed%a0%80', 400],
  ])('named %s is %i', async (id, status) => {
    expect((await http(plainRequest(`GET /operator/api/bookings/${id}`)))?.status).toBe(status);
  });
});

describe('replay', () => {
  const http = createHttp({
    operator,
    precall: givenPrecall({ replay: async (id) => (id === 'q/1' ? taken : null) }),
  });

  it('answers as the webhook would', async () => {
    const response = await http(plainRequest('POST /operator/api/quarantine/q%2F1/replay'));
    expect(response?.status).toBe(202);
    expect(JSON.parse(response?.body ?? '')).toMatchObject({ status: 'scheduled' });
  });

  it('waits 10 s at most, as the webhook does', async () => {
    const clock = createMemoryClock(moment('2026-11-23T12:00:00Z'));
    const precall = givenPrecall({ replay: () => new Promise(() => undefined) });
    const answer = createHttp({ operator, precall, clock })(
      plainRequest('POST /operator/api/quarantine/q%2F1/replay'),
    );
    await clock.advance(Temporal.Duration.from({ seconds: 10 }));
    expect(await answer).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
  });

  it('is 404 for what is not in quarantine', async () => {
    expect(await http(plainRequest('POST /operator/api/quarantine/q2/replay'))).toMatchObject({
      status: 404,
    });
  });

  it.each(['GET', 'HEAD', 'PUT', 'DELETE'])('is not for %s', async (method) => {
    const response = await http(plainRequest(`${method} /operator/api/quarantine/q%2F1/replay`));
    expect(response).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });

  const host = ['precall.example:8443'];
  const pages: readonly [string, Headers, number][] = [
    ['a program', {}, 202],
    ['a program that names its host', { host }, 202],
    ['a program by the fetch of Node', { host, 'sec-fetch-mode': ['cors'] }, 202],
    [
      'our own page',
      { host, origin: ['https://precall.example:8443'], 'sec-fetch-site': ['same-origin'] },
      202,
    ],
    ['our own page in an older browser', { host, origin: ['https://precall.example:8443'] }, 202],
    ['our own page behind a proxy that ends TLS', { host, origin: ['http://precall.example:8443'] }, 202],
    [
      'our own page on a default port',
      { host: ['Precall.example'], origin: ['https://precall.example'] },
      202,
    ],
    ['our own page under no-referrer', { host, origin: ['null'], 'sec-fetch-site': ['same-origin'] }, 202],
    ['our own page without Origin', { host, 'sec-fetch-site': ['same-origin'] }, 202],
    ['another site', { host, origin: ['https://evil.example'], 'sec-fetch-site': ['cross-site'] }, 403],
    ['another site in an older browser', { host, origin: ['https://evil.example'] }, 403],
    ['another port', { host, origin: ['https://precall.example'] }, 403],
    [
      'a subdomain',
      { host, origin: ['https://a.precall.example:8443'], 'sec-fetch-site': ['same-site'] },
      403,
    ],
    ['a longer name', { host, origin: ['https://precall.example:8443.evil.example'] }, 403],
    ['an origin with our name as user', { host, origin: ['https://precall.example:8443@evil.example'] }, 403],
    ['a bookmark', { host, 'sec-fetch-site': ['none'] }, 403],
    ['a sandboxed frame', { host, origin: ['null'] }, 403],
    ['another scheme', { host, origin: ['ftp://precall.example:8443'] }, 403],
    ['a file', { host, origin: ['file://'] }, 403],
    ['an origin that is none', { host, origin: ['precall.example:8443'] }, 403],
    [
      'two claims that differ',
      { host, origin: ['https://evil.example'], 'sec-fetch-site': ['same-origin'] },
      403,
    ],
    ['two origins', { host, origin: ['https://precall.example:8443', 'https://evil.example'] }, 403],
    ['two hosts', { host: [...host, 'evil.example'], origin: ['https://precall.example:8443'] }, 403],
    ['no host', { origin: ['https://precall.example:8443'] }, 403],
    ['a browser that says neither', { host, referer: ['https://precall.example:8443/operator'] }, 403],
    ['a browser that says only its mode', { host, 'sec-fetch-mode': ['no-cors'] }, 403],
    ['a browser that says what for', { host, 'sec-fetch-mode': ['cors'], 'sec-fetch-dest': ['empty'] }, 403],
  ];
  it.each(pages)('asked for by %s', async (_who, headers, status) => {
    const response = await http(plainRequest('POST /operator/api/quarantine/q%2F1/replay', { headers }));
    expect(response?.status).toBe(status);
  });
});
