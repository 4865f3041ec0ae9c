// The page: whole for who asks for it, and its regions one by one for who watches.
import { type Html, html, htmlText, type Instant } from '@precall/core';
import { renderCalls } from './call-region.ts';
import { timeOfDay } from './journal.ts';
import type { Scene, SceneMail } from './scene.ts';

/** What changes on the page, by the names of the events that carry it. */
export interface Regions {
  readonly call: string;
  readonly controls: string;
  readonly contact: string;
  readonly inbox: string;
  readonly events: string;
  /** The newest event, to be read aloud. */
  readonly said: string;
}

/** `now` null: what moves with time is left to the script. */
export function renderRegions(scene: Scene, now: Instant | null): Regions {
  return {
    call: htmlText(renderCalls(scene, now)),
    controls: htmlText(controls(scene)),
    contact: htmlText(contact(scene)),
    inbox: htmlText(inbox(scene)),
    events: htmlText(events(scene)),
    said: htmlText(html`${scene.entries[0]?.text ?? ''}`),
  };
}

export function renderPage(scene: Scene, now: Instant): string {
  return htmlText(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Precall: the demonstration</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/demo/style.css">
<script src="/demo/live.js" defer></script>
</head>
<body>
<a class="skip" href="#call">Skip to the call</a>
<header>
<h1>Precall <span>demonstration</span></h1>
<p>A booked call, its three reminders, and the contact that goes with it. The booking is a documented sample of Cal.com's
webhook; 72, 24 and 2 hours are played as 24, 12 and 4 seconds; no mail leaves this machine.</p>
<noscript><p>Without JavaScript this page stands still: <a href="/">look again</a>.</p></noscript>
<p id="gone" role="alert" hidden>The demonstration has been stopped. Start it again, and this page goes on.</p>
</header>
<main>
<section id="call" class="card" aria-labelledby="call-title" data-region="call">${renderCalls(scene, now)}</section>
<section class="controls" aria-label="Try it" data-region="controls">${controls(scene)}</section>
<div class="columns">
<section class="card inbox" aria-labelledby="inbox-title">
<h2 id="inbox-title">Inbox</h2>
<div data-region="inbox">${inbox(scene)}</div>
<iframe name="reading" src="/demo/mail" title="The mail as it looks" sandbox></iframe>
</section>
<div class="column">
<section class="card" aria-labelledby="contact-title" data-region="contact">${contact(scene)}</section>
<section class="card" aria-labelledby="events-title">
<h2 id="events-title">What happened</h2>
<ol class="events" data-region="events" tabindex="0" aria-label="Events, newest first">${events(scene)}</ol>
</section>
</div>
</div>
</main>
<p class="unseen" role="status" data-region="said"></p>
<footer><p>Times are UTC. The same as JSON: <a href="/operator/api/bookings">bookings</a>,
<a href="/operator/api/reminders?state=planned">planned reminders</a>, <a href="/operator/api/mailbox">mailbox</a>.</p></footer>
</body>
</html>
`);
}

function controls({ crmIsAway }: Scene): Html {
  return html`<form method="post" action="/demo/book"><button id="book" class="first">Book a call</button></form>
<form method="post" action="/demo/move"><button id="move">Move it</button></form>
<form method="post" action="/demo/cancel"><button id="cancel">Cancel it</button></form>
${
  crmIsAway
    ? html`<form method="post" action="/demo/crm-back"><button id="crm" class="away">Bring the CRM back</button></form>`
    : html`<form method="post" action="/demo/crm-away"><button id="crm">Take the CRM away</button></form>`
}`;
}

function contact({ contact, crmIsAway }: Scene): Html {
  const state = crmIsAway
    ? html`<p class="note warning">The CRM is away. Reminders go all the same; what it missed is written once it is back.</p>`
    : html`<p class="note">${contact?.isPending ? 'Being written.' : 'Up to date.'}</p>`;
  const fields = Object.entries(contact?.fields ?? {});
  return html`<h2 id="contact-title">Contact</h2>
${contact ? html`<p class="address">${contact.email}</p>` : null}
${fields.length > 0 ? html`<dl>${fields.map(field)}</dl>` : html`<p class="note">The CRM does not know this person yet.</p>`}
${state}`;
}

function field([property, value]: readonly [string, unknown]): Html {
  return html`<div><dt>${property}</dt><dd>${value === null ? 'none' : String(value)}</dd></div>`;
}

/** A mail opens in the frame below: the form's target. */
function inbox({ mails }: Scene): Html {
  const [newest] = mails;
  if (!newest) return html`<p class="note">No mail yet.</p>`;
  return html`<form method="get" action="/demo/mail" target="reading"><ol class="mails" data-newest="${newest.message.attemptId}">${mails.map(mail)}</ol></form>
<details><summary>The newest as plain text</summary><pre>${newest.message.text}</pre></details>`;
}

function mail({ message, reminder }: SceneMail): Html {
  return html`<li><button name="id" value="${message.attemptId}" id="mail-${message.attemptId}"><span class="subject">${message.subject}</span>
<span class="quiet">to ${message.to} at ${timeOfDay(message.at)}${reminder ? `, reminder ${reminder.rule}` : ''}</span></button></li>`;
}

function events({ entries }: Scene): Html {
  return html`${entries.map(({ at, text }) => html`<li><time>${timeOfDay(at)}</time> <span>${text}</span></li>`)}`;
}
