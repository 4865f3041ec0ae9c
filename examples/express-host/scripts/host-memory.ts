// What memory a host has in use, garbage collected: `report-memory.mjs`, loaded into it, writes it down when asked.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostProcess } from './host-process.ts';

/** In bytes. */
export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
}

/** What a host needs in its environment so that its memory can be read. */
export function memoryVariables(file: string): { readonly [name: string]: string } {
  const reporter = new URL('report-memory.mjs', import.meta.url).href;
  return { NODE_OPTIONS: `--import=${reporter}`, MEMORY_FILE: file };
}

/** Readings follow each other: there is one file. */
export function memoryReader(host: HostProcess, file: string): () => Promise<Memory> {
  let latest: Promise<unknown> = Promise.resolve();
  return () => {
    const reading = latest.then(read);
    latest = reading;
    return reading;
  };

  async function read(): Promise<Memory> {
    rmSync(file, { force: true });
    host.send('SIGUSR2');
    while (!existsSync(file)) await sleep(20);
    return JSON.parse(readFileSync(file, 'utf8'));
  }
}
