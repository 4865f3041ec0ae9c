// The page behind a link in a mail: GET shows what it is for, POST does it. Mail programs and their filters open links by
// themselves, so that opening one must change nothing.
import { createHash } from 'node:crypto';
import {
  type AttendanceWord,
  type Html,
  html,
  htmlText,
  type LinkSeen,
  type Precall,
  recipientId,
  spokenTime,
  type WhoCame,
} from '@precall/core';
import { type LinkWords, linkWordsIn } from './link-words.ts';
import {
  changing,
  type PlainBody,
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
    // The token alone gives the right: what the form says matters only where it asks who came.
    const form = pressed ? await request.body(bodyLimit) : null;
    const seen =
      token.length > longestToken
        ? nobodys
        : await (pressed ? precall.useLink(token, wordIn(form)) : precall.lookAtLink(token));
    if ('kind' in seen) return page(seen, request);
    return seen.isOk() ? page(seen.value, request) : portProblem(seen.error);
  };
}

/** Each person's two buttons have the person's id for their value. */
function wordIn(form: PlainBody | null): AttendanceWord | undefined {
  if (!(form instanceof Uint8Array)) return undefined;
  const fields = new URLSearchParams(new TextDecoder().decode(form));
  const [came, absent] = [fields.get('came'), fields.get('absent')];
  const person = came ?? absent;
  return person === null ? undefined : { person: recipientId(person), came: came !== null };
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
  readonly when: Html | null;
  /** What there is to press. */
  readonly form: Html | null;
}

function contentOf(seen: LinkSeen, words: LinkWords): Content {
  switch (seen.kind) {
    case 'unknown':
    case 'over':
      return { ...words[seen.kind], when: null, form: null };
    case 'stop':
      return {
        ...(seen.used ? words.stop.done : words.stop),
        when: null,
        form: seen.used ? null : oneButton(words.stop.button),
      };
    case 'attend':
      return {
        ...(seen.used ? words.attend.done : words.attend),
        when: spokenWhen(seen, words),
        form: seen.used ? null : oneButton(words.attend.button),
      };
    case 'who_came':
      return { ...words.whoCame, when: spokenWhen(seen, words), form: attendanceForm(seen, words) };
  }
}

function spokenWhen(
  { startAt, timeZone, locale }: Pick<WhoCame, 'startAt' | 'timeZone' | 'locale'>,
  { language }: LinkWords,
): Html {
  const { date, time, zone } = spokenTime(startAt, timeZone, locale ?? language);
  return html`<p class="when">${date}<br>${time}</p>
<p class="zone">${zone}</p>`;
}

function oneButton(label: string): Html {
  return html`<form method="post"><button>${label}</button></form>`;
}

/** What was said last can be said otherwise. */
function attendanceForm({ people }: WhoCame, { whoCame }: LinkWords): Html {
  return html`<form method="post"><ul>${people.map(({ id, name, came }) => {
    const who = name ?? whoCame.somebody;
    const said =
      came === null ? null : html` <span class="said">${came ? whoCame.came : whoCame.absent}</span>`;
    const button = (field: 'came' | 'absent') =>
      html`<button name="${field}" value="${id}" aria-label="${`${who}: ${whoCame[field]}`}">${whoCame[field]}</button> `;
    return html`<li><strong>${who}</strong>${said}<br>${came === true ? null : button('came')}${came === false ? null : button('absent')}</li>`;
  })}</ul></form>`;
}

function document(words: LinkWords, { title, text, when, form }: Content): Html {
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
main { max-width: 460px; margin: 0 auto; padding: 28px 20px; background: var(--card); border: 1px solid var(--line); border-radius: 12px; overflow-wrap: anywhere; }
h1 { margin: 0 0 12px; font-size: 22px; line-height: 1.25; }
p { margin: 0 0 12px; }
.when { margin: 0; font-weight: 600; }
.zone { font-size: 15px; opacity: 0.8; }
button { margin-top: 8px; padding: 12px 22px; border: 0; border-radius: 8px; background: var(--act); color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
ul { margin: 0; padding: 0; list-style: none; }
li { margin: 16px 0; }
.said { opacity: 0.8; }
button:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${text}</p>
${when}
${form}
</main>
</body>
</html>
`;
}

const styles = /<style>(.*?)<\/style>/s.exec(
  htmlText(document(linkWordsIn([]), { title: '', text: '', when: null, form: null })),
)?.[1];
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256')
  .update(styles ?? '')
  .digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
