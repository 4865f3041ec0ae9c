// `npm run pack`: builds every package, checks its tarball, and installs the tarballs into blank projects of many kinds.
// Ends with 1 when anything is not as it must be, or was skipped without `--allow-skips`.
//
//   npm run pack
//   npm run pack -- --allow-skips     where a Node version cannot be fetched
//   npm run pack -- --keep FOLDER     leaves the tarballs there, with a README.md that says how to use them
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { faultsOf } from './pack/check-tarball.ts';
import { type Consumer, consume, consumers } from './pack/consumers.ts';
import { howToUse } from './pack/how-to-use.ts';
import { installed } from './pack/installed.ts';
import { type NodeAtHand, nodeAtHand, nodeVersions } from './pack/nodes.ts';
import { seconds, table } from './pack/report.ts';
import { packAll, type Tarball } from './pack/tarballs.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: asked } = parseArgs({
  options: { 'allow-skips': { type: 'boolean', default: false }, keep: { type: 'string' } },
});
/** As many as a small machine has processors. */
const atOnce = 2;
const startedAt = performance.now();
const faults: string[] = [];
const skipped: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'precall-pack-'));
try {
  say('building and packing every package');
  const to = join(folder, 'tarballs');
  mkdirSync(to);
  const tarballs = await packAll(root, to);
  const packages = await lookAtPackages(tarballs);
  const projects = await lookAtConsumers(tarballs);
  console.log(`\n${table(packages)}\n\n${table(projects)}\n`);
  remark(tarballs);
  if (asked.keep !== undefined) keep(tarballs, resolve(asked.keep));
} catch (cause) {
  faults.push(cause instanceof Error ? cause.message : String(cause));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const why of skipped) console.log(`SKIPPED ${why}`);
for (const fault of faults) console.log(`FAULT ${fault}\n`);
say(`faults: ${faults.length}, skipped: ${skipped.length}`);
process.exitCode = faults.length > 0 || (skipped.length > 0 && !asked['allow-skips']) ? 1 : 0;

async function lookAtPackages(tarballs: readonly Tarball[]): Promise<string[][]> {
  const rows = [['package', 'tarball', 'files', 'installed', 'time', 'result', 'peers']];
  for (const tarball of tarballs) {
    const { name, bytes, paths, manifest } = tarball;
    const found = await faultsOf(tarball, root);
    const laidDown = await installed(tarball, tarballs, join(folder, 'alone', basename(name)));
    const all = [...found, ...laidDown.faults];
    faults.push(...all.map((fault) => `${name}: ${fault}`));
    const result = all.length === 0 ? 'good' : 'FAULT';
    say(`${name}: ${result}`);
    rows.push([
      name,
      `${(bytes / 1_000).toFixed(0)} kB`,
      String(paths.length),
      `${laidDown.megabytes.toFixed(1)} MB`,
      seconds(laidDown.seconds),
      result,
      Object.keys(manifest.peerDependencies ?? {}).join(' '),
    ]);
  }
  return rows;
}

async function lookAtConsumers(tarballs: readonly Tarball[]): Promise<string[][]> {
  const cache = join(root, 'node_modules', '.cache', 'precall-nodes');
  const nodes = new Map<string, NodeAtHand>();
  for (const version of nodeVersions) nodes.set(version, await nodeAtHand(version, cache));
  const rows = [
    [
      'module',
      'installer',
      'Node',
      'TypeScript',
      "install, import, types, the README's install, server, command",
      'result',
    ],
  ];
  for (let at = 0; at < consumers.length; at += atOnce)
    rows.push(...(await Promise.all(consumers.slice(at, at + atOnce).map(tried))));
  return rows;

  async function tried(consumer: Consumer): Promise<string[]> {
    const { module, installer, node, typescript, resolution } = consumer;
    const kind = [module, installer, node, `${typescript} ${resolution}`];
    const found = nodes.get(node);
    if (!found || 'whyNot' in found) {
      skipped.push(`${kind.join(' ')}: ${found?.whyNot}`);
      return [...kind, '', 'skipped'];
    }
    const { steps, faults: told } = await consume(consumer, {
      tarballs,
      root,
      folder: join(folder, `consumer-${module}-${node}`),
      nodeFolder: found.folder,
    });
    faults.push(...told.map((fault) => `${kind.join(' ')}: ${fault}`));
    const result = told.length === 0 ? 'green' : 'FAULT';
    say(`${kind.join(' ')}: ${result}`);
    return [...kind, steps.map((step) => seconds(step.seconds)).join(', '), result];
  }
}

/** Of each release's manifests the workflow says it: `.github/workflows/release.yml`. */
function remark(tarballs: readonly Tarball[]): void {
  if (tarballs.every(({ manifest }) => manifest.repository !== undefined)) return;
  console.log('REMARK the manifests name no repository: npm takes no provenance for these tarballs\n');
}

function keep(tarballs: readonly Tarball[], to: string): void {
  for (const { file } of tarballs) cpSync(file, join(to, basename(file)));
  const words = howToUse(tarballs, to);
  writeFileSync(join(to, 'README.md'), words);
  console.log(words);
}

function say(text: string): void {
  console.log(`${((performance.now() - startedAt) / 1_000).toFixed(0).padStart(4)} s  ${text}`);
}
