// What Prometheus asks for.
import { createMemoryClock } from '@precall/adapter-memory';
import { Ok, Temporal } from '@precall/core';
import { createHttp, type MetricsText } from '@precall/http';
import { describe, expect, it } from 'vitest';
import { givenPrecall, moment, plainRequest } from './given-precall.ts';

const start = '2026-11-23T12:00:00Z';

/** Tells how often it was asked, and what it was given. */
function counted(): MetricsText {
  let asked = 0;
  return {
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    async text(precall) {
      asked += 1;
      const [isReady, measures] = await Promise.all([precall.ready(), precall.measure()]);
      return `asked ${asked}, ready ${isReady}, measured ${measures.isOk()}\n`;
    },
  };
}

describe('GET /metrics', () => {
  it('is text of the type that whoever counts gives it, for GET and HEAD alone', async () => {
    const http = createHttp({ precall: givenPrecall(), metrics: counted() });
    const headers = {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    };
    const body = 'asked 1, ready true, measured true\n';
    expect(await http(plainRequest('GET /metrics'))).toEqual({ status: 200, headers, body });
    expect(await http(plainRequest('HEAD /metrics'))).toMatchObject({ status: 200 });
    expect(await http(plainRequest('POST /metrics'))).toMatchObject({ status: 405 });
  });

  it('is made once a second, however many ask', async () => {
    const clock = createMemoryClock(moment(start));
    const http = createHttp({ precall: givenPrecall(), metrics: counted(), clock });
    const ask = async () => (await http(plainRequest('GET /metrics')))?.body.slice(0, 7);
    expect(await Promise.all([ask(), ask()])).toEqual(['asked 1', 'asked 1']);
    await clock.advance(Temporal.Duration.from({ milliseconds: 999 }));
    expect(await ask()).toBe('asked 1');
    await clock.advance(Temporal.Duration.from({ milliseconds: 1 }));
    expect(await ask()).toBe('asked 2');
  });

  it('goes without what a silent store does not tell within 5 s', async () => {
    const clock = createMemoryClock(moment(start));
    const never = () => new Promise<never>(() => undefined);
    const precall = givenPrecall({ ready: never, measure: never });
    const answer = createHttp({ precall, metrics: counted(), clock })(plainRequest('GET /metrics'));
    await clock.advance(Temporal.Duration.from({ seconds: 5 }));
    expect((await answer)?.body).toBe('asked 1, ready false, measured false\n');
  });

  it('is 500, and tells nothing, where the telling fails', async () => {
    const faults: unknown[] = [];
    const http = createHttp({
      precall: givenPrecall({ measure: async () => Ok(Object(null)) }),
      metrics: { contentType: 'text/plain', text: () => Promise.reject(new Error('guest@example.com')) },
      onFault: (cause) => faults.push(cause),
    });
    const response = await http(plainRequest('GET /metrics'));
    expect(response).toMatchObject({ status: 500 });
    expect(response?.body).not.toContain('guest');
    expect(faults).toHaveLength(1);
  });
});
