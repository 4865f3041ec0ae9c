import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

/** tsup run at the root sees only the root manifest, so each package's own dependencies are named here. */
function externals(dir: string): RegExp[] {
  const manifest = JSON.parse(readFileSync(`packages/${dir}/package.json`, 'utf8'));
  const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  return names.map((name) => new RegExp(`^${name.replaceAll('.', '\\.')}($|/)`));
}

export default defineConfig(
  readdirSync('packages').map((dir) => ({
    name: dir,
    entry: [`packages/${dir}/src/index.ts`],
    outDir: `packages/${dir}/dist`,
    external: externals(dir),
    format: ['esm'],
    target: 'node20',
    platform: 'node',
    sourcemap: true,
    clean: true,
    // tsup sets baseUrl for declarations; TypeScript 6 refuses that (TS5101) without this
    dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  })),
);
