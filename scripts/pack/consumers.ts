// Blank projects that install the tarballs. Not the full product of 32: eight, so chosen that every pair of values of
// any two of module, installer, Node and TypeScript appears.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { consumerFiles } from './consumer-files.ts';
import { quietly } from './installed.ts';
import type { NodeVersion } from './nodes.ts';
import { lastWords, pnpm, type Ran, run } from './run.ts';
import type { Tarball } from './tarballs.ts';

export interface Consumer {
  readonly module: 'esm' | 'cjs';
  readonly installer: 'npm' | 'pnpm';
  readonly node: NodeVersion;
  readonly typescript: '5.9.3' | '6.0.3';
  readonly resolution: 'nodenext' | 'bundler';
}

export const consumers: readonly Consumer[] = [
  { module: 'esm', installer: 'npm', node: '20.19.0', typescript: '5.9.3', resolution: 'nodenext' },
  { module: 'cjs', installer: 'pnpm', node: '20.19.0', typescript: '6.0.3', resolution: 'nodenext' },
  { module: 'esm', installer: 'pnpm', node: '22.23.3', typescript: '6.0.3', resolution: 'bundler' },
  { module: 'cjs', installer: 'npm', node: '22.23.3', typescript: '5.9.3', resolution: 'nodenext' },
  { module: 'esm', installer: 'npm', node: '24.21.0', typescript: '6.0.3', resolution: 'nodenext' },
  { module: 'cjs', installer: 'pnpm', node: '24.21.0', typescript: '5.9.3', resolution: 'nodenext' },
  { module: 'esm', installer: 'pnpm', node: '26.10.0', typescript: '5.9.3', resolution: 'bundler' },
  { module: 'cjs', installer: 'npm', node: '26.10.0', typescript: '6.0.3', resolution: 'nodenext' },
];

export interface Consumed {
  readonly steps: readonly { readonly step: string; readonly seconds: number }[];
  readonly faults: readonly string[];
}

interface Step {
  readonly step: string;
  readonly cwd: string;
  readonly command: readonly string[];
  readonly isRight?: (ran: Ran) => boolean;
}

const saysNoFault = ({ stderr }: Ran): boolean => stderr === '';

/** Stops at the first step that fails. */
export async function consume(
  consumer: Consumer,
  given: {
    readonly tarballs: readonly Tarball[];
    readonly root: string;
    readonly folder: string;
    readonly nodeFolder: string;
  },
): Promise<Consumed> {
  const { folder, nodeFolder } = given;
  mkdirSync(join(folder, 'readme'), { recursive: true });
  for (const [name, text] of Object.entries(consumerFiles(consumer, given)))
    writeFileSync(join(folder, name), text);
  const ending = consumer.module === 'esm' ? 'mjs' : 'cjs';
  const install = consumer.installer === 'npm' ? ['npm', 'install', ...quietly] : [...pnpm, 'install'];
  const alone = join(folder, 'readme');
  const commands: readonly Step[] = [
    { step: 'install', cwd: folder, command: install },
    { step: 'import', cwd: folder, command: ['node', `import.${ending}`], isRight: saysNoFault },
    { step: 'types', cwd: folder, command: ['node', 'node_modules/typescript/bin/tsc', '-p', '.'] },
    { step: "the README's install", cwd: alone, command: install },
    {
      step: "the README's server",
      cwd: alone,
      command: ['node', `server.${ending}`],
      isRight: (ran) => ran.stdout === 'taken\n' && saysNoFault(ran),
    },
    {
      step: "the README's command",
      cwd: alone,
      command: ['node_modules/.bin/precall', '--version'],
      isRight: ({ stdout }) => /^\d+\.\d+\.\d+/.test(stdout),
    },
  ];
  const steps: { step: string; seconds: number }[] = [];
  for (const { step, cwd, command, isRight } of commands) {
    const ran = await run(command, { cwd, nodeFolder });
    steps.push({ step, seconds: ran.seconds });
    if (!ran.isWell || isRight?.(ran) === false) return { steps, faults: [`${step}: ${lastWords(ran)}`] };
  }
  return { steps, faults: [] };
}
