// Runs a command to its end, bounded, with what it said.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter } from 'node:path';

export interface Ran {
  readonly isWell: boolean;
  readonly seconds: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  /** Folder whose `node` the command and all its children run under. */
  readonly nodeFolder?: string;
  readonly patienceSeconds?: number;
}

export const pnpm = ['npx', '--yes', '--prefer-offline', 'pnpm@12.21.0'] as const;

export async function run(
  [command = '', ...args]: readonly string[],
  { cwd, nodeFolder, patienceSeconds = 300 }: RunOptions,
): Promise<Ran> {
  const startedAt = performance.now();
  const child = spawn(command, args, {
    cwd,
    env: cleanEnvironment(nodeFolder),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patienceSeconds * 1_000,
    killSignal: 'SIGKILL',
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (bytes) => {
    said.stdout += String(bytes);
  });
  child.stderr.on('data', (bytes) => {
    said.stderr += String(bytes);
  });
  child.on('error', ({ message }) => {
    said.stderr += message;
  });
  const [code]: (number | null)[] = await once(child, 'close');
  return { isWell: code === 0, seconds: (performance.now() - startedAt) / 1_000, ...said };
}

/** As a user's shell has it: a package manager leaves variables to its children that would change how another works. */
function cleanEnvironment(nodeFolder: string | undefined): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(?:npm_|pnpm_|NODE_PATH$|NODE_OPTIONS$)/i.test(name) || /^npm_config_registry$/i.test(name),
  );
  const env = Object.fromEntries(kept);
  return nodeFolder === undefined ? env : { ...env, PATH: `${nodeFolder}${delimiter}${env.PATH}` };
}

/** The end of what a command said, which is where a fault stands. */
export function lastWords({ stdout, stderr }: Ran): string {
  return `${stdout}\n${stderr}`.trim().split('\n').slice(-15).join('\n');
}
