// The plain text of a mail, from its HTML: what a person reads, with the addresses of links behind their words.
import { Parser } from 'htmlparser2';

const unread = new Set(['head', 'style', 'title']);
/** Followed and preceded by an empty line. */
const paragraphs = new Set('p h1 h2 h3 h4 h5 h6 ul ol table blockquote pre hr'.split(' '));
/** On lines of their own. */
const lines = new Set('div tr li section article header footer main address center'.split(' '));

export function plainText(html: string): string {
  let text = '';
  let unreadDepth = 0;
  /** Where the words of the open link begin, and where it leads. */
  let link: { readonly from: number; readonly url: string } | null = null;

  function breakLine(count: 1 | 2): void {
    if (text === '') return;
    const ending = /\n*$/.exec(text)?.[0].length ?? 0;
    text = text.trimEnd() + '\n'.repeat(Math.max(count, ending));
  }

  const parser = new Parser({
    onopentag(name, { href = '', alt = '' }) {
      if (unread.has(name)) unreadDepth += 1;
      if (paragraphs.has(name)) breakLine(2);
      if (lines.has(name)) breakLine(1);
      if (name === 'li') text += '- ';
      if (name === 'br') text += '\n';
      if (name === 'img' && alt !== '') add(alt);
      if (name === 'a') link = { from: text.length, url: href };
    },
    ontext(words) {
      if (unreadDepth === 0) add(words);
    },
    onclosetag(name) {
      if (unread.has(name)) unreadDepth -= 1;
      if (name === 'a' && link) {
        const label = text.slice(link.from).trim();
        const { url } = link;
        // Where they lead is in the words already, or nowhere.
        if (label !== '' && url !== '' && !url.startsWith('#') && !url.endsWith(label)) text += `: ${url}`;
        link = null;
      }
      if (name === 'td' || name === 'th') text += ' ';
      if (paragraphs.has(name)) breakLine(2);
      if (lines.has(name)) breakLine(1);
    },
  });

  function add(words: string): void {
    const plain = words.replace(/\s+/g, ' ');
    text += /(?:^|\s)$/.test(text) ? plain.trimStart() : plain;
  }

  parser.end(html);
  return `${text
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}
