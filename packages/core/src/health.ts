// What an operator sees of the parts: whether they run, what is next, what waits, and what was wrong lately.
import type { Health } from './desk.ts';
import type { PortResult } from './ports.ts';
import type { Shell } from './shell.ts';

/** Records of the CRM lane are counted as far as this. */
const mostCounted = 200;

type InHand = Omit<Health, 'nextMailAt' | 'nextCrmAt' | 'crmWaiting'>;

/** `inHand`: what no store knows, read with the answers at hand. */
export function createHealth(
  { store, clock }: Pick<Shell, 'store' | 'clock'>,
  inHand: () => InHand,
): () => PortResult<Health> {
  return async () => {
    const [nextMailAt, nextCrmAt, waiting] = await Promise.all([
      store.nextDueAt('mail'),
      store.nextDueAt('crm'),
      store.due('crm', clock.now(), { limit: mostCounted, cursor: null }),
    ]);
    if (nextMailAt.isErr()) return nextMailAt;
    if (nextCrmAt.isErr()) return nextCrmAt;
    return waiting.map(({ items }) => ({
      ...inHand(),
      nextMailAt: nextMailAt.value,
      nextCrmAt: nextCrmAt.value,
      crmWaiting: items.length,
    }));
  };
}
