// The precall command as a process of its own, made from the sources once, in an empty folder.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundlePrograms } from '../../../scripts/bundle-programs.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const source = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
let made: Promise<string> | null = null;

/** Made once in a process of tests, and gone with it. */
function folderOfCommand(): Promise<string> {
  made ??= makeCommand();
  return made;
}

async function makeCommand(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'precall-command-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  // It says the version that stands beside it.
  cpSync(source('cli/package.json'), join(folder, 'package.json'));
  const sources = { main: source('cli/src/main.ts'), core: source('core/src/index.ts') };
  await bundlePrograms(sources, join(folder, 'dist'));
  return folder;
}

/** The module that a policy of one's own imports, as the command itself does. */
export async function coreOfCommand(): Promise<string> {
  return pathToFileURL(join(await folderOfCommand(), 'dist', 'core.mjs')).href;
}

export async function precall(
  args: readonly string[],
  env: { readonly [name: string]: string } = {},
): Promise<Ended> {
  const main = join(await folderOfCommand(), 'dist', 'main.mjs');
  const cwd = mkdtempSync(join(tmpdir(), 'precall-cli-'));
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (bytes) => {
    said.stdout += String(bytes);
  });
  child.stderr.on('data', (bytes) => {
    said.stderr += String(bytes);
  });
  const [code]: (number | null)[] = await once(child, 'close');
  rmSync(cwd, { recursive: true });
  return { code: code ?? null, ...said };
}
