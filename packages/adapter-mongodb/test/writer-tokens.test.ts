import { ObjectId } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { traceOf } from '../src/writer-tokens.ts';

const [ours, theirs, another] = [new ObjectId(), new ObjectId(), new ObjectId()];
const write = { id: 'booking:a', expected: 4, by: ours };

describe('traceOf', () => {
  it.each([
    ['ours', 'it made the revision that stands', { revision: 5, by: [theirs, ours] }],
    ['ours', 'others have written since', { revision: 7, by: [ours, theirs, another] }],
    ['others', 'another made its revision', { revision: 5, by: [ours, theirs] }],
    ['others', 'another made its revision, and more came since', { revision: 6, by: [theirs, another] }],
    ['others', 'the record was removed', null],
    ['none', 'the record stands as it was expected', { revision: 4, by: [theirs] }],
    ['forgotten', 'more have written since than are remembered', { revision: 8, by: [theirs, another] }],
  ] as const)('is %s when %s', (trace, _, standing) => {
    expect(traceOf(write, new Map(standing ? [[write.id, standing]] : []))).toBe(trace);
  });

  it('is none for a record that is not there and was to be made', () => {
    expect(traceOf({ ...write, expected: 0 }, new Map())).toBe('none');
  });
});
