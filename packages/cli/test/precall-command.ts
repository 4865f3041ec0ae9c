// The precall command as a process of its own, made from the sources once, in an empty folder.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { programsOf } from '../../../scripts/bundle-programs.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const source = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const sources = { main: source('cli/src/main.ts'), core: source('core/src/index.ts') };
/** The command says the version of the manifest. */
const programs = programsOf(sources, source('cli/package.json'));

/** The module that a policy of one's own imports, as the command itself does. */
export async function coreOfCommand(): Promise<string> {
  return pathToFileURL(join(await programs(), 'core.mjs')).href;
}

/** In an empty folder, unless one is given. */
export async function precall(
  args: readonly string[],
  env: { readonly [name: string]: string } = {},
  folder?: string,
): Promise<Ended> {
  const main = join(await programs(), 'main.mjs');
  const cwd = folder ?? mkdtempSync(join(tmpdir(), 'precall-cli-'));
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = await endOf(child);
  if (folder === undefined) rmSync(cwd, { recursive: true });
  return ended;
}

/** How a process ended, and all that it said. */
export async function endOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (bytes) => {
    said.stdout += String(bytes);
  });
  child.stderr.on('data', (bytes) => {
    said.stderr += String(bytes);
  });
  const [code]: (number | null)[] = await once(child, 'close');
  return { code: code ?? null, ...said };
}
