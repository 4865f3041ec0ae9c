// @precall/testing/simulation: everything public, by hand.
export { type CommandOptions, runSimulateCommand } from './simulation/command.ts';
export {
  type CrashFinding,
  type CrashPoint,
  type CrashPointOptions,
  type CrashPointReport,
  crashPoints,
} from './simulation/crash-points.ts';
export type { Done, Job, Spread } from './simulation/jobs.ts';
export type { Violation } from './simulation/oracle.ts';
export { type SimulateOptions, type SimulationReport, simulate } from './simulation/simulate.ts';
export { addUp, type Counted, countedThings, neverHappened, tableOf } from './simulation/tally.ts';
export { type Weather, weatherText } from './simulation/weather.ts';
