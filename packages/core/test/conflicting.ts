// A store in which somebody else writes first.
import { Ok, type Store } from '@precall/core';

/** As many of its next saves as `next` says are conflicts, whole. */
export function createConflicts() {
  let left = 0;
  return {
    inStore: (store: Store): Store => ({
      ...store,
      save: async (writes) => {
        if (left === 0) return store.save(writes);
        left -= 1;
        return Ok(writes.map(() => 'conflict' as const));
      },
    }),
    next(count: number): void {
      left = count;
    },
    left: () => left,
  };
}
