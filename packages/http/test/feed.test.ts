// The feed of upcoming calls, over HTTP.
import { Err, Ok, Temporal } from '@precall/core';
import { createHttp } from '@precall/http';
import { describe, expect, it } from 'vitest';
import { givenDesk, givenPrecall, moment, noting, plainRequest } from './given-precall.ts';

const events = [
  {
    id: `precall${'0'.repeat(32)}`,
    startAt: moment('2026-12-01T12:00:00Z'),
    endAt: moment('2026-12-01T12:30:00Z'),
    title: 'Diagnostic Call',
    place: null,
    names: [],
  },
];

function given(answer: Awaited<ReturnType<ReturnType<typeof givenPrecall>['calendarFeed']>>) {
  const asked: string[] = [];
  const http = createHttp({ precall: givenPrecall({ calendarFeed: noting(asked, answer) }) });
  return { asked, ask: (line: string) => http(plainRequest(line)) };
}

describe('GET /calendar/{token}.ics', () => {
  it('is a calendar that nobody between may keep', async () => {
    const { asked, ask } = given(Ok({ events, now: moment('2026-11-23T12:00:00Z') }));
    const answer = await ask('GET /calendar/f.calls.0a.ics');
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/calendar; charset=utf-8',
        'cache-control': 'private, max-age=300',
      },
      body: expect.stringContaining('SUMMARY:Diagnostic Call\r\n'),
    });
    expect(asked).toEqual(['f.calls.0a']);
  });

  it('says where the address is found to whoever has a wrong one', async () => {
    const answer = await given(Ok(null)).ask('GET /calendar/f.calls.0b.ics');
    expect(answer?.status).toBe(404);
    expect(answer?.body).toContain("The operator's overview shows the one that works.");
  });

  it('is read, not written', async () => {
    expect((await given(Ok(null)).ask('POST /calendar/f.calls.0a.ics'))?.status).toBe(405);
  });

  it('asks to come again while the store is away', async () => {
    const retryAfter = Temporal.Duration.from({ seconds: 7 });
    const answer = await given(Err({ kind: 'unavailable', reason: 'away', retryAfter })).ask(
      'GET /calendar/f.calls.0a.ics',
    );
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '7' } });
  });

  it.each([
    '/calendar',
    '/calendar/',
    '/calendar/f.calls.0a',
    '/calendar/a/b.ics',
    '/calendar/a%2Fb.ics',
    `/calendar/${'a'.repeat(201)}.ics`,
  ])('leaves %s to the app around', async (path) => {
    const { asked, ask } = given(Ok(null));
    expect(await ask(`GET ${path}`)).toBeNull();
    expect(asked).toEqual([]);
  });
});

describe('the overview', () => {
  const overview = async (feedUrl: string | null) => {
    const health = (await givenDesk().health()).unwrap();
    const desk = givenDesk({ health: async () => Ok({ ...health, feedUrl }) });
    const http = createHttp({ precall: givenPrecall({ desk }), operator: { authorize: () => 'yes' } });
    return (await http(plainRequest('GET /operator')))?.body;
  };

  it.each([
    'https://calls.example.com/calendar/f.calls.0a.ics',
    'http://127.0.0.1:3000/calendar/f.calls.0a.ics',
  ])('says the address where there is one: %s', async (address) => {
    expect(await overview(address)).toContain(
      `<dt>Calendar to subscribe to</dt><dd><code>${address}</code></dd>`,
    );
    expect(await overview(null)).toContain('<dt>Calendar to subscribe to</dt><dd>none</dd>');
  });
});
