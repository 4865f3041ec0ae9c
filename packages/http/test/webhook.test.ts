// What an intake answers, as status, headers and body.
import { createMemoryClock } from '@precall/adapter-memory';
import { type IntakeAnswer, Temporal } from '@precall/core';
import { createHttp, type PlainBody, type PlainResponse } from '@precall/http';
import { describe, expect, it } from 'vitest';
import { givenPrecall, moment, noting, plainRequest, taken } from './given-precall.ts';

const webhook = 'POST /webhook/calcom-booking';
const noon = moment('2026-11-23T12:00:00Z');
const seconds = (count: number) => Temporal.Duration.from({ seconds: count });

async function answerTo(answer: IntakeAnswer): Promise<PlainResponse> {
  const http = createHttp({ precall: givenPrecall({ receive: async () => answer }) });
  return answered(await http(plainRequest(webhook)));
}

function answered(response: PlainResponse | null): PlainResponse {
  if (!response) throw new Error('the path should be one of ours');
  return response;
}

describe('an answer of the intake', () => {
  it('is 202 and the plan when something a person could see was saved', async () => {
    const response = await answerTo(taken);
    expect(response.status).toBe(202);
    expect(response.headers['content-type']).toBe('application/json');
    expect(JSON.parse(response.body)).toEqual({
      status: 'scheduled',
      booking: 'calcom:8f1c0d9e2b',
      startAt: '2026-12-03T15:00:00Z',
      reminders: [{ key: 'k24', rule: '24h', dueAt: '2026-12-02T15:00:00Z' }],
      skipped: [{ key: 'k72', rule: '72h', dueAt: '2026-11-30T15:00:00Z', reason: 'moment_passed' }],
      dropped: [{ key: 'old', reason: 'superseded' }],
    });
  });

  it('names the reason when the whole sequence is skipped', async () => {
    const { body } = await answerTo({
      ...taken,
      status: 'skipped',
      reason: 'meeting_too_soon',
      startAt: null,
    });
    expect(JSON.parse(body)).toMatchObject({ status: 'skipped', reason: 'meeting_too_soon', startAt: null });
  });

  it('is 200 and the reason when nothing visible changed', async () => {
    const response = await answerTo({ kind: 'ignored', reason: 'already_known' });
    expect(response.status).toBe(200);
    expect(JSON.parse(response.body)).toEqual({ status: 'ignored', reason: 'already_known' });
  });

  const problems: readonly [IntakeAnswer, number, object, object][] = [
    [
      {
        kind: 'not_understood',
        issues: [{ path: 'payload.attendees', message: 'Required' }],
        quarantineId: 'q1',
      },
      400,
      { errors: [{ path: 'payload.attendees', message: 'Required' }], quarantineId: 'q1' },
      {},
    ],
    [{ kind: 'forged' }, 401, { detail: 'The signature is missing or wrong.' }, {}],
    [{ kind: 'too_large', limitBytes: 65_536 }, 413, {}, {}],
    [{ kind: 'wrong_type', quarantineId: 'q2' }, 415, { quarantineId: 'q2' }, {}],
    [
      { kind: 'away', retryAfter: Temporal.Duration.from({ milliseconds: 6_500 }) },
      503,
      {},
      { 'retry-after': '7' },
    ],
    [{ kind: 'away', retryAfter: seconds(0) }, 503, {}, { 'retry-after': '1' }],
  ];
  it.each(problems)('is problem details for %o', async (answer, status, body, headers) => {
    const response = await answerTo(answer);
    expect(response.status).toBe(status);
    expect(response.headers).toMatchObject({ 'content-type': 'application/problem+json', ...headers });
    expect(JSON.parse(response.body)).toMatchObject({ type: 'about:blank', status, ...body });
  });
});

