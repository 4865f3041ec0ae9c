// A program of this example as a process of its own: started, read line by line, ended by its id.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { signCalcom } from '@precall/source-calcom';
import { programsOf } from '../../../scripts/bundle-programs.ts';

/** A program of `src`, or a program's text that is run as if it lay there. */
export type Program =
  | { readonly name: keyof typeof sources; readonly args?: readonly string[] }
  | { readonly text: string };

export interface RunningProgram {
  /** Of the `listening at` line; rejects when the program ends without one. */
  baseUrl(): Promise<string>;
  /** All of its output so far, both kinds. */
  said(): string;
  /** Waits for its end; with a signal, sends that first. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

const src = fileURLToPath(new URL('../src/', import.meta.url));
const sources = {
  server: `${src}server.ts`,
  'server-behind-parser': `${src}server-behind-parser.ts`,
  'source-alone': `${src}source-alone.ts`,
  'plan-alone': `${src}plan-alone.ts`,
};
const programs = programsOf(sources);
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

export async function run(
  program: Program,
  env: { readonly [name: string]: string } = {},
): Promise<RunningProgram> {
  const child: ChildProcess = spawn(process.execPath, await argumentsOf(program), {
    cwd: src,
    env: { PATH: process.env.PATH, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const isListening = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (bytes) => {
        said += String(bytes);
        if (/listening at .*port: \d+/s.test(said)) resolve();
      });
    }
  });
  const ended: Promise<number | null> = once(child, 'close').then(([code]) => code);
  return {
    async baseUrl() {
      await Promise.race([isListening, ended]);
      const port = /port: (\d+)/.exec(said)?.[1];
      if (!port) throw new Error(`It does not listen: ${said}`);
      return `http://127.0.0.1:${port}`;
    },
    said: () => said,
    async end(signal) {
      if (signal) child.kill(signal);
      return await ended;
    },
  };
}

async function argumentsOf(program: Program): Promise<readonly string[]> {
  if ('name' in program) return [join(await programs(), `${program.name}.mjs`), ...(program.args ?? [])];
  return ['--conditions=@precall/source', '--import', loader, '--input-type=module', '--eval', program.text];
}

export async function post(url: string, secret: string, body: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'x-cal-signature-256': signCalcom(secret, body) };
  return await fetch(url, { method: 'POST', headers, body });
}
