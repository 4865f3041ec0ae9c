// A mongod of a test's own, a single server without replica set, to be stopped, continued and killed. MONGOD names the
// binary, as scripts/with-mongod.sh gives it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';

const binary = process.env.MONGOD ?? '';
/** Why tests with a server of their own are skipped; null: there is a binary. */
export const noBinary = binary === '' ? 'no MONGOD: run it with scripts/with-mongod.sh' : null;

export interface OwnMongod {
  readonly uri: string;
  /** Resolves once it stands still. */
  hang(): Promise<void>;
  goOn(): void;
  /** SIGKILL, and the same data on the same port again. */
  killAndStart(): Promise<void>;
  end(): Promise<void>;
}

export async function startMongod(): Promise<OwnMongod> {
  const folder = mkdtempSync(join(tmpdir(), 'precall-own-mongod-'));
  const port = await freePort();
  const uri = `mongodb://127.0.0.1:${port}`;
  let server = await start();

  async function start(): Promise<ChildProcess> {
    const options = { dbpath: folder, port, bind_ip: '127.0.0.1', wiredTigerCacheSizeGB: 0.25 };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn(binary, [...args, '--nounixsocket', '--quiet'], { stdio: 'ignore' });
    const client = await MongoClient.connect(uri, { serverSelectionTimeoutMS: 20_000 });
    await client.close();
    return child;
  }

  async function kill(): Promise<void> {
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }

  return {
    uri,
    async hang() {
      server.kill('SIGSTOP');
      // The signal reaches its threads one after another; until then it may still answer.
      while (!/\) T /.test(readFileSync(`/proc/${server.pid}/stat`, 'utf8'))) await new Promise(setImmediate);
    },
    goOn: () => void server.kill('SIGCONT'),
    async killAndStart() {
      await kill();
      server = await start();
    },
    async end() {
      await kill();
      rmSync(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
