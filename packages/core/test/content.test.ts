import { content, type MailFacts, missingFacts } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { at, hours } from './agreed-call.ts';

const facts: MailFacts = {
  rule: '24h',
  startAt: at('2026-12-03T15:00:00Z'),
  endAt: at('2026-12-03T15:30:00Z'),
  now: at('2026-12-02T15:00:00Z'),
  timeZone: 'UTC',
  locale: 'en',
  firstName: 'Ana',
  name: null,
  host: { name: 'Jane Doe', timeZone: null },
  about: null,
  place: null,
  placeIsTrusted: false,
  links: null,
  segment: null,
  responses: {},
  answers: null,
};

describe('content', () => {
  it('lets a text speak of what it declares', () => {
    const text = content({
      needs: ['host', 'firstName'],
      render: ({ host, firstName }) => ({ subject: host.name, text: firstName, html: '' }),
    });
    expect(text.render(facts)).toEqual({ subject: 'Jane Doe', text: 'Ana', html: '' });
    expect(text).not.toHaveProperty('validFor');
  });

  it('keeps how long fixed words are true', () => {
    const render = () => ({ subject: 'Tomorrow', text: '', html: '' });
    expect(content({ needs: [], validFor: hours(3), render }).validFor?.hours).toBe(3);
  });
});

describe('missingFacts', () => {
  it('names the declared facts that are not known, and no others', () => {
    const render = () => ({ subject: '', text: '', html: '' });
    expect(missingFacts(content({ needs: ['host', 'name', 'place'], render }), facts)).toEqual([
      'name',
      'place',
    ]);
    expect(missingFacts(content({ needs: [], render }), facts)).toEqual([]);
  });
});
