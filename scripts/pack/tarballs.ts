// Builds every package, and packs it as it is published: with pnpm, which applies `publishConfig`.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lastWords, pnpm, run } from './run.ts';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: { readonly [subpath: string]: unknown };
  readonly dependencies?: { readonly [name: string]: string };
  readonly peerDependencies?: { readonly [name: string]: string };
  readonly scripts?: { readonly [name: string]: string };
  readonly repository?: unknown;
  readonly bin?: { readonly [name: string]: string };
}

export interface Tarball {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
  readonly paths: readonly string[];
  /** The manifest within the tarball. */
  readonly manifest: Manifest;
  /** All that is in `dist`, as one text. */
  readonly code: string;
}

export async function packAll(root: string, to: string): Promise<readonly Tarball[]> {
  const built = await run([process.execPath, 'node_modules/tsup/dist/cli-default.js', '--silent'], {
    cwd: root,
    patienceSeconds: 600,
  });
  if (!built.isWell) throw new Error(`the build failed\n${lastWords(built)}`);
  const packed = await run([...pnpm, '-r', '--filter', './packages/*', 'pack', '--pack-destination', to], {
    cwd: root,
  });
  if (!packed.isWell) throw new Error(`pnpm pack failed\n${lastWords(packed)}`);
  const tarballs = await openAll(to);
  const missing = readdirSync(join(root, 'packages'))
    .map((dir) => nameOf(join(root, 'packages', dir)))
    .filter((name) => !tarballs.some((tarball) => tarball.name === name));
  if (missing.length > 0) throw new Error(`no tarball was made of ${missing.join(', ')}`);
  return tarballs;
}

/** Those of a folder, by name. */
export async function openAll(folder: string): Promise<readonly Tarball[]> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  const tarballs = await Promise.all(files.map((name) => opened(resolve(folder, name), folder)));
  return tarballs.toSorted((one, other) => one.name.localeCompare(other.name));
}

/** What can be imported from an installed tarball; a command among it would run. */
export function entriesOf({ manifest }: Tarball): readonly string[] {
  return Object.keys(manifest.exports)
    .filter((subpath) => subpath !== './package.json' && subpath !== './main')
    .map((subpath) => manifest.name + subpath.slice(1));
}

async function opened(file: string, cwd: string): Promise<Tarball> {
  const list = await run(['tar', '-tzf', file], { cwd });
  const manifest = await run(['tar', '-xzOf', file, 'package/package.json'], { cwd });
  const code = await run(['tar', '-xzOf', file, 'package/dist'], { cwd });
  const read: Manifest = JSON.parse(manifest.stdout);
  const paths = list.stdout.trim().split('\n');
  return {
    name: read.name,
    file,
    bytes: statSync(file).size,
    paths: paths.map((path) => path.replace(/^package\//, '')),
    manifest: read,
    code: code.stdout,
  };
}

function nameOf(folder: string): string {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name;
}
