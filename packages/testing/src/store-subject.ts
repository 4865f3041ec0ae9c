// What the Store contract is run on.
import type { Store } from '@precall/core';
import type { ContractOptions, Use } from './contract.ts';

/** A store, and a way to come back to what it kept. */
export interface StoreSubject {
  /** Empty. */
  readonly store: Store;
  /** Closes the store and opens another on the same data; null for one that outlives nothing. */
  readonly reopen: (() => Promise<Store>) | null;
}

/** A store to run the contract on. */
export interface StoreContractOptions extends ContractOptions {
  /** A new store without records. */
  create(): Store | Promise<Store>;
  /** Closes that store and opens another on the same data. */
  reopen?(store: Store): Promise<Store>;
  close?(store: Store): Promise<void>;
}

/** Makes a store for one promise, and closes it. */
export function useStore({ create, reopen, close }: StoreContractOptions): Use<StoreSubject> {
  return async (run) => {
    let store = await create();
    const again = async () => {
      if (reopen) store = await reopen(store);
      return store;
    };
    try {
      await run({ store, reopen: reopen ? again : null });
    } finally {
      await close?.(store);
    }
  };
}
