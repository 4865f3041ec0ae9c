// Takes pictures of the pages behind the links in mails on a phone, in light and dark, in each language, into docs/pictures:
// a call for each language is booked, reminded of and over, and the links are those of the mails that were sent.
import {
  createMemoryClock,
  createMemoryEntropy,
  createMemoryMailer,
  createMemoryScheduler,
  createMemoryStore,
} from '@precall/adapter-memory';
import { askWhoCame, createPrecall, defaultPolicy, Temporal } from '@precall/core';
import { createPrecallRouter } from '@precall/http-express';
import { createCalcomSource, signCalcom } from '@precall/source-calcom';
import express from 'express';
import { bookedBody } from '../src/demo/sample-booking.ts';
import { closeServer, listen } from '../src/listen.ts';
import { openBrowser, takeOnPhones } from './picture.ts';

const secret = 'a secret of the pictures';
const languages = ['en', 'fr', 'de', 'es'] as const;
const startAt = Temporal.Instant.from('2026-12-03T15:00:00Z');
const clock = createMemoryClock(Temporal.Instant.from('2026-12-01T08:00:00Z'));
const mailer = createMemoryMailer({ clock });
const reminder = { name: '24h', when: { before: Temporal.Duration.from({ hours: 24 }) } };
const precall = createPrecall({
  source: createCalcomSource({ secrets: [secret], hostAddress: 'keep' }),
  store: createMemoryStore(),
  mailer,
  clock,
  entropy: createMemoryEntropy('links'),
  policy: { ...defaultPolicy, rules: [reminder, askWhoCame] },
  scheduler: createMemoryScheduler({ clock }),
  links: { baseUrl: 'https://calls.example.com' },
});
(await precall.start()).expect('the store in memory answers');
const app = express().use(createPrecallRouter({ precall, clock }));
const { server, baseUrl } = (await listen(app, { host: '127.0.0.1', port: 0 })).expect('a free port');
const browser = await openBrowser();
try {
  for (const language of languages) await book(language);
  await clock.advanceTo(startAt.subtract({ hours: 24 }));
  await take('link-attend', 'a');
  await take('link-stop', 's');
  await clock.advanceTo(startAt.add({ hours: 2 }));
  await take('link-who-came', 'w');
} finally {
  await browser.close();
  await closeServer(server);
  await precall.stop();
}

async function book(language: string): Promise<void> {
  const call = { uid: `call-${language}`, bookedAt: clock.now(), startAt, guest: `${language}@example.com` };
  const webhook = JSON.parse(bookedBody(call, clock.now()));
  const { organizer, attendees } = webhook.payload;
  Object.assign(organizer, {
    name: 'Grace Example',
    email: `host-${language}@example.com`,
    timeZone: 'Europe/Paris',
    language: { locale: language },
  });
  webhook.payload.attendees = [
    { ...attendees[0], name: 'Ada Example', timeZone: 'America/Toronto', language: { locale: language } },
  ];
  const body = new TextEncoder().encode(JSON.stringify(webhook));
  const headers = {
    'content-type': ['application/json'],
    'x-cal-signature-256': [signCalcom(secret, body)],
  };
  await precall.receive({ headers, body });
}

/** The page behind the newest link of that kind to each. */
async function take(name: string, kind: 'a' | 's' | 'w'): Promise<void> {
  await takeOnPhones(browser, name, languages, (page, language) =>
    page.goto(baseUrl + linkTo(language, kind)),
  );
}

function linkTo(language: string, kind: string): string {
  const to = `${kind === 'w' ? 'host-' : ''}${language}@example.com`;
  const mail = mailer.sent.findLast(({ message }) => message.to === to)?.message.text ?? '';
  const [link] = new RegExp(`/link/${kind}\\.\\S+`).exec(mail) ?? [];
  if (!link) throw new Error(`no link in the mail to ${to}`);
  return link;
}
