// Markdown as HTML, with what stands in braces left as it is. HTML in Markdown is shown as text.
import MarkdownIt from 'markdown-it';
import { type Held, heldIn } from './placeholders.ts';

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });

export function markdownToHtml(held: Held): string {
  return (
    markdown
      .render(held.text)
      // A choice on a line of its own is no paragraph.
      .replace(/<p>((?:xqheld\d+x\s*)+)<\/p>\n?/g, (paragraph, inside: string) =>
        heldIn(inside, held).every(({ kind }) => kind === 'chooses') ? inside : paragraph,
      )
  );
}
