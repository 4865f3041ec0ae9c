import { createServer } from 'node:net';
import { Client, LogLevel } from '@notionhq/client';
import { createMemoryClock } from '@precall/adapter-memory';
import type { PortError } from '@precall/core';
import type { NotionFault } from '@precall/testing/stand-ins';
import { describe, expect, it, vi } from 'vitest';
import { createNotionCrm } from '../src/index.ts';
import {
  adasMember,
  adasRef,
  type Bench,
  choice,
  errorOf,
  noon,
  onBench,
  passTo,
  requestsReach,
  seconds,
  status,
  token,
} from './asking.ts';

const booked = { [status]: choice('Booked') };
const kinds = (errors: readonly PortError[]) => errors.map(({ kind }) => kind);

/** What a read and a write end with when Notion does that. */
async function endsOf(fault: NotionFault): Promise<readonly PortError[]> {
  let ends: readonly PortError[] = [];
  await onBench({}, async ({ crm, notion }) => {
    const ref = await adasRef(crm);
    notion.failNext(fault, { kind: 'query' });
    notion.failNext(fault, { kind: 'patch' });
    ends = [await errorOf(crm.findContact('ada@example.com')), await errorOf(crm.update(ref, booked))];
  });
  return ends;
}

describe('an answer', () => {
  it.each([
    [400, ['rejected', 'rejected']],
    [401, ['unavailable', 'unavailable']],
    [403, ['unavailable', 'unavailable']],
    [500, ['unavailable', 'unknown']],
    [502, ['unavailable', 'unknown']],
    [503, ['unavailable', 'unknown']],
    [504, ['unavailable', 'unknown']],
  ])('A4: %i is %j for a read and a write, whatever code comes along', async (code, expected) => {
    expect(kinds(await endsOf({ status: code }))).toEqual(expected);
    expect(kinds(await endsOf({ status: code, body: '<html>' }))).toEqual(expected);
  });

  it('A4: that is no JSON is none', async () => {
    const ends = await endsOf({ status: 200, body: '<html>Hello' });
    expect(ends).toMatchObject([{ kind: 'unavailable' }, { kind: 'unknown' }]);
    for (const { reason } of ends) expect(reason).toBe('Notion did not answer in JSON');
  });

  it('A4: is told in a reason without the values that it repeats', async () => {
    const message =
      'body.filter.email.equals should be shorter, instead was `"ada@example.com Ada L."`. Ask bob@x.io.';
    const body = JSON.stringify({ object: 'error', status: 400, code: 'validation_error', message });
    for (const { reason } of await endsOf({ status: 400, body })) {
      expect(reason).toBe(
        'Notion answered 400: body.filter.email.equals should be shorter, instead was .... Ask ...',
      );
    }
  });

  it('A4: prints nothing, and its error holds no token', async () => {
    const printed: unknown[] = [];
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, 'write').mockImplementation((text) => printed.push(text) > 0);
    for (const method of ['log', 'warn', 'error', 'info', 'debug'] as const)
      vi.spyOn(console, method).mockImplementation((...all) => printed.push(all));
    const ends = await endsOf({ status: 400 });
    vi.restoreAllMocks();
    expect(printed).toEqual([]);
    expect(JSON.stringify(ends)).not.toContain(token);
  });

  it('A4: 409 is asked again a few times, and then unavailable', async () => {
    await onBench({}, async (bench) => {
      const { crm, notion, row } = bench;
      const ref = await adasRef(crm);
      notion.failNext({ status: 409 }, { times: 3, kind: 'patch' });
      const written = crm.update(ref, booked);
      for (const wait of [0.5, 1, 2]) await passTo(bench, wait);
      expect((await written).isOk()).toBe(true);
      expect(notion.count('patch')).toBe(4);
      expect(row(0).values[status]).toBe('Booked');

      notion.failNext({ status: 409 }, { times: 4, kind: 'patch' });
      const refused = errorOf(crm.update(ref, booked));
      for (const wait of [0.5, 1, 2]) await passTo(bench, wait);
      expect(await refused).toMatchObject({ kind: 'unavailable' });
      expect(notion.count('patch')).toBe(8);
    });
  });
});

