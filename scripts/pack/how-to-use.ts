// How a project takes the tarballs of a folder, as long as the packages are not on npm.
import { basename, join } from 'node:path';
import { fromTarballs } from './installed.ts';
import type { Tarball } from './tarballs.ts';

/** Markdown, for who opens `folder`. */
export function howToUse(tarballs: readonly Tarball[], folder: string): string {
  const here = ({ file }: Pick<Tarball, 'file'>): string => join(folder, basename(file));
  const ours = fromTarballs(tarballs.map((one) => ({ name: one.name, file: here(one) })));
  const workspace = Object.entries(ours).map(([name, file]) => `  '${name}': '${file}'`);
  return `# Using these tarballs

They need one another, and are on no registry yet.

With npm, install the one you want together with those it needs; for \`npm install precall express\` that is

\`\`\`sh
npm install express ${needed('precall', tarballs).map(here).join(' ')}
\`\`\`

and each further package of Precall in the same way, by its file. (No \`overrides\`: npm refuses them for what it installed
from a file.)

With pnpm 10.6 or later, say in pnpm-workspace.yaml, beside package.json, where they are to be taken from; then
\`pnpm add precall express\` does, and so for all of them:

\`\`\`yaml
overrides:
${workspace.join('\n')}
\`\`\`
`;
}

/** Itself and all of ours that it depends on, each once. */
function needed(name: string, tarballs: readonly Tarball[]): readonly Tarball[] {
  const found = new Set<Tarball>();
  const add = (one: string): void => {
    const tarball = tarballs.find((other) => other.name === one);
    if (!tarball || found.has(tarball)) return;
    found.add(tarball);
    Object.keys(tarball.manifest.dependencies ?? {}).forEach(add);
  };
  add(name);
  return [...found];
}
