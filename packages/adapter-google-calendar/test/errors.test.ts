import { createMemoryClock } from '@precall/adapter-memory';
import { milliseconds } from '@precall/core';
import type { GoogleFault } from '@precall/testing/stand-ins';
import { describe, expect, it } from 'vitest';
import { createGoogleCalendar } from '../src/index.ts';
import { calendarId, call, errorOf, kindsAsked, noon, onBench, requestsReach, seconds } from './bench.ts';

describe('an error', () => {
  it.each<[GoogleFault, string, string]>([
    [{ status: 400, reason: 'invalid' }, 'rejected', 'Google answered 400 (invalid)'],
    [{ status: 413, body: 'too large' }, 'rejected', 'Google answered 413'],
    [
      { status: 403, reason: 'requiredAccessLevel' },
      'unavailable',
      'Google answered 403 (requiredAccessLevel)',
    ],
    [
      { status: 404, reason: 'notFound' },
      'unavailable',
      'Google answered 404 (notFound): no calendar of this id, or it is not shared with the service account',
    ],
    [{ status: 412, reason: 'conditionNotMet' }, 'unavailable', 'Google answered 412 (conditionNotMet)'],
    [{ status: 429, body: '{' }, 'unavailable', 'Google answered 429'],
    [{ status: 500 }, 'unknown', 'Google answered 500 (backendError)'],
    [{ status: 503, body: '' }, 'unknown', 'Google answered 503'],
    ['cut_before', 'unknown', 'Google did not answer (UND_ERR_SOCKET)'],
    ['cut_after', 'unknown', 'Google did not answer (UND_ERR_SOCKET)'],
  ])('of a write that met %j is %s', async (fault, kind, reason) => {
    await onBench(async ({ calendar, google }) => {
      google.failNext(fault, { kind: 'insert' });
      expect(await errorOf(calendar.put(call))).toMatchObject({ kind, reason });
    });
  });

  it('of a token that could not be had says that nothing was done', async () => {
    await onBench(async ({ calendar, google }) => {
      google.failNext({ status: 500, body: '{"error":"internal_failure"}' }, { kind: 'token' });
      expect(await errorOf(calendar.put(call))).toMatchObject({
        kind: 'unavailable',
        reason: 'Google gave no token: 500 (internal_failure)',
      });
      google.failNext({ status: 200, body: '{"token":7}' }, { kind: 'token' });
      expect(await errorOf(calendar.put(call))).toMatchObject({
        kind: 'unavailable',
        reason: 'Google gave a token in another shape than it documents',
      });
      google.failNext('cut_after', { kind: 'token' });
      expect((await errorOf(calendar.put(call))).kind).toBe('unavailable');
      google.failNext({ status: 200, body: '<html>' }, { kind: 'token' });
      expect((await errorOf(calendar.put(call))).reason).toBe('Google did not answer in JSON');
      expect(kindsAsked(google)).toEqual(['token', 'token', 'token', 'token']);
    });
  });

  it('of a server that is not there says that nothing was done', async () => {
    await onBench(async ({ google, clock }) => {
      const baseUrl = 'http://127.0.0.1:9';
      const calendar = createGoogleCalendar({ calendarId, key: google.key, baseUrl, clock });
      expect((await errorOf(calendar.put(call))).kind).toBe('unavailable');
    });
  });

  it('comes within 10 s of a request', async () => {
    await onBench(async (bench) => {
      const { calendar, google, clock } = bench;
      google.failNext('silence', { kind: 'insert' });
      const write = errorOf(calendar.put(call));
      await requestsReach(bench, 2);
      await clock.advanceTo(noon.add(seconds(10)));
      expect(await write).toMatchObject({ kind: 'unknown', reason: 'Google did not answer in time' });
    });
  });

  it('comes within 18 s of a call, though each of its requests has its own 10', async () => {
    await onBench(async (bench) => {
      const { calendar, google, clock } = bench;
      await calendar.put(call);
      google.failNext('silence', { kind: 'get' });
      const write = errorOf(calendar.put(call));
      await clock.advanceTo(noon.add(seconds(9)));
      await requestsReach(bench, 4);
      await clock.advanceTo(noon.add(seconds(18)));
      expect(await write).toMatchObject({ kind: 'unavailable', reason: 'Google did not answer in time' });
    });
  });

  it('comes instead of a write that would begin too late', async () => {
    await onBench(async ({ google, clock }) => {
      const isRenewed = () => kindsAsked(google).filter((kind) => kind === 'token').length > 1;
      const slow = { ...clock, now: () => clock.now().add(seconds(isRenewed() ? 18 : 0)) };
      const { key, url: baseUrl } = google;
      const calendar = createGoogleCalendar({ calendarId, key, baseUrl, clock: slow });
      google.failNext({ status: 401 }, { kind: 'insert' });
      expect(await errorOf(calendar.put(call))).toMatchObject({
        kind: 'unavailable',
        reason: 'Google took too long',
      });
      expect(kindsAsked(google)).toEqual(['token', 'insert', 'token']);
    });
  });

  it('never repeats what Google said, nor the title, nor a name, nor the key', async () => {
    await onBench(async ({ calendar, google }) => {
      const message = `Diagnostic call of Ana Ruiz: ${google.key}`;
      const body = JSON.stringify({
        error: { message, errors: [{ reason: message }], details: [{ reason: 'BAD' }] },
      });
      google.failNext({ status: 400, body }, { kind: 'insert' });
      expect((await errorOf(calendar.put(call))).reason).toBe('Google answered 400 (BAD)');
      const description = JSON.stringify({ error: 'invalid_grant', error_description: message });
      google.revokeTokens();
      google.failNext({ status: 400, body: description }, { kind: 'token' });
      expect((await errorOf(calendar.put(call))).reason).toBe('Google gave no token: 400 (invalid_grant)');
    });
  });

  it('of a Google that sends elsewhere is an error: the token goes nowhere else', async () => {
    await onBench(async (elsewhere) => {
      await onBench(async ({ calendar, google }) => {
        google.failNext({ status: 307, headers: { location: elsewhere.google.url } }, { kind: 'insert' });
        expect((await errorOf(calendar.put(call))).kind).toBe('unknown');
        expect(elsewhere.google.requests).toEqual([]);
      });
    });
  });
});

