// What every operator's page has around it: its head, the way to the others, and the policy under which it is shown.
import { type Html, html, htmlText, type Instant, type OwnUrl, ownUrl } from '@precall/core';
import type { PlainResponse } from '../plain.ts';
import type { Moments } from './moments.ts';

/** One request for a page. */
export interface Asked {
  readonly now: Instant;
  readonly query: URLSearchParams;
  readonly moments: Moments;
  /** How many folders lie between it and the mount: 0 for `/operator`. */
  readonly depth: number;
  /** The way to another of these pages, under whatever prefix. */
  to(segments: readonly string[], query?: { readonly [name: string]: string | null }): OwnUrl;
}

export interface PageBody {
  readonly title: string;
  readonly here: 'overview' | 'bookings' | 'outcomes' | 'policy' | null;
  readonly main: Html;
  readonly status?: number;
  /** Its sections are kept fresh where there is JavaScript; see live.ts. */
  readonly isLive?: boolean;
}

export function wayFrom(path: string): Pick<Asked, 'depth' | 'to'> {
  const depth = path.split('/').length - 2;
  return { depth, to: (segments, query) => ownUrl(depth, ['operator', ...segments], query) };
}

/** By depth, word for word: nothing is ever inserted into a tag of a script. */
const liveTags = [
  html`<script src="./operator/live.js" defer></script>`,
  html`<script src="../operator/live.js" defer></script>`,
  html`<script src="../../operator/live.js" defer></script>`,
];

export function page(
  { title, here, main, status = 200, isLive = false }: PageBody,
  asked: Asked,
): PlainResponse {
  const { to, moments, now } = asked;
  const link = (name: PageBody['here'], words: string, url: OwnUrl): Html =>
    name === here
      ? html`<li><a href="${url}" aria-current="page">${words}</a></li>`
      : html`<li><a href="${url}">${words}</a></li>`;
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} - Precall</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${to(['style.css'])}">
${isLive ? liveTags.slice(asked.depth, asked.depth + 1) : null}
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header><p class="brand">Precall</p>
<nav aria-label="Pages"><ul>${link('overview', 'Overview', to([]))}${link('bookings', 'Bookings', to(['bookings']))}${link('outcomes', 'Outcomes', to(['outcomes']))}${link('policy', 'Policy', to(['policy']))}</ul></nav></header>
<main id="main">
${main}
</main>
<footer><p>As of ${moments.exact(now)}, ${moments.zone} time.</p></footer>
</body>
</html>
`;
  return {
    status,
    headers: {
      ...secured,
      'content-security-policy': isLive ? livePolicy : pagePolicy,
      'content-type': 'text/html; charset=utf-8',
    },
    body: htmlText(document),
  };
}

/** A mail as its reader sees it: a document with inline styles of its own, and nothing else allowed to it. */
export function mailDocument(body: string): PlainResponse {
  return {
    status: 200,
    headers: {
      ...secured,
      'content-security-policy': mailPolicy,
      'content-type': 'text/html; charset=utf-8',
    },
    body,
  };
}

/** The style sheet, or the script. */
export function asset(type: 'text/css' | 'text/javascript', body: string): PlainResponse {
  return { status: 200, headers: { ...secured, 'content-type': `${type}; charset=utf-8` }, body };
}

/** 303: the browser looks at the page again, and loading it again does nothing twice. */
export function seeOther(location: string): PlainResponse {
  return { status: 303, headers: { ...secured, location }, body: '' };
}

/** No script at all, nothing inline, nothing from elsewhere; nobody shows these pages in a frame. */
const pagePolicy =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/** The one script of our own, which asks for its own page. */
const livePolicy = `${pagePolicy}; script-src 'self'; connect-src 'self'`;
const mailPolicy =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; " +
  "frame-ancestors 'none'";
const secured = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;
