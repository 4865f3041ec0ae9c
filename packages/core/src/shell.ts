// What every shell works with: the ports, the policy, and the way to say that something is due.
import type { KeyedNames } from './names.ts';
import type { Observe } from './observation.ts';
import type { Policy } from './policy.ts';
import type { Clock, Store } from './ports.ts';
import type { SignedLinks } from './signed-links.ts';
import type { Instant } from './temporal.ts';
import type { Trouble } from './trouble.ts';

export interface Shell {
  readonly store: Store;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly names: KeyedNames;
  /** Whether there is a CRM to keep true. */
  readonly crmWanted: boolean;
  /** Whether there is a calendar to keep true. */
  readonly calendarWanted: boolean;
  /** Null: the host has given no address for links. */
  readonly links: SignedLinks | null;
  /** Something was saved that is due at `at`; null: never. */
  wake(at: Instant | null): void;
  trouble(trouble: Trouble): void;
  /** Never throws. */
  observe: Observe;
}
