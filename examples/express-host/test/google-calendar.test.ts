// The real host with Google Calendar on this machine.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Temporal } from '@precall/core';
import { startGoogleCalendarStandIn } from '@precall/testing/stand-ins';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { postBooking, runHost, startHost } from '../scripts/host-process.ts';
import { readSample, redated } from '../scripts/sample-webhooks.ts';

const secret = 'a-secret-of-the-tests';
const calendarId = 'calls@group.calendar.google.com';
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'precall-calendar-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function variables(key: string): { readonly [name: string]: string } {
  const file = join(folder, 'key.json');
  writeFileSync(file, key);
  return {
    CALCOM_WEBHOOK_SECRET: secret,
    PORT: '0',
    LOG_LEVEL: 'silent',
    GOOGLE_CALENDAR_ID: calendarId,
    GOOGLE_SERVICE_ACCOUNT_FILE: file,
  };
}

/** The description of the one event, once a booking was taken in. */
async function describedBy(names: object): Promise<string | undefined> {
  const google = await startGoogleCalendarStandIn({ calendarId });
  const env = { ...variables(google.key), GOOGLE_CALENDAR_BASE_URL: google.url, ...names };
  const host = await startHost({ folder: mkdtempSync(join(folder, 'host-')), env });
  try {
    expect(host.readyLine).toContain('calendar: Google');
    const webhook = redated(readSample('BOOKING_CREATED'), Temporal.Now.instant());
    expect((await postBooking(host.baseUrl, secret, webhook)).status).toBe(202);
    await vi.waitUntil(() => google.events().length === 1, { timeout: 10_000 });
    return google.events()[0]?.description;
  } finally {
    await host.end('SIGTERM');
    await google.stop();
  }
}

describe('a host with a calendar', () => {
  it('puts a booked call there, and names nobody', async () => {
    expect(await describedBy({})).toBeUndefined();
  });

  it('names who takes part where it is told to', async () => {
    expect(await describedBy({ GOOGLE_CALENDAR_NAMES: 'true' })).toBe('Guest User\nAdditional Guest');
  });

  it('does not start with a key that is none: 78, and the variable with its cure', async () => {
    const { code, stderr } = await runHost({ folder, env: variables('{"type":"authorized_user"}') });
    expect({ code, stderr }).toEqual({
      code: 78,
      stderr: expect.stringMatching(
        /^GOOGLE_SERVICE_ACCOUNT_FILE cannot be used: key is no key .*: make one/,
      ),
    });
  });
});
