import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'tsup';

/** tsup run at the root sees only the root manifest, so each package's own dependencies are named here. */
function externals(dir: string): RegExp[] {
  const manifest = JSON.parse(readFileSync(`packages/${dir}/package.json`, 'utf8'));
  const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  return names.map((name) => new RegExp(`^${name.replaceAll('.', '\\.')}($|/)`));
}

/** One for each thing that can be imported, or run. */
function entries(dir: string): string[] {
  const { exports, bin = {} } = JSON.parse(readFileSync(`packages/${dir}/package.json`, 'utf8'));
  const sources = Object.values<{ '@precall/source'?: string }>(exports).flatMap(
    (one) => one['@precall/source'] ?? [],
  );
  const commands = Object.values<string>(bin).map((file) => file.replace(/dist\/(.*)\.js$/, 'src/$1.ts'));
  return [...sources, ...commands].map((file) => join('packages', dir, file));
}

export default defineConfig(
  readdirSync('packages').map((dir) => ({
    name: dir,
    entry: entries(dir),
    outDir: `packages/${dir}/dist`,
    external: externals(dir),
    format: ['esm'],
    target: 'node20',
    platform: 'node',
    clean: true,
    // tsup sets baseUrl for declarations; TypeScript 6 refuses that (TS5101) without this
    dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  })),
);
