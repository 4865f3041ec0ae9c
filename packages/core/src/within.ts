// A limit on a port's answer, for adapters that break the promise to give one.
import type { Clock, PortResult } from './ports.ts';
import { Err } from './result.ts';
import { after, type Duration } from './temporal.ts';

export interface Limits {
  readonly clock: Clock;
  readonly limit: Duration;
  /** Of whom an error speaks. */
  readonly who: string;
}

/** The answer, or `unknown` when there is none within `limit`, or when the port rejects its promise. */
export function within<T>({ clock, limit, who }: Limits, call: PortResult<T>): PortResult<T> {
  return new Promise((resolve) => {
    const unknown = (what: string) => resolve(Err({ kind: 'unknown', reason: `${who} ${what}` }));
    const cancel = clock.at(after(clock.now(), limit), () => unknown('did not answer in time'));
    call.then(resolve, () => unknown('rejected its promise')).finally(cancel);
  });
}
