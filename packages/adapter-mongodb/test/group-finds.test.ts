import { Err, Ok, type PortResult, type RecordId, type Stored, Temporal } from '@precall/core';
import { describe, expect, it } from 'vitest';
import { createGroupFinds } from '../src/group-finds.ts';

const [a, b, c] = ['booking:a', 'booking:b', 'booking:c'] as [RecordId, RecordId, RecordId];

describe('lookups of one turn', () => {
  it('become one question, and each gets its own records, also when two ask for the same', async () => {
    const asked: (readonly RecordId[])[] = [];
    const find = createGroupFinds(async (ids) => {
      asked.push(ids);
      return Ok(ids.filter((id) => id !== c).map(record));
    });
    const found = await Promise.all([find([a, b, a]), find([b, c]), find([])]);
    expect(asked).toEqual([[a, b, c]]);
    expect(found.map((one) => one.unwrap().map(({ id }) => id))).toEqual([[a, b], [b], []]);
    await find([a]);
    expect(asked).toHaveLength(2);
  });

  it('all hear of a fault', async () => {
    const find = createGroupFinds(
      async (): PortResult<never> => Err({ kind: 'unavailable', reason: 'no answer' }),
    );
    const found = await Promise.all([find([a]), find([b])]);
    expect(found.map((one) => one.isErr())).toEqual([true, true]);
  });
});

function record(id: RecordId): Stored {
  return {
    id,
    kind: 'booking',
    version: 1,
    revision: 1,
    changedAt: Temporal.Instant.fromEpochMilliseconds(0),
    lanes: { mail: null, crm: null, forget: null },
    keys: [],
    body: '{}',
  };
}