describe('a pause that Notion asks for', () => {
  it.each([
    [429, '2', 2],
    [529, '2', 2],
    [429, '0.5', 0.5],
    [429, '300', 300],
    [429, new Date(noon.epochMilliseconds + 7_000).toUTCString(), 7],
    [529, new Date(noon.epochMilliseconds + 7_200_000).toUTCString(), 3_600],
    [429, '2592000', 3_600],
  ])('A5: %i with Retry-After %s is obeyed for %f s, by the whole adapter', async (code, value, length) => {
    await onBench({}, async ({ crm, notion, clock, member }) => {
      const ref = await adasRef(crm);
      await adasMember(crm);
      notion.failNext({ status: code, headers: { 'retry-after': value } });
      const error = await errorOf(crm.update(ref, booked));
      expect(error).toMatchObject({ kind: 'unavailable', retryAfter: seconds(length) });
      const count = notion.requests.length;

      await clock.advance(seconds(length - 0.001));
      const meanwhile = await Promise.all([
        errorOf(crm.update(ref, booked)),
        errorOf(crm.findContact('ada@example.com')),
        errorOf(crm.recordSent(member(0).id, '24h', noon)),
        errorOf(crm.describe()),
      ]);
      for (const one of meanwhile)
        expect(one).toMatchObject({ kind: 'unavailable', retryAfter: seconds(0.001) });
      expect(notion.requests).toHaveLength(count);

      await clock.advance(seconds(0.001));
      expect((await crm.update(ref, booked)).isOk()).toBe(true);
    });
  });

  it('A5: without Retry-After, or with one that says nothing, lasts five seconds', async () => {
    for (const value of [undefined, 'soon', '-3', '9'.repeat(400)]) {
      await onBench({}, async ({ crm, notion }) => {
        notion.failNext({ status: 429, ...(value && { headers: { 'retry-after': value } }) });
        const error = await errorOf(crm.findContact('ada@example.com'));
        expect(error).toMatchObject({ kind: 'unavailable', retryAfter: seconds(5) });
      });
    }
  });

  it('A5: sends those back who wait for their turn', async () => {
    await onBench({ crm: { pace: { perSecond: 3, burst: 3 } } }, async ({ crm, notion, clock }) => {
      await adasRef(crm);
      notion.failNext({ status: 429, headers: { 'retry-after': '60' } });
      const first = crm.findContact('ada@example.com');
      const second = errorOf(crm.findContact('ada@example.com'));
      const waiting = errorOf(crm.findContact('ada@example.com'));
      await clock.advance(seconds(0.334));
      expect((await errorOf(first)).kind).toBe('unavailable');
      await clock.advance(seconds(1));
      expect([await second, await waiting]).toMatchObject([{ kind: 'unavailable' }, { kind: 'unavailable' }]);
      expect(notion.count('query')).toBe(2);
    });
  });
});

