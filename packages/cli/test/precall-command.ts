// The precall command as a process of its own, from source, in an empty folder.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

export async function precall(
  args: readonly string[],
  env: { readonly [name: string]: string } = {},
): Promise<Ended> {
  const cwd = mkdtempSync(join(tmpdir(), 'precall-cli-'));
  const child = spawn(process.execPath, ['--conditions=@precall/source', '--import', loader, main, ...args], {
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
