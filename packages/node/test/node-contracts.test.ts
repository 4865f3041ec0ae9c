import { clockContract, entropyContract, schedulerContract } from '@precall/testing';
import {
  createInProcessScheduler,
  createMachineClock,
  createSystemClock,
  createSystemEntropy,
} from '../src/index.ts';
import { createHandMachine } from './hand-machine.ts';

clockContract({
  create() {
    const machine = createHandMachine();
    return {
      clock: createMachineClock(machine),
      pass: async (length) => machine.pass(length.total('milliseconds')),
    };
  },
});

clockContract({
  create() {
    const clock = createSystemClock();
    return { clock, pass: (length) => new Promise((resolve) => clock.at(clock.now().add(length), resolve)) };
  },
});

entropyContract({ create: createSystemEntropy });

schedulerContract({
  create() {
    const machine = createHandMachine();
    const clock = createMachineClock(machine);
    return {
      scheduler: createInProcessScheduler({ clock }),
      now: clock.now,
      pass: async (length) => machine.pass(length.total('milliseconds')),
    };
  },
});
