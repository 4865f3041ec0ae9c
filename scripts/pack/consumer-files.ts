// The files of a blank project: its manifest, what imports everything, and the same for types; and of one within it that
// has the README's ten lines and what they say to install.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Consumer } from './consumers.ts';
import { fromTarballs } from './installed.ts';
import { entriesOf, type Tarball } from './tarballs.ts';

export interface Files {
  readonly [name: string]: string;
}

/** What users bring themselves: the peers of our packages, and what TypeScript wants to know of them. */
const brought = {
  '@agendajs/mongo-backend': '^4.0.3',
  '@opentelemetry/api': '^1.4.0',
  '@types/express': '^5.0.0',
  '@types/node': '^20.19.0',
  agenda: '^6.2.6',
  express: '^5.3.0',
  vitest: '^4.1.12',
};

export function consumerFiles(
  consumer: Consumer,
  { tarballs, root }: { readonly tarballs: readonly Tarball[]; readonly root: string },
): Files {
  const isEsm = consumer.module === 'esm';
  const entries = tarballs.flatMap(entriesOf);
  const example = serverExample(readFileSync(join(root, 'README.md'), 'utf8'));
  const booking = 'packages/source-calcom/test/fixtures/BOOKING_CREATED.json';
  return {
    ...manifests(consumer, tarballs),
    ...readmeManifests(consumer, tarballs),
    'readme/booking.json': readFileSync(join(root, booking), 'utf8'),
    'tsconfig.json': tsconfig(consumer),
    ...(isEsm
      ? {
          'import.mjs': importAll(entries),
          'readme/server.mjs': example,
          'server.mts': example,
          'types.mts': entries.map((entry, at) => `export * as e${at} from '${entry}';`).join('\n'),
        }
      : {
          'import.cjs': requireAll(entries),
          'readme/server.cjs': required(example),
          'types.cts': entries
            .map((entry, at) => `import e${at} = require('${entry}');\nexport { e${at} };`)
            .join('\n'),
        }),
  };
}

function manifests({ typescript, installer, module }: Consumer, tarballs: readonly Tarball[]): Files {
  const ours = fromTarballs(tarballs);
  const dependencies = { ...brought, typescript, ...ours };
  const type = module === 'esm' ? 'module' : 'commonjs';
  const manifest = { name: 'consumer', private: true, version: '1.0.0', type, dependencies };
  if (installer === 'npm') return { 'package.json': JSON.stringify({ ...manifest, overrides: ours }) };
  // Some of what tests bring along wants to build itself: no package of ours does.
  const workspace = { overrides: ours, strictDepBuilds: false };
  return { 'package.json': JSON.stringify(manifest), 'pnpm-workspace.yaml': JSON.stringify(workspace) };
}

/** Of a project that has what README.md says to install, and no package beside. */
function readmeManifests({ installer }: Consumer, tarballs: readonly Tarball[]): Files {
  const ours = fromTarballs(tarballs);
  const dependencies = { precall: ours.precall, express: brought.express };
  const manifest = { name: 'readme', private: true, version: '1.0.0', dependencies };
  if (installer === 'npm') return { 'readme/package.json': JSON.stringify({ ...manifest, overrides: ours }) };
  return {
    'readme/package.json': JSON.stringify(manifest),
    'readme/pnpm-workspace.yaml': JSON.stringify({ overrides: ours }),
  };
}

function tsconfig({ resolution }: Consumer): string {
  const module = resolution === 'bundler' ? 'esnext' : 'nodenext';
  return JSON.stringify({
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023'],
      module,
      moduleResolution: resolution,
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      types: ['node'],
    },
    include: ['*.mts', '*.cts'],
  });
}

const importAll = (entries: readonly string[]): string => `
for (const entry of ${JSON.stringify(entries)}) {
  const { length } = Object.keys(await import(entry));
  if (length === 0) throw new Error(entry + ' exports nothing');
}
`;

/** `require` and `import` must give the same thing, else there would be two of it in a process. */
const requireAll = (entries: readonly string[]): string => `
const entries = ${JSON.stringify(entries)};
void (async () => {
  for (const entry of entries) {
    const required = require(entry);
    const imported = await import(entry);
    const names = Object.keys(imported);
    if (names.length === 0) throw new Error(entry + ' exports nothing');
    for (const name of names)
      if (required[name] !== imported[name]) throw new Error(entry + ' has two of ' + name);
  }
})();
`;

/** The README's lines within a server that takes one signed booking. */
function serverExample(readme: string): string {
  const [, lines] = /## Into your own server\n.*?```ts\n(.*?)```/s.exec(readme) ?? [];
  if (lines === undefined) throw new Error('README.md shows no lines for a server one has');
  return `${lines.replace(/\n\n/, before)}${after}`;
}

const before = `
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import express from 'express';

const app = express();
const folder = mkdtempSync('data-');
const secret = 'a-secret-of-the-readme';
`;

const after = `
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
if (address === null || typeof address === 'string') throw new Error('no port');
const booking = JSON.parse(readFileSync('booking.json', 'utf8'));
const hours = (count = 0) => new Date(Date.now() + count * 3_600_000).toISOString();
booking.createdAt = hours(0);
Object.assign(booking.payload, { startTime: hours(100), endTime: hours(101) });
const body = JSON.stringify(booking);
const answer = await fetch('http://127.0.0.1:' + address.port + '/webhook/calcom-booking', {
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    'x-cal-signature-256': createHmac('sha256', secret).update(body).digest('hex'),
  },
  body,
});
const said = JSON.parse(await answer.text());
if (answer.status !== 202 || said.reminders.length !== 3) throw new Error('answered ' + answer.status);
await precall.stop();
server.closeAllConnections();
server.close();
await store.close();
console.log('taken');
`;

/** For CommonJS: the imports as `require`, and the rest where it may wait. */
function required(example: string): string {
  const statement = /^import ([^;]*) from ('.*');$/gm;
  const requires = [...example.matchAll(statement)].map(
    ([, names, from]) => `const ${names} = require(${from});`,
  );
  const rest = example.replace(statement, '');
  return `${requires.join('\n')}\nvoid (async () => {${rest}})();\n`;
}
