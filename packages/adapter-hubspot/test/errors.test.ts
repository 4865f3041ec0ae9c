import { createMemoryClock } from '@precall/adapter-memory';
import { milliseconds } from '@precall/core';
import type { HubspotFault } from '@precall/testing/stand-ins';
import { describe, expect, it } from 'vitest';
import { createHubspotCrm } from '../src/index.ts';
import {
  callDate,
  choice,
  date,
  errorOf,
  noon,
  onBench,
  requestsReach,
  seconds,
  status,
  token,
} from './asking.ts';

const booked = { [status]: choice('Booked') };

describe('an error', () => {
  it.each<[HubspotFault, string, string]>([
    [{ status: 400 }, 'rejected', 'rejected'],
    [{ status: 401 }, 'unavailable', 'unavailable'],
    [{ status: 403 }, 'unavailable', 'unavailable'],
    [{ status: 405 }, 'rejected', 'rejected'],
    [{ status: 408 }, 'unavailable', 'unavailable'],
    [{ status: 409 }, 'unavailable', 'unavailable'],
    [{ status: 414 }, 'rejected', 'rejected'],
    [{ status: 423 }, 'unavailable', 'unavailable'],
    [{ status: 429 }, 'unavailable', 'unavailable'],
    [{ status: 477 }, 'unavailable', 'unavailable'],
    [{ status: 500 }, 'unavailable', 'unknown'],
    [{ status: 502 }, 'unavailable', 'unknown'],
    [{ status: 503 }, 'unavailable', 'unknown'],
    [{ status: 504 }, 'unavailable', 'unknown'],
    ['half', 'unavailable', 'unknown'],
    ['cut_before', 'unavailable', 'unknown'],
    ['cut_after', 'unavailable', 'unknown'],
    ['silence', 'unavailable', 'unknown'],
  ])('of %j is, of a read, %s; of a write, %s', async (fault, ofRead, ofWrite) => {
    await onBench({}, async (bench) => {
      const { crm, hubspot, ref, clock } = bench;
      const passing = async <T>(call: Promise<T>): Promise<T> => {
        if (fault !== 'silence' && fault !== 'half') return call;
        await requestsReach(bench, hubspot.requests.length);
        const ended = call.then(() => true);
        while (!(await Promise.race([ended, nextTurn().then(() => false)])))
          await clock.advanceTo(clock.now().add(seconds(1)));
        return call;
      };
      hubspot.failNext(fault, { kind: 'contact' });
      expect((await passing(errorOf(crm.findContact('ada@example.com')))).kind).toBe(ofRead);
      await clock.advanceTo(clock.now().add(seconds(60)));
      // A refusal is tried once more only where the properties have changed.
      hubspot.failNext(fault, { kind: 'patch' });
      expect((await passing(errorOf(crm.update(ref, booked)))).kind).toBe(ofWrite);
    });
  });

  it('of a server that is not there says that nothing was done', async () => {
    const crm = createHubspotCrm({ token, baseUrl: 'http://127.0.0.1:9', clock: createMemoryClock(noon) });
    const error = await errorOf(crm.update('1', booked));
    expect(error.kind).toBe('unavailable');
    expect(error.reason).toMatch(/^HubSpot did not answer/);
  });

  it('of a write whose answer was lost is unknown, and to write the same again is harmless', async () => {
    await onBench({}, async ({ crm, hubspot, ref, values }) => {
      hubspot.failNext('cut_after', { kind: 'patch' });
      expect((await errorOf(crm.update(ref, booked))).kind).toBe('unknown');
      expect(values().booking_status).toBe('booked');
      expect((await crm.update(ref, booked)).isOk()).toBe(true);
    });
  });

  it('of a HubSpot that sends elsewhere is an error: the token goes nowhere else', async () => {
    await onBench({}, async (elsewhere) => {
      await onBench({}, async ({ crm, hubspot, ref }) => {
        const headers = { location: `${elsewhere.hubspot.url}/crm/v3/properties/contacts` };
        hubspot.failNext({ status: 307, headers });
        expect((await errorOf(crm.update(ref, booked))).kind).toBe('unavailable');
        expect(elsewhere.hubspot.requests).toEqual([]);
      });
    });
  });

  it('ends a call within 18 s, and a request within 10', async () => {
    await onBench({}, async (bench) => {
      const { crm, hubspot, ref, clock } = bench;
      hubspot.failNext('silence', { times: 2 });
      const call = errorOf(crm.findContact('ada@example.com'));
      await requestsReach(bench, 1);
      expect(clock.pending().map((at) => milliseconds(noon.until(at)))).toContain(10_000);
      await clock.advanceTo(noon.add(seconds(10)));
      expect(await call).toEqual({ kind: 'unavailable', reason: 'HubSpot did not answer in time' });
      const write = errorOf(crm.update(ref, booked));
      await requestsReach(bench, 2);
      await clock.advanceTo(clock.now().add(seconds(10)));
      expect((await write).kind).toBe('unavailable');
    });
  });

  it('never repeats what HubSpot said, nor the address, nor the token; it names the property', async () => {
    const body = JSON.stringify({
      message: `Property values were not valid: [{"message":"Ada <ada@example.com> ${token}","name":"diagnostic_call_date"}]`,
    });
    await onBench({}, async ({ crm, hubspot, ref }) => {
      hubspot.failNext({ status: 400, body }, { times: 2 });
      const read = await errorOf(crm.findContact('ada@example.com'));
      expect(read.reason).toBe('HubSpot answered 400');
      await errorOf(crm.describe());
      await crm.update(ref, { [callDate]: date('2026-03-04') });
      hubspot.failNext({ status: 400, body }, { kind: 'patch' });
      const write = await errorOf(crm.update(ref, { [callDate]: date('2026-03-05'), ...booked }));
      expect(write.reason).toBe('HubSpot answered 400 about diagnostic_call_date');
    });
  });

  it('of an answer in another shape, or no JSON, is unavailable', async () => {
    await onBench({}, async ({ crm, hubspot, ref }) => {
      for (const body of ['<html>', '[]', '{"id":7}']) {
        hubspot.failNext({ status: 200, body });
        const error = await errorOf(crm.findContact('ada@example.com'));
        expect(error).toMatchObject({
          kind: 'unavailable',
          reason: expect.stringMatching(/^HubSpot (answered in another shape|did not answer in JSON)/),
        });
      }
      hubspot.failNext({ status: 200, body: '{"results":7}' });
      expect((await errorOf(crm.update(ref, booked))).kind).toBe('unavailable');
    });
  });
});

