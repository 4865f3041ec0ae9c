// The host as a process of its own, for the scripts and the tests beside this folder: started, spoken to, ended by its id.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { signCalcom } from '@precall/source-calcom';
import { programsOf } from '../../../scripts/bundle-programs.ts';

export interface HostOptions {
  /** All of its variables but PATH. */
  readonly env: { readonly [name: string]: string };
  /** Its working folder: where its `.env` and `.precall` are. */
  readonly folder: string;
  readonly args?: readonly string[];
  /** Run the sources themselves, as `npm start` does: slower to start than one program made of them. */
  readonly fromSource?: boolean;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface HostProcess {
  readonly baseUrl: string;
  /** The line it said so with. */
  readonly readyLine: string;
  readonly ended: Promise<Ended>;
  send(signal: NodeJS.Signals): void;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ended>;
}

/** Resolves when the host is ready. Rejects, with what it said, when it ends before that. */
export async function startHost(options: HostOptions): Promise<HostProcess> {
  const { child, ended, ready } = await spawnHost(options);
  const readyLine = await Promise.race([ready, ended]);
  if (typeof readyLine !== 'string') throw new Error(`The host did not start: ${readyLine.stderr}`);
  const baseUrl = /http:\/\/\S+/.exec(readyLine)?.[0] ?? '';
  const send = (signal: NodeJS.Signals): void => void child.kill(signal);
  return {
    baseUrl,
    readyLine,
    ended,
    send,
    async end(signal) {
      send(signal);
      return await ended;
    },
  };
}

/** For a host that is not expected to run on. */
export async function runHost(options: HostOptions): Promise<Ended> {
  const { ended } = await spawnHost(options);
  return await ended;
}

export interface Answer {
  readonly status: number;
  readonly body: { readonly [name: string]: unknown };
}

export async function postBooking(baseUrl: string, secret: string, webhook: object): Promise<Answer> {
  const body = JSON.stringify(webhook);
  const headers = { 'content-type': 'application/json', 'x-cal-signature-256': signCalcom(secret, body) };
  const response = await fetch(`${baseUrl}/webhook/calcom-booking`, { method: 'POST', headers, body });
  return await answerOf(response);
}

export async function askOperator(baseUrl: string, password: string, path: string): Promise<Answer> {
  const authorization = `Basic ${Buffer.from(`operator:${password}`).toString('base64')}`;
  return await answerOf(await fetch(`${baseUrl}/operator/api/${path}`, { headers: { authorization } }));
}

async function answerOf(response: Response): Promise<Answer> {
  const body: unknown = await response.json();
  return { status: response.status, body: typeof body === 'object' && body ? { ...body } : {} };
}

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const theSources = ['--conditions=@precall/source', '--import', loader, main];
const programs = programsOf({ host: main });

interface Spawned {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly ready: Promise<string>;
}

async function spawnHost({ env, folder, args = [], fromSource }: HostOptions): Promise<Spawned> {
  const program = fromSource ? theSources : [join(await programs(), 'host.mjs')];
  const child = spawn(process.execPath, [...program, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stderr.on('data', (bytes) => {
    said.stderr += String(bytes);
  });
  const ready = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.stdout += `${line}\n`;
      if (/\bready\b.*\bpid=\d+/.test(line)) resolve(line);
    });
  });
  const ended = once(child, 'close').then(([code, signal]): Ended => ({ code, signal, ...said }));
  return { child, ended, ready };
}
