// Starts the embedded host as a process of its own, and watches it from outside.
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { secret } from './webhooks.ts';

export interface Host {
  /** From the start of the process to the first answer that it is ready. */
  readonly readyMs: number;
  /** The messages it handed to its mailer, with the moment. */
  readonly sent: readonly { readonly to: string; readonly atMs: number }[];
  /** Resident memory now, in megabytes of 2^20 bytes. */
  resident(): number;
  /** Ends it, and gives its longest stall of the event loop. */
  stop(): Promise<number>;
}

type Said =
  | { readonly port: number }
  | { readonly stallMs: number }
  | { readonly to: string; readonly atMs: number };

/** How long a host may keep silent before it counts as broken. */
const patienceMs = 600_000;

export async function startHost(folder: string): Promise<Host> {
  const begun = performance.now();
  // Nothing that this process runs with, a loader least of all, is the host's.
  const child = fork(new URL('./host.mjs', import.meta.url), [folder, secret], { execArgv: [] });
  const sent: { to: string; atMs: number }[] = [];
  const ends = once(child, 'exit');
  const { port, stallMs } = hear();
  void ends.then(([code]) => {
    if (code !== 0) throw new Error(`the host ended with ${code}`);
  });
  const told = await port;
  while (!(await isReady(told))) await new Promise((resolve) => setTimeout(resolve, 5));
  return {
    readyMs: performance.now() - begun,
    sent,
    resident: () =>
      Number(execFileSync('ps', ['-o', 'rss=', '-p', `${child.pid}`], { encoding: 'utf8' })) / 1_024,
    async stop() {
      child.send('stop');
      await ends;
      return stallMs();
    },
  };

  function hear(): { readonly port: Promise<number>; readonly stallMs: () => number } {
    let longest = Number.NaN;
    const port = new Promise<number>((resolve) => {
      child.on('message', (said: Said) => {
        if ('port' in said) resolve(said.port);
        else if ('stallMs' in said) longest = said.stallMs;
        else sent.push(said);
      });
    });
    return { port, stallMs: () => longest };
  }
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path: '/readyz', timeout: patienceMs }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode === 200));
    })
      .on('timeout', () => reject(new Error('the host does not answer')))
      .on('error', reject)
      .end();
  });
}
