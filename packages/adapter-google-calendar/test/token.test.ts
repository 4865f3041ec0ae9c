import { describe, expect, it } from 'vitest';
import { call, errorOf, kindsAsked, noon, onBench, seconds } from './bench.ts';

describe('the token', () => {
  it('is asked for once, however many calls need it at once, and serves for an hour', async () => {
    await onBench(async ({ calendar, google, clock }) => {
      const ids = [...'abcdefgh'].map((letter) => letter.repeat(39));
      await Promise.all(ids.map((id) => calendar.put({ ...call, id })));
      await clock.advanceTo(noon.add(seconds(3_500)));
      await calendar.put(call);
      expect(kindsAsked(google).filter((kind) => kind === 'token')).toHaveLength(1);
      expect(google.events()).toHaveLength(9);
    });
  });

  it('is renewed before it ends', async () => {
    await onBench(async ({ calendar, google, clock }) => {
      await calendar.describe();
      await clock.advanceTo(noon.add(seconds(3_599)));
      await calendar.describe();
      expect(kindsAsked(google)).toEqual(['token', 'calendar', 'token', 'calendar']);
    });
  });

  it('is renewed once where Google does not take it, and the request made again', async () => {
    await onBench(async ({ calendar, google }) => {
      await calendar.describe();
      google.revokeTokens();
      expect((await calendar.put(call)).isOk()).toBe(true);
      expect(kindsAsked(google).slice(2)).toEqual(['insert', 'token', 'insert']);
      google.failNext({ status: 401, reason: 'authError' }, { times: 2, kind: 'remove' });
      expect(await errorOf(calendar.remove(call.id))).toMatchObject({
        kind: 'unavailable',
        reason: 'Google answered 401 (authError)',
      });
      expect(kindsAsked(google).slice(5)).toEqual(['remove', 'token', 'remove']);
    });
  });

  it('is asked for with a word that holds for an hour, about events alone', async () => {
    await onBench(async ({ calendar, google }) => {
      await calendar.describe();
      const form = new URLSearchParams(google.requests[0]?.body);
      const [header = '', claims = ''] = (form.get('assertion') ?? '').split('.');
      const said = [header, claims].map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
      const iat = noon.epochMilliseconds / 1_000;
      expect(said).toEqual([
        { alg: 'RS256', typ: 'JWT', kid: 'a1b2' },
        {
          iss: 'precall@a-project.iam.gserviceaccount.com',
          scope: 'https://www.googleapis.com/auth/calendar.events',
          aud: `${google.url}/token`,
          iat,
          exp: iat + 3_600,
        },
      ]);
    });
  });
});
