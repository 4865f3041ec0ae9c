// @precall/node: what a Node process brings to Precall.

// A scheduler that lives in its process is the memory adapter's on the system's clock: one bell, not two alike.
export { createMemoryScheduler as createInProcessScheduler } from '@precall/adapter-memory';
export { createPrecall, type NodePrecallOptions } from './create-precall.ts';
export { createMachineClock, createSystemClock, type Machine } from './system-clock.ts';
export { createSystemEntropy } from './system-entropy.ts';
