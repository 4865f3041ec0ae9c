// What a text may speak about: what is known of the call and of its reader, and nothing where nothing is.
import { describe, expect, it } from 'vitest';
import type { Facts, PersonFacts } from '../src/facts.ts';
import { recipientId, theHost } from '../src/ids.ts';
import { mailFacts } from '../src/mail-facts.ts';
import type { PlannedReminder } from '../src/plan.ts';
import { defaultPolicy } from '../src/policy.ts';
import { agreedCall, ana, at, hours } from './agreed-call.ts';

const startAt = at('2026-12-03T15:00:00Z');
const dueAt = at('2026-12-03T13:00:00Z');
const agreedAt = at('2026-11-23T12:00:00Z');
const stamp = { saidAt: agreedAt, rank: 4 };
const call = agreedCall({ startAt, agreedAt });
const to = (recipient = ana): PlannedReminder => ({
  rule: { name: '2h', when: { before: hours(2) } },
  ...{ channel: 'mail', recipient, startAt, askedAt: dueAt, dueAt, usefulUntil: startAt, skip: null },
});
const told = (facts: Facts = call, recipient = ana) => mailFacts(to(recipient), facts, defaultPolicy, dueAt);
const named = (details: object): Facts => ({
  ...call,
  people: {
    [ana]: {
      ...call.people[ana],
      details: { value: { ...call.people[ana]?.details?.value, ...details }, stamp },
    } as PersonFacts,
  },
});
const placed = (place: object): Facts => ({ ...call, place: { value: place as never, stamp } });

describe('what a reader is told', () => {
  it('is in their language, by their first name, and about the call, as far as each is known', () => {
    expect(told()).toMatchObject({
      locale: 'en',
      firstName: 'Ana',
      name: 'Ana Ruiz',
      about: null,
      place: null,
    });
    const titled: Facts = {
      ...named({ locale: 'fr' }),
      about: { value: { title: 'A call' } as never, stamp },
    };
    expect(told(titled)).toMatchObject({ locale: 'fr', about: { title: 'A call' } });
    expect(told(named({ locale: null })).locale).toBe('en');
  });

  it.each([
    ['Ana Maria Ruiz', 'Ana'],
    ['Dr. Ana Ruiz', 'Dr. Ana Ruiz'],
    ['Ruiz, Ana', 'Ruiz, Ana'],
    ['O.Ruiz Ana', 'O.Ruiz'],
    ['', null],
    [null, null],
  ])('where one field asks for the name %j: %j', (name, first) => {
    expect(told(named({ name, firstName: null })).firstName).toBe(first);
  });

  it('is a link that is trusted or not, and no other place is', () => {
    expect(told(placed({ kind: 'link', url: 'https://meet.google.com/abc' })).placeIsTrusted).toBe(true);
    expect(told(placed({ kind: 'link', url: 'https://example.com/abc' })).placeIsTrusted).toBe(false);
    expect(
      told(placed({ kind: 'address', text: 'x', url: 'https://meet.google.com/abc' })).placeIsTrusted,
    ).toBe(false);
  });

  it('needs a time, and a reader who is known', () => {
    expect(() => told({ ...call, time: null })).toThrow(
      'a planned reminder belongs to a booking whose time is known',
    );
    const unknown = 'a planned reminder has a recipient whose details are known';
    expect(() => told({ ...call, people: {} })).toThrow(unknown);
    expect(() =>
      told({ ...call, people: { [ana]: { ...call.people[ana], details: null } as PersonFacts } }),
    ).toThrow(unknown);
  });
});

describe('what a host is told', () => {
  const hosted = (address: object | null, people = call.people): Facts => ({
    ...call,
    people,
    host: {
      value: { name: 'Jane Doe', timeZone: 'Europe/Paris', ...(address && { address }) } as never,
      stamp,
    },
  });
  const jane = { email: 'jane@example.com', locale: 'de', id: recipientId('d'.repeat(32)) };

  it('is in their own language and by their name, and never their address', () => {
    expect(told(hosted(jane), theHost)).toMatchObject({
      ...{ locale: 'de', name: 'Jane Doe', timeZone: 'Europe/Paris' },
      host: { name: 'Jane Doe', timeZone: 'Europe/Paris' },
    });
    expect(JSON.stringify(told(hosted(jane), theHost))).not.toContain('jane@');
    expect(told(hosted(null), theHost).locale).toBe('en');
    expect(told({ ...call, host: null }, theHost)).toMatchObject({ locale: 'en', name: null, host: null });
  });

  it('is whom they are asked about, as far as their names are known; nobody else is asked', () => {
    expect(told(hosted(jane), theHost).asked).toEqual(['Ana Ruiz']);
    const nameless = named({ name: null });
    expect(told(hosted(jane, nameless.people), theHost).asked).toEqual([]);
    expect(told()).not.toHaveProperty('asked');
  });
});
