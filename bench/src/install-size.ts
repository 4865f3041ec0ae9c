// What a user's `npm install --omit=dev` puts on the disk: the built packages of the embedded host packed as they would be
// published, and each vendor's adapter beside them. The vendors' own packages come from the registry, or from npm's cache.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { figureOf, type Row } from './measure.ts';
import { inFolder } from './rig.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** What the embedded host is made of; adapter-memory is node's scheduler. */
const embedded = [
  'core',
  'calendar',
  'adapter-memory',
  'node',
  'source-calcom',
  'adapter-embedded',
  'http',
  'http-express',
];
/** An adapter, and what its user installs with it. */
const vendors: { readonly [adapter: string]: readonly string[] } = {
  'adapter-mongodb': ['mongodb@7.9.0'],
  'adapter-agenda': ['agenda@6.2.6', '@agendajs/mongo-backend@4.0.3'],
  'adapter-notion': [],
  'adapter-sendgrid': [],
  'adapter-smtp': [],
};
const shown = 5;

export async function installSize(name: string): Promise<readonly Row[] | string> {
  return inFolder(async (folder) => {
    const packed = pack(folder);
    const row = (what: string, megabytes: number, target?: { readonly atMost: number }): Row =>
      figureOf({ name, what, unit: 'MB', ...(target && { target }) }, [megabytes]);
    const install = (folderName: string, adapters: readonly string[]) =>
      installed(join(folder, folderName), {
        files: [...embedded, ...adapters].map((one) => packed(one)),
        others: ['express@5.3.0', ...adapters.flatMap((one) => vendors[one] ?? [])],
      });
    try {
      const host = install('embedded', []);
      const whole = sizeOf(host);
      const parts = partsOf(host).slice(0, shown);
      return [
        row('production dependencies of the embedded host', whole, { atMost: 60 }),
        ...parts.map(({ part, megabytes }) => row(`of these ${part}`, megabytes)),
        ...Object.keys(vendors).map((one) =>
          row(`what ${one} and its vendor add to them`, sizeOf(install(one, [one])) - whole),
        ),
      ];
    } catch (cause) {
      const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : `${cause}`;
      const isAway = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENOTCACHED/.test(said);
      if (isAway) return 'there is no way to a package registry, and npm has not all of it in its cache';
      throw cause;
    }
  });
}

/** All of them, as they would be published. Gives the path of a package's file. */
function pack(folder: string): (name: string) => string {
  const pnpm = [
    '--yes',
    '--prefer-offline',
    'pnpm@12.21.0',
    '--recursive',
    '--filter',
    './packages/*',
    'pack',
  ];
  execFileSync('npx', [...pnpm, '--pack-destination', folder], { cwd: root, stdio: 'pipe' });
  const files = readdirSync(folder);
  return (name) => {
    const file = files.find(
      (one) => one.startsWith(`precall-${name}-`) && /^\d/.test(one.slice(`precall-${name}-`.length)),
    );
    if (!file) throw new Error(`${name} was not packed`);
    return join(folder, file);
  };
}

function installed(
  folder: string,
  { files, others }: { readonly files: readonly string[]; readonly others: readonly string[] },
): string {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{"private": true, "type": "module"}');
  const npm = ['install', '--omit=dev', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  execFileSync('npm', [...npm, ...files, ...others], { cwd: folder, stdio: 'pipe' });
  return join(folder, 'node_modules');
}

/** In megabytes of 10^6 bytes, the files' own lengths added up. */
function sizeOf(folder: string): number {
  const said = execFileSync('du', ['--apparent-size', '--block-size=1', '--summarize', folder], {
    encoding: 'utf8',
  });
  return Number.parseInt(said, 10) / 1e6;
}

/** The largest first; a scope's packages together. */
function partsOf(modules: string): readonly { readonly part: string; readonly megabytes: number }[] {
  return readdirSync(modules)
    .map((part) => ({ part, megabytes: sizeOf(join(modules, part)) }))
    .sort((a, b) => b.megabytes - a.megabytes);
}
