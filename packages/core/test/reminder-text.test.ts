// The default words of a text message.
import { describe, expect, it } from 'vitest';
import {
  defaultText,
  type MailFacts,
  missingFacts,
  segmentsOf,
  Temporal,
  textContent,
} from '../src/index.ts';

const startAt = Temporal.Instant.from('2026-12-03T15:00:00Z');
const url = 'https://app.cal.com/video/8f1c0d9e2b8f1c0d9e2b22';
const known: MailFacts = {
  rule: '2h',
  startAt,
  endAt: startAt.add({ minutes: 30 }),
  now: startAt.subtract({ hours: 2 }),
  timeZone: 'Europe/Paris',
  locale: 'en',
  firstName: 'Ana',
  name: 'Ana Ruiz',
  host: { name: 'Jane Doe', timeZone: 'UTC' },
  about: null,
  place: { kind: 'link', url },
  placeIsTrusted: true,
  links: null,
  answers: null,
  segment: null,
  responses: {},
};
const text = (facts: Partial<MailFacts> = {}) => defaultText.render({ ...known, ...facts });

describe('defaultText', () => {
  it.each([
    [
      'en',
      `Your call with Jane Doe starts in 2 hours (4:00 PM). Join: ${url} Reply STOP to get no more texts.`,
    ],
    [
      'fr',
      `Votre appel avec Jane Doe commence dans 2 heures (16:00). Rejoindre : ${url} Répondez STOP pour ne plus rien recevoir.`,
    ],
    [
      'de',
      `Ihr Gespräch mit Jane Doe beginnt in 2 Stunden (16:00). Teilnehmen: ${url} Mit STOP antworten, um nichts mehr zu erhalten.`,
    ],
    [
      'es',
      `Su llamada con Jane Doe empieza en 2 horas (16:00). Entrar: ${url} Responda STOP para no recibir mas.`,
    ],
    [
      'fi',
      `Your call with Jane Doe starts in 2 hours (4:00 PM). Join: ${url} Reply STOP to get no more texts.`,
    ],
  ])('speaks %s, in GSM-7 and at most two segments', (locale, words) => {
    expect(text({ locale })).toBe(words);
    expect(segmentsOf(words)).toMatchObject({ encoding: 'gsm7' });
    expect(segmentsOf(words).segments).toBeLessThanOrEqual(2);
  });

  it('says where, whatever the place', () => {
    expect(text({ place: { kind: 'phone', number: '+43 1 234' } })).toContain('By phone: +43 1 234.');
    expect(text({ place: { kind: 'address', text: 'Main Street 1' } })).toContain('Where: Main Street 1.');
    for (const place of [null, { kind: 'none' } as const]) {
      expect(text({ place, host: null })).toBe(
        'Your call starts in 2 hours (4:00 PM). Reply STOP to get no more texts.',
      );
    }
  });

  it('gives up the name of the host for the link, and the link only if it alone is too long', () => {
    const host = { name: '顾'.repeat(40), timeZone: null };
    expect(text({ host })).toBe(
      `Your call starts in 2 hours (4:00 PM). Join: ${url} Reply STOP to get no more texts.`,
    );
    const place = { kind: 'link', url: `https://example.com/${'x'.repeat(300)}` } as const;
    expect(text({ place })).toBe('Your call starts in 2 hours (4:00 PM). Reply STOP to get no more texts.');
  });

  it('states no length once the call has begun', () => {
    expect(text({ now: startAt })).toContain('Your call with Jane Doe (4:00 PM).');
  });
});

describe('textContent', () => {
  it('sees the facts that it declares, and keeps how long it is true', () => {
    const validFor = Temporal.Duration.from({ hours: 1 });
    const words = textContent({ needs: ['host'], validFor, render: ({ host }) => host.name });
    expect(words.render(known)).toBe('Jane Doe');
    expect(words.validFor).toBe(validFor);
    expect(missingFacts(words, { ...known, host: null })).toEqual(['host']);
  });
});
