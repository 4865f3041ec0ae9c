// The contract of the Store port.
import { type Promised, registerContract } from './contract.ts';
import { readingPromises } from './store-reading.ts';
import { type StoreContractOptions, type StoreSubject, useStore } from './store-subject.ts';
import { writingPromises } from './store-writing.ts';

/** Each sentence of the port's page. Records in the answers to `find` and ties may come in any order. */
export const storePromises: readonly Promised<StoreSubject>[] = [...writingPromises, ...readingPromises];

/** Registers the contract as vitest tests on the stores that `create` makes. */
export function storeContract(options: StoreContractOptions): void {
  registerContract('Store', storePromises, useStore(options), options);
}
