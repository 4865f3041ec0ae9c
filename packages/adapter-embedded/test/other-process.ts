// Another process on this machine that runs one of our TypeScript files.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** Its standard output is ours to read; what it says on standard error is shown. */
export function startProcess(
  file: string,
  args: readonly string[],
): ChildProcessByStdio<null, Readable, null> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  return spawn(process.execPath, ['--conditions=@precall/source', '--import', 'tsx', path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** What it prints until it ends. */
export async function outputOf(file: string, args: readonly string[]): Promise<string> {
  let output = '';
  for await (const chunk of startProcess(file, args).stdout) output += chunk;
  return output.trim();
}
