// A store that remembers what it was asked to save: the very rows that a baseline then writes by hand.
import type { Store, Write } from '@precall/core';

export interface RecordedStore {
  readonly store: Store;
  /** One entry for each save that was answered Ok. */
  readonly saves: readonly (readonly Write[])[];
}

export function recorded(store: Store): RecordedStore {
  const saves: (readonly Write[])[] = [];
  return {
    saves,
    store: {
      ...store,
      async save(writes) {
        const answer = await store.save(writes);
        if (answer.isOk()) saves.push(writes);
        return answer;
      },
    },
  };
}
