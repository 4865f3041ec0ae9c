// The frame around all routes: health, what is not ours, and failing closed.
import { createMemoryClock } from '@precall/adapter-memory';
import { type Precall, Temporal } from '@precall/core';
import { createHttp } from '@precall/http';
import { describe, expect, it } from 'vitest';
import { givenPrecall, moment, plainRequest } from './given-precall.ts';

const everyPath = [
  'GET /livez',
  'GET /readyz',
  'POST /webhook/calcom-booking',
  'GET /webhook/calcom-booking',
  'GET /operator',
  'GET /operator/api/bookings',
];

describe('health', () => {
  it.each(['GET', 'HEAD'])('is told to %s', async (method) => {
    const http = createHttp({ precall: givenPrecall() });
    expect(await http(plainRequest(`${method} /livez`))).toMatchObject({ status: 200 });
    expect(await http(plainRequest(`${method} /readyz`))).toMatchObject({ status: 200 });
  });

  it('is alive but not ready while Precall is not ready', async () => {
    const http = createHttp({ precall: givenPrecall({ ready: async () => false }) });
    expect(await http(plainRequest('GET /livez'))).toMatchObject({ status: 200 });
    expect(await http(plainRequest('GET /readyz'))).toMatchObject({ status: 503 });
  });

  it('is not ready when the store is silent for 10 s', async () => {
    const clock = createMemoryClock(moment('2026-11-23T12:00:00Z'));
    const http = createHttp({ precall: givenPrecall({ ready: () => new Promise(() => undefined) }), clock });
    const answer = http(plainRequest('GET /readyz'));
    await clock.advance(Temporal.Duration.from({ seconds: 10 }));
    expect(await answer).toMatchObject({ status: 503 });
  });

  it.each(['POST /livez', 'DELETE /readyz'])('is not for %s', async (line) => {
    const http = createHttp({ precall: givenPrecall() });
    expect(await http(plainRequest(line))).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });
});

describe('createHttp', () => {
  it.each([
    'GET /',
    'GET /livez/',
    'GET /LIVEZ',
    'GET //livez',
    'POST /webhook/calcom-booking/',
    'POST /webhook%2Fcalcom-booking',
    'GET /metrics',
    'GET /links/abc',
    'GET /operators',
  ])('leaves %s to the app around it', async (line) => {
    expect(await createHttp({ precall: givenPrecall() })(plainRequest(line))).toBeNull();
  });

  it.each(everyPath)('forbids to store or to guess at the answer of %s', async (line) => {
    const response = await createHttp({ precall: givenPrecall() })(plainRequest(line));
    expect(response?.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  const bugs: readonly [string, Partial<Precall>][] = [
    ['POST /webhook/calcom-booking', { receive: () => Promise.reject(new Error('secret of the store')) }],
    [
      'POST /webhook/calcom-booking',
      {
        receive: () => {
          throw new Error('secret of the store');
        },
      },
    ],
    ['GET /readyz', { ready: () => Promise.reject(new Error('secret of the store')) }],
    ['GET /operator/api/bookings', { bookings: () => Promise.reject(new Error('secret of the store')) }],
    [
      'POST /operator/api/quarantine/q/replay',
      { replay: () => Promise.reject(new Error('secret of the store')) },
    ],
  ];
  it.each(bugs)('answers 500 without internals when %s throws, and reports the cause', async (line, bug) => {
    const faults: unknown[] = [];
    const http = createHttp({
      precall: givenPrecall(bug),
      operator: { authorize: () => 'yes' },
      onFault: (cause) => faults.push(cause),
    });
    const response = await http(plainRequest(line));
    expect(response?.status).toBe(500);
    expect(response?.body).not.toContain('secret');
    expect(faults).toEqual([new Error('secret of the store')]);
  });

  it('is not made for an operator whom nothing lets in', () => {
    const operator = JSON.parse('{"timeZone":"Europe/Paris"}');
    expect(() => createHttp({ precall: givenPrecall(), operator })).toThrow(/`operator` has no `authorize`/);
  });

  it('stays closed when authorize throws', async () => {
    const http = createHttp({
      precall: givenPrecall(),
      operator: {
        authorize: () => {
          throw new Error('no session store');
        },
      },
      onFault: () => undefined,
    });
    expect(await http(plainRequest('GET /operator/api/bookings'))).toMatchObject({ status: 500 });
  });
});
