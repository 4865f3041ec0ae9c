// The stand-in of Google is as strict as Google: what it would refuse there is refused here.
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GoogleCalendarStandIn, startGoogleCalendarStandIn } from '../src/stand-ins.ts';

const calendarId = 'calls@group.calendar.google.com';
const event = {
  id: 'precall0123456789abcdef0123456789abcdef',
  start: { dateTime: '2026-03-05T15:00:00Z' },
  end: { dateTime: '2026-03-05T15:30:00Z' },
};
let google: GoogleCalendarStandIn;
beforeAll(async () => {
  google = await startGoogleCalendarStandIn({ calendarId });
});
afterAll(() => google.stop());

async function tokenFor(
  claims: object,
  key?: KeyObject,
  alg = 'RS256',
): Promise<{ status: number; token: string }> {
  const account = JSON.parse(google.key);
  const iat = Math.floor(Date.now() / 1_000);
  const all = {
    iss: account.client_email,
    aud: `${google.url}/token`,
    scope: 'https://www.googleapis.com/auth/calendar.events',
    iat,
    exp: iat + 3_600,
    ...claims,
  };
  const words = [{ alg }, all]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign('RSA-SHA256', Buffer.from(words), key ?? createPrivateKey(account.private_key));
  const answer = await fetch(`${google.url}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: `${words}.${signature.toString('base64url')}`,
    }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return { status: answer.status, token };
}

async function ask(method: string, path: string, body?: object): Promise<number> {
  const { token } = await tokenFor({});
  const answer = await fetch(
    `${google.url}/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events${path}`,
    {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    },
  );
  await answer.text();
  return answer.status;
}

describe('the token of the stand-in of Google', () => {
  const nowS = Math.floor(Date.now() / 1_000);
  it.each<[string, object]>([
    ['another account', { iss: 'another@a-project.iam.gserviceaccount.com' }],
    ['another audience', { aud: 'https://oauth2.googleapis.com/token' }],
    ['another scope', { scope: 'https://www.googleapis.com/auth/drive' }],
    ['a word that has ended', { iat: nowS - 7_200, exp: nowS - 3_600 }],
    ['a word from the future', { iat: nowS + 3_000, exp: nowS + 6_000 }],
    ['a word for longer than an hour', { exp: nowS + 9_000 }],
  ])('is refused for %s', async (_, claims) => {
    expect((await tokenFor(claims)).status).toBe(400);
  });

  it('is refused for another key, and for a word that says it is signed otherwise', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    expect((await tokenFor({}, privateKey)).status).toBe(400);
    expect((await tokenFor({}, undefined, 'none')).status).toBe(400);
    expect((await tokenFor({})).status).toBe(200);
  });
});

describe('the calendar of the stand-in of Google', () => {
  it.each<[string, object]>([
    ['an id with other letters', { ...event, id: 'PRECALL-1' }],
    ['a field that it does not know', { ...event, title: 'Call' }],
    ['no time', { id: event.id }],
    ['a time without offset', { ...event, start: { dateTime: '2026-03-05T15:00:00' } }],
    ['an end before the start', { ...event, start: event.end, end: event.start }],
    ['a text that is too long', { ...event, description: 'a'.repeat(8_193) }],
  ])('refuses %s', async (_, given) => {
    expect(await ask('POST', '', given)).toBe(400);
    expect(google.events()).toEqual([]);
  });

  it('takes an id once, also after its event was removed, until that is put back', async () => {
    expect(await ask('POST', '?sendUpdates=none', event)).toBe(200);
    expect(await ask('POST', '', event)).toBe(409);
    expect(await ask('DELETE', `/${event.id}`)).toBe(204);
    expect(await ask('DELETE', `/${event.id}`)).toBe(410);
    expect(await ask('POST', '', event)).toBe(409);
    expect(google.events()).toEqual([]);
    expect(await ask('PUT', `/${event.id}`, { ...event, status: 'confirmed' })).toBe(200);
    expect(google.events()).toHaveLength(1);
  });

  it('refuses a sequence that is behind its own', async () => {
    google.edit(event.id, { sequence: 3 });
    expect(await ask('PUT', `/${event.id}`, { ...event, sequence: 2 })).toBe(400);
    expect(await ask('PUT', `/${event.id}`, { ...event, sequence: 3 })).toBe(200);
  });

  it('knows no event that was not put, and no other calendar', async () => {
    expect(await ask('DELETE', '/aaaaa')).toBe(404);
    expect(await ask('PUT', '/aaaaa', { ...event, id: 'aaaaa' })).toBe(404);
    expect(await ask('GET', '/aaaaa/instances')).toBe(404);
  });
});
