import { describe, expect, it } from 'vitest';
import { remembered } from '../src/remembered.ts';

describe('remembered', () => {
  function counted(limit: number) {
    const asked: string[] = [];
    const upper = remembered(limit, (key: string) => {
      asked.push(key);
      if (key === '') throw new Error('nothing to say');
      return key.toUpperCase();
    });
    return { asked, upper };
  }

  it('asks once for each key', () => {
    const { asked, upper } = counted(2);
    expect([upper('a'), upper('b'), upper('a'), upper('b')]).toEqual(['A', 'B', 'A', 'B']);
    expect(asked).toEqual(['a', 'b']);
  });

  it('never keeps more than its limit', () => {
    const { asked, upper } = counted(2);
    for (const key of ['a', 'b', 'c', 'c', 'a']) upper(key);
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });

  it('asks again after a throw', () => {
    const { asked, upper } = counted(2);
    expect(() => upper('')).toThrow('nothing to say');
    expect(() => upper('')).toThrow('nothing to say');
    expect(asked).toEqual(['', '']);
  });
});
