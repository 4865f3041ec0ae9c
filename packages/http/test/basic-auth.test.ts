import { type AskedRoute, type Authorization, type Authorize, basicAuth } from '@precall/http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admitted } from '../src/basic-auth.ts';
import { plainRequest } from './given-precall.ts';

const user = 'operator';
const password = 'pässwort: with a colon';
const encoded = (text: string) => Buffer.from(text, 'utf8').toString('base64');
const right = encoded(`${user}:${password}`);

describe('basicAuth', () => {
  const authorize = basicAuth({ user, password });

  it.each([`Basic ${right}`, `basic ${right}`, `BASIC  ${right}`])('says yes to %s', (line) => {
    expect(authorize({ authorization: [line] })).toBe('yes');
  });

  it.each([
    ['nothing', []],
    ['an empty line', ['']],
    ['another scheme', [`Bearer ${right}`]],
    ['no scheme', [right]],
    ['two lines, even if both are right', [`Basic ${right}`, `Basic ${right}`]],
    ['a wrong password', [`Basic ${encoded(`${user}:wrong`)}`]],
    ['a password cut short', [`Basic ${encoded(`${user}:${password.slice(0, -1)}`)}`]],
    ['another user', [`Basic ${encoded(`root:${password}`)}`]],
    ['something after it', [`Basic ${right} x`]],
    ['what is not base64', ['Basic ???']],
  ])('asks for credentials when given %s', (_what, authorization) => {
    expect(authorize({ authorization })).toEqual({ challenge: 'Basic realm="Precall", charset="UTF-8"' });
  });

  it('never says yes to other credentials', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (name, word) => {
        fc.pre(`${name}:${word}` !== `${user}:${password}`);
        expect(authorize({ authorization: [`Basic ${encoded(`${name}:${word}`)}`] })).not.toBe('yes');
      }),
    );
  });

  it('always says yes to its own credentials', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 12 });
    const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((given) => !given.includes(':'));
    fc.assert(
      fc.property(name, text, (ownUser, ownPassword) => {
        const own = basicAuth({ user: ownUser, password: ownPassword });
        expect(own({ authorization: [`Basic ${encoded(`${ownUser}:${ownPassword}`)}`] })).toBe('yes');
      }),
    );
  });

  it.each([
    { user: '', password },
    { user: 'a:b', password },
    { user, password: '' },
    { user, password: 'eleven char' },
    { user, password: undefined as never },
    { user: undefined as never, password },
  ])('refuses to be made of %o', (options) => {
    expect(() => basicAuth(options)).toThrow(/basicAuth: `(user|password)`/);
  });
});

describe('an answer of an auth hook', () => {
  const get = plainRequest('GET /operator');
  const given = (answer: unknown, request = get, to: 'pages' | 'api' = 'pages') =>
    admitted(() => answer as Authorization, request, { to });
  const login = { instead: { status: 303, headers: { Location: '/login' } } };

  it('that is neither yes nor a name is a 401, whatever plain JavaScript gives', async () => {
    for (const answer of [undefined, null, true, 'no', 1, {}, { user: 1 }, { challenge: 7 }, []])
      expect(await given(answer)).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Basic realm="Precall", charset="UTF-8"' },
      });
  });

  it('is who it is, or the challenge of the hook itself', async () => {
    expect(await given('yes')).toEqual({ by: 'operator' });
    expect(await given({ user: 'ada' })).toEqual({ by: 'ada' });
    expect(await given({ challenge: 'Bearer' })).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
    });
  });

  it('leads whoever looks at a page to the login of the server', async () => {
    const headers = { 'cache-control': 'no-store', location: '/login' };
    for (const method of ['GET', 'HEAD'])
      expect(await given(login, plainRequest(`${method} /operator`))).toEqual({
        status: 303,
        headers,
        body: '',
      });
    const form = {
      status: 200,
      headers: { 'content-type': 'text/html', 'content-length': '1' },
      body: '<form>',
    };
    expect(await given({ instead: form })).toEqual({
      status: 200,
      headers: { 'cache-control': 'no-store', 'content-type': 'text/html' },
      body: '<form>',
    });
  });

  it('that leads to a login is a 403 without a challenge for changes and for programs', async () => {
    const refused = [
      await given(login, plainRequest('POST /operator')),
      await given(login, plainRequest('PUT /operator')),
      await given(login, get, 'api'),
    ];
    for (const answer of refused) {
      expect(answer).toMatchObject({ status: 403 });
      expect(Object.keys('headers' in answer ? answer.headers : {})).not.toContain('www-authenticate');
      expect(Object.keys('headers' in answer ? answer.headers : {})).not.toContain('location');
    }
  });

  it.each<[string, unknown]>([
    ['no status', {}],
    ['a status that is none', { status: 99 }],
    ['a status without a body', { status: 304 }],
    ['a status in words', { status: '303' }],
    ['a body that is no text', { status: 200, body: 7 }],
    ['a header that is no text', { status: 303, headers: { location: null } }],
    ['nothing', null],
    ['a name beside it that is none', { status: 0, by: 'ada' }],
  ])('with %s to answer instead is a 401', async (_what, instead) => {
    expect(await given({ instead })).toMatchObject({ status: 401 });
  });

  it('may rest on what is asked for', async () => {
    const asked: AskedRoute[] = [];
    const hook: Authorize = (_headers, route) => {
      asked.push(route);
      return 'yes';
    };
    await admitted(hook, plainRequest('GET /operator/bookings?q=ana'), { to: 'pages' });
    expect(asked.map(({ method, path, query }) => `${method} ${path} ${query}`)).toEqual([
      'GET /operator/bookings q=ana',
    ]);
  });
});
