// S17: what a package brings along, runs when it is installed, and publishes.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Manifest {
  readonly name: string;
  readonly files?: readonly string[];
  readonly scripts?: { readonly [name: string]: string };
  readonly dependencies?: { readonly [name: string]: string };
}

const root = new URL('../../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const manifests = readdirSync(new URL('packages/', root))
  .map((name) => `packages/${name}/package.json`)
  .filter((path) => existsSync(new URL(path, root)))
  .map((path): Manifest => JSON.parse(read(path)));

describe('the packages (S17)', () => {
  it.each(manifests)('$name runs nothing when it is installed', ({ scripts = {} }) => {
    const atInstall = [
      'preinstall',
      'install',
      'postinstall',
      'prepare',
      'prepublish',
      'prepublishOnly',
      'prepack',
    ];
    expect(Object.keys(scripts).filter((name) => atInstall.includes(name))).toEqual([]);
  });

  it.each(manifests)('$name publishes what is built and its README, nothing else', ({ files = [] }) => {
    expect(files.filter((one) => !['dist', 'README.md'].includes(one))).toEqual([]);
    expect(files).toContain('dist');
  });

  it('bring at most three packages of others each', () => {
    const many = manifests.filter(
      ({ dependencies = {} }) =>
        Object.keys(dependencies).filter((name) => !name.startsWith('@precall/')).length > 3,
    );
    expect(many.map(({ name }) => name)).toEqual([]);
  });

  it('are installed as the lockfile says, and no dependency runs a script of its own', () => {
    expect(read('pnpm-lock.yaml')).toMatch(/^lockfileVersion:/);
    const builds =
      /^allowBuilds:\n(?<lines>(?: .*\n)*)/m.exec(read('pnpm-workspace.yaml'))?.groups?.lines ?? '';
    expect(builds).not.toMatch(/:\s*true/);
  });
});
