import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html, htmlText, type Insert, oneLine, ownUrl, ownUrlText, safeUrl, unlinked } from '../src/html.ts';
import { attributesOf, naughty, shape, wordsOf } from './naughty.ts';

const page = (words: string): string =>
  htmlText(
    html`<title>${words}</title><p class="${words}" title='${words}'>x${words}x</p><a href="${words}">${[words, html`<b>${words}</b>`]}</a>`,
  );
const anyWords = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...naughty));

describe('html', () => {
  it('escapes text and quoted attributes', () => {
    expect(htmlText(html`<p title="${'"a"'}" lang='${"'en'"}'>${'<b> & "c"'}</p>`)).toBe(
      '<p title="&quot;a&quot;" lang=\'&#39;en&#39;\'>&lt;b&gt; &amp; &quot;c&quot;</p>',
    );
  });

  it('is its text where a text is asked for', () => {
    const piece = html`<p>${'<'}</p>`;
    expect(`${piece}`).toBe('<p>&lt;</p>');
    expect(String(piece)).toBe(htmlText(piece));
  });

  it('puts its own pieces in as they are, lists in a row, numbers as words, and null as nothing', () => {
    const items = ['a', '<'].map((one) => html`<li>${one}</li>`);
    expect(htmlText(html`<ul>${items}</ul>${null}${7}<i tabindex="${7}"></i>`)).toBe(
      '<ul><li>a</li><li>&lt;</li></ul>7<i tabindex="7"></i>',
    );
  });

  it('takes nothing else for a piece of its own', () => {
    const forged = JSON.parse('[{"html":"<script>"}]') as Insert;
    expect(() => html`<p>${forged}</p>`).toThrow();
  });

  it.each(['https://cal.com/x?a=1&b=2', 'mailto:ana@example.com', 'tel:+4930123456', 'HTTPS://CAL.COM'])(
    'links to %s',
    (url) => {
      expect(attributesOf(htmlText(html`<a href="${url}">x</a>`), 'href')).toEqual([url]);
    },
  );

  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,x',
    'http://cal.com',
    '//evil.com',
    '/x',
    'https:evil.com',
    'evil:https://cal.com',
    'https://evil.com/\u202e',
    'https://a b',
    '',
  ])('does not link to %j', (url) => {
    expect(safeUrl(url)).toBe('#');
    expect(attributesOf(htmlText(html`<a href='${url}'>x</a>`), 'href')).toEqual(['#']);
  });

  it('links to a page of its own server whatever its name, and shows that way as words elsewhere', () => {
    const url = ownUrl(1, ['operator', 'bookings', 'calcom:a/b"?#'], { cursor: '1 &', status: null });
    const expected = '../operator/bookings/calcom%3Aa%2Fb%22%3F%23?cursor=1%20%26';
    expect(attributesOf(htmlText(html`<a href="${url}">x</a>`), 'href')).toEqual([expected]);
    expect(ownUrlText(ownUrl(0, ['operator']))).toBe('./operator');
    expect(wordsOf(htmlText(html`<p>${url}</p>`))).toBe(expected);
    expect(() => html`<p title="${url}"></p>`).toThrow('plain words');
    expect(() => ownUrl(0, ['..'])).toThrow('a name');
    expect(() => ownUrl(0, ['operator', ''])).toThrow('a name');
    expect(ownUrlText(ownUrl(0, ['operator'], { status: 'agreed', cursor: '1' }))).toBe(
      './operator?status=agreed&cursor=1',
    );
  });

  it('leaves its own server for no name there is', () => {
    fc.assert(
      fc.property(anyWords, anyWords, (name, value) => {
        fc.pre(!/^\.{0,2}$/.test(name));
        const text = ownUrlText(ownUrl(2, ['operator', name], { value }));
        const led = new URL(text, 'https://here.example/operator/bookings/x');
        expect(led.origin + led.pathname.slice(0, 10)).toBe('https://here.example/operator/');
        expect(led.searchParams.get('value')).toBe(value.replace(/\p{Cs}/gu, '\ufffd'));
      }),
    );
  });

  it('keeps its structure whatever is put into it, and loses no words', () => {
    const expected = shape(page('x'));
    const keeps = (words: string): void => {
      expect(shape(page(words))).toBe(expected);
      const shown = words.replace(/\r\n?/g, '\n').replaceAll('\0', '');
      expect(wordsOf(htmlText(html`<p>x${words}x</p>`)).replaceAll('\0', '')).toBe(`x${shown}x`);
    };
    naughty.forEach(keeps);
    fc.assert(fc.property(anyWords, keeps));
  });

  it.each<[string, string, () => unknown]>([
    ['inside a tag', 'only quoted attributes', () => html`<p ${'x'}>`],
    ['a tag name', 'only quoted attributes', () => html`<p${'x'}>`],
    ['an unquoted attribute', 'only quoted attributes', () => html`<p title=${'x'}>`],
    ['an event handler', 'the attribute onclick', () => html`<p onclick="${'x'}">`],
    ['a style attribute', 'the attribute style', () => html`<p style="color: ${'x'}">`],
    ['a script', 'into a script or a style', () => html`<b>x</b><script>${'x'}</script>`],
    ['a style', 'into a script or a style', () => html`<style>p {}</style><style>${'x'}</style>`],
    ['part of a URL', 'href takes one insert, the whole URL', () => html`<a href="https://cal.com/${'x'}">`],
    ['the beginning of a URL', 'href takes one insert, the whole URL', () => html`<a href='${'x'}/y'>`],
    ['a piece in an attribute', 'plain words', () => html`<p title="${html`<b>x</b>`}">`],
  ])('refuses %s: %s', (_, sentence, make) => {
    expect(make).toThrow(/^Invariant broken/);
    expect(make).toThrow(sentence);
  });

  it('takes attributes for words whose names only begin or end like those of styles and links', () => {
    expect(htmlText(html`<p data-style="a${1}" styled="b${2}" data-href="c${3}" hreflang="d${4}"></p>`)).toBe(
      '<p data-style="a1" styled="b2" data-href="c3" hreflang="d4"></p>',
    );
  });

  it('takes no attribute for another because of what stands in the quotes before it', () => {
    const bad = 'javascript:alert(1)';
    expect(htmlText(html`<a title=" x='" href="${bad}">`)).toBe(`<a title=" x='" href="#">`);
    expect(htmlText(html`<a title=' x="' href='${bad}'>`)).toBe(`<a title=' x="' href='#'>`);
    expect(htmlText(html`<a title='Call ${'<'}' href='${bad}'>`)).toBe(`<a title='Call &lt;' href='#'>`);
  });

  it('refuses to link to nothing', () => {
    expect(() => html`<a href="${null}">`).toThrow('plain words');
  });

  it('sees where an insert stands behind finished tags, scripts and quotes', () => {
    const piece = html`<style>p { color: red }</style><p title="a > b" lang='it"s'>1 < 2 ${'<'}<i title="it's ${'"'}"></i>`;
    expect(htmlText(piece)).toContain('1 < 2 &lt;<i title="it\'s &quot;">');
    expect(htmlText(html`<p title='a > "b'>${'<'}</p>`)).toBe(`<p title='a > "b'>&lt;</p>`);
  });
});

