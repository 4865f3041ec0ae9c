// Whom a text may reach: by what they said, where they are, and whether they are of the call at all.
import { type Facts, nothingKnown } from '@precall/core';
import { describe, expect, it } from 'vitest';
import type { PersonFacts } from '../src/facts.ts';
import { mayBeTextedAt, phoneOf, phonesIn, whyNotTexted } from '../src/texting.ts';
import { agreedCall, ana, at, ben } from './agreed-call.ts';

const agreedAt = at('2026-11-20T12:00:00Z');
const stamp = { saidAt: agreedAt, rank: 4 };
const phone = { value: { number: '+4915112345678', id: ana }, stamp };
const consent = { value: { given: true, text: 'May we text you?', source: 'may-we-text' }, stamp };

/** A call of Ana, of whom this much is known; Ben, if he is there, gave nothing. */
function callOf(known: Partial<PersonFacts>, people = { [ana]: { timeZone: 'Europe/Berlin' } }): Facts {
  const facts = agreedCall({ startAt: at('2026-12-03T15:00:00Z'), agreedAt, people });
  const { [ana]: person } = facts.people;
  return { ...facts, people: { ...facts.people, [ana]: { ...person, ...known } as PersonFacts } };
}

describe('a number', () => {
  it('is that of whoever gave one, and nobody else’s', () => {
    const facts = callOf({ phone }, { [ana]: { timeZone: 'Europe/Berlin' }, [ben]: { timeZone: 'UTC' } });
    expect(phoneOf(facts, ana)?.number).toBe('+4915112345678');
    expect(phoneOf(facts, ben)).toBeNull();
    expect(phoneOf(nothingKnown, ana)).toBeNull();
    expect(phonesIn(facts)).toEqual([phone.value]);
  });

  it('is none once it was erased', () => {
    const facts = callOf({ phone: { value: null, stamp } });
    expect([phoneOf(facts, ana), phonesIn(facts)]).toEqual([null, []]);
  });
});

describe('why somebody is not texted', () => {
  it.each<[string | null, Partial<PersonFacts>]>([
    ['no_phone', { consent }],
    ['no_consent', { phone }],
    ['no_consent', { phone, consent: { value: null, stamp } }],
    ['no_consent', { phone, consent: { value: { ...consent.value, given: false }, stamp } }],
    ['no_zone', { phone, consent, details: null }],
    [null, { phone, consent }],
  ])('is %s', (reason, known) => {
    expect(whyNotTexted(callOf(known), ana)).toBe(reason);
  });

  it('is that there is no number, of somebody who is not of the call', () => {
    expect(whyNotTexted(callOf({ phone, consent }), ben)).toBe('no_phone');
  });
});

describe('the hour', () => {
  const at22 = at('2026-12-03T21:00:00Z');
  const quiet = null;

  it('is fit at any time where there are no quiet hours, and at none where nobody knows what time it is', () => {
    expect(mayBeTextedAt(at22, { facts: callOf({}), recipient: ana, quiet })).toBe(true);
    expect(mayBeTextedAt(at22, { facts: callOf({ details: null }), recipient: ana, quiet })).toBe(false);
    expect(mayBeTextedAt(at22, { facts: callOf({}), recipient: ben, quiet })).toBe(false);
  });
});
