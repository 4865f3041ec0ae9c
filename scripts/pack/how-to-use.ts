// What a project's files must say to use the tarballs of a folder, as long as the packages are not on npm.
import { basename, join } from 'node:path';
import { fromTarballs } from './installed.ts';
import type { Tarball } from './tarballs.ts';

/** Markdown, for who opens `folder`: the same files as the blank projects of the trial have. */
export function howToUse(tarballs: readonly Tarball[], folder: string): string {
  const ours = fromTarballs(tarballs.map(({ name, file }) => ({ name, file: join(folder, basename(file)) })));
  const workspace = Object.entries(ours).map(([name, file]) => `  '${name}': '${file}'`);
  return `# Using these tarballs

They need one another, and are not on npm: say that each is to be taken from here, then install as the documents say,
such as \`npm install precall express\`.

With npm (npm install precall needs the line under dependencies, too), in package.json:

\`\`\`json
${JSON.stringify({ dependencies: { precall: ours.precall }, overrides: ours }, null, 2)}
\`\`\`

With pnpm 10.6 or later, in pnpm-workspace.yaml beside package.json; pnpm add precall then takes it from here:

\`\`\`yaml
overrides:
${workspace.join('\n')}
\`\`\`
`;
}
