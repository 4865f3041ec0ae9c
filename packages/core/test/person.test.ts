// What is kept about a person: which word about their address holds, and how much was sent to them.
import { describe, expect, it } from 'vitest';
import { isBadNews, newPerson, noteSent, type Suppressed, weightier } from '../src/person.ts';
import { at } from './agreed-call.ts';

const [early, late] = [at('2026-12-03T15:00:00Z'), at('2026-12-03T16:00:00Z')];

describe('isBadNews', () => {
  it('is what a provider says of an address, and no word of its owner', () => {
    expect(['bounced', 'dropped'].map(isBadNews)).toEqual([true, true]);
    expect(['stop', 'link', 'unsubscribed', 'operator', null, undefined].map(isBadNews)).toEqual(
      Array(6).fill(false),
    );
  });
});

describe('weightier', () => {
  const bounced: Suppressed = { at: early, why: 'bounced' };
  const stop: Suppressed = { at: late, why: 'stop' };

  it('is what is said where nothing was known', () => {
    expect(weightier(null, bounced)).toBe(bounced);
  });

  it('is somebody’s word above news of the address, in either order and however late', () => {
    expect(weightier(bounced, stop)).toBe(stop);
    expect(weightier(stop, bounced)).toBe(stop);
    const first: Suppressed = { at: early, why: 'stop' };
    const later: Suppressed = { at: late, why: 'bounced' };
    expect(weightier(later, first)).toBe(first);
    expect(weightier(first, later)).toBe(first);
  });

  it('is an operator’s above everybody’s, in either order and however late', () => {
    const operator: Suppressed = { at: late, why: 'operator' };
    const first: Suppressed = { at: early, why: 'stop' };
    expect(weightier(first, operator)).toBe(operator);
    expect(weightier(operator, first)).toBe(operator);
    expect(weightier(operator, bounced)).toBe(operator);
  });

  it('is of equals the earlier, and of two at one moment the one that stands', () => {
    const again: Suppressed = { at: late, why: 'dropped' };
    expect(weightier(again, bounced)).toBe(bounced);
    expect(weightier(bounced, again)).toBe(bounced);
    const same: Suppressed = { at: early, why: 'dropped' };
    expect(weightier(bounced, same)).toBe(bounced);
  });
});

describe('noteSent', () => {
  it('keeps the last eight moments, the newest last', () => {
    const moments = Array.from({ length: 10 }, (_, n) => early.add({ minutes: n }));
    const person = moments.reduce(noteSent, newPerson);
    expect(person.sent.map((one) => `${one.at}`)).toEqual(moments.slice(2).map(String));
    expect(noteSent(newPerson, late).sent).toEqual([{ at: late }]);
  });
});
