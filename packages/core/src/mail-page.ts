// The page on which every mail of Precall's own words stands: light or dark, narrow enough for a telephone.
import { type Html, html, safeUrl } from './html.ts';

export interface MailLink {
  readonly label: string;
  readonly url: string;
}

export function mailPage({
  language,
  subject,
  body,
}: {
  readonly language: string;
  readonly subject: string;
  readonly body: Html;
}): Html {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${subject}</title>
<style>
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: #15171c !important; color: #e6e8ec !important; }
  .card { background: #1f2228 !important; border-color: #3b404a !important; }
  .quiet { color: #a9b0bc !important; }
  .link { color: #8fb8ff !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f3f4f6;color:#1c2026">
<div class="page" style="padding:24px 16px;background:#f3f4f6;color:#1c2026;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;overflow-wrap:anywhere">
<div style="max-width:560px;margin:0 auto">
${body}
</div>
</div>
</body>
</html>
`;
}

export function mailButton({ label, url }: MailLink): Html {
  return html`<a href="${url}" style="display:inline-block;padding:11px 22px;border-radius:8px;background:#1a56c4;color:#ffffff;font-weight:600;text-decoration:none">${label}</a>`;
}

/** What leads elsewhere than to https (a host that is being tried out) is shown and not linked. */
export function mailLink({ label, url }: MailLink): Html {
  if (safeUrl(url) === '#') return html`${label}: ${url}`;
  return html`<a class="link" href="${url}" style="display:inline-block;padding:6px 20px 6px 0;color:#1a56c4">${label}</a>`;
}

/** Paragraphs of lines, without those of which nothing is known. */
export function plainParagraphs(paragraphs: readonly (readonly (string | null)[])[]): string {
  return `${paragraphs
    .map((lines) => lines.filter((line) => line !== null).join('\n'))
    .filter((paragraph) => paragraph !== '')
    .join('\n\n')}\n`;
}
