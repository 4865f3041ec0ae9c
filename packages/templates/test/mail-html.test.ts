// Every default mail, and the page around texts of one's own, against what mail programs are known to show (caniemail.com).
import { type Content, defaultPolicy, type MailFacts, type Place, rebookMail } from '@precall/core';
import { caniemail } from 'caniemail';
import { describe, expect, it } from 'vitest';
import { compileTemplate } from '../src/index.ts';
import { asMarkdown, bare, known } from './facts-of-a-call.ts';

const programs = ['apple-mail.*', 'gmail.*', 'outlook.*', 'yahoo.*', 'samsung-email.*'] as const;
/**
 * What some of them leave out, and the mail is read all the same: colours for the dark, round corners, and the breaking of
 * long words. `overflow` and `height property` are how the checker reads `overflow-wrap` and `line-height`; what Yahoo and
 * Outlook do to <body> is why the page's colours stand on a <div> as well.
 */
const dispensable = new Set([
  '@media',
  '<style> element',
  'border-radius',
  'overflow-wrap',
  'overflow',
  'height property',
  '<body> element',
]);

function faultsIn(html: string): readonly string[] {
  const { errors } = caniemail({ clients: [...programs], html }).issues;
  const titles = [...errors.values()].flatMap((all) => all.map(({ title }) => title));
  return [...new Set(titles)].filter((title) => !dispensable.has(title));
}

const places: readonly (Place | null)[] = [
  { kind: 'link', url: 'https://meet.google.com/abc-defg-hij' },
  { kind: 'phone', number: '+1 555 0100' },
  { kind: 'address', text: '1 Main St, Toronto' },
  { kind: 'none' },
  null,
];
const everyCall = ['en', 'fr', 'de', 'es'].flatMap((locale) =>
  [known, bare].flatMap((facts) =>
    places.flatMap((place): readonly MailFacts[] => [
      { ...facts, locale, place, placeIsTrusted: false },
      { ...facts, locale, place, placeIsTrusted: place?.kind === 'link' },
    ]),
  ),
);
const own = compileTemplate(asMarkdown('# Hi\n\n- **a**\n- [b]({{stop_link}})\n\n> c\n')).unwrap();
const contents: readonly (readonly [string, Content])[] = [
  ['the default reminder', defaultPolicy.content],
  ['what is said after a no-show', rebookMail],
  ['the page around a text of one’s own', own],
];

describe.each(contents)('%s', (_, content) => {
  it.each(['72h', '24h', '2h'])(
    'is shown by every mail program, at %s, in all languages and places',
    (rule) => {
      for (const facts of everyCall) {
        const { html } = content.render({ ...facts, rule });
        expect(faultsIn(html)).toEqual([]);
        // Gmail cuts what is longer than 102 KB.
        expect(html.length).toBeLessThan(20_000);
      }
    },
  );
});

describe('the checker', () => {
  it.each([
    ['<div style="display:flex">x</div>', 'display:flex'],
    ['<div style="position:absolute">x</div>', 'position'],
    ['<video src="https://example.com/x.mp4"></video>', '<video> element'],
  ])('finds a fault that is planted: %s', (planted, title) => {
    const { html } = defaultPolicy.content.render(known);
    const faults = faultsIn(html.replace('</body>', `${planted}</body>`));
    expect(faults.join()).toContain(title);
  });
});
