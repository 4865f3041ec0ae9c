import { Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { wordsIn } from '../src/reminder-words.ts';
import { remaining, spokenTime } from '../src/spoken-time.ts';
import { at } from './agreed-call.ts';

describe('remaining', () => {
  const start = at('2026-12-03T15:00:00Z');
  const ahead = (text: string) => remaining(start.subtract(Temporal.Duration.from(text)), start);

  it.each([
    ['PT4S', 'in a few seconds'],
    ['PT24S', 'in a few seconds'],
    ['PT45S', 'in 1 minute'],
    ['PT1M', 'in 1 minute'],
    ['PT2M58S', 'in 3 minutes'],
    ['PT59M58S', 'in 1 hour'],
    ['PT1H30M', 'in 1 hour and 30 minutes'],
    ['PT1H58M', 'in 2 hours'],
    ['PT2H', 'in 2 hours'],
    ['PT5H58M', 'in 6 hours'],
    ['PT23H59M', 'in 24 hours'],
    ['PT36H', 'in 36 hours'],
    ['PT47H59M', 'in 2 days'],
    ['PT71H59M', 'in 3 days'],
    ['PT240H', 'in 10 days'],
  ])('says of %s: %s', (length, words) => {
    expect(wordsIn('en').left(ahead(length) ?? [])).toBe(words);
  });

  it.each([
    ['fr', 'dans quelques secondes', 'dans 1 heure et 30 minutes', 'dans 1 jour'],
    ['de', 'in wenigen Sekunden', 'in 1 Stunde und 30 Minuten', 'in 1 Tag'],
    ['es-419', 'en unos segundos', 'en 1 hora y 30 minutos', 'en 1 día'],
  ])('is told in %s', (locale, soon, long, day) => {
    const { left } = wordsIn(locale);
    expect(left([])).toBe(soon);
    expect(left(ahead('PT1H30M') ?? [])).toBe(long);
    expect(left([[1, 'day']])).toBe(day);
  });

  it('says nothing about what is not ahead', () => {
    expect(ahead('PT0S')).toBeNull();
    expect(ahead('-PT1S')).toBeNull();
  });
});

describe('spokenTime', () => {
  const moment = at('2026-07-03T15:00:00Z');

  it('writes the way the locale does, and en where the language is none of the four', () => {
    expect(spokenTime(moment, 'Europe/London', 'en-GB')).toEqual({
      date: expect.stringMatching(/^Friday,? 3 July 2026$/),
      time: '16:00',
      zone: 'British Summer Time (Europe/London, GMT+1)',
    });
    expect(spokenTime(moment, 'America/Toronto', 'fr-CA')).toEqual({
      date: 'vendredi 3 juillet 2026',
      time: '11 h 00',
      zone: 'heure avancée de l’Est (America/Toronto, UTC−4)',
    });
    expect(spokenTime(moment, 'Europe/Berlin', 'de')).toEqual({
      date: 'Freitag, 3. Juli 2026',
      time: '17:00',
      zone: 'Mitteleuropäische Sommerzeit (Europe/Berlin, GMT+2)',
    });
    expect(spokenTime(moment, 'Europe/Madrid', 'es').date).toBe('viernes, 3 de julio de 2026');
    expect(spokenTime(moment, 'Europe/London', 'pt-BR').time).toBe('4:00 PM');
    expect(spokenTime(moment, 'Europe/London', 'en-nonsense').date).toBe('Friday, July 3, 2026');
  });

  it.each([
    ['a language that only ends as one of the four', 'sv-DE'],
    ['a script of its own', 'de-Latn-AT'],
    ['digits of its own', 'en-u-nu-arab'],
  ])('writes en for a locale with %s', (_, locale) => {
    expect(spokenTime(moment, 'Europe/London', locale).date).toBe('Friday, July 3, 2026');
  });

  it('says UTC once', () => {
    expect(spokenTime(moment, 'UTC', 'en').zone).toBe('Coordinated Universal Time (UTC)');
    expect(spokenTime(moment, 'UTC', 'fr').zone).toBe('temps universel coordonné (UTC)');
  });

  it('calls a zone without a name of its own by its offset', () => {
    expect(spokenTime(moment, 'Africa/Casablanca', 'en').zone).toMatch(
      /^Africa\/Casablanca \(GMT(?:\+1)?\)$/,
    );
  });
});
