// What all processes on one store know of the looks at the booking source: the last that saw everything, and whose turn it is.
import { decode, encode, ifSound } from './codec.ts';
import { metaRecord } from './ids.ts';
import type { Clock, PortResult, Store, Stored } from './ports.ts';
import type { Instant } from './temporal.ts';

export interface LookState {
  readonly lookedAt: Instant | null;
  readonly leaseUntil: Instant | null;
  /** Since the last look that saw everything. */
  readonly failingAt: Instant | null;
  readonly toldAt: Instant | null;
}

/** As it is kept, and under which revision. */
export interface KeptState {
  readonly state: LookState;
  readonly revision: number;
}

export const neverLooked: LookState = { lookedAt: null, leaseUntil: null, failingAt: null, toldAt: null };
const stateRecord = metaRecord('reconcile');

export async function loadState(store: Store): PortResult<KeptState> {
  const found = await store.find([stateRecord]);
  return found.map(([stored]) => ({
    // Where it cannot be read all is asked for anew, which is only more than is needed.
    state: (stored && ifSound(stored, (one) => decode<LookState>(one, []))) ?? neverLooked,
    revision: stored?.revision ?? 0,
  }));
}

/** Null when another process wrote in between, or the store is away. */
export async function saveState(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  state: LookState,
  expected: number,
): Promise<KeptState | null> {
  const put: Stored = {
    id: stateRecord,
    kind: 'meta',
    version: 1,
    revision: expected + 1,
    changedAt: clock.now(),
    lanes: { mail: null, crm: null, forget: null },
    keys: [],
    body: encode(state),
  };
  const saved = await store.save([{ put, expected, history: [] }]);
  return saved.isOk() && saved.value[0] === 'saved' ? { state, revision: expected + 1 } : null;
}
