// Programs made one file each with all their packages: they start in a fraction of the time that loading every source takes.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Options } from 'tsup';

/**
 * Gives the folder with NAME.mjs for each source named, made of the sources when it is first asked for, and gone with this
 * process. What two of them share is one module. `above` is a file that they look for in the folder above, such as a manifest.
 */
export function programsOf(sources: Sources, above: string | null = null): () => Promise<string> {
  let made: Promise<string> | null = null;
  return () => {
    made ??= bundle(sources, above);
    return made;
  };
}

type Sources = { readonly [name: string]: string };

async function bundle(sources: Sources, above: string | null): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'precall-programs-'));
  const remove = (): void => rmSync(home, { recursive: true, force: true });
  process.once('exit', remove);
  // Vitest ends its workers by this signal, and then nothing exits.
  process.once('SIGTERM', () => {
    remove();
    process.exit(143);
  });
  if (above) copyFileSync(above, join(home, basename(above)));
  const folder = join(home, 'dist');
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
  return folder;
}

/** From another folder their names would mean nothing. */
const vendorsWhereTheyLie: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'vendors-where-they-lie',
  setup(building) {
    building.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === asked || /^(@precall\/|precall$|node:)/.test(path)) return undefined;
      const found = await building.resolve(path, { ...from, pluginData: asked });
      if (found.errors.length > 0 || !found.path.startsWith('/')) return found;
      return { path: pathToFileURL(found.path).href, external: true };
    });
  },
};
const asked = Symbol('asked');