describe('no answer', () => {
  it.each(['silence', 'half'] as const)(
    'A5: is waited for ten seconds, then it is given up (%s)',
    async (fault) => {
      await onBench({}, async (bench) => {
        const { crm, notion, clock } = bench;
        const ref = await adasRef(crm);
        for (const [kind, run] of [
          ['unavailable', () => crm.findContact('ada@example.com')],
          ['unknown', () => crm.update(ref, booked)],
        ] as const) {
          notion.failNext(fault);
          const count = notion.requests.length;
          const ended = vi.fn();
          const error = errorOf(run());
          void error.then(ended);
          await requestsReach(bench, count + 1);
          await clock.advance(seconds(9.999));
          expect(ended).not.toHaveBeenCalled();
          await clock.advance(seconds(0.001));
          expect(await error).toEqual({ kind, reason: 'Notion did not answer in time' });
        }
      });
    },
  );

  it('A5: ends the connection, so that nothing goes on behind our back', async () => {
    const seen = { asked: 0, closed: 0 };
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => {
        seen.asked += 1;
        // Some runtimes open a second connection, to have one at hand: it is asked nothing.
        socket.on('close', () => {
          seen.closed += 1;
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const clock = createMemoryClock(noon);
    const crm = createNotionCrm({
      token,
      clock,
      baseUrl: `http://127.0.0.1:${port}`,
      contacts: { database: '1'.repeat(32) },
    });
    const error = errorOf(crm.findContact('ada@example.com'));
    await vi.waitFor(() => expect(seen.asked).toBe(1));
    expect(seen.closed).toBe(0);
    await clock.advance(seconds(10));
    expect((await error).kind).toBe('unavailable');
    await vi.waitFor(() => expect(seen.closed).toBe(1));
    expect(seen.asked).toBe(1);
    server.close();
  });

  it('is waited for as long as configuration says', async () => {
    await onBench({ crm: { requestTimeout: seconds(2) } }, async (bench) => {
      bench.notion.failNext('silence');
      const error = errorOf(bench.crm.findContact('ada@example.com'));
      await requestsReach(bench, 1);
      await bench.clock.advance(seconds(2));
      expect((await error).kind).toBe('unavailable');
    });
  });

  it('is waited for eighteen seconds from the call on, the wait for a turn included', async () => {
    await onBench({ crm: { pace: { perSecond: 0.1, burst: 3 } } }, async (bench) => {
      const { crm, notion, clock } = bench;
      const ref = await adasRef(crm);
      notion.failNext('silence');
      const ended = vi.fn();
      const error = errorOf(crm.update(ref, booked));
      void error.then(ended);
      await clock.advance(seconds(10));
      await requestsReach(bench, 4);
      await clock.advance(seconds(7.999));
      expect(ended).not.toHaveBeenCalled();
      await clock.advance(seconds(0.001));
      expect(await error).toEqual({ kind: 'unknown', reason: 'Notion did not answer in time' });
    });
  });

  it('A4: is not waited for longer by a call that met a concurrent edit at its end', async () => {
    await onBench({ crm: { pace: { perSecond: 1 / 17.8, burst: 3 } } }, async ({ crm, notion, clock }) => {
      const ref = await adasRef(crm);
      notion.failNext({ status: 409 });
      const error = errorOf(crm.update(ref, booked));
      await clock.advance(seconds(17.8));
      expect(await error).toMatchObject({ kind: 'unavailable', reason: 'Notion answered 409' });
    });
  });

  it('is not waited for by a call whose turn would come too late: it is sent back at once', async () => {
    await onBench({ crm: { pace: { perSecond: 0.05, burst: 3 } } }, async ({ crm, notion }) => {
      const ref = await adasRef(crm);
      const error = await errorOf(crm.update(ref, booked));
      expect(error).toMatchObject({ kind: 'unavailable', retryAfter: seconds(20) });
      expect(notion.count('patch')).toBe(0);
    });
  });

  it('A4: by a cut connection is unavailable for a read and unknown for a write, which may be done', async () => {
    for (const fault of ['cut_before', 'cut_after'] as const) {
      const ends = await endsOf(fault);
      expect(kinds(ends)).toEqual(['unavailable', 'unknown']);
      for (const { reason } of ends) expect(reason).toMatch(/^Notion did not answer \(\w+\)$/);
    }
  });

  it('A3: to a write that was done is harmless to repeat', async () => {
    await onBench({}, async ({ crm, notion, row }) => {
      const ref = await adasRef(crm);
      notion.failNext('cut_after', { kind: 'patch' });
      expect((await errorOf(crm.update(ref, booked))).kind).toBe('unknown');
      const once = row(0).values;
      expect(once[status]).toBe('Booked');
      expect((await crm.update(ref, booked)).isOk()).toBe(true);
      expect(row(0).values).toEqual(once);
    });
  });

  it('A4: because nobody listens is unavailable, for a write, too', async () => {
    await onBench({}, async ({ crm, notion }) => {
      const ref = await adasRef(crm);
      await notion.stop();
      // The first meets the connection that was cut.
      await errorOf(crm.update(ref, booked));
      expect(await errorOf(crm.update(ref, booked))).toEqual({
        kind: 'unavailable',
        reason: 'Notion did not answer (ECONNREFUSED)',
      });
    });
  });
});

describe('a reference', () => {
  it('that is none of Notion is refused, and goes into no other path', async () => {
    await onBench({}, async ({ crm, notion }) => {
      for (const ref of ['../users/me', 'no such page', '0'.repeat(32), '']) {
        expect((await errorOf(crm.update(ref, booked))).kind).toBe('rejected');
      }
      for (const { path } of notion.requests) expect(path).not.toContain('users');
    });
  });
});

describe('a client of the caller', () => {
  const clientOf = ({ notion }: Bench) =>
    new Client({ auth: token, baseUrl: notion.url, retry: false, logLevel: LogLevel.ERROR });

  it('is used as it is, at the same pace and within the same time', async () => {
    await onBench({}, async (bench) => {
      const { clock, contacts, notion } = bench;
      const crm = createNotionCrm({ client: clientOf(bench), clock, contacts: { database: contacts.id } });
      expect((await crm.update(await adasRef(crm), booked)).isOk()).toBe(true);
      notion.failNext('silence');
      const error = errorOf(crm.findContact('ada@example.com'));
      await requestsReach(bench, 5);
      await clock.advance(seconds(10));
      expect(await error).toMatchObject({ kind: 'unavailable' });
    });
  });

  it('is obeyed in its Retry-After, too, whatever its headers are made of', async () => {
    await onBench({}, async ({ clock, contacts, notion }) => {
      const headers = { get: (name: string) => (name === 'retry-after' ? '9' : null) };
      const client = new Client({
        auth: token,
        baseUrl: notion.url,
        retry: false,
        logger: () => undefined,
        fetch: async () => ({ ok: false, status: 429, headers, text: async () => '' }),
      });
      const crm = createNotionCrm({ client, clock, contacts: { database: contacts.id } });
      expect(await errorOf(crm.findContact('ada@example.com'))).toMatchObject({ retryAfter: seconds(9) });
    });
  });
});

describe('an option that cannot be right', () => {
  it.each([
    ['token', { token: 'ntn_of the tests\n' }],
    ['contacts.database', { contacts: { database: '' } }],
    ['sequence.database', { sequence: { database: '' } }],
    ['pace', { pace: { perSecond: 0, burst: 1 } }],
    ['pace', { pace: { perSecond: 3, burst: 0 } }],
    ['requestTimeout', { requestTimeout: seconds(0) }],
    ['requestTimeout', { requestTimeout: seconds(19) }],
    ['baseUrl', { baseUrl: 'http://notion.example.com' }],
    ['baseUrl', { baseUrl: 'somewhere' }],
    ['token', { token: undefined as never }],
    ['contacts.database', { contacts: { database: undefined as never } }],
  ])('is refused at the start, by its name: %s', (name, wrong) => {
    const options = {
      token,
      clock: createMemoryClock(noon),
      contacts: { database: '1'.repeat(32) },
      ...wrong,
    };
    expect(() => createNotionCrm(options)).toThrow(name);
    expect(() => createNotionCrm(options)).not.toThrow('ntn_');
  });
});
