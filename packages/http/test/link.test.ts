// The page behind a link in a mail: what it says, in whose language, and that only a POST does anything.
import { Err, type LinkSeen, Ok, recipientId, Temporal } from '@precall/core';
import { createHttp } from '@precall/http';
import { parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import { givenPrecall, noting, plainRequest } from './given-precall.ts';

const call: LinkSeen = {
  kind: 'attend',
  used: false,
  locale: 'de',
  startAt: Temporal.Instant.from('2026-12-03T15:00:00Z'),
  timeZone: 'Europe/Berlin',
};

function given(seen: LinkSeen, used: LinkSeen = seen) {
  const looked: string[] = [];
  const pressed: string[] = [];
  const precall = givenPrecall({
    lookAtLink: noting(looked, Ok(seen)),
    useLink: noting(pressed, Ok(used)),
  });
  return { answer: createHttp({ precall }), looked, pressed };
}

describe('GET /link/{token}', () => {
  it('says what the link is for, with one button, and does nothing', async () => {
    const { answer, looked, pressed } = given(call);
    const page = await answer(plainRequest('GET /link/a.1.2'));
    expect(page?.status).toBe(200);
    expect(page?.body).toContain('<html lang="de">');
    expect(page?.body).toContain('<p class="when">Donnerstag, 3. Dezember 2026<br>16:00</p>');
    expect(page?.body).toContain('Mitteleuropäische Normalzeit');
    expect(page?.body).toContain('<form method="post"><button>Ich bin dabei</button></form>');
    expect(looked).toEqual(['a.1.2']);
    expect(pressed).toEqual([]);
  });

  it.each<[LinkSeen, number, string]>([
    [{ kind: 'stop', used: false, locale: 'fr-CA' }, 200, 'Ne plus recevoir ces messages ?'],
    [{ kind: 'stop', used: true, locale: 'es' }, 200, 'No recibirá más recordatorios nuestros.'],
    [{ kind: 'over', locale: 'en' }, 200, 'This call is no longer open'],
    [{ kind: 'unknown' }, 404, 'This link does not work'],
  ])('answers %o with a page of its own', async (seen, status, words) => {
    const page = await given(seen).answer(plainRequest('GET /link/s.1.2'));
    expect(page?.status).toBe(status);
    expect(page?.body).toContain(words);
  });

  it('speaks the language of the browser where nobody knows the person', async () => {
    const headers = { 'accept-language': ['pt-BR, fr;q=0.9, en;q=0.8'] };
    const page = await given({ kind: 'unknown' }).answer(plainRequest('GET /link/x', { headers }));
    expect(page?.body).toContain('<html lang="fr">');
  });

  it('asks nobody about what is too long to be a link', async () => {
    const { answer, looked } = given(call);
    expect((await answer(plainRequest(`GET /link/${'a'.repeat(201)}`)))?.status).toBe(404);
    expect(looked).toEqual([]);
  });

  it('loads nothing, gives its address to nobody, and is in no frame and no cache', async () => {
    const page = await given(call).answer(plainRequest('GET /link/a.1.2'));
    expect(page?.headers).toMatchObject({
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      ),
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(page?.body).not.toMatch(/<script|<link|<img|url\(/);
    expect(() => parse(page?.body ?? '')).not.toThrow();
  });
});

describe('POST /link/{token}', () => {
  it('does it, whatever the form says: a mail program posts List-Unsubscribe=One-Click', async () => {
    const { answer, looked, pressed } = given(
      { kind: 'stop', used: false, locale: 'en' },
      { kind: 'stop', used: true, locale: 'en' },
    );
    const body = new TextEncoder().encode('List-Unsubscribe=One-Click');
    const page = await answer(plainRequest('POST /link/s.1.2', { body }));
    expect(page?.status).toBe(200);
    expect(page?.body).toContain('No more mails');
    expect(page?.body).not.toContain('<form');
    expect(pressed).toEqual(['s.1.2']);
    expect(looked).toEqual([]);
  });

  it('takes the host’s word on one of those who took part, and shows what was said of each', async () => {
    const words: unknown[] = [];
    const id = recipientId('a'.repeat(32));
    const seen: LinkSeen = {
      kind: 'who_came',
      locale: 'en',
      startAt: Temporal.Instant.from('2026-12-03T15:00:00Z'),
      timeZone: 'Europe/Berlin',
      people: [
        { id, name: '<b>Ada', came: null },
        { id: recipientId('b'.repeat(32)), name: null, came: true },
        { id: recipientId('c'.repeat(32)), name: 'Grace', came: false },
      ],
    };
    const precall = givenPrecall({
      lookAtLink: async () => Ok(seen),
      useLink: async (_, word) => {
        words.push(word);
        return Ok(seen);
      },
    });
    const answer = createHttp({ precall });
    const asking = await answer(plainRequest('GET /link/w.1.2'));
    expect(words).toEqual([]);
    expect(asking?.body).toContain('Thursday, December 3, 2026');
    expect(asking?.body).toContain('&lt;b&gt;Ada');
    expect(buttonsIn(asking?.body)).toEqual([
      'came <b>Ada: Came',
      'absent <b>Ada: Did not come',
      'absent Somebody without a name: Did not come',
      'came Grace: Came',
    ]);
    for (const form of [`came=${id}`, `absent=${id}`, 'List-Unsubscribe=One-Click'])
      await answer(plainRequest('POST /link/w.1.2', { body: new TextEncoder().encode(form) }));
    expect(words).toEqual([{ person: id, came: true }, { person: id, came: false }, undefined]);
  });

  it('is 503 while the store is away, to be sent again', async () => {
    const precall = givenPrecall({ useLink: async () => Err({ kind: 'unavailable', reason: 'away' }) });
    const answered = await createHttp({ precall })(plainRequest('POST /link/s.1.2'));
    expect(answered?.status).toBe(503);
    expect(answered?.headers['retry-after']).toBe('5');
  });

  it('takes no other method', async () => {
    expect((await given(call).answer(plainRequest('PUT /link/a.1.2')))?.status).toBe(405);
  });
});

/** What each button sends, and what it is called. */
function buttonsIn(body = ''): readonly string[] {
  return [...body.matchAll(/<button name="(\w+)" value="[0-9a-f]{32}" aria-label="([^"]*)"/g)].map(
    ([, name, label]) => `${name} ${label?.replaceAll('&lt;', '<').replaceAll('&gt;', '>')}`,
  );
}
