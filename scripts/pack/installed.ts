// A blank project with one package in it: how long that takes, and how much it lays down.
import { lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastWords, run } from './run.ts';
import { limitsOf } from './size-limits.ts';
import type { Tarball } from './tarballs.ts';

export interface Installed {
  readonly megabytes: number;
  readonly seconds: number;
  readonly faults: readonly string[];
}

/** Peers are the user's own, and not counted. Third parties come from npm's cache where it has them. */
export async function installed(
  { name, file }: Tarball,
  all: readonly Tarball[],
  folder: string,
): Promise<Installed> {
  mkdirSync(folder, { recursive: true });
  const manifest = { private: true, dependencies: { [name]: `file:${file}` }, overrides: fromTarballs(all) };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const ran = await run(['npm', 'install', '--legacy-peer-deps', ...quietly], { cwd: folder });
  if (!ran.isWell) return { megabytes: 0, seconds: ran.seconds, faults: [`npm install: ${lastWords(ran)}`] };
  const megabytes = bytesIn(join(folder, 'node_modules')) / 1e6;
  const limit = limitsOf(name).installedMb;
  const faults =
    megabytes > limit ? [`installed it has ${megabytes.toFixed(1)} MB, over ${limit.toFixed(1)}`] : [];
  return { megabytes, seconds: ran.seconds, faults };
}

export const quietly = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline'] as const;

/** So that a package of ours is never looked for in a registry. */
export function fromTarballs(all: readonly Pick<Tarball, 'name' | 'file'>[]): {
  readonly [name: string]: string;
} {
  return Object.fromEntries(all.map(({ name, file }) => [name, `file:${file}`]));
}

function bytesIn(path: string): number {
  const entry = lstatSync(path);
  if (!entry.isDirectory()) return entry.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0);
}