describe('a limit', () => {
  it.each<[GoogleFault, number]>([
    [{ status: 403, reason: 'rateLimitExceeded' }, 20],
    [{ status: 403, reason: 'userRateLimitExceeded' }, 20],
    [{ status: 429, reason: 'rateLimitExceeded' }, 20],
    [{ status: 403, reason: 'quotaExceeded' }, 3_600],
    [{ status: 403, reason: 'dailyLimitExceeded' }, 3_600],
    [{ status: 429, headers: { 'retry-after': '37' } }, 37],
    [{ status: 429, headers: { 'retry-after': 'Mon, 02 Mar 2026 12:01:00 GMT' } }, 60],
    [{ status: 429, headers: { 'retry-after': 'soon' } }, 20],
    [{ status: 403, reason: 'rateLimitExceeded', headers: { 'retry-after': '999999' } }, 3_600],
  ])('that is met as %j asks for %s s of patience', async (fault, length) => {
    await onBench(async ({ calendar, google }) => {
      google.failNext(fault, { kind: 'insert' });
      const error = await errorOf(calendar.put(call));
      expect(error.kind === 'unavailable' && error.retryAfter && milliseconds(error.retryAfter)).toBe(
        length * 1_000,
      );
    });
  });
});

describe('createGoogleCalendar', () => {
  it('throws for what cannot be right, names the option and its cure, and repeats nothing of the key', async () => {
    await onBench(async ({ google }) => {
      const { key } = google;
      const ec = key.replace(/-----BEGIN.*?END PRIVATE KEY-----\\n/, 'no key');
      const clock = createMemoryClock(noon);
      const made = (options: { calendarId?: string; key?: string; baseUrl?: string }) => () =>
        createGoogleCalendar({ calendarId, key, clock, ...options });
      expect(made({ calendarId: ' ' })).toThrow(/^calendarId is empty: copy it/);
      expect(made({ key: `${key}a-secret` })).toThrow(/^key is no JSON: make one in [^{]*$/);
      expect(made({ key: '{"type":"authorized_user"}' })).toThrow(
        /^key is no key of a service account: make/,
      );
      expect(made({ key: ec })).toThrow(/^key holds no private RSA key: make/);
      expect(made({ baseUrl: 'http://google.example.com' })).toThrow(/^baseUrl is no address .* https/);
      expect(made({ baseUrl: 'google' })).toThrow(/^baseUrl is no address/);
      expect(made({})).not.toThrow();
    });
  });
});
