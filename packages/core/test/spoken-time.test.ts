import { Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
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
    expect(ahead(length)).toBe(words);
  });

  it('says nothing about what is not ahead', () => {
    expect(ahead('PT0S')).toBeNull();
    expect(ahead('-PT1S')).toBeNull();
  });
});

describe('spokenTime', () => {
  const moment = at('2026-07-03T15:00:00Z');

  it('writes English the way the locale does, other languages as en', () => {
    expect(spokenTime(moment, 'Europe/London', 'en-GB')).toEqual({
      date: expect.stringMatching(/^Friday,? 3 July 2026$/),
      time: '16:00',
      zone: 'British Summer Time (Europe/London, GMT+1)',
    });
    expect(spokenTime(moment, 'Europe/London', 'pt-BR').time).toBe('4:00 PM');
    expect(spokenTime(moment, 'Europe/London', 'en-nonsense').date).toBe('Friday, July 3, 2026');
  });

  it('calls a zone without a name of its own by its offset', () => {
    expect(spokenTime(moment, 'Africa/Casablanca', 'en').zone).toMatch(
      /^Africa\/Casablanca \(GMT(?:\+1)?\)$/,
    );
  });
});
