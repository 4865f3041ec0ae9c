// All benchmarks, in the order of the table.
import { embeddedIntake } from './embedded-intake.ts';
import type { Benchmark } from './harness.ts';

export const benchmarks: readonly Benchmark[] = [embeddedIntake];
