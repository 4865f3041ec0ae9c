// Programs made one file each with all their packages: they start in a fraction of the time that loading every source takes.

import { pathToFileURL } from 'node:url';
import { build, type Options } from 'tsup';

/** Writes `folder`/NAME.mjs for each source named, from the sources as they are now. What two of them share is one module. */
export async function bundlePrograms(
  sources: { readonly [name: string]: string },
  folder: string,
): Promise<void> {
  await build({
    entry: { ...sources },
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
