// The troubles of late, for the operator's page: what a host does with them otherwise is its own business.
import type { Clock } from './ports.ts';
import type { Instant } from './temporal.ts';
import type { Trouble } from './trouble.ts';

const kept = 50;

export function keepTroubles(clock: Pick<Clock, 'now'>): {
  add(trouble: Trouble): void;
  /** Newest first. */
  list(): readonly (Trouble & { readonly at: Instant })[];
} {
  let newest: readonly (Trouble & { readonly at: Instant })[] = [];
  return {
    add(trouble) {
      newest = [{ ...trouble, at: clock.now() }, ...newest].slice(0, kept);
    },
    list: () => newest,
  };
}
