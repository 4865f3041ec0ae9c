// The precall command as it is published: built, in a folder of its own, run by Node alone. Types are left out.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, type Options } from 'tsup';
import configs from '../../../tsup.config.ts';
import { type Ended, endOf } from './precall-command.ts';

export interface Built {
  /** In an empty folder, with no variables but these. */
  precall(args: readonly string[], env?: { readonly [name: string]: string }): Promise<Ended>;
  remove(): void;
}

/**
 * Builds `precall` and all it depends on as `npm run build` does, and lays them out as an installation does: the manifest
 * that is published, `dist`, and what the manifest depends on. Peers are not installed: no vendor's adapter is.
 */
export async function builtCommand(): Promise<Built> {
  const folder = mkdtempSync(join(tmpdir(), 'precall-built-'));
  const installed = join(folder, 'node_modules');
  for (const dir of withDependencies('precall')) await install(dir);
  const bin = join(installed, 'precall', binOf('precall'));

  return {
    async precall(args, env = {}) {
      const cwd = mkdtempSync(join(folder, 'run-'));
      const child = spawn(process.execPath, [bin, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
      return await endOf(child);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };

  async function install(dir: string): Promise<void> {
    const { name, publishConfig, ...manifest } = manifestOf(dir);
    const home = join(installed, name);
    mkdirSync(join(home, 'node_modules'), { recursive: true });
    writeFileSync(
      join(home, 'package.json'),
      JSON.stringify({ ...manifest, name, exports: publishConfig.exports }),
    );
    for (const vendor of Object.keys(manifest.dependencies ?? {})) {
      if (!vendor.startsWith('@precall/'))
        symlinkSync(resolve('packages', dir, 'node_modules', vendor), join(home, 'node_modules', vendor));
    }
    const options = optionsOf(dir);
    await build({ ...options, config: false, outDir: join(home, 'dist'), dts: false, silent: true });
  }
}

interface Manifest {
  readonly name: string;
  readonly publishConfig: { readonly exports: object };
  readonly dependencies?: { readonly [name: string]: string };
  readonly bin?: { readonly precall: string };
}

/** A package's folder has its name, without the scope. */
function withDependencies(dir: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(dir)) return found;
  found.add(dir);
  for (const name of Object.keys(manifestOf(dir).dependencies ?? {}))
    if (name.startsWith('@precall/')) withDependencies(name.slice('@precall/'.length), found);
  return found;
}

function manifestOf(dir: string): Manifest {
  return JSON.parse(readFileSync(`packages/${dir}/package.json`, 'utf8'));
}

function binOf(dir: string): string {
  const { bin } = manifestOf(dir);
  if (!bin) throw new Error(`packages/${dir} has no command`);
  return bin.precall;
}

function optionsOf(dir: string): Options {
  const found = Array.isArray(configs) ? configs.find(({ name }) => name === dir) : undefined;
  if (!found) throw new Error(`tsup.config.ts does not build packages/${dir}`);
  return found;
}
