// The words of a reminder where a policy has none of its own: what, when, where, and how to change it.
import { type Content, content, type MailFacts } from './content.ts';
import { type Html, html, htmlText, oneLine, safeUrl, unlinked } from './html.ts';
import { type MailLink, mailButton, mailLink, mailPage, plainParagraphs } from './mail-page.ts';
import { type ReminderWords, wordsIn } from './reminder-words.ts';
import { remaining, type SpokenTime, spokenClock, spokenTime } from './spoken-time.ts';
import { zoneOf } from './wall-clock.ts';

/**
 * In English, French, German or Spanish, by the recipient's locale; English for any other. Needs nothing: it says what
 * is known. States the time that remains at the moment of sending.
 */
export const defaultReminder: Content = content({
  needs: [],
  render: (facts) => {
    const told = toldOf(facts);
    return { subject: told.subject, text: asText(told, facts), html: htmlText(asHtml(told, facts)) };
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

/** The words with what is known of this call put in. */
interface Told {
  readonly words: ReminderWords;
  readonly subject: string;
  readonly opening: string;
  readonly greeting: string;
  readonly title: string | null;
  readonly when: SpokenTime;
  readonly span: string;
  /** The same moment on the host's clock, where that shows another time. */
  readonly hostTime: string | null;
  readonly changes: readonly MailLink[];
  readonly attend: MailLink | null;
  readonly stop: MailLink | null;
}

function toldOf(facts: MailFacts): Told {
  const { startAt, endAt, now, host, about, links, locale, answers } = facts;
  const words = wordsIn(locale);
  const zone = zoneOf(facts.timeZone);
  const hostName = unlinked(host?.name ?? '');
  const call = words.call(hostName);
  const left = remaining(now, startAt);
  const starts = left && words.starts(call, words.left(left));
  const when = spokenTime(startAt, zone, locale);
  const there = spokenTime(startAt, zoneOf(host?.timeZone, zone), locale);
  const date = there.date === when.date ? '' : there.date;
  const showsOther = date !== '' || there.time !== when.time;
  return {
    words,
    subject: oneLine(starts ?? words.onDay(call, when.date)),
    greeting: words.hello(unlinked(facts.firstName ?? '')),
    opening: starts ? `${starts}.` : words.about(call),
    title: oneLine(about?.title ?? '') || null,
    when,
    span: words.span(when.time, spokenClock(endAt, zone, locale)),
    hostTime: showsOther ? words.there({ ...there, host: hostName, date }) : null,
    changes: [
      { label: words.move, url: safeUrl(links?.move ?? '') },
      { label: words.cancel, url: safeUrl(links?.cancel ?? '') },
    ].filter(({ url }) => url !== '#'),
    attend: answers && { label: words.attend, url: answers.attend },
    stop: answers && { label: words.stop, url: answers.stop },
  };
}

function asText(told: Told, facts: MailFacts): string {
  const { words, greeting, opening, title, when, span, hostTime, changes, attend, stop } = told;
  const labelled = ({ label, url }: MailLink) => `${label}${words.colon}${url}`;
  return plainParagraphs([
    [greeting],
    [opening],
    [title, when.date, `${span}, ${when.zone}`, hostTime],
    [placeText(words, facts)],
    [attend && labelled(attend), ...changes.map(labelled)],
    [words.why, stop && labelled(stop)],
  ]);
}

function placeText(words: ReminderWords, { place }: MailFacts): string | null {
  switch (place?.kind) {
    case 'link':
      return `${words.joinAt}${words.colon}${oneLine(place.url, 2000)}`;
    case 'phone':
      return `${words.phone}${words.colon}${unlinked(place.number)}`;
    case 'address':
      return `${words.where}${words.colon}${unlinked(place.text, 300)}`;
    default:
      return null;
  }
}

function asHtml(told: Told, facts: MailFacts): Html {
  const { words, subject, greeting, opening, title, when, span, hostTime, changes, attend, stop } = told;
  const body = html`<p style="margin:0 0 12px">${greeting}</p>
<p style="margin:0 0 20px">${opening}</p>
<div class="card" style="padding:20px 16px;background:#ffffff;border:1px solid #dfe2e7;border-radius:10px">
${title === null ? null : html`<p style="margin:0 0 8px;font-weight:600">${title}</p>`}
<p style="margin:0;font-size:17px;line-height:1.4;font-weight:600">${when.date}<br>${span}</p>
<p class="quiet" style="margin:6px 0 0;font-size:14px;color:#5c6470">${when.zone}</p>
${hostTime === null ? null : html`<p class="quiet" style="margin:6px 0 0;font-size:14px;color:#5c6470">${hostTime}</p>`}
${placeHtml(words, facts)}
${attend && html`<p style="margin:12px 0 0">${mailLink(attend)}</p>`}
</div>
${changes.length === 0 ? null : html`<p style="margin:20px 0 0">${words.unsuited}<br>${changes.map(mailLink)}</p>`}
<p class="quiet" style="margin:24px 0 0;font-size:13px;color:#5c6470">${words.why}${stop && html`<br>${mailLink(stop)}`}</p>`;
  return mailPage({ language: words.language, subject, body });
}

function placeHtml(words: ReminderWords, facts: MailFacts): Html | null {
  const { place } = facts;
  if (place?.kind === 'link' && facts.placeIsTrusted) {
    return html`<p style="margin:18px 0 0">${mailButton({ label: words.join, url: place.url })}</p>`;
  }
  const said = placeText(words, facts);
  return said === null ? null : html`<p style="margin:18px 0 0">${said}</p>`;
}
