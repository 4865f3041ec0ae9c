// Another process on this machine that runs one of our programs, made of its sources once.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { programsOf } from '../../../scripts/bundle-programs.ts';

const source = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const programs = programsOf({ saving: source('saving-process.ts'), opening: source('opening-process.ts') });

/** Its standard output is ours to read; what it says on standard error is shown. */
export async function startProcess(
  program: 'saving' | 'opening',
  args: readonly string[],
): Promise<ChildProcessByStdio<null, Readable, null>> {
  const path = join(await programs(), `${program}.mjs`);
  return spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** What it prints until it ends. */
export async function outputOf(program: 'saving' | 'opening', args: readonly string[]): Promise<string> {
  let output = '';
  const { stdout } = await startProcess(program, args);
  for await (const chunk of stdout) output += chunk;
  return output.trim();
}
