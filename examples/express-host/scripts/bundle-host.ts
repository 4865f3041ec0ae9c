// The host and its packages made one program, which starts in a fraction of the time that loading every source file takes.
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Options } from 'tsup';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Writes it to `folder`; answers what node is to run. Made from the sources as they are now. */
export async function bundleHost(folder: string): Promise<string> {
  await build({
    entry: [main],
    outDir: folder,
    config: false,
    silent: true,
    format: ['esm'],
    target: 'node20',
    platform: 'node',
    noExternal: [/.*/],
    outExtension: () => ({ js: '.mjs' }),
    esbuildOptions(options) {
      options.conditions = ['@precall/source'];
    },
    esbuildPlugins: [vendorsWhereTheyLie],
  });
  return join(folder, 'main.mjs');
}

/** From another folder their names would mean nothing. */
const vendorsWhereTheyLie: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'vendors-where-they-lie',
  setup(building) {
    building.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === asked || path.startsWith('@precall/') || path.startsWith('node:')) return undefined;
      const found = await building.resolve(path, { ...from, pluginData: asked });
      if (found.errors.length > 0 || !found.path.startsWith('/')) return found;
      return { path: pathToFileURL(found.path).href, external: true };
    });
  },
};
const asked = Symbol('asked');
