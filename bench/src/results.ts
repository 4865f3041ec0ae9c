// The file of results: rows by benchmark, and on what they were measured. A run of some benchmarks leaves the others' rows.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import type { Row } from './measure.ts';

export interface Results {
  readonly [name: string]: {
    readonly measuredAt: string;
    readonly machine: string;
    readonly rows: readonly Row[];
    /** Why it did not run. */
    readonly skipped: string | null;
  };
}

export function readResults(file: string): Results {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

export function keepRows(file: string, name: string, found: readonly Row[] | string): void {
  const one = {
    measuredAt: new Date().toISOString().slice(0, 16),
    machine: machineNow(),
    rows: typeof found === 'string' ? [] : found,
    skipped: typeof found === 'string' ? found : null,
  };
  writeFileSync(file, `${JSON.stringify({ ...readResults(file), [name]: one }, null, 1)}\n`);
}

/** The load is what else the machine was doing: ratios stand it better than figures do. */
export function machineNow(): string {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const load = loadavg()[0]?.toFixed(1);
  return `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpu?.model.trim()}, ${memory}, load ${load}`;
}
