// How much there is to do at this moment, for whoever keeps measures of it. Each is read up to a bound, so that to ask costs
// little however much is stored.
import type { PortResult } from './ports.ts';
import { Result } from './result.ts';
import type { Shell } from './shell.ts';
import { farFuture, type Instant } from './temporal.ts';

/** One reading of what there is to do. */
export interface Measures {
  /** When this was asked, by the clock that was given to `createPrecall`. */
  readonly at: Instant;
  /** The earliest moment in the mail lane; what lies before `at` should have been looked at by now. */
  readonly nextMailAt: Instant | null;
  /** Bookings with a reminder to come, as far as 1,000. */
  readonly plans: number;
  /** Records that the CRM lane should have looked at by now, as far as 1,000. */
  readonly crmWaiting: number;
  /** Deliveries in quarantine, as far as 100. */
  readonly quarantined: number;
  /** The last authentic webhook, or else when this process began. */
  readonly heardAt: Instant;
  readonly sending: number;
  /** Outcomes of sends that the store has not taken yet. */
  readonly unsaved: number;
}

const mostCounted = 1_000;
/** A delivery in quarantine can be 64 kB, and one is enough to be looked at. */
const mostQuarantined = 100;

export function createMeasure(
  { store, clock }: Pick<Shell, 'store' | 'clock'>,
  inHand: () => Pick<Measures, 'heardAt' | 'sending' | 'unsaved'>,
): () => PortResult<Measures> {
  return async () => {
    const at = clock.now();
    const page = { limit: mostCounted, cursor: null };
    const [nextMailAt, ...slices] = await Promise.all([
      store.nextDueAt('mail'),
      store.due('mail', farFuture, page),
      store.due('crm', at, page),
      store.list('delivery', { limit: mostQuarantined, cursor: null }),
    ]);
    if (nextMailAt.isErr()) return nextMailAt;
    return Result.all(slices).map(([plans, crm, quarantine]) => ({
      at,
      nextMailAt: nextMailAt.value,
      plans: plans.items.length,
      crmWaiting: crm.items.length,
      quarantined: quarantine.items.length,
      ...inHand(),
    }));
  };
}
