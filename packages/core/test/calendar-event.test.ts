// What the calendar should show of a booking, from its facts alone.
import type { Facts, Place } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { eventOf } from '../src/calendar-event.ts';
import { agreedCall, ana, at, ben } from './agreed-call.ts';

const startAt = at('2026-12-03T15:00:00Z');
const agreedAt = at('2026-11-23T12:00:00Z');
const stamp = { saidAt: agreedAt, rank: 4 };
const call = agreedCall({ startAt, agreedAt });
const inPlace = (value: Place): Facts => ({ ...call, place: { value, stamp } });
const shown = (facts: Facts, more: { readonly now?: string; readonly mayBeThere?: boolean } = {}) =>
  eventOf(facts, {
    id: 'event-1',
    names: true,
    mayBeThere: more.mayBeThere ?? false,
    now: at(more.now ?? '2026-12-01T12:00:00Z'),
  });

describe('eventOf', () => {
  it('shows a call of which nothing but its time and its people is known', () => {
    expect(shown(call)).toEqual({
      id: 'event-1',
      startAt,
      endAt: at('2026-12-03T15:30:00Z'),
      title: 'Call',
      place: null,
      names: ['Ana Ruiz'],
    });
  });

  it('names nobody of whom no name is known', () => {
    const facts = agreedCall({ startAt, agreedAt, people: { [ana]: {}, [ben]: {} } });
    const known = facts.people[ben];
    if (!known) throw new Error('Ben is known');
    const nameless = { ...facts, people: { ...facts.people, [ben]: { ...known, details: null } } };
    expect(shown(nameless)?.names).toEqual(['Ana Ruiz']);
  });

  it.each<[Place, string | null]>([
    [{ kind: 'link', url: 'https://meet.example.com/a' }, 'https://meet.example.com/a'],
    [{ kind: 'phone', number: '+49 30 123456' }, '+49 30 123456'],
    [{ kind: 'address', text: 'Market Street 1' }, 'Market Street 1'],
    [{ kind: 'none' }, null],
    [{ kind: 'pending' }, null],
  ])('says of the place %j: %s', (place, words) => {
    expect(shown(inPlace(place))?.place).toBe(words);
  });

  it('says no number and no address once one of several is erased, and a link still', () => {
    const people = { [ana]: {}, [ben]: { erasedAt: at('2026-11-24T12:00:00Z') } };
    const erased = (value: Place) =>
      shown({ ...agreedCall({ startAt, agreedAt, people }), place: { value, stamp } })?.place;
    expect(erased({ kind: 'address', text: 'Market Street 1' })).toBeNull();
    expect(erased({ kind: 'phone', number: '+49 30 123456' })).toBeNull();
    expect(erased({ kind: 'link', url: 'https://meet.example.com/a' })).toBe('https://meet.example.com/a');
  });

  it('keeps the event of a call that is over where it may be there, and makes none', () => {
    const now = '2026-12-03T15:30:00Z';
    expect(shown(call, { now })).toBeNull();
    expect(shown(call, { now, mayBeThere: true })?.id).toBe('event-1');
    expect(shown({ ...call, time: null }, { mayBeThere: true })).toBeNull();
  });
});
