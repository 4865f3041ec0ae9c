// What is known of a call, for texts to speak of.
import { type MailFacts, Temporal } from '@precall/core';
import type { WrittenText } from '../src/index.ts';

export const known: MailFacts = {
  rule: '24h',
  startAt: Temporal.Instant.from('2026-12-03T15:00:00Z'),
  endAt: Temporal.Instant.from('2026-12-03T15:30:00Z'),
  now: Temporal.Instant.from('2026-12-02T15:00:00Z'),
  timeZone: 'America/Toronto',
  locale: 'en',
  firstName: 'Ada',
  name: 'Ada Lovelace',
  host: { name: 'Grace Hopper', timeZone: 'Europe/Paris' },
  about: { title: 'Diagnostic call', eventType: 'diagnostic' },
  place: { kind: 'link', url: 'https://meet.google.com/abc-defg-hij' },
  placeIsTrusted: true,
  links: { move: 'https://cal.com/reschedule/u1', cancel: 'https://cal.com/booking/u1?cancel=true' },
  segment: 'URGENT',
  responses: {},
  answers: { attend: 'https://calls.example.com/link/a.1', stop: 'https://calls.example.com/link/s.1' },
};

/** What every planned reminder has, and nothing else. */
export const bare: MailFacts = {
  ...known,
  firstName: null,
  name: null,
  host: null,
  about: null,
  place: null,
  placeIsTrusted: false,
  links: null,
  segment: null,
  answers: null,
};

export function asHtml(body: string, subject = 'Your call'): WrittenText {
  return { name: '24h', format: 'html', subject, body };
}

export function asMarkdown(body: string, head = 'subject: Your call'): WrittenText {
  return { name: '24h.md', format: 'markdown', subject: null, body: `---\n${head}\n---\n\n${body}` };
}
