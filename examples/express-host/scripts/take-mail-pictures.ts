// Takes pictures of the default mails on a phone, in light and dark, in each language, into docs/pictures: the reminder, the
// way to another time after a no-show, and the question to the host who came.
import {
  type Content,
  defaultReminder,
  type MailFacts,
  rebookMail,
  Temporal,
  whoCameMail,
} from '@precall/core';
import { openBrowser, takeOnPhones } from './picture.ts';

const startAt = Temporal.Instant.from('2026-12-03T15:00:00Z');
const endAt = startAt.add({ minutes: 30 });
const titles = Object.entries({
  en: 'Diagnostic call',
  fr: 'Appel de diagnostic',
  de: 'Analysegespräch',
  es: 'Llamada de diagnóstico',
});
const toHost = { asked: ['Ada Example', 'Ben Example'], timeZone: 'Europe/Paris' };
const mails: readonly (readonly [name: string, content: Content, facts: Partial<MailFacts>])[] = [
  ['mail-reminder', defaultReminder, { rule: '24h', now: startAt.subtract({ hours: 24 }) }],
  ['mail-rebook', rebookMail, { rule: 'rebook', now: endAt.add({ hours: 1 }) }],
  ['mail-who-came', whoCameMail, { rule: 'who-came', now: endAt.add({ minutes: 15 }), ...toHost }],
];

const browser = await openBrowser();
try {
  for (const [name, content, facts] of mails)
    await takeOnPhones(browser, name, titles, (page, [locale, title]) =>
      page.setContent(content.render({ ...sample(locale, title), ...facts }).html),
    );
} finally {
  await browser.close();
}

function sample(locale: string, title: string): MailFacts {
  return {
    rule: '24h',
    startAt,
    endAt,
    now: startAt,
    timeZone: 'America/Toronto',
    locale,
    firstName: 'Ada',
    name: 'Ada Example',
    host: { name: 'Grace Example', timeZone: 'Europe/Paris' },
    about: { title, eventType: null },
    place: { kind: 'link', url: 'https://meet.google.com/abc-defg-hij' },
    placeIsTrusted: true,
    links: { move: 'https://cal.com/reschedule/u1', cancel: 'https://cal.com/booking/u1?cancel=true' },
    segment: null,
    responses: {},
    answers: { attend: 'https://calls.example.com/link/a', stop: 'https://calls.example.com/link/s' },
  };
}
