// Collects what is looked up until the loop turns, so that a burst of webhooks asks the server once and not once each.
import type { PortError, PortResult, RecordId, Result, Store, Stored } from '@precall/core';

interface Asked {
  readonly ids: readonly RecordId[];
  readonly answer: (result: Result<readonly Stored[], PortError>) => void;
}

export function createGroupFinds(
  read: (ids: readonly RecordId[]) => PortResult<readonly Stored[]>,
): Store['find'] {
  const waiting: Asked[] = [];

  return (ids) =>
    new Promise((answer) => {
      if (waiting.length === 0) setImmediate(() => void ask());
      waiting.push({ ids: [...new Set(ids)], answer });
    });

  async function ask(): Promise<void> {
    const group = waiting.splice(0);
    const found = await read([...new Set(group.flatMap(({ ids }) => ids))]);
    const known = found.map((records) => new Map(records.map((record) => [record.id, record])));
    for (const { ids, answer } of group) {
      answer(known.map((records) => ids.flatMap((id) => records.get(id) ?? [])));
    }
  }
}