describe('a pause', () => {
  it.each<[HubspotFault, number]>([
    [{ status: 429, policyName: 'TEN_SECONDLY_ROLLING' }, 10],
    [{ status: 429, policyName: 'DAILY' }, 3_600],
    [{ status: 429, headers: { 'retry-after': '37' } }, 37],
    [{ status: 429, headers: { 'retry-after': 'Mon, 02 Mar 2026 12:01:00 GMT' } }, 60],
    [{ status: 429, headers: { 'retry-after': 'soon' } }, 10],
    [{ status: 477, headers: { 'retry-after': '86400' } }, 3_600],
  ])('after %j is %s s long, for everything', async (fault, length) => {
    await onBench({}, async ({ crm, hubspot, ref, clock }) => {
      hubspot.failNext(fault);
      const told = await errorOf(crm.findContact('ada@example.com'));
      expect(told.kind === 'unavailable' && told.retryAfter && milliseconds(told.retryAfter)).toBe(
        length * 1_000,
      );
      await clock.advanceTo(noon.add(seconds(length - 1)));
      const meanwhile = await errorOf(crm.update(ref, booked));
      expect(meanwhile).toMatchObject({ kind: 'unavailable', reason: 'HubSpot asked for a pause' });
      expect(
        meanwhile.kind === 'unavailable' && meanwhile.retryAfter && milliseconds(meanwhile.retryAfter),
      ).toBe(1_000);
      expect(hubspot.requests).toHaveLength(1);
      await clock.advanceTo(noon.add(seconds(length)));
      expect((await crm.update(ref, booked)).isOk()).toBe(true);
    });
  });

  it('is kept by those who wait for their turn', async () => {
    await onBench({}, async (bench) => {
      const { crm, hubspot, clock } = bench;
      hubspot.failNext({ status: 429 });
      const calls = Array.from({ length: 21 }, () => crm.findContact('ada@example.com'));
      await Promise.all(calls.slice(0, 20));
      await clock.advanceTo(noon.add(seconds(1)));
      const [waited] = await Promise.all(calls.slice(20));
      expect(waited?.isErr() && waited.error.reason).toBe('HubSpot asked for a pause');
      expect(hubspot.requests.length).toBe(20);
    });
  });
});

describe('the pace', () => {
  it('is 20 requests at once and 5 a second after them; who would wait too long is told when to come', async () => {
    await onBench({}, async (bench) => {
      const { crm, hubspot, clock } = bench;
      const calls = Array.from({ length: 120 }, () => crm.findContact('ada@example.com'));
      await requestsReach(bench, 20);
      const refused = await errorOf(calls[119] ?? crm.findContact(''));
      expect(refused).toMatchObject({
        kind: 'unavailable',
        reason: 'HubSpot is asked as often as it may be',
      });
      await nextTurn();
      expect(hubspot.requests).toHaveLength(20);
      await clock.advanceTo(noon.add(seconds(1)));
      await requestsReach(bench, 25);
      await nextTurn();
      expect(hubspot.requests).toHaveLength(25);
    });
  });

  it('is 3 searches at once and 2 a second after them', async () => {
    await onBench({ contacts: [] }, async (bench) => {
      const { crm, hubspot, clock } = bench;
      const calls = Array.from({ length: 5 }, () => crm.findContact('ada@example.com'));
      await requestsReach(bench, 8);
      await nextTurn();
      expect(hubspot.count('search')).toBe(3);
      await clock.advanceTo(noon.add(seconds(1)));
      await Promise.all(calls);
      expect(hubspot.count('search')).toBe(5);
    });
  });
});

describe('createHubspotCrm', () => {
  const clock = createMemoryClock(noon);
  it.each([
    [{ token: '' }, /token is no access token .* copy it/],
    [{ token: undefined as never }, /token is no access token .* copy it/],
    [{ token: 'pat\n' }, /token is no access token/],
    [{ token, baseUrl: 'http://hubspot.example.com' }, /baseUrl is no address .* give one with https/],
    [{ token, baseUrl: 'hubspot' }, /baseUrl is no address/],
  ])('throws for %j, naming the option and its cure', (options, message) => {
    expect(() => createHubspotCrm({ clock, ...options })).toThrow(message);
  });
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
