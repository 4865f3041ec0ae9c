// The Node versions that consumers run on, each fetched once from the npm registry, as packages.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lastWords, run } from './run.ts';

/** The oldest one promised, and the newest of each line after it. The `node` package does not have the oldest. */
export const nodeVersions = ['20.19.0', '22.23.3', '24.21.0', '26.10.0'] as const;
export type NodeVersion = (typeof nodeVersions)[number];

export type NodeAtHand = { readonly folder: string } | { readonly whyNot: string };

export async function nodeAtHand(version: NodeVersion, cache: string): Promise<NodeAtHand> {
  const home = join(cache, version);
  const name = version === '20.19.0' ? `node-${process.platform}-${process.arch}` : 'node';
  const folder = join(home, 'node_modules', name, 'bin');
  if (!existsSync(join(folder, 'node'))) {
    mkdirSync(home, { recursive: true });
    const spec = `${name}@${version}`;
    const fetched = await run(['npm', 'install', '--prefix', home, '--no-audit', '--no-fund', spec], {
      cwd: home,
    });
    if (!fetched.isWell) return { whyNot: `${spec} cannot be fetched: ${lastWords(fetched)}` };
  }
  const asked = await run([join(folder, 'node'), '--version'], { cwd: home });
  if (asked.stdout.trim() !== `v${version}`)
    return { whyNot: `${name}@${version} does not run here: ${lastWords(asked)}` };
  return { folder };
}
