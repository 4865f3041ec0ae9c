// @precall/testing: contracts for Precall's ports, arbitraries and fault wrappers.
export {
  brokenPromises,
  type ContractOptions,
  type Promised,
  registerContract,
  type Use,
} from './contract.ts';
export { storeContract, storePromises } from './store-contract.ts';
export { type StoreContractOptions, type StoreSubject, useStore } from './store-subject.ts';
