// The page behind a link in a mail: GET shows what it is for, POST does it. Mail programs and their filters open links by
// themselves, so that opening one must change nothing.
import { createHash } from 'node:crypto';
import { type Html, html, htmlText, type LinkSeen, type Precall, spokenTime } from '@precall/core';
import { type LinkWords, linkWordsIn } from './link-words.ts';
import {
  changing,
  type PlainRequest,
  type PlainResponse,
  portProblem,
  type Route,
  reading,
  wrongMethod,
} from './plain.ts';

/** A one-click request of a mail program (RFC 8058) and our own form are both smaller. */
const bodyLimit = 4_096;
const longestToken = 200;

export function createLink(precall: Pick<Precall, 'lookAtLink' | 'useLink'>): Route {
  return async (request) => {
    const refused = wrongMethod(request, [...reading, ...changing]);
    if (refused) return refused;
    const token = request.path.slice('/link/'.length);
    const pressed = request.method === 'POST';
    // What it says does not matter: the token alone gives the right. It is read so that the connection lives on.
    if (pressed) await request.body(bodyLimit);
    const seen =
      token.length > longestToken
        ? nobodys
        : await (pressed ? precall.useLink(token) : precall.lookAtLink(token));
    if ('kind' in seen) return page(seen, request);
    return seen.isOk() ? page(seen.value, request) : portProblem(seen.error);
  };
}

const nobodys: LinkSeen = { kind: 'unknown' };

function page(seen: LinkSeen, request: PlainRequest): PlainResponse {
  const known = seen.kind === 'unknown' ? null : seen.locale;
  const words = linkWordsIn([
    ...(known ? [known] : []),
    ...(request.headers['accept-language'] ?? []).flatMap(asked),
  ]);
  const body = htmlText(document(words, contentOf(seen, words)));
  return {
    status: seen.kind === 'unknown' ? 404 : 200,
    headers: {
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      // The address is the right to act: nobody else is to learn it.
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
    },
    body,
  };
}

/** Such as `fr-CA,fr;q=0.9`: in the order written, which is the order of preference everywhere it matters. */
function asked(header: string): readonly string[] {
  return header
    .slice(0, 200)
    .split(',')
    .map((one) => one.split(';')[0] ?? '');
}

interface Content {
  readonly title: string;
  readonly text: string;
  readonly when: string | null;
  readonly button: string | null;
}

function contentOf(seen: LinkSeen, words: LinkWords): Content {
  switch (seen.kind) {
    case 'unknown':
    case 'over':
      return { ...words[seen.kind], when: null, button: null };
    case 'stop':
      return {
        ...(seen.used ? words.stop.done : words.stop),
        when: null,
        button: seen.used ? null : words.stop.button,
      };
    case 'attend': {
      const { date, time, zone } = spokenTime(seen.startAt, seen.timeZone, seen.locale ?? words.language);
      const said = seen.used ? words.attend.done : words.attend;
      return { ...said, when: `${date}, ${time}, ${zone}`, button: seen.used ? null : words.attend.button };
    }
  }
}

function document(words: LinkWords, { title, text, when, button }: Content): Html {
  return html`<!doctype html>
<html lang="${words.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>
:root { color-scheme: light dark; --page: #f3f4f6; --card: #fff; --line: #dfe2e7; --ink: #1c2026; --act: #1a56c4; }
@media (prefers-color-scheme: dark) { :root { --page: #15171c; --card: #1f2228; --line: #3b404a; --ink: #e6e8ec; --act: #2f66d0; } }
body { margin: 0; padding: 12vh 16px 24px; background: var(--page); color: var(--ink); font: 17px/1.5 system-ui, sans-serif; }
main { max-width: 460px; margin: 0 auto; padding: 28px; background: var(--card); border: 1px solid var(--line); border-radius: 12px; overflow-wrap: anywhere; }
h1 { margin: 0 0 12px; font-size: 22px; line-height: 1.25; }
p { margin: 0 0 12px; }
.when { font-weight: 600; }
button { margin-top: 8px; padding: 12px 22px; border: 0; border-radius: 8px; background: var(--act); color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
button:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${text}</p>
${when === null ? null : html`<p class="when">${when}</p>`}
${button === null ? null : html`<form method="post"><button>${button}</button></form>`}
</main>
</body>
</html>
`;
}

const styles = /<style>(.*?)<\/style>/s.exec(
  htmlText(document(linkWordsIn([]), { title: '', text: '', when: null, button: null })),
)?.[1];
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256')
  .update(styles ?? '')
  .digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
