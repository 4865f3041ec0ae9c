// Markdown as HTML, with what stands in braces left as it is. HTML in Markdown is shown as text.
import MarkdownIt from 'markdown-it';
import { type Held, heldIn } from './placeholders.ts';

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });

// By a class: some mail programs take no rule for all links.
markdown.renderer.rules.link_open = (tokens, index, options, _, self) => {
  const link = tokens[index];
  link?.attrSet('class', 'link');
  link?.attrSet('style', 'color:#1a56c4');
  return self.renderToken(tokens, index, options);
};

// A browser's own first heading fills a phone.
markdown.renderer.rules.heading_open = (tokens, index, options, _, self) => {
  tokens[index]?.attrSet('style', 'margin:20px 0 12px;font-size:20px;line-height:1.3');
  return self.renderToken(tokens, index, options);
};

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
