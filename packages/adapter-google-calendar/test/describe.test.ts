import type { SchemaFault } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { createGoogleCalendar } from '../src/index.ts';
import { type Bench, calendarId, errorOf, noon, onBench, seconds } from './bench.ts';

async function faultsOf({ calendar }: Pick<Bench, 'calendar'>): Promise<readonly SchemaFault[]> {
  return (await calendar.describe()).unwrap();
}

describe('describe', () => {
  it('finds a calendar that is not there, or not shared, and says with whom to share it', async () => {
    await onBench(async ({ google, clock }) => {
      const { key, url: baseUrl } = google;
      const calendar = createGoogleCalendar({ calendarId: `other-${calendarId}`, key, baseUrl, clock });
      expect(await faultsOf({ calendar })).toEqual([
        {
          where: 'Google Calendar',
          fault: 'There is no calendar of this id, or it is not shared with the service account.',
          cure: expect.stringMatching(
            /^Copy the id .* give precall@a-project\.iam\.gserviceaccount\.com the right/,
          ),
        },
      ]);
    });
  });

  it('finds a calendar that may only be read', async () => {
    await onBench(async (bench) => {
      bench.google.setRole('reader');
      expect(await faultsOf(bench)).toEqual([
        {
          where: 'Google Calendar',
          fault: 'The service account may see its events and not change them.',
          cure: expect.stringContaining('the right to make changes'),
        },
      ]);
      bench.google.setRole('owner');
      expect(await faultsOf(bench)).toEqual([]);
    });
  });

  it.each(['accessNotConfigured', 'SERVICE_DISABLED'])(
    'finds an API that is not enabled (%s)',
    async (reason) => {
      await onBench(async (bench) => {
        const body = JSON.stringify({ error: { details: [{ reason }] } });
        bench.google.failNext({ status: 403, body }, { kind: 'calendar' });
        expect(await faultsOf(bench)).toMatchObject([
          { where: 'Google, project', cure: expect.stringMatching(/^Enable it/) },
        ]);
      });
    },
  );

  it('finds a key that Google does not take, be it for a clock that is wrong', async () => {
    await onBench(async ({ google, clock }) => {
      await onBench(async ({ google: { key } }) => {
        const stranger = key.replace('precall@', 'another@');
        const calendar = createGoogleCalendar({ calendarId, key: stranger, baseUrl: google.url, clock });
        expect(await faultsOf({ calendar })).toEqual([
          {
            where: 'Google, service account',
            fault: 'Google does not take its key (400, invalid_grant).',
            cure: expect.stringContaining('clock'),
          },
        ]);
      });
      google.failNext({ status: 401, reason: 'authError' }, { times: 2, kind: 'calendar' });
      const calendar = createGoogleCalendar({ calendarId, key: google.key, baseUrl: google.url, clock });
      expect(await faultsOf({ calendar })).toMatchObject([{ where: 'Google, service account' }]);
    });
  });

  it('says that it could not ask, where it could not', async () => {
    await onBench(async ({ calendar, google, clock }) => {
      for (const kind of ['token', 'calendar'] as const) {
        google.failNext({ status: 502 }, { kind });
        expect((await errorOf(calendar.describe())).kind).toBe('unavailable');
      }
      await clock.advanceTo(noon.add(seconds(1)));
      google.failNext({ status: 403, reason: 'rateLimitExceeded' }, { kind: 'calendar' });
      expect((await errorOf(calendar.describe())).kind).toBe('unavailable');
      google.failNext({ status: 200, body: '<html>' }, { kind: 'calendar' });
      expect((await errorOf(calendar.describe())).reason).toBe('Google did not answer in JSON');
    });
  });
});
