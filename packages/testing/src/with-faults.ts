// Any port, with faults in it: for tests of what callers do about them, and for simulations.
import { Err, type PortError } from '@precall/core';

/**
 * What becomes of one call. `lost`: it does not reach the port. `unanswered`: it has its effect, and the caller
 * gets the error all the same; only an `unknown` error is honest then.
 */
export type Fault =
  | { readonly effect: 'lost'; readonly error: PortError }
  | { readonly effect: 'unanswered'; readonly error: Extract<PortError, { kind: 'unknown' }> };

/** One call of a port's method. */
export interface PortCall {
  readonly method: string;
  readonly args: readonly unknown[];
  /** 1 for the first call of this method. */
  readonly count: number;
}

/** `faultOf` is asked once for each call; null lets it through. Only for ports whose methods all answer with a PortResult. */
export function withFaults<Port extends object>(port: Port, faultOf: (call: PortCall) => Fault | null): Port {
  const counts = new Map<string, number>();
  return new Proxy(port, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function' || typeof name === 'symbol') return member;
      return async (...args: readonly unknown[]) => {
        const count = (counts.get(name) ?? 0) + 1;
        counts.set(name, count);
        const fault = faultOf({ method: name, args, count });
        if (fault?.effect === 'lost') return Err(fault.error);
        const answer: unknown = await Reflect.apply(member, target, args);
        return fault ? Err(fault.error) : answer;
      };
    },
  });
}

/** A script for `withFaults`: by method, what becomes of its first call, its second and so on; later calls go through. */
export function faultsInOrder(script: {
  readonly [method: string]: readonly (Fault | null)[];
}): (call: PortCall) => Fault | null {
  return ({ method, count }) => script[method]?.[count - 1] ?? null;
}

/** The ways in which a call can fail: whether it had its effect, and what its caller hears. */
export const faults = {
  /** It surely did not happen. */
  unavailable: { effect: 'lost', error: { kind: 'unavailable', reason: 'away, by script' } },
  /** It can never succeed. */
  rejected: { effect: 'lost', error: { kind: 'rejected', reason: 'refused, by script' } },
  /** It did not happen, and the caller cannot know. */
  lost: { effect: 'lost', error: { kind: 'unknown', reason: 'lost, by script' } },
  /** It did happen, and the caller cannot know. */
  unanswered: { effect: 'unanswered', error: { kind: 'unknown', reason: 'no answer, by script' } },
} as const satisfies { readonly [name: string]: Fault };
