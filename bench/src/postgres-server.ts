// A PostgreSQL server for one benchmark: a cluster in a temporary folder, on a free port of this machine, with its defaults
// for durability (fsync and synchronous_commit are on). It refuses to run as root, so then it runs as `nobody`.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

/** Where Debian puts the server, and where others do. */
function binaries(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian)
    ? readdirSync(debian).map((version) => join(debian, version, 'bin'))
    : [];
  return (
    [...versions, '/usr/local/bin', '/usr/bin'].find((folder) => existsSync(join(folder, 'initdb'))) ?? null
  );
}

export function postgresIsMissing(): string | null {
  return binaries() ? null : "there is no PostgreSQL server here; Debian's package is `postgresql`";
}

export async function withPostgres<T>(run: (connectionString: string) => Promise<T>): Promise<T> {
  const bin = binaries() ?? '';
  const isRoot = process.getuid?.() === 0;
  const who = isRoot ? { uid: numberOf('-u'), gid: numberOf('-g') } : {};
  const folder = mkdtempSync(join(tmpdir(), 'precall-postgres-'));
  if (who.uid !== undefined) chownSync(folder, who.uid, who.gid);
  let server: ChildProcess | null = null;
  try {
    const data = join(folder, 'data');
    execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8'], {
      ...who,
      cwd: folder,
      stdio: 'ignore',
    });
    const port = await freePort();
    const options = [
      '-D',
      data,
      '-p',
      `${port}`,
      '-h',
      '127.0.0.1',
      '-k',
      folder,
      '-c',
      'max_connections=200',
    ];
    server = spawn(join(bin, 'postgres'), options, { ...who, cwd: folder, stdio: 'ignore' });
    const connectionString = `postgres://bench@127.0.0.1:${port}/postgres`;
    await answering(connectionString);
    return await run(connectionString);
  } finally {
    if (server) await stopped(server);
    rmSync(folder, { recursive: true });
  }
}

function numberOf(option: '-u' | '-g'): number {
  return Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' }));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function answering(connectionString: string): Promise<void> {
  for (let tries = 0; tries < 150; tries += 1) {
    const client = new Client({ connectionString });
    try {
      await client.connect();
      return await client.end();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  throw new Error('PostgreSQL does not answer');
}

/** SIGINT: it ends its sessions and shuts down in order. */
function stopped(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    server.once('exit', () => resolve());
    server.kill('SIGINT');
  });
}
