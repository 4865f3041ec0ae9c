// What must hold of a tarball by itself.

import { lastWords, run } from './run.ts';
import { limitsOf } from './size-limits.ts';
import type { Tarball } from './tarballs.ts';

/** One sentence for each fault. */
export async function faultsOf(tarball: Tarball, root: string): Promise<readonly string[]> {
  const [publint, attw] = await Promise.all([
    run([process.execPath, 'node_modules/publint/src/cli.js', '--strict', tarball.file], { cwd: root }),
    run(
      [
        process.execPath,
        'node_modules/@arethetypeswrong/cli/dist/index.js',
        tarball.file,
        '--profile',
        'esm-only',
        '--format',
        'ascii',
        // It starts the command, and has nothing to import.
        ...('./main' in tarball.manifest.exports ? ['--exclude-entrypoints', './main'] : []),
      ],
      { cwd: root },
    ),
  ]);
  return [
    ...(publint.isWell ? [] : [`publint: ${lastWords(publint)}`]),
    ...(attw.isWell ? [] : [`attw: ${lastWords(attw)}`]),
    ...contentFaults(tarball),
  ];
}

export function contentFaults({ name, bytes, paths, manifest, code }: Tarball): readonly string[] {
  const faults: string[] = [];
  const told = JSON.stringify(manifest);
  const limit = limitsOf(name).tarballKb;
  if (bytes > limit * 1_000) faults.push(`the tarball has ${(bytes / 1_000).toFixed(0)} kB, over ${limit}`);
  if (sourceCondition.test(told)) faults.push('the manifest still leads to the source');
  if (sourceCondition.test(code)) faults.push('dist names the source condition');
  if (told.includes('workspace:')) faults.push('the manifest still has a workspace: range');
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare'])
    if (manifest.scripts?.[script] !== undefined) faults.push(`it has an install script: ${script}`);
  for (const path of ['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts'])
    if (!paths.includes(path)) faults.push(`it lacks ${path}`);
  for (const path of paths) if (!allowed.test(path)) faults.push(`it holds ${path}`);
  return faults;
}

/** Not the packages whose names begin alike. */
const sourceCondition = /@precall\/source(?![\w-])/;
const allowed = /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/[\w-]+\.(?:js|d\.ts))$/;