describe('oneLine', () => {
  it.each([
    ['Ana\r\nBcc: x@y.z', 'Ana Bcc: x@y.z'],
    ['a\u2028b\u2029c\u0085d\0e', 'a b c d e'],
    ['\u202eabc\u2066\u200b\ufeff', 'abc'],
    ['\ud800x', '\ufffdx'],
    ['e\u0301', '\u00e9'],
    ['\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'],
    ['  two   blanks ', 'two blanks'],
    ['a \u202e b', 'a b'],
  ])('makes %j one visible line', (text, line) => {
    expect(oneLine(text)).toBe(line);
  });

  it('always gives one well-formed line of at most the limit, and leaves its own work alone', () => {
    fc.assert(
      fc.property(anyWords, fc.integer({ min: 1, max: 50 }), (text, limit) => {
        const line = oneLine(text, limit);
        expect([...line].length).toBeLessThanOrEqual(limit);
        expect(line).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        expect(oneLine(line, limit)).toBe(line);
      }),
    );
  });

  it('counts no blank before the first word, and none where it cuts', () => {
    expect(oneLine('  abcd', 4)).toBe('abcd');
    expect(oneLine('abc defg', 4)).toBe('abc');
  });

  it('costs no more for a huge text than for a long one', () => {
    expect(oneLine(' \u202e'.repeat(5_000_000))).toBe('');
  });
});

describe('unlinked', () => {
  it.each([
    ['Ana Ruiz', 'Ana Ruiz'],
    ['J.R.R. Tolkien', 'J. R. R. Tolkien'],
    ['http://evil.com/login', 'http evil. com/login'],
    ['www.evil。com', 'www. evil。 com'],
    ['+49 30 123.456', '+49 30 123.456'],
    ['evil.\u202ecom', 'evil. com'],
  ])('shows %j as %j', (name, shown) => {
    expect(unlinked(name)).toBe(shown);
  });

  it('cuts at 100 characters', () => {
    expect(unlinked('x'.repeat(50_000))).toHaveLength(100);
    expect(unlinked('x.'.repeat(50_000))).toHaveLength(100);
  });

  it('never leaves what a mail program makes a link of', () => {
    const parts = fc.constantFrom(
      'http',
      '://',
      'www',
      '.',
      'evil',
      'com',
      '\u200b',
      '\u202e',
      ' ',
      '／',
      '．',
      'ü',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), (pieces) => {
        expect(unlinked(pieces.join(''))).not.toMatch(/:\/\/|[.。．｡]\p{L}/u);
      }),
    );
  });
});