describe('a body', () => {
  const faults: readonly [PlainBody, number, RegExp][] = [
    ['too_large', 413, /65536 bytes/],
    ['consumed', 500, /before express\.json\(\).*verify: keepRawBody/],
    ['aborted', 400, /ended before/],
  ];
  it.each(faults)('that is %s never reaches the intake', async (body, status, detail) => {
    const received: unknown[] = [];
    const http = createHttp({ precall: givenPrecall({ receive: noting(received, taken) }) });
    const response = answered(await http(plainRequest(webhook, { body })));
    expect(response.status).toBe(status);
    expect(JSON.parse(response.body).detail).toMatch(detail);
    expect(received).toEqual([]);
  });

  it('reaches the intake byte by byte, with every header line', async () => {
    const body = Uint8Array.of(0xfe, 0xff, 0x00);
    const headers = { 'x-cal-signature-256': ['aa', 'bb'] };
    const deliveries: unknown[] = [];
    const http = createHttp({
      precall: givenPrecall({ receive: noting(deliveries, taken) }),
    });
    await http(plainRequest(webhook, { headers, body }));
    expect(deliveries).toEqual([{ headers, body }]);
  });

  it('that is not there after 10 s is answered 408', async () => {
    const clock = createMemoryClock(noon);
    const http = createHttp({ precall: givenPrecall(), clock });
    const answer = http(plainRequest(webhook, { body: new Promise(() => undefined) }));
    await clock.advance(seconds(10));
    expect(answered(await answer).status).toBe(408);
  });
});

describe('a crowd', () => {
  it('of over 1,000 waiting deliveries is sent away for 5 s, and let in again as places become free', async () => {
    const clock = createMemoryClock(noon);
    const releases: (() => void)[] = [];
    const receive = () => new Promise<IntakeAnswer>((resolve) => releases.push(() => resolve(taken)));
    const http = createHttp({ precall: givenPrecall({ receive }), clock });

    const first = Array.from({ length: 1_000 }, () => http(plainRequest(webhook)));
    await clock.advance(seconds(1));
    expect(releases).toHaveLength(1_000);
    const refused = answered(await http(plainRequest(webhook)));
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toBe('5');

    releases[0]?.();
    expect(answered((await first[0]) ?? null).status).toBe(202);
    const next = http(plainRequest(webhook));
    await clock.advance(seconds(1));
    for (const release of releases) release();
    expect(answered(await next).status).toBe(202);
  });

  it('waits 10 s at most for its answer, while what it brought is still saved', async () => {
    const clock = createMemoryClock(noon);
    let saved = false;
    const receive = async () => {
      await new Promise<void>((resolve) => clock.at(noon.add({ seconds: 30 }), resolve));
      saved = true;
      return taken;
    };
    const http = createHttp({ precall: givenPrecall({ receive }), clock });
    const answer = http(plainRequest(webhook));
    await clock.advance(seconds(10));
    expect(answered(await answer)).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(saved).toBe(false);
    await clock.advance(seconds(20));
    expect(saved).toBe(true);
  });

  it('leaves no alarm behind once it is answered', async () => {
    const clock = createMemoryClock(noon);
    await createHttp({ precall: givenPrecall(), clock })(plainRequest(webhook));
    expect(clock.pending()).toEqual([]);
  });
});

describe('the webhook', () => {
  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'post'])(
    'answers 405 to %s',
    async (method) => {
      const http = createHttp({ precall: givenPrecall() });
      const response = answered(await http(plainRequest(`${method} /webhook/calcom-booking`)));
      expect(response).toMatchObject({ status: 405, headers: { allow: 'POST' } });
    },
  );

  it('stands where it is told to', async () => {
    const http = createHttp({ precall: givenPrecall(), webhookPath: '/hooks/cal' });
    expect((await http(plainRequest('POST /hooks/cal')))?.status).toBe(202);
    expect(await http(plainRequest(webhook))).toBeNull();
  });

  it.each(['hooks/cal', '/hooks?a', ''])('refuses to start at "%s"', (webhookPath) => {
    expect(() => createHttp({ precall: givenPrecall(), webhookPath })).toThrow(/webhookPath/);
  });
});
