// The page around a text that is none itself: readable on a phone, in the dark, and with a way to stop these mails.
import { html, htmlText, type Insert, wordsIn } from '@precall/core';

const doctype = '<!doctype html>';

export function isWholePage(body: string): boolean {
  return /<(?:!doctype|html)[\s>]/i.test(body);
}

/** `title` and `body` are templates; so is what comes out. `footer`: the text itself has no link to stop. */
export function framed({
  title,
  body,
  language,
  footer,
}: {
  readonly title: string;
  readonly body: string;
  readonly language: string;
  readonly footer: boolean;
}): string {
  const { why, stop } = wordsIn(language);
  const said = (words: Insert) => htmlText(html`${words}`);
  return `${doctype}
<html lang="${said(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${title}</title>
<style>
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: #15171c !important; color: #e6e8ec !important; }
  .quiet { color: #a9b0bc !important; }
  .link { color: #8fb8ff !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#ffffff;color:#1c2026">
<div class="page" style="padding:24px 16px;background:#ffffff;color:#1c2026;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;overflow-wrap:anywhere">
<div style="max-width:560px;margin:0 auto">
${body}
${footer ? footerOf(said(why), said(stop)) : ''}
</div>
</div>
</body>
</html>
`;
}

function footerOf(why: string, stop: string): string {
  return `<p class="quiet" style="margin:32px 0 0;font-size:13px;color:#5c6470">${why}{% if stop_link %}<br><a class="link" href="{{stop_link}}" style="display:inline-block;padding:6px 20px 6px 0;color:#1a56c4">${stop}</a>{% endif %}</p>`;
}
