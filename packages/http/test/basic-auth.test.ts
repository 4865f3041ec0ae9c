import { basicAuth } from '@precall/http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Authorization, admitted } from '../src/basic-auth.ts';

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
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    const name = text.filter((given) => !given.includes(':'));
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
  ])('refuses to be made of %o', (options) => {
    expect(() => basicAuth(options)).toThrow(/basicAuth: `(user|password)`/);
  });
});

describe('an answer of an auth hook', () => {
  it('that is neither yes nor a name is a 401, whatever plain JavaScript gives', () => {
    for (const answer of [undefined, null, true, 'no', 1, {}, { user: 1 }, { challenge: 7 }, []])
      expect(admitted(answer as Authorization)).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Basic realm="Precall", charset="UTF-8"' },
      });
  });

  it('is who it is, or the challenge of the hook itself', () => {
    expect(admitted('yes')).toEqual({ by: 'operator' });
    expect(admitted({ user: 'ada' })).toEqual({ by: 'ada' });
    expect(admitted({ challenge: 'Bearer' })).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
    });
  });
});
