// What Precall writes for a list of webhooks: the same rows, for a baseline that has nothing to do but to write them.
import { createMemoryStore } from '@precall/adapter-memory';
import type { Store, WebhookDelivery, Write } from '@precall/core';
import { precallOn, takeIn } from './rig.ts';

export type Put = Extract<Write, { readonly put: unknown }>;

/** One write per booking, in the order of the deliveries. */
export async function writesFor(all: readonly WebhookDelivery[]): Promise<readonly Put[]> {
  const kept: Put[] = [];
  await takeIn(precallOn(keepingWrites(createMemoryStore(), kept)), all, { atOnce: 1 });
  return kept.filter(({ put }) => put.kind === 'booking');
}

function keepingWrites(store: Store, kept: Put[]): Store {
  return {
    ...store,
    save(writes) {
      for (const write of writes) if ('put' in write) kept.push(write);
      return store.save(writes);
    },
  };
}
