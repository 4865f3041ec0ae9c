// CPU time of one webhook over HTTP: Precall's routes against bare node:http with the same HMAC and schema, without a store and
// with one. The servers are processes of their own, which tell what they used. BENCH_NODES names further Node binaries, with
// `:` between them, on which the servers run too.
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { Kind, Question } from './http-servers.ts';
import { compare, type Measured, type Row } from './measure.ts';
import { inFolder, scaled, together } from './rig.ts';
import { deliveries } from './webhooks.ts';

const count = scaled(4_000);
const path = '/webhook/calcom-booking';

interface Comparison {
  readonly what: string;
  readonly ours: Kind;
  readonly name: string;
  readonly baseline: Kind;
  readonly target?: { readonly atMost: number };
}

const comparisons: readonly Comparison[] = [
  {
    what: 'a webhook by @precall/http on node:http, receive answering from memory',
    ours: 'precall',
    name: 'node:http with the same HMAC and schema',
    baseline: 'bare',
    target: { atMost: 1.5 },
  },
  {
    what: 'the same',
    ours: 'precall',
    name: 'node:http, JSON.parse and a schema of only the fields used',
    baseline: 'hand',
  },
  {
    what: 'the same by @precall/http-express on Express 5',
    ours: 'express',
    name: '@precall/http on node:http',
    baseline: 'precall',
  },
  {
    what: 'a webhook by @precall/http on node:http, with the embedded store',
    ours: 'embedded',
    name: "node:http with the same HMAC and schema, and the raw driver's save of the same rows",
    baseline: 'raw',
    target: { atMost: 1.5 },
  },
];

export async function httpCpu(name: string): Promise<readonly Row[]> {
  const nodes = [process.execPath, ...(process.env.BENCH_NODES?.split(':') ?? [])];
  const rows: Row[] = [];
  for (const node of nodes) {
    const version = execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' });
    const on = `Node ${Number.parseInt(version, 10)}`;
    for (const { what, ours, name: other, baseline, target } of comparisons)
      rows.push(
        await withServer(node, ours, (mine) =>
          withServer(node, baseline, (theirs) =>
            compare(
              { name, what: `${what}, ${on}`, unit: 'µs of CPU/request', ...(target && { target }) },
              {
                ours: () => cpuEach(mine),
                baseline: { name: other, run: () => cpuEach(theirs) },
              },
            ),
          ),
        ),
      );
  }
  return rows;
}

interface Server {
  readonly port: number;
  ask(question: Question): Promise<number>;
}

function withServer<T>(node: string, kind: Kind, run: (server: Server) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    const child = fork(new URL('./http-servers.ts', import.meta.url), [kind, folder], {
      execArgv: process.execArgv,
      execPath: node,
    });
    const ended = once(child, 'exit');
    const broken = ended.then(([code]): never => {
      throw new Error(`the server ${kind} ended with ${code}`);
    });
    broken.catch(() => undefined);
    const said = async (): Promise<number> => {
      const [what] = await Promise.race([once(child, 'message'), broken]);
      return Number(what);
    };
    try {
      const port = await said();
      return await run({
        port,
        ask(question) {
          const answer = said();
          child.send(question);
          return answer;
        },
      });
    } finally {
      child.kill();
      await ended;
    }
  });
}

/** Of each booking's number there is one, whichever server it goes to. */
let taken = 0;

async function cpuEach({ port, ask }: Server): Promise<Measured> {
  const from = taken;
  taken += count;
  const all = deliveries(count, from);
  await ask({ from, count });
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const before = await ask('cpu');
  await together(all, 16, async ({ headers, body }) => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const options = { agent, port, host: '127.0.0.1', method: 'POST', path };
      const sent = { ...headers, 'content-length': body.length };
      request({ ...options, headers: sent }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode));
      })
        .on('error', reject)
        .end(body);
    });
    if (status !== 200 && status !== 202) throw new Error(`a webhook was answered ${status}`);
  });
  const used = (await ask('cpu')) - before;
  agent.destroy();
  return { figure: (used / count) * 1e6, cpuSeconds: used };
}
