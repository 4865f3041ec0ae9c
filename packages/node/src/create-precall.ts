// The facade with what a Node process brings filled in.
import { createMemoryScheduler } from '@precall/adapter-memory';
import {
  createPrecall as createPurePrecall,
  defaultPolicy,
  type Precall,
  type PrecallOptions,
} from '@precall/core';
import { createSystemClock } from './system-clock.ts';
import { createSystemEntropy } from './system-entropy.ts';

/** As core's, with the system's clock and randomness, an in-process scheduler and the default policy where not given. */
export type NodePrecallOptions = Omit<PrecallOptions, 'clock' | 'entropy' | 'scheduler' | 'policy'> &
  Partial<Pick<PrecallOptions, 'clock' | 'entropy' | 'scheduler' | 'policy'>>;

/** Core's `createPrecall` with this process's clock, timers and randomness, and the default policy. */
export function createPrecall(options: NodePrecallOptions): Precall {
  const clock = options.clock ?? createSystemClock();
  return createPurePrecall({
    ...options,
    clock,
    entropy: options.entropy ?? createSystemEntropy(),
    scheduler: options.scheduler ?? createMemoryScheduler({ clock }),
    policy: options.policy ?? defaultPolicy,
  });
}
