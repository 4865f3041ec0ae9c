// What is due in the CRM lane of one sort, among what is due there of others.
import type { Clock, PortResult, Store, Stored } from './ports.ts';
import { Ok } from './result.ts';

const pageSize = 20;

/**
 * Each call gives some that are wanted and due, earliest first; none when a whole lap over all that is due found none. The next
 * call goes on where this one ended: with thousands of others due, each of them is passed once a lap, not once a call.
 */
export function createSearchDue(
  { store, clock }: { readonly store: Pick<Store, 'due'>; readonly clock: Pick<Clock, 'now'> },
  isWanted: (kind: Stored['kind']) => boolean,
): () => PortResult<readonly Stored[]> {
  let cursor: string | null = null;

  return async () => {
    const by = clock.now();
    let isWholeLap = cursor === null;
    for (;;) {
      const page: Awaited<ReturnType<Store['due']>> = await store.due('crm', by, { limit: pageSize, cursor });
      if (page.isErr()) return page;
      cursor = page.value.next;
      const wanted = page.value.items.filter(({ kind }) => isWanted(kind));
      if (wanted.length > 0 || (cursor === null && isWholeLap)) return Ok(wanted);
      isWholeLap ||= cursor === null;
    }
  };
}
