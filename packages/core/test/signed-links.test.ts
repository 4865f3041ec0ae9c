import { describe, expect, it } from 'vitest';
import { attemptId, recipientId } from '../src/ids.ts';
import { answersIn, createSignedLinks, type LinkUse } from '../src/signed-links.ts';

const recipient = recipientId('0123456789abcdef0123456789abcdef');
const attempt = attemptId('5f0c2f3a-1b2c');
/** Not a hash, but of the shape of one, and different for different words. */
const signWith = (secret: string) => (words: string) =>
  [...`${secret}${words}`].reduce((sum, one) => (sum * 31 + one.charCodeAt(0)) % 2 ** 40, 7).toString(16);
const linksOf = (secret: string, baseUrl: string | null = 'https://calls.example.com/') =>
  createSignedLinks({ baseUrl: () => baseUrl, sign: signWith(secret) });
const tokenOf = (url: string | null) => url?.split('/link/')[1] ?? '';
const uses: readonly LinkUse[] = [
  { act: 'stop', recipient },
  { act: 'attend', attempt },
  { act: 'who_came', attempt },
];
const feed: LinkUse = { act: 'feed' };

describe('a signed link', () => {
  it.each(uses)('can be read by whoever made it, and says $act', (use) => {
    const links = linksOf('a');
    expect(links.url(use)).toMatch(/^https:\/\/calls\.example\.com\/link\/[asw]\.[\w-]+\.[0-9a-f]+$/);
    expect(links.read(tokenOf(links.url(use)))).toEqual(use);
  });

  it.each(uses)('to $act cannot be made with another secret, nor from a link for something else', (use) => {
    const token = tokenOf(linksOf('a').url(use));
    expect(linksOf('b').read(token)).toBeNull();
    const [, , signature] = token.split('.');
    for (const forged of [
      `a.${recipient}.${signature}`,
      `s.${attempt}.${signature}`,
      `${token.startsWith('w.') ? 'a' : 'w'}.${attempt}.${signature}`,
      `${token}0`,
      token.slice(0, -1),
      token.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      token.toUpperCase(),
      `x${token.slice(1)}`,
    ]) {
      expect(linksOf('a').read(forged), forged).toBeNull();
    }
  });

  it.each(uses)('to $act (S13) is none with any one sign changed', (use) => {
    const links = linksOf('a');
    const token = tokenOf(links.url(use));
    const changed = [...token].flatMap((sign, at) =>
      ['0', '1', 'a', 'g', '.', ' ', '%', '\u0000', sign.toUpperCase()]
        .filter((other) => other !== sign)
        .map((other) => `${token.slice(0, at)}${other}${token.slice(at + 1)}`),
    );
    expect(changed.filter((forged) => links.read(forged) !== null)).toEqual([]);
  });

  it('to the feed is none of those in mails, and cannot be made from one', () => {
    const url = linksOf('a').url(feed);
    const token =
      /^https:\/\/calls\.example\.com\/calendar\/(f\.calls\.[0-9a-f]+)\.ics$/.exec(url ?? '')?.[1] ?? '';
    expect(linksOf('a').read(token)).toEqual(feed);
    expect(linksOf('b').read(token)).toBeNull();
    const [, , signature] = tokenOf(linksOf('a').url({ act: 'stop', recipient })).split('.');
    expect(linksOf('a').read(`f.calls.${signature}`)).toBeNull();
    expect(linksOf('a', null).url(feed)).toBeNull();
  });

  it.each(['', '.', 's..', 's.a', `s.${'a'.repeat(65)}.0`, 's.a/../b.0', 's.ä.0'])('is not %j', (token) => {
    expect(linksOf('a').read(token)).toBeNull();
  });

  it('is shown to others in a form that gives no right, and not at all without an address', () => {
    const url = 'https://calls.example.com/link/shown';
    expect(linksOf('a', 'https://calls.example.com///').shown()).toEqual({ attend: url, stop: url });
    expect(linksOf('a').read('shown')).toBeNull();
    expect(linksOf('a', null).shown()).toBeNull();
  });

  it('is none while the address is not known', () => {
    const act = 'attend';
    expect(answersIn(linksOf('a', null), { recipient, attempt, act })).toBeNull();
    expect(answersIn(null, { recipient, attempt, act })).toBeNull();
    expect(answersIn(linksOf('a'), { recipient, attempt, act })?.stop).toContain('/link/s.');
  });
});
