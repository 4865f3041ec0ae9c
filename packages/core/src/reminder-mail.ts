// The words of a reminder where a policy has none of its own: what, when, where, and how to change it.
import { type Content, content, type MailFacts } from './content.ts';
import { type Html, html, htmlText, oneLine, safeUrl, unlinked } from './html.ts';
import { remaining, type SpokenTime, spokenTime } from './spoken-time.ts';
import { zoneOf } from './wall-clock.ts';

/** English. Needs nothing: it says what is known. States the time that remains at the moment of sending. */
export const defaultReminder: Content = content({
  needs: [],
  render: (facts) => {
    const words = wordsFor(facts);
    return { subject: words.subject, text: asText(words, facts), html: htmlText(asHtml(words, facts)) };
  },
});

/**
 * Whether a link leads to a known meeting host, so that it may be a button: https, without user info or port, with
 * the very name of a host (of Zoom and Whereby also a name below it). `extraHosts` are names such as `meet.example.com`.
 */
export function isTrustedMeetingLink(url: string, extraHosts: readonly string[] = []): boolean {
  const host = /^https:\/\/([a-z0-9.-]+)(?:[/?#][\w.~:/?#[\]@!$&'()*+,;=%-]*)?$/i
    .exec(url)?.[1]
    ?.toLowerCase();
  if (host === undefined) return false;
  const names = [...meetingHosts, ...extraHosts.map((name) => name.toLowerCase())];
  return names.includes(host) || /(?:^|\.)(?:zoom\.us|whereby\.com)$/.test(host);
}

const meetingHosts = ['app.cal.com', 'cal.com', 'meet.google.com', 'teams.microsoft.com', 'teams.live.com'];

interface Words {
  readonly subject: string;
  readonly greeting: string;
  readonly opening: string;
  readonly title: string | null;
  readonly when: SpokenTime;
  readonly until: string;
  /** The same moment on the host's clock, where that shows another time. */
  readonly hostTime: string | null;
  readonly changes: readonly { readonly label: string; readonly url: string }[];
  readonly why: string;
}

function wordsFor(facts: MailFacts): Words {
  const { startAt, endAt, now, host, about, links, locale } = facts;
  const zone = zoneOf(facts.timeZone);
  const firstName = unlinked(facts.firstName ?? '');
  const hostName = unlinked(host?.name ?? '');
  const call = hostName ? `call with ${hostName}` : 'call';
  const left = remaining(now, startAt);
  const when = spokenTime(startAt, zone, locale);
  const there = spokenTime(startAt, zoneOf(host?.timeZone, zone), locale);
  const onDay = there.date === when.date ? '' : ` on ${there.date}`;
  const showsOther = onDay !== '' || there.time !== when.time;
  return {
    subject: oneLine(left ? `Your ${call} starts ${left}` : `Your ${call} on ${when.date}`),
    greeting: firstName ? `Hi ${firstName},` : 'Hello,',
    opening: left ? `Your ${call} starts ${left}.` : `This is about your ${call}.`,
    title: oneLine(about?.title ?? '') || null,
    when,
    until: spokenTime(endAt, zone, locale).time,
    hostTime: showsOther ? `For ${hostName || 'your host'}: ${there.time}${onDay}, ${there.zone}` : null,
    changes: [
      { label: 'Move the call', url: safeUrl(links?.move ?? '') },
      { label: 'Cancel the call', url: safeUrl(links?.cancel ?? '') },
    ].filter(({ url }) => url !== '#'),
    why: 'You get this mail because this call was booked with your address.',
  };
}

function asText(words: Words, facts: MailFacts): string {
  const { greeting, opening, title, when, until, hostTime, changes, why } = words;
  const paragraphs = [
    [greeting],
    [opening],
    [title, when.date, `${when.time} to ${until}, ${when.zone}`, hostTime],
    [placeText(facts)],
    changes.map(({ label, url }) => `${label}: ${url}`),
    [why],
  ];
  return `${paragraphs
    .map((lines) => lines.filter((line) => line !== null).join('\n'))
    .filter((paragraph) => paragraph !== '')
    .join('\n\n')}\n`;
}

function placeText({ place }: MailFacts): string | null {
  switch (place?.kind) {
    case 'link':
      return `Join: ${oneLine(place.url, 2000)}`;
    case 'phone':
      return `By phone: ${unlinked(place.number)}`;
    case 'address':
      return `Where: ${unlinked(place.text, 300)}`;
    default:
      return null;
  }
}

function asHtml(words: Words, facts: MailFacts): Html {
  const { subject, greeting, opening, title, when, until, hostTime, changes, why } = words;
  return html`<!doctype html>
<html lang="en">
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
<p style="margin:0 0 12px">${greeting}</p>
<p style="margin:0 0 20px">${opening}</p>
<div class="card" style="padding:20px;background:#ffffff;border:1px solid #dfe2e7;border-radius:10px">
${title === null ? null : html`<p style="margin:0 0 8px;font-weight:600">${title}</p>`}
<p style="margin:0;font-size:18px;line-height:1.4;font-weight:600">${when.date}<br>${when.time} to ${until}</p>
<p class="quiet" style="margin:6px 0 0;font-size:14px;color:#5c6470">${when.zone}</p>
${hostTime === null ? null : html`<p class="quiet" style="margin:6px 0 0;font-size:14px;color:#5c6470">${hostTime}</p>`}
${placeHtml(facts)}
</div>
${changes.length === 0 ? null : html`<p style="margin:20px 0 0">Does the time no longer suit you?<br>${changes.map(changeLink)}</p>`}
<p class="quiet" style="margin:24px 0 0;font-size:13px;color:#5c6470">${why}</p>
</div>
</div>
</body>
</html>
`;
}

function changeLink({ label, url }: Words['changes'][number]): Html {
  return html`<a class="link" href="${url}" style="display:inline-block;padding:6px 20px 6px 0;color:#1a56c4">${label}</a>`;
}

function placeHtml(facts: MailFacts): Html | null {
  const { place } = facts;
  if (place?.kind === 'link' && facts.placeIsTrusted) {
    return html`<p style="margin:18px 0 0"><a href="${place.url}" style="display:inline-block;padding:11px 22px;border-radius:8px;background:#1a56c4;color:#ffffff;font-weight:600;text-decoration:none">Join the call</a></p>`;
  }
  const words = placeText(facts);
  return words === null ? null : html`<p style="margin:18px 0 0">${words}</p>`;
}
